import { fromBase64 } from './xml-text.ts';

/** What was cut out of a Receive reply. */
export type TakenStreams = {
  /** The reply without the contents of its streams: small, and still a document of the same meaning otherwise. */
  readonly rest: string;
  /** The contents in order; `index` counts the children of the response element in `rest`: streams with the same tag share one. */
  readonly contents: readonly { readonly index: number; readonly payload: Buffer }[];
};

const attributes = String.raw`(?:\s+[^\s=/"'<>]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'))*\s*`;
const prefix = String.raw`(?:[^\s:=/"'<>&]+:)?`;
/** Start of the body and of the response in it. Prefixes are free: what the names stand for is decided when `rest` is parsed. */
const responseStart = new RegExp(`<${prefix}Body${attributes}>\\s*<${prefix}ReceiveResponse${attributes}>`, 'u');
const startTag = new RegExp(`^<([^\\s/"'<>&]+)${attributes}>$`, 'u');

/**
 * Cuts the contents of streams out of a Receive reply (MS-WSMV 2.2.4.29) by searching for tags: base64 is decoded from where it stands and
 * never becomes part of an XML tree. Undefined for a text that is none, or that is written in a way which only a parser can read.
 */
export function takeStreams(text: string): TakenStreams | undefined {
  const start = responseStart.exec(text);
  if (!start || mayHide(text.slice(0, start.index))) return undefined;
  const from = start.index + start[0].length;
  const contents: { index: number; payload: Buffer }[] = [];
  const tags = new Map<string, KnownTag>();
  let at = from;
  for (;;) {
    const open = text.indexOf('<', at);
    if (open < 0 || text.charCodeAt(open + 1) === slash) break;
    const tagEnd = text.indexOf('>', open);
    const tag = text.slice(open, tagEnd + 1);
    const known = tags.get(tag) ?? learn(tag, tags.size);
    if (!known) break;
    const contentEnd = text.indexOf('<', tagEnd);
    if (!text.startsWith(known.close, contentEnd)) break;
    const content = text.slice(tagEnd + 1, contentEnd);
    if (content.includes('&')) return undefined;
    tags.set(tag, known);
    contents.push({ index: known.index, payload: fromBase64(content) });
    at = contentEnd + known.close.length;
  }
  if (contents.length === 0) return undefined;
  const placeholders = Array.from(tags, ([tag, { close }]) => tag + close);
  return { rest: text.slice(0, from) + placeholders.join('') + text.slice(at), contents };
}

type KnownTag = { readonly index: number; readonly close: string };

const slash = 47;

/** Comments and the like could hold what looks like a response. */
const mayHide = (head: string): boolean => head.includes('<!') || head.lastIndexOf('<?') > 0;

/** A start tag that comes for the first time; undefined for one that is no plain stream. */
function learn(tag: string, index: number): KnownTag | undefined {
  const name = startTag.exec(tag)?.[1];
  return name !== undefined && /(?:^|:)Stream$/u.test(name) ? { index, close: `</${name}>` } : undefined;
}
