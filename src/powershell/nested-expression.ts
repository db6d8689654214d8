import type { Expression } from './expression-tree.ts';
import { Parser } from './parser.ts';
import { makeSource } from './source.ts';
import type { Block } from './syntax-tree.ts';

/** What PowerShell takes for the text of a `$( … )` in a string, before it reads it. */
type Extent = { readonly end: number; readonly skipped: readonly number[] };

/**
 * Finds the end of a `$( … )` in a string as PowerShell does: it counts parentheses wherever they stand, in quotes and comments too. Outside
 * here-strings a double quote behind a backtick or behind another one stands for a single one.
 */
const extentOf = (parser: Parser, inHereString: boolean): Extent => {
  const { text } = parser;
  const skipped: number[] = [];
  let depth = 0;
  for (let at = parser.at + 1; at < text.length; at++) {
    const c = text[at];
    if (c === '(') depth++;
    else if (c === ')') {
      if (--depth === 0) return { end: at + 1, skipped };
    } else if (!inHereString && (c === '"' || c === '`') && text[at + 1] === '"') skipped.push(at++);
  }
  return parser.fail('IncompleteDollarSubexpressionReference', "the closing ')' of the expression is missing");
};

/** The same nodes with every offset moved. */
const moved = <T>(value: T, to: (offset: number) => number): T => {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => moved(item, to)) as T;
  const entries = Object.entries(value).map(([key, part]: [string, unknown]) => [
    key,
    (key === 'start' || key === 'end') && typeof part === 'number' ? to(part) : moved(part, to),
  ]);
  return Object.fromEntries(entries) as T;
};

/** Reads the statements from a text of their own: the script up to the expression, then what PowerShell takes for its text. */
const readApart = (parser: Parser, { end, skipped }: Extent): Block => {
  const start = parser.at;
  let text = parser.source.text.slice(0, start);
  let from = start;
  for (const at of [...skipped, end]) {
    text += parser.source.text.slice(from, at);
    from = at + 1;
  }
  const apart = new Parser(makeSource(text, parser.source.file), parser.grammar);
  apart.at = start + 2;
  const block = apart.nested(() => apart.grammar.statementsUntil(apart, ')', start));
  if (!apart.done) apart.fail('UnexpectedToken', `unexpected '${apart.peek()}' in the expression of a string`);
  const places = skipped.map((at, index) => at - index);
  const to = (offset: number): number => offset + places.filter((place) => place < offset).length;
  parser.types.push(...moved(apart.types, to));
  return moved(block, to);
};

/** `$( statements )` in a string with expansion; the position is at the dollar. */
export const readNestedExpression = (parser: Parser, inHereString: boolean): Expression => {
  const start = parser.at;
  const extent = extentOf(parser, inHereString);
  const block = parser.nested(() => {
    if (extent.skipped.length > 0) return readApart(parser, extent);
    parser.at += 2;
    const read = parser.withComma(false, () => parser.grammar.statementsUntil(parser, ')', start));
    if (parser.at === extent.end) return read;
    parser.at = start;
    return readApart(parser, extent);
  });
  parser.at = extent.end;
  return { kind: 'subExpression', block, start, end: extent.end };
};
