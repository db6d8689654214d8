import type { Expression } from './expression-tree.ts';
import { Parser } from './parser.ts';
import { makeSource, SyntaxFault } from './source.ts';
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

/** Reads the statements from what PowerShell takes for their text. */
const readApart = (parser: Parser, { end, skipped }: Extent): Block => {
  const start = parser.at;
  let text = '';
  let from = start;
  for (const at of [...skipped, end]) {
    text += parser.source.text.slice(from, at);
    from = at + 1;
  }
  // Offsets in that text before which something was left out, in their order.
  const places = skipped.map((at, index) => at - index - start);
  const to = (offset: number): number => {
    let count = 0;
    while (count < places.length && (places[count] ?? 0) < offset) count++;
    return start + offset + count;
  };
  const apart = new Parser(makeSource(text, parser.source.file), parser.grammar);
  apart.at = 2;
  try {
    const block = apart.nested(() => apart.grammar.statementsUntil(apart, ')', 0));
    if (!apart.done) apart.fail('UnexpectedToken', `unexpected '${apart.peek()}' in the expression of a string`);
    parser.types.push(...moved(apart.types, to));
    return moved(block, to);
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error;
    throw new SyntaxFault(parser.source, to(error.offset), error.id, error.reason);
  }
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
