import { netError } from '../define.ts';
import { spend } from '../limit.ts';

/** An attribute of an element. */
export type XmlAttribute = { readonly kind: 'attribute'; readonly name: string; value: string; owner: XmlElement };

/** Text, CDATA or comment. */
export type XmlText = {
  readonly kind: 'text' | 'cdata' | 'comment' | 'declaration' | 'instruction';
  name: string;
  text: string;
  parent: XmlElement | XmlDocument | undefined;
};

/** An element. */
export type XmlElement = {
  readonly kind: 'element';
  readonly name: string;
  attributes: XmlAttribute[];
  children: XmlNode[];
  parent: XmlElement | XmlDocument | undefined;
  selfClosing: boolean;
  document: XmlDocument;
};

/** A document. */
export type XmlDocument = { readonly kind: 'document'; children: XmlNode[]; preserveWhitespace: boolean };

/** A child of an element or document. */
export type XmlNode = XmlElement | XmlText;

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** A text that is parsed, and how strictly. */
type Source = {
  readonly text: string;
  /** `[xml]` reads pieces of XML and puts them into a document; LoadXml() wants a document. */
  readonly isFragment: boolean;
  readonly preserveWhitespace: boolean;
};

const fail = (message: string, properties: Readonly<Record<string, number>> = {}): never => {
  throw netError('System.Xml.XmlException', message, { properties });
};

const placeOf = ({ text }: Source, offset: number): readonly [line: number, position: number] => {
  const before = text.slice(0, offset).split('\n');
  return [before.length, (before.at(-1) ?? '').length + 1];
};

const failAt = (source: Source, offset: number, message: string): never => {
  const [line, position] = placeOf(source, offset);
  return fail(`${message} Line ${line}, position ${position}.`, { LineNumber: line, LinePosition: position });
};

const wrongChild =
  'The specified node cannot be inserted as the valid child of this node, because the specified node is the wrong type.';

