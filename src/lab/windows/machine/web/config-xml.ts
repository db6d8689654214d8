import { NetError } from '../../../evaluator/define.ts';
import { parseXml, writeXml, type XmlDocument, type XmlElement } from '../../../evaluator/dotnet/xml-parse.ts';

/** A configuration that cannot be used: the HRESULT, what it says, and where. */
export type ConfigError = {
  readonly hresult: number;
  readonly message: string;
  /** Path of the file. */
  readonly file: string;
  readonly line?: number;
};

/** Stops work on a configuration; cmdlets, programs and requests tell it in their own way. */
export class ConfigFault extends Error {
  readonly error: ConfigError;

  /** @param error what cannot be used, and where */
  constructor(error: ConfigError) {
    super(error.message);
    this.name = 'ConfigFault';
    this.error = error;
  }
}

/** Messages of the configuration system of IIS by their HRESULT. */
export const configMessages = {
  malformed: [0x8007000d, 'Configuration file is not well-formed XML'],
  unknownSection: [0x8007000d, 'The configuration section cannot be read because it is missing a section declaration'],
  unknownElement: [0x8007000d, 'Unrecognized element'],
  locked: [
    0x80070021,
    'This configuration section cannot be used at this path. This happens when the section is locked at a parent level.',
  ],
  duplicate: [0x800700b7, 'Cannot add duplicate collection entry'],
  denied: [0x80070005, 'Cannot read configuration file due to insufficient permissions'],
  noPath: [0x80070003, 'Cannot read configuration file'],
  notFound: [0x80070002, 'Cannot read configuration file'],
  noNetworkPath: [0x80070035, 'Cannot read configuration file'],
  badLogon: [0x8007052e, 'Can not log on locally with the virtual directory password'],
  notFolder: [0x8007010b, 'Cannot read configuration file'],
} as const;

/** Makes the fault of one of the messages. */
export const configFault = (
  kind: keyof typeof configMessages,
  file: string,
  options: { readonly line?: number; readonly detail?: string } = {},
): ConfigFault => {
  const [hresult, text] = configMessages[kind];
  const message = options.detail === undefined ? text : `${text} ${options.detail}`;
  return new ConfigFault({
    hresult,
    message,
    file,
    ...(options.line === undefined ? {} : { line: options.line }),
  });
};

/** The line at which a text stops being well-formed: that of the first tag that does not close what is open. */
const brokenLine = (text: string): number => {
  const open: string[] = [];
  for (const match of text.matchAll(/<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<(\/?)([\w.:-]+)([^<>]*?)(\/?)>|<[^>]*$/g)) {
    const line = text.slice(0, match.index).split('\n').length;
    const [, closing, name, , single] = match;
    if (name === undefined) {
      if (!match[0].startsWith('<!') && !match[0].startsWith('<?')) return line;
      continue;
    }
    if (closing === '/') {
      if (open.pop() !== name) return line;
    } else if (single !== '/') open.push(name);
  }
  return text.split('\n').length;
};

/** A configuration file that was read: its tree, and how its text is written. */
export type ConfigFile = {
  readonly path: string;
  readonly root: XmlElement;
  readonly document: XmlDocument;
  readonly hasMark: boolean;
  readonly lineEnd: string;
  readonly endsWithLine: boolean;
  /** The text as it was read. */
  readonly text: string;
};

/** The line on which an element of a name begins first. */
export const lineOf = (file: ConfigFile, name: string): number =>
  file.text.slice(0, Math.max(0, file.text.search(new RegExp(`<${name}[\\s/>]`)))).split('\n').length;

/** Reads the text of a configuration file, with its white space. @throws ConfigFault malformed */
export const parseConfig = (bytes: Uint8Array, path: string): ConfigFile => {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const text = new TextDecoder('utf-8').decode(bytes);
  try {
    const document = parseXml(text, { preserveWhitespace: true });
    const lineEnd = text.includes('\r\n') || !text.includes('\n') ? '\r\n' : '\n';
    return { path, root: rootOf(document), document, hasMark, lineEnd, endsWithLine: text.endsWith('\n'), text };
  } catch (error) {
    if (error instanceof NetError) throw configFault('malformed', path, { line: brokenLine(text) });
    throw error;
  }
};

