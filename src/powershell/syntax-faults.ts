import { parseScript, type Script } from './parse-script.ts';
import { lineText, makeSource, placeOf, SyntaxFault } from './source.ts';
import type { ScriptBody } from './syntax-tree.ts';

/** What stands for an operator that only PowerShell 7 knows while the rest is read; as long as it, so that all keeps its place. */
const stands: readonly (readonly [seven: string, instead: string])[] = [
  ['??=', '=  '],
  ['??', '+ '],
  ['?.', '::'],
  ['?[', '[ '],
  ['&&', '| '],
  ['||', '| '],
];

/** So many faults are enough for one round. */
const mostFaults = 20;

/** A script that was read though it has faults. */
export type MendedScript = {
  readonly faults: readonly SyntaxFault[];
  /** What could be read, each thing at its place in the script; null where a fault keeps the rest from being read. */
  readonly body: ScriptBody | null;
  /** Whether all of it was read: no line was left out. */
  readonly isWhole: boolean;
};

/**
 * Reads a script as far as it can be read sensibly: where a line is wrong, it is mended or left out, and the rest is read. A line that opens
 * or closes something, or that goes on, ends the reading: what would be told of the lines behind it might be wrong.
 * @returns its faults in order, and what was read
 */
export function readWithFaults(text: string, file?: string): MendedScript {
  const source = makeSource(text, file);
  const faults: SyntaxFault[] = [];
  const seen = new Set<number>();
  let isWhole = true;
  for (let rest = text; ; ) {
    const read = parseOrFault(rest, file);
    if (!(read instanceof SyntaxFault)) return { faults, body: read.body, isWhole };
    const { line, column } = placeOf(read.source, read.offset);
    if (seen.has(line)) return { faults, body: null, isWhole: false };
    seen.add(line);
    // The place is that in the script as it is written.
    faults.push(new SyntaxFault(source, (source.lineStarts[line - 1] ?? 0) + column - 1, read.id, read.reason));
    const mended = faults.length < mostFaults ? mendLine(rest, line, column, read.id) : null;
    if (mended === null) return { faults, body: null, isWhole: false };
    rest = mended.text;
    isWhole &&= mended.isWhole;
  }
}

function parseOrFault(text: string, file?: string): Script | SyntaxFault {
  try {
    return parseScript(text, file);
  } catch (error) {
    if (error instanceof SyntaxFault) return error;
    throw error;
  }
}

/** The script with a line that can be read, and whether nothing of it is left out; or null. */
function mendLine(text: string, line: number, column: number, id: string): { text: string; isWhole: boolean } | null {
  const source = makeSource(text);
  const written = lineText(source, line);
  const start = source.lineStarts[line - 1] ?? 0;
  const withLine = (instead: string): string => text.slice(0, start) + instead + text.slice(start + written.length);
  const at = column - 1;
  const [seven, instead] =
    (id === 'powershell-7-syntax' && stands.find(([each]) => written.startsWith(each, at))) || [];
  if (seven !== undefined && instead !== undefined)
    return { text: withLine(written.slice(0, at) + instead + written.slice(at + seven.length)), isWhole: true };
  const before = lineText(source, line - 1);
  if (!isAlone(written) || goesOn.test(before)) return null;
  return { text: withLine(' '.repeat(written.length)), isWhole: false };
}

/** What ends a line that goes on in the next one. */
const goesOn = /[`|,({[=+\-*/]\s*$/;

/** Whether a line opens and closes nothing that stands in another one. */
function isAlone(line: string): boolean {
  const plain = line.replaceAll(/'[^']*'|"[^"]*"/g, '').replace(/#.*$/, '');
  if (/['"@<]/.test(plain) || goesOn.test(plain)) return false;
  let depth = 0;
  for (const c of plain) {
    if ('({['.includes(c)) depth++;
    else if (')}]'.includes(c) && --depth < 0) return false;
  }
  return depth === 0;
}