const decode = (raw: string, source: Source, at: number): string =>
  raw.replace(/&(?:(#x[0-9a-fA-F]+|#\d+|\w+);)?/g, (_whole, name: string | undefined, offset: number) => {
    if (name === undefined) return failAt(source, at + offset + 1, 'An error occurred while parsing EntityName.');
    if (name.startsWith('#x')) return String.fromCodePoint(Number.parseInt(name.slice(2), 16));
    if (name.startsWith('#')) return String.fromCodePoint(Number(name.slice(1)));
    return entities[name] ?? failAt(source, at + offset + 1, `Reference to undeclared entity '${name}'.`);
  });

const tag =
  /<(?:!--([\s\S]*?)-->|!\[CDATA\[([\s\S]*?)\]\]>|\?([\w-]+)\s*([\s\S]*?)\?>|!DOCTYPE[^>]*>|\/([^\s>]+)\s*>|([^\s/>!?]+)((?:\s+[^\s=>/]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/)?>)/y;
const attribute = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** Text between tags; whitespace alone is dropped unless the document keeps it. */
const addText = (parent: XmlElement | XmlDocument, raw: string, source: Source, at: number): void => {
  if (raw === '' || (!source.preserveWhitespace && raw.trim() === '')) return;
  if (parent.kind === 'document') {
    if (raw.trim() === '') return;
    if (source.isFragment) fail(wrongChild);
    failAt(source, at + raw.search(/\S/), 'Data at the root level is invalid.');
    return;
  }
  parent.children.push({ kind: 'text', name: '#text', text: decode(raw.replace(/\r\n?/g, '\n'), source, at), parent });
};

type Open = {
  readonly match: RegExpExecArray;
  readonly parent: XmlElement | XmlDocument;
  readonly document: XmlDocument;
};

const openElement = ({ match, parent, document }: Open, source: Source): XmlElement => {
  const name = match[6] ?? '';
  if (parent.kind === 'document' && parent.children.some((child) => child.kind === 'element')) {
    if (source.isFragment) fail("This document already has a 'DocumentElement' node.");
    failAt(source, match.index + 1, 'There are multiple root elements.');
  }
  const element: XmlElement = {
    kind: 'element',
    name,
    attributes: [],
    children: [],
    parent,
    selfClosing: match[8] !== undefined,
    document,
  };
  const start = match.index + 1 + name.length;
  for (const found of (match[7] ?? '').matchAll(attribute)) {
    const [, key = '', double, single] = found;
    const at = start + found.index;
    if (element.attributes.some((one) => one.name === key))
      failAt(source, at, `'${key}' is a duplicate attribute name.`);
    const raw = double ?? single ?? '';
    const value = decode(raw, source, at + found[0].length - raw.length - 1);
    spend(100);
    element.attributes.push({ kind: 'attribute', name: key, value, owner: element });
  }
  spend(150);
  parent.children.push(element);
  for (const prefix of [element.name, ...element.attributes.map((one) => one.name)].map(prefixOf))
    if (prefix !== '' && !prefix.startsWith('xml') && namespaceOf(element, prefix) === '')
      failAt(source, match.index + 1, `'${prefix}' is an undeclared prefix.`);
  return element;
};

/** Says what is wrong with markup that is no tag. */
const badTag = (source: Source, at: number): never => {
  const unquoted = /^<[^\s/>!?]+(?:\s+[^\s=>/]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s+[^\s=>/]+\s*=\s*([^"'])/.exec(
    source.text.slice(at),
  );
  if (unquoted)
    return failAt(
      source,
      at + unquoted[0].length - 1,
      `'${unquoted[1] ?? ''}' is an unexpected token. The expected token is '"' or '''.`,
    );
  const first = source.text[at + 1] ?? '';
  if (/[\d.\s=-]/.test(first))
    return failAt(
      source,
      at + 1,
      `Name cannot begin with the '${first}' character, hexadecimal value 0x${first.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}.`,
    );
  return failAt(source, source.text.length, 'Unexpected end of file has occurred.');
};

/**
 * Parses XML text.
 * @throws NetError System.Xml.XmlException
 */
export const parseXml = (
  text: string,
  options: { readonly isFragment?: boolean; readonly preserveWhitespace?: boolean } = {},
): XmlDocument => {
  const { isFragment = false, preserveWhitespace = false } = options;
  const document: XmlDocument = { kind: 'document', children: [], preserveWhitespace };
  const source: Source = { text: text.replace(/^\uFEFF/, ''), isFragment, preserveWhitespace };
  const starts = new Map<XmlElement, number>();
  let parent: XmlElement | XmlDocument = document;
  let at = 0;
  while (at < source.text.length) {
    const next = source.text.indexOf('<', at);
    addText(parent, source.text.slice(at, next === -1 ? undefined : next), source, at);
    if (next === -1) break;
    tag.lastIndex = next;
    const match = tag.exec(source.text);
    if (!match) return badTag(source, next);
    at = next + match[0].length;
    if (match[1] !== undefined) parent.children.push({ kind: 'comment', name: '#comment', text: match[1], parent });
    else if (match[2] !== undefined)
      parent.children.push({ kind: 'cdata', name: '#cdata-section', text: match[2], parent });
    else if (match[3] !== undefined) parent.children.push(instruction(match, parent, source));
    else if (match[5] !== undefined) {
      if (parent.kind === 'document') return failAt(source, next + 2, 'Unexpected end tag.');
      if (parent.name !== match[5]) {
        const [line, position] = placeOf(source, starts.get(parent) ?? 0);
        const start = `The '${parent.name}' start tag on line ${line} position ${position}`;
        return failAt(source, next + 2, `${start} does not match the end tag of '${match[5]}'.`);
      }
      parent = parent.parent ?? document;
    } else if (match[6] !== undefined) {
      const element = openElement({ match, parent, document }, source);
      starts.set(element, next + 1);
      if (!element.selfClosing) parent = element;
    }
  }
  if (parent.kind === 'element') {
    const open: string[] = [];
    for (let one: XmlElement | XmlDocument | undefined = parent; one?.kind === 'element'; one = one.parent)
      open.push(one.name);
    return failAt(
      source,
      source.text.length,
      `Unexpected end of file has occurred. The following elements are not closed: ${open.join(', ')}.`,
    );
  }
  if (!isFragment && !document.children.some((child) => child.kind === 'element'))
    return fail('Root element is missing.');
  return document;
};

const instruction = (match: RegExpExecArray, parent: XmlElement | XmlDocument, source: Source): XmlText => {
  const [, , , name = '', text = ''] = match;
  if (name !== 'xml') return { kind: 'instruction', name, text, parent };
  if (match.index > 0)
    failAt(
      source,
      match.index + 2,
      'Unexpected XML declaration. The XML declaration must be the first node in the document, and no whitespace characters are allowed to appear before it.',
    );
  return { kind: 'declaration', name, text: text.trim().replace(/'([^']*)'/g, '"$1"'), parent };
};

const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const escapeAttribute = (text: string): string =>
  escapeText(text)
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#xA;')
    .replaceAll('\r', '&#xD;')
    .replaceAll('\t', '&#x9;');

/** The markup of a node as OuterXml writes it. */
export const writeXml = (node: XmlNode | XmlDocument): string => {
  switch (node.kind) {
    case 'document':
      return node.children.map(writeXml).join('');
    case 'text':
      return escapeText(node.text);
    case 'cdata':
      return `<![CDATA[${node.text}]]>`;
    case 'comment':
      return `<!--${node.text}-->`;
    case 'declaration':
    case 'instruction':
      return `<?${node.name} ${node.text}?>`;
    case 'element': {
      const attributes = node.attributes.map(({ name, value }) => ` ${name}="${escapeAttribute(value)}"`).join('');
      if (node.children.length === 0 && node.selfClosing) return `<${node.name}${attributes} />`;
      return `<${node.name}${attributes}>${node.children.map(writeXml).join('')}</${node.name}>`;
    }
  }
};

/** All text inside a node. */
export const innerText = (node: XmlNode | XmlDocument): string => {
  if (node.kind === 'element' || node.kind === 'document')
    return node.children.map((child) => (child.kind === 'comment' ? '' : innerText(child))).join('');
  return node.kind === 'text' || node.kind === 'cdata' ? node.text : '';
};

/** The prefix of a name; empty if it has none. */
export const prefixOf = (name: string): string => (name.includes(':') ? name.slice(0, name.indexOf(':')) : '');

/** The name without prefix. */
export const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/** The namespace that a prefix means at an element. */
export const namespaceOf = (element: XmlElement, prefix: string): string => {
  const wanted = prefix === '' ? 'xmlns' : `xmlns:${prefix}`;
  for (let at: XmlElement | XmlDocument | undefined = element; at?.kind === 'element'; at = at.parent) {
    const found = at.attributes.find(({ name }) => name === wanted);
    if (found) return found.value;
  }
  return '';
};
