import { createReadStream, type Stats, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { badInput } from '../../input/document/report-faults.ts';
import { listPlaybooks, type PlaybookPlaces, readAliases } from '../../input/playbook/find-playbook.ts';
import { Failure } from '../../kernel/failure.ts';
import { encodingOf } from './decode-lines.ts';
import { type ExplainOptions, explainStream, explainText } from './explain.ts';
import type { Explanation } from './explanation.ts';

/** Where texts come from. */
export type ExplainPlaces = PlaybookPlaces & {
  /** Standard input. */
  readonly stdin: AsyncIterable<Uint8Array>;
};

/** Files that hold no text, by their first bytes, and how their text is had. */
const notText: readonly { readonly magic: string; readonly what: string; readonly remedy: string }[] = [
  {
    magic: 'ElfFile\0',
    what: 'an event log (EVTX)',
    remedy: 'wevtutil qe FILE.evtx /lf:true /f:xml | kintsugi explain -',
  },
  { magic: 'MSCF', what: 'a cabinet file', remedy: 'expand it first: expand -R FILE.cab' },
  { magic: 'PK\x03\x04', what: 'a zip file', remedy: 'unpack it first' },
  { magic: '\x1f\x8b', what: 'a gzip file', remedy: 'gzip -dc FILE.gz | kintsugi explain -' },
  { magic: 'MDMP', what: 'a memory dump', remedy: 'take the log beside it' },
];

/**
 * Explains what was handed in: `-` is standard input, a name of a file is that file, anything else (several words, too) is the text itself.
 * @throws Failure `bad-input` where a file cannot be read or holds no text, or aliases are not valid
 */
export async function explainInput(operands: readonly string[], places: ExplainPlaces): Promise<Explanation> {
  const options: ExplainOptions = { playbookOf: playbookFinder(places) };
  const [only = ''] = operands;
  if (operands.length > 1) {
    if (operands.every((each) => statOf(each, places.projectDir)?.isFile() === true))
      throw new Failure('bad-input', 'kintsugi explain takes one file. Of several: cat FILES | kintsugi explain -');
    return explainText(operands.join(' '), options);
  }
  if (only === '-')
    return await explainStream(textOf(places.stdin, 'standard input'), { kind: 'stdin', name: null }, options);
  const stat = statOf(only, places.projectDir);
  if (stat === undefined) return textOrMissing(only, explainText(only, options));
  if (stat.isDirectory()) throw new Failure('bad-input', `${only}: this is a folder; expected a file or a text`);
  const file = createReadStream(resolve(places.projectDir, only));
  return await explainStream(textOf(file, only), { kind: 'file', name: only }, options);
}

/** The state of a file; of what can be no path, none. */
function statOf(name: string, folder: string): Stats | undefined {
  if (name.length > 4096 || /[\0\n]/.test(name)) return undefined;
  try {
    return statSync(resolve(folder, name), { throwIfNoEntry: false });
  } catch {
    // A text as `error:/…` can be refused as a path (a file in the place of a folder, a name that is too long): it is a text.
    return undefined;
  }
}

function textOrMissing(text: string, explanation: Explanation): Explanation {
  if (explanation.codes.length === 0 && /^\S+\.(log|txt|xml|etl|evtx|cab)$/i.test(text.trim()))
    throw new Failure('bad-input', `${text}: there is no such file`);
  return explanation;
}

/** The same bytes, refused where the first of them are those of something else than text. */
async function* textOf(chunks: AsyncIterable<Uint8Array>, name: string): AsyncIterable<Uint8Array> {
  let isFirst = true;
  for await (const chunk of chunks) {
    if (isFirst) {
      const start = Buffer.from(chunk.buffer, chunk.byteOffset, Math.min(chunk.length, 16)).toString('latin1');
      const other = notText.find(({ magic }) => start.startsWith(magic));
      if (other !== undefined)
        throw new Failure('bad-input', `${name}: this is ${other.what}; expected text: ${other.remedy}`);
      if (isBinary(chunk))
        throw new Failure('bad-input', `${name}: this is no text; of a trace (ETL) Get-WindowsUpdateLog makes one`);
      isFirst = false;
    }
    yield chunk;
  }
}

/** Whether a tenth of the first bytes are zero, which is no UTF-16. (A log that a power failure has cut ends with zeros; it does not begin with them.) */
function isBinary(chunk: Uint8Array): boolean {
  const start = chunk.subarray(0, 4096);
  const zeros = start.reduce((count, byte) => count + (byte === 0 ? 1 : 0), 0);
  return zeros * 10 > start.length && encodingOf(start).encoding === 'utf-8';
}

/** Ids of shipped playbooks (and of the project's own) by the names of the error codes. */
export function playbookFinder(places: PlaybookPlaces): (name: string) => string | null {
  const aliases = readAliases(places);
  if (!aliases.ok) throw badInput(aliases.faults);
  const ids = new Set(listPlaybooks(places).map(({ id }) => id));
  return (name) => [name, aliases.value.get(name)].find((id) => id !== undefined && ids.has(id)) ?? null;
}
