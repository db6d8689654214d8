import { netError } from '../define.ts';

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

const fail = (message: string): never => {
  throw netError('System.Xml.XmlException', message);
};

const decode = (text: string): string =>
  text.replace(/&(#x[0-9a-fA-F]+|#\d+|\w+);/g, (whole, name: string) => {
    if (name.startsWith('#x')) return String.fromCodePoint(Number.parseInt(name.slice(2), 16));
    if (name.startsWith('#')) return String.fromCodePoint(Number(name.slice(1)));
    return entities[name] ?? fail(`Reference to undeclared entity '${name}'.`) ?? whole;
  });

const tag =
  /<(?:!--([\s\S]*?)-->|!\[CDATA\[([\s\S]*?)\]\]>|\?([\w-]+)\s*([\s\S]*?)\?>|!DOCTYPE[^>]*>|\/([^\s>]+)\s*>|([^\s/>!?]+)((?:\s+[^\s=>/]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/)?>)/y;
const attribute = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** Text between tags; whitespace alone is dropped unless the document keeps it. */
const addText = (parent: XmlElement | XmlDocument, raw: string, preserve: boolean): void => {
  if (raw === '' || (!preserve && raw.trim() === '')) return;
  if (parent.kind === 'document') {
    if (raw.trim() !== '') fail('Data at the root level is invalid. Line 1, position 1.');
    return;
  }
  parent.children.push({ kind: 'text', name: '#text', text: decode(raw.replace(/\r\n?/g, '\n')), parent });
};

const openElement = (match: RegExpExecArray, parent: XmlElement | XmlDocument, document: XmlDocument): XmlElement => {
  const element: XmlElement = {
    kind: 'element',
    name: match[6] ?? '',
    attributes: [],
    children: [],
    parent,
    selfClosing: match[8] !== undefined,
    document,
  };
  for (const [, name = '', double, single] of (match[7] ?? '').matchAll(attribute)) {
    element.attributes.push({ kind: 'attribute', name, value: decode(double ?? single ?? ''), owner: element });
  }
  parent.children.push(element);
  return element;
};

/**
 * Parses XML text.
 * @throws NetError System.Xml.XmlException
 */
export const parseXml = (text: string, preserveWhitespace = false): XmlDocument => {
  const document: XmlDocument = { kind: 'document', children: [], preserveWhitespace };
  const source = text.replace(/^\uFEFF/, '');
  let parent: XmlElement | XmlDocument = document;
  let at = 0;
  while (at < source.length) {
    const next = source.indexOf('<', at);
    addText(parent, source.slice(at, next === -1 ? source.length : next), preserveWhitespace);
    if (next === -1) break;
    tag.lastIndex = next;
    const match = tag.exec(source);
    if (!match) return fail(`Unexpected token at position ${next + 1}.`);
    at = next + match[0].length;
    if (match[1] !== undefined) parent.children.push({ kind: 'comment', name: '#comment', text: match[1], parent });
    else if (match[2] !== undefined)
      parent.children.push({ kind: 'cdata', name: '#cdata-section', text: match[2], parent });
    else if (match[3] !== undefined)
      parent.children.push({
        kind: match[3] === 'xml' ? 'declaration' : 'instruction',
        name: match[3],
        text: match[3] === 'xml' ? (match[4] ?? '').trim().replace(/'([^']*)'/g, '"$1"') : (match[4] ?? ''),
        parent,
      });
    else if (match[5] !== undefined) {
      if (parent.kind === 'document' || parent.name !== match[5])
        return fail(`The end tag '${match[5]}' does not match the start tag.`);
      parent = parent.parent ?? document;
    } else if (match[6] !== undefined) {
      const element = openElement(match, parent, document);
      if (!element.selfClosing) parent = element;
    }
  }
  if (parent.kind === 'element')
    return fail(`Unexpected end of file has occurred. The following elements are not closed: ${parent.name}.`);
  if (!document.children.some((child) => child.kind === 'element')) return fail('Root element is missing.');
  return document;
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
