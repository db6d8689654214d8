import type { ExplainedCode, Explanation } from '../../operations/explain/explanation.ts';
import { localText } from '../../report/figures.ts';
import { oneLine } from '../../report/printable.ts';
import { cutText, padText, textWidth } from '../../report/table.ts';
import type { Language } from '../../report/words/words.ts';
import { type ExplainWords, explainWords } from './explain-words.ts';

/** Longest line of a log that is shown, columns. */
const evidenceWidth = 160;

type Row = readonly [label: string, text: string];

/** An explanation as text: of a file or stream first what it is and every code with its count, then the `top` codes in full. */
export function explanationText(explanation: Explanation, top: number, language: Language): string {
  const say = explainWords[language];
  const { codes, source } = explanation;
  const isText = source.kind === 'text' || (source.lines <= 1 && source.log === null);
  const head = isText ? [] : [sourceText(explanation, say, language)];
  if (codes.length === 0) return [...head, say.nothing].join('\n');
  const left = codes.slice(top);
  const rest =
    left.length === 0
      ? []
      : [`${say.further(left.length)}: ${left.map((each) => `${titleOf(each)} ×${each.seen.count}`).join(', ')}`];
  const more = explanation.more === 0 ? [] : [say.more(explanation.more)];
  return [...head, ...codes.slice(0, top).map((each) => codeText(each, isText, language)), ...rest, ...more].join(
    '\n\n',
  );
}

function sourceText({ source, areas, codes }: Explanation, say: ExplainWords, language: Language): string {
  const kind = source.log === null ? '' : `, ${say.logs[source.log]}`;
  const about = areas.slice(0, 2).map(({ title }) => localText(title, language));
  const name = source.name === null ? say.stdin : oneLine(source.name);
  const lines = [`${name}: ${say.lines(source.lines)}, ${source.encoding}${kind}, ${say.codes(codes.length)}`];
  return [...lines, ...(about.length === 0 ? [] : [`${say.about}: ${about.join(say.comma)}`])].join('\n');
}

const titleOf = ({ code, name, setup }: ExplainedCode): string =>
  [
    [code, setup?.extend].filter((each) => each !== null && each !== undefined).join('-'),
    ...(name === null ? [] : [name]),
  ].join(' ');

function codeText(each: ExplainedCode, isText: boolean, language: Language): string {
  const say = explainWords[language];
  const list = (label: string, texts: readonly string[]): readonly Row[] =>
    texts.map((text, index) => [index === 0 ? label : '', texts.length === 1 ? text : `${index + 1}. ${text}`]);
  const rows: readonly Row[] = [
    ...one(say.written, writtenText(each, say)),
    ...one(say.meaning, each.meaning === null ? null : localText(each.meaning, language)),
    ...one(say.unknown, each.known ? null : say.unknownText),
    ...one(say.parts, partsText(each, say)),
    ...setupRows(each, say, language),
    ...one(say.note, each.outer ? say.outer : null),
    ...one(say.note, each.unverified ? say.unverified : null),
    ...one(say.ask, each.ask === null ? null : localText(each.ask, language)),
    ...list(
      say.causes,
      each.causes.map((cause) => localText(cause, language)),
    ),
    ...list(
      say.look,
      each.look.map((look) => localText(look, language)),
    ),
    ...list(
      say.playbooks,
      each.playbooks.map((id) => `kintsugi run ${id} --hosts <pattern>`),
    ),
    ...(isText ? [] : seenRows(each, say)),
  ];
  const width = Math.max(...rows.map(([label]) => textWidth(label)));
  return [titleOf(each), ...rows.map(([label, text]) => `  ${padText(label, width)}  ${text}`)].join('\n');
}

const one = (label: string, text: string | null): readonly Row[] => (text === null ? [] : [[label, text]]);

/** Other ways in which the code is written, and what those name. */
function writtenText({ code, name, written, parts }: ExplainedCode, say: ExplainWords): string | null {
  const other = written.filter(
    (text) => code === null || (!text.toUpperCase().includes(code.slice(2)) && text !== name),
  );
  const status = parts?.ntStatus?.name ?? null;
  const same = status === null ? '' : ` (NTSTATUS ${status}${parts?.win32 === null ? '' : ` = Win32 ${parts?.win32}`})`;
  return other.length === 0 ? null : `${other.map(oneLine).join(say.comma)}${same}`;
}

function partsText({ parts }: ExplainedCode, say: ExplainWords): string | null {
  if (parts === null) return null;
  const { scheme, severity, customer, facility, code, win32, http, signed } = parts;
  const number = `${facility.number}`;
  return [
    say.schemes[scheme],
    say.severities[severity],
    ...(customer ? [say.customer] : []),
    `${say.facility} ${facility.name === null ? `${number} (${say.noName})` : `${facility.name} (${number})`}`,
    `${say.code} ${code} (0x${code.toString(16).toUpperCase()})`,
    ...(win32 !== null && scheme !== 'win32' ? [`Win32 ${win32}`] : []),
    ...(http === null ? [] : [`HTTP ${http}`]),
    `${say.signed} ${signed}`,
  ].join(say.comma);
}

function setupRows({ setup }: ExplainedCode, say: ExplainWords, language: Language): readonly Row[] {
  if (setup === null) return [];
  const word = ({ number, name, words }: typeof setup.phase): string =>
    name === null || words === null
      ? `0x${number.toString(16).toUpperCase()} (${say.noName})`
      : `${name} (${localText(words, language)})`;
  return [
    [say.phase, word(setup.phase)],
    [say.operation, word(setup.operation)],
  ];
}

function seenRows({ seen }: ExplainedCode, say: ExplainWords): readonly Row[] {
  const { count, first, last, lines, component } = seen;
  const place = ({ line, time }: typeof first): string => `${say.line} ${line}${time === null ? '' : ` (${time})`}`;
  const span = count === 1 ? place(first) : `${say.first} ${place(first)}${say.comma}${say.last} ${place(last)}`;
  return [
    [say.seen, `${say.times(count)}${component === null ? '' : ` (${component})`}: ${span}`],
    ...lines.map(({ line, text }): Row => ['', cutText(`${line}: ${oneLine(text)}`, evidenceWidth)]),
  ];
}
