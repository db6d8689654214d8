import { tableLines } from './table-lines.ts';

/** How the texts of a column stand. */
export type Alignment = 'left' | 'right' | 'center';

/** A column of a table. Without a width it is as wide as its longest text; `rest` takes what is left of the screen. */
export type Column = {
  readonly label: string;
  readonly alignment: Alignment;
  readonly width: number | 'rest' | undefined;
};

/** A label and its text. */
export type Field = { readonly label: string; readonly text: string };

/** What is shown one after the other: plain text, or an object by its fields. */
export type Entry =
  | { readonly kind: 'text'; readonly text: string }
  /** A value with a view of one line. */
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'object'; readonly fields: readonly Field[] };

/** What Format-Table and Format-List make, and Out-String turns into text. */
export type FormatDocument = {
  /** Undefined until an object comes. */
  shape: 'table' | 'list' | undefined;
  columns: readonly Column[];
  hideHeaders: boolean;
  readonly entries: Entry[];
};

/** A document with nothing in it. */
export const emptyDocument = (): FormatDocument => ({
  shape: undefined,
  columns: [],
  hideHeaders: false,
  entries: [],
});

/** A text in pieces of at most `width` characters, its own line ends kept. */
const piecesOf = (text: string, width: number): string[] =>
  text.split(/\r?\n/).flatMap((line) => {
    const pieces: string[] = [];
    let rest = line;
    while (rest.length > width) {
      // Between words where there are some, else anywhere.
      const blank = rest.lastIndexOf(' ', width - 1);
      const at = blank > 0 ? blank + 1 : width;
      pieces.push(rest.slice(0, at));
      rest = rest.slice(at);
    }
    return [...pieces, rest];
  });

const listLines = (fields: readonly Field[], width: number): string[] => {
  const label = Math.max(0, ...fields.map((field) => field.label.length));
  const room = Math.max(1, width - label - 3);
  return fields.flatMap((field) =>
    piecesOf(field.text, room).map((piece, i) =>
      i === 0 ? `${field.label.padEnd(label)} : ${piece}` : `${' '.repeat(label + 3)}${piece}`,
    ),
  );
};

/**
 * The lines of a document.
 * @param width characters in a line of the screen
 */
export const documentLines = (document: FormatDocument, width: number): string[] => {
  const { shape, entries } = document;
  const rows = entries.flatMap((entry) => (entry.kind === 'object' ? [entry.fields.map(({ text }) => text)] : []));
  const table = shape === 'table' ? tableLines(document.columns, rows, width) : undefined;
  const lines: string[] = [];
  let seen = 0;
  let opened = false;
  for (const entry of entries) {
    if (entry.kind === 'text') {
      lines.push(entry.text);
      continue;
    }
    if (!opened) lines.push('');
    opened = true;
    if (entry.kind === 'line') {
      lines.push(entry.text);
      continue;
    }
    if (!table) lines.push(...listLines(entry.fields, width), '');
    else {
      if (seen === 0 && !document.hideHeaders && document.columns.length > 0) lines.push(...table.head);
      if (document.columns.length > 0) lines.push(table.rows[seen] ?? '');
    }
    seen++;
  }
  const ends = table ? document.columns.length > 0 : opened && shape === undefined;
  if (ends) lines.push('');
  return lines;
};
