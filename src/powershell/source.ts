import type { Span } from './syntax-tree.ts';

/** A place in a script; line and column start at 1. */
export type Place = { readonly line: number; readonly column: number };

/** A script's text with its name, for positions. */
export type Source = {
  readonly text: string;
  /** File name for messages; undefined for text that came without a file. */
  readonly file: string | undefined;
  /** Offsets at which lines begin. */
  readonly lineStarts: readonly number[];
};

/** Prepares a text for parsing. */
export const makeSource = (text: string, file?: string): Source => {
  const lineStarts = [0];
  for (const end of text.matchAll(/\r\n?|\n/g)) lineStarts.push(end.index + end[0].length);
  return { text, file, lineStarts };
};

/** Line and column of an offset. */
export const placeOf = (source: Source, offset: number): Place => {
  let low = 0;
  let high = source.lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((source.lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (source.lineStarts[low] ?? 0) + 1 };
};

/** The text of a line (1-based), without its end. */
export const lineText = (source: Source, line: number): string => {
  const start = source.lineStarts[line - 1] ?? source.text.length;
  const end = source.lineStarts[line] ?? source.text.length;
  return source.text.slice(start, end).replace(/(?:\r\n?|\n)$/, '');
};

/** The characters that end a line (1-based); empty for the last one. */
export const lineEnd = (source: Source, line: number): string =>
  /(?:\r\n?|\n)$/.exec(source.text.slice(source.lineStarts[line - 1], source.lineStarts[line]))?.[0] ?? '';

/** The text of a node. */
export const textOf = (source: Source, span: Span): string => source.text.slice(span.start, span.end);

/** `file:line:column` as editors understand it. */
export const describePlace = (source: Source, offset: number): string => {
  const { line, column } = placeOf(source, offset);
  return `${source.file ?? 'script'}:${line}:${column}`;
};

/** A fault in the syntax of a script. `id` is PowerShell's error id where it has one; `powershell-7-syntax` for newer constructs. */
export class SyntaxFault extends Error {
  readonly id: string;
  readonly source: Source;
  readonly offset: number;
  /** What is wrong, without the place. */
  readonly reason: string;

  /**
   * @param source the script
   * @param offset where the fault is
   * @param id PowerShell's error id
   * @param reason what was expected and what came
   */
  constructor(source: Source, offset: number, id: string, reason: string) {
    super(`${describePlace(source, offset)}: ${reason}`);
    this.name = 'SyntaxFault';
    this.id = id;
    this.source = source;
    this.offset = offset;
    this.reason = reason;
  }
}