/** The bytes of a configuration file, written as it was written before. */
export const writeConfig = (file: ConfigFile): Uint8Array => {
  const text = file.document.children.map((child) => writeXml(child)).join('\n') + (file.endsWithLine ? '\n' : '');
  const body = new TextEncoder().encode(text.replaceAll('\n', file.lineEnd));
  return file.hasMark ? Uint8Array.from([0xef, 0xbb, 0xbf, ...body]) : body;
};

/** The root element of a document. */
export const rootOf = (document: XmlDocument): XmlElement => {
  const root = document.children.find((child) => child.kind === 'element');
  if (root?.kind !== 'element') throw new RangeError('a configuration without root element');
  return root;
};

/** Child elements. */
export const elementsOf = (element: XmlElement): XmlElement[] =>
  element.children.filter((child) => child.kind === 'element');

/** The first child element of a name. */
export const childOf = (element: XmlElement | undefined, name: string): XmlElement | undefined =>
  element && elementsOf(element).find((child) => child.name.toLowerCase() === name.toLowerCase());

/** The element below another at a path of names. */
export const findPath = (element: XmlElement | undefined, path: string): XmlElement | undefined =>
  path.split('/').reduce<XmlElement | undefined>((at, name) => childOf(at, name), element);

/** An attribute's text. */
export const attributeOf = (element: XmlElement | undefined, name: string): string | undefined =>
  element?.attributes.find((one) => one.name.toLowerCase() === name.toLowerCase())?.value;

/** Sets an attribute, or takes it away with `undefined`. */
export const setAttribute = (element: XmlElement, name: string, value: string | undefined): void => {
  const there = element.attributes.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (value === undefined) element.attributes = element.attributes.filter((one) => one !== there);
  else if (there) there.value = value;
  else element.attributes.push({ kind: 'attribute', name, value, owner: element });
};

const depthOf = (element: XmlElement): number => {
  let depth = 0;
  for (let at = element.parent; at?.kind === 'element'; at = at.parent) depth++;
  return depth;
};

/** Adds a child element at the end, indented as the file is. */
export const addElement = (
  parent: XmlElement,
  name: string,
  attributes: Readonly<Record<string, string>> = {},
): XmlElement => {
  const made: XmlElement = {
    kind: 'element',
    name,
    attributes: [],
    children: [],
    parent,
    selfClosing: true,
    document: parent.document,
  };
  for (const [key, value] of Object.entries(attributes)) setAttribute(made, key, value);
  const depth = depthOf(parent);
  const gap = (levels: number) => ({
    kind: 'text' as const,
    name: '#text',
    text: `\n${'    '.repeat(levels)}`,
    parent,
  });
  const last = parent.children.at(-1);
  if (last?.kind === 'text' && last.text.trim() === '') parent.children.pop();
  parent.children.push(gap(depth + 1), made, gap(depth));
  return made;
};

/** Takes an element out, with the white space before it. */
export const removeElement = (element: XmlElement): void => {
  const { parent } = element;
  if (parent?.kind !== 'element') return;
  const at = parent.children.indexOf(element);
  const before = parent.children[at - 1];
  const isGap = before?.kind === 'text' && before.text.trim() === '';
  parent.children.splice(isGap ? at - 1 : at, isGap ? 2 : 1);
  // What is empty now is written as IIS writes empty elements.
  if (parent.children.every((child) => child.kind === 'text' && child.text.trim() === '')) {
    parent.children = [];
    parent.selfClosing = true;
  }
};

/** The element at a path, created where it is missing. */
export const makePath = (element: XmlElement, path: string): XmlElement =>
  path.split('/').reduce<XmlElement>((at, name) => childOf(at, name) ?? addElement(at, name), element);
