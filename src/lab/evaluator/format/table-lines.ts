import type { Column } from './format-document.ts';

type Placed = Column & { readonly at: number; readonly places: number };

const align = (text: string, { alignment, places }: Placed): string => {
  if (alignment === 'right') return text.padStart(places);
  if (alignment === 'left') return text.padEnd(places);
  const free = Math.max(0, places - text.length);
  return text.padStart(text.length + Math.floor(free / 2)).padEnd(places);
};

/** A text of one line that fits: what is cut off shows as an ellipsis, at the left of texts that stand right. */
const cut = (text: string, { alignment, places }: Placed): string => {
  const [first = '', ...more] = text.split(/\r?\n/);
  const line = more.length > 0 ? `${first}…` : first;
  if (line.length <= places) return line;
  if (places === 1) return alignment === 'right' ? line.slice(-1) : line.slice(0, 1);
  return alignment === 'right' ? `…${line.slice(line.length - places + 1)}` : `${line.slice(0, places - 1)}…`;
};

/** Widths for the columns that find room, from the left; the last one may be cut. */
const place = (columns: readonly Column[], rows: readonly (readonly string[])[], width: number): Placed[] => {
  const placed: Placed[] = [];
  let used = 0;
  for (const [at, column] of columns.entries()) {
    const room = width - used;
    if (room <= 0) break;
    const longest = Math.max(1, column.label.length, ...rows.map((row) => row[at]?.length ?? 0));
    const wanted = column.width === 'rest' ? room : (column.width ?? longest);
    placed.push({ ...column, at, places: Math.min(wanted, room) });
    used += Math.min(wanted, room) + 1;
  }
  return placed;
};

const chunks = (text: string, size: number): string[] => {
  const found: string[] = [];
  for (let at = 0; at < text.length; at += size) found.push(text.slice(at, at + size));
  return found;
};

/** Heading, underlines and rows of a table. */
export const tableLines = (
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): { readonly head: string[]; readonly rows: string[] } => {
  const placed = place(columns, rows, width);
  const isWhole = placed.length === columns.length;
  // The last column ends with its text, unless columns behind it are left out.
  const line = (textOf: (column: Placed) => string, pads: boolean): string =>
    placed
      .map((column, i) => {
        const text = textOf(column);
        const isLast = i === placed.length - 1 && (!pads || isWhole);
        return isLast && column.alignment !== 'right' ? align(text, column).trimEnd() : align(text, column);
      })
      .join(' ');
  const headings = placed.map(({ label, places }) => chunks(label, places));
  const depth = Math.max(0, ...headings.map((parts) => parts.length));
  const head = Array.from({ length: depth }, (_unused, i) =>
    line((column) => headings[placed.indexOf(column)]?.[i] ?? '', false),
  );
  head.push(line(({ label, places }) => '-'.repeat(Math.min(label.length, places)), true));
  return { head, rows: rows.map((row) => line((column) => cut(row[column.at] ?? '', column), true)) };
};
