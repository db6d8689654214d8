import { parseScript, type Script } from './parse-script.ts';
import { lineText, makeSource, placeOf, SyntaxFault } from './source.ts';

/** What stands for an operator that only PowerShell 7 knows while the rest is read. */
const stands: readonly (readonly [seven: string, instead: string])[] = [
  ['??=', '='],
  ['??', '+'],
  ['?.', '.'],
  ['?[', '['],
  ['&&', '|'],
  ['||', '|'],
];

/** So many faults are enough for one round. */
const mostFaults = 20;

/**
 * Reads a script as far as it can be read sensibly: where a line is wrong, it is mended or left out, and the rest is read. A line that opens
 * or closes something, or that goes on, ends the reading: what would be told of the lines behind it might be wrong.
 * @returns its faults in order, and what was read where there are none
 */
export function readWithFaults(
  text: string,
  file?: string,
): { readonly faults: readonly SyntaxFault[]; readonly script: Script | null } {
  const source = makeSource(text, file);
  const faults: SyntaxFault[] = [];
  const seen = new Set<number>();
  for (let rest = text; ; ) {
    const read = parseOrFault(rest, file);
    if (!(read instanceof SyntaxFault)) return { faults, script: faults.length === 0 ? read : null };
    const { line, column } = placeOf(read.source, read.offset);
    if (seen.has(line)) return { faults, script: null };
    seen.add(line);
    // The place is that in the script as it is written.
    faults.push(new SyntaxFault(source, (source.lineStarts[line - 1] ?? 0) + column - 1, read.id, read.reason));
    const mended = faults.length < mostFaults ? mendLine(rest, line, column, read.id) : null;
    if (mended === null) return { faults, script: null };
    rest = mended;
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

/** The script with a line that can be read, or null. */
function mendLine(text: string, line: number, column: number, id: string): string | null {
  const source = makeSource(text);
  const written = lineText(source, line);
  const start = source.lineStarts[line - 1] ?? 0;
  const withLine = (instead: string): string => text.slice(0, start) + instead + text.slice(start + written.length);
  const at = column - 1;
  const [seven, instead] =
    (id === 'powershell-7-syntax' && stands.find(([each]) => written.startsWith(each, at))) || [];
  if (seven !== undefined && instead !== undefined)
    return withLine(written.slice(0, at) + instead + written.slice(at + seven.length));
  const before = lineText(source, line - 1);
  return isAlone(written) && !goesOn.test(before) ? withLine('') : null;
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
