import { Failure } from '../../kernel/failure.ts';
import type { InputFault } from './fault.ts';
import { shownPath } from './shown-path.ts';

/** Control characters of a quoted line could steer a terminal; they are shown as U+FFFD. */
const printable = (text: string): string => text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd');

/** Faults beyond this number are counted, not shown; `--json` has them all. */
const mostShown = 50;

/** Longest excerpt of an offending line, in characters. */
const longestExcerpt = 160;

/** One fault as lines of text: `file:line:column message`, the offending line with a caret, what was expected, what to do. */
function formatFault(fault: InputFault): string {
  const position = fault.line === null ? fault.file : `${fault.file}:${fault.line}:${fault.column}`;
  const lines = [`${position}: ${printable(fault.message)}`];
  if (fault.text !== null && fault.line !== null && fault.column !== null) {
    const shift = Math.max(0, fault.column - 1 - longestExcerpt / 2);
    const excerpt = printable(fault.text.slice(shift, shift + longestExcerpt)).replaceAll('\t', ' ');
    lines.push(`  ${String(fault.line).padStart(4)} | ${excerpt}`);
    lines.push(`       | ${' '.repeat(columnsOf(excerpt.slice(0, fault.column - 1 - shift)))}^`);
  }
  if (fault.expected !== null) lines.push(`  expected: ${printable(fault.expected)}`);
  if (fault.suggestion !== null) lines.push(`  ${printable(fault.suggestion)}`);
  return lines.join('\n');
}

/** All faults as text, in the order of files and lines, with a count at the end. */
export function formatFaults(faults: readonly InputFault[]): string {
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  const more = faults.length > mostShown ? `; the first ${mostShown} are shown` : '';
  const hidden = faults.some(({ hidesMore }) => hidesMore === true) ? '; more may follow when mended' : '';
  return [...sortFaults(faults).slice(0, mostShown).map(formatFault), count + more + hidden].join('\n');
}

/** Faults in reading order: by file as first named, then line, then column. */
export function sortFaults(faults: readonly InputFault[]): readonly InputFault[] {
  const files = [...new Set(faults.map((fault) => fault.file))];
  return faults.toSorted(
    (a, b) =>
      files.indexOf(a.file) - files.indexOf(b.file) ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0),
  );
}

/**
 * The failure (`bad-input`, exit code 2) that carries faults to the front; `facts.faults` is the list for `--json`.
 * @param projectDir files below it are named as people in it write them
 */
export function badInput(faults: readonly InputFault[], projectDir?: string): Failure {
  const shown =
    projectDir === undefined ? faults : faults.map((each) => ({ ...each, file: shownPath(each.file, projectDir) }));
  const sorted = sortFaults(shown);
  return new Failure('bad-input', formatFaults(sorted), { facts: { faults: sorted } });
}

/** Terminal columns of a text: East Asian wide characters take two. */
function columnsOf(text: string): number {
  return Array.from(text).reduce(
    (sum, letter) =>
      sum +
      (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/.test(letter)
        ? 2
        : 1),
    0,
  );
}
