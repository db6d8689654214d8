import { type CST, Parser } from 'yaml';

/** A bracket or a quote that nothing closes. */
export type Unclosed = { readonly offset: number; readonly opens: string; readonly closes: string };

const brackets: Readonly<Record<string, readonly [opens: string, closes: string, end: string]>> = {
  'flow-map-start': ['{', '}', 'flow-map-end'],
  'flow-seq-start': ['[', ']', 'flow-seq-end'],
};

/** Brackets and quotes of a YAML text that are not closed, or not by their own kind; of those in one another the innermost, which the others follow from. */
export function findUnclosed(text: string): readonly Unclosed[] {
  return [...new Parser().parse(text)].flatMap((token) => unclosedIn(token));
}

function unclosedIn(token: CST.Token | null | undefined): readonly Unclosed[] {
  if (token === null || token === undefined) return [];
  if (token.type === 'document') return unclosedIn(token.value);
  if (token.type === 'double-quoted-scalar' || token.type === 'single-quoted-scalar') {
    const { source, offset } = token;
    const quote = source.charAt(0);
    return source.length > 1 && source.endsWith(quote) ? [] : [{ offset, opens: quote, closes: quote }];
  }
  if (!('items' in token)) return [];
  const inside = token.items.flatMap((item) =>
    [('key' in item && item.key) || null, item.value].flatMap((part) => unclosedIn(part)),
  );
  if (inside.length > 0 || token.type !== 'flow-collection') return inside;
  const [opens, closes, end] = brackets[token.start.type] ?? [];
  if (opens === undefined || closes === undefined || token.end.some(({ type }) => type === end)) return [];
  return [{ offset: token.start.offset, opens, closes }];
}
