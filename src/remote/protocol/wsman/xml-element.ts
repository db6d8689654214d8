import { Failure } from '../../../kernel/failure.ts';

/** One element of a small document: resolved namespace and local name; prefixes are gone. */
export type XmlElement = {
  readonly namespace: string;
  readonly name: string;
  /** Keys are local names for attributes without prefix, else `{namespace}name`. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  /** Character data of the element itself, entities resolved, nothing trimmed. */
  text: string;
};

const deepest = 60;

/**
 * Reads an XML document into elements by scanning for angle brackets: quick for replies that are mostly base64.
 * Document type declarations are refused; comments and processing instructions are skipped.
 * @throws Failure `protocol-error` if the text is not well-formed
 */
export function parseXml(text: string): XmlElement {
  return new Scanner(text).readDocument();
}

/** The first child with this name. */
export function findChild(element: XmlElement, namespace: string, name: string): XmlElement | undefined {
  return element.children.find((child) => child.name === name && child.namespace === namespace);
}

/** All children with this name. */
export function findChildren(element: XmlElement, namespace: string, name: string): XmlElement[] {
  return element.children.filter((child) => child.name === name && child.namespace === namespace);
}

/** The text of the first child with this name, trimmed. */
export function childText(element: XmlElement, namespace: string, name: string): string | undefined {
  return findChild(element, namespace, name)?.text.trim();
}

/** The first element with this name, in document order, the element itself included. */
export function findDescendant(element: XmlElement, namespace: string, name: string): XmlElement | undefined {
  if (element.name === name && element.namespace === namespace) return element;
  for (const child of element.children) {
    const found = findDescendant(child, namespace, name);
    if (found) return found;
  }
  return undefined;
}

/** All text of an element and those below it, trimmed, pieces joined by a blank. */
export function deepText(element: XmlElement): string {
  return [element.text.trim(), ...element.children.map(deepText)].filter((text) => text !== '').join(' ');
}

type Scope = ReadonlyMap<string, string>;
type OpenElement = { readonly element: XmlElement; readonly tag: string; readonly scope: Scope };

class Scanner {
  readonly #text: string;
  readonly #open: OpenElement[] = [];
  #at = 0;
  #root: XmlElement | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  readDocument(): XmlElement {
    const text = this.#text;
    if (text.charCodeAt(0) === 0xfeff) this.#at = 1;
    while (this.#at < text.length) {
      const next = text.indexOf('<', this.#at);
      this.#addText(text.slice(this.#at, next < 0 ? text.length : next));
      if (next < 0) break;
      this.#at = next;
      this.#readMarkup();
    }
    if (this.#open.length > 0 || !this.#root) throw this.#fault('the document ends too early');
    return this.#root;
  }

  #readMarkup(): void {
    const text = this.#text;
    if (text.startsWith('<!--', this.#at)) this.#at = this.#after('-->');
    else if (text.startsWith('<![CDATA[', this.#at)) {
      const end = this.#after(']]>');
      const open = this.#open.at(-1);
      if (!open) throw this.#fault('character data outside of the root element');
      open.element.text += text.slice(this.#at + 9, end - 3);
      this.#at = end;
    } else if (text.startsWith('<?', this.#at)) this.#at = this.#after('?>');
    else if (text.startsWith('<!', this.#at)) throw this.#fault('a document type declaration is not allowed');
    else if (text.startsWith('</', this.#at)) this.#close();
    else this.#openElement();
  }

  #addText(raw: string): void {
    if (raw === '') return;
    const open = this.#open.at(-1);
    if (open) open.element.text += this.#decode(raw);
    else if (raw.trim() !== '') throw this.#fault('text outside of the root element');
  }

  #close(): void {
    const end = this.#after('>');
    const tag = this.#text.slice(this.#at + 2, end - 1).trimEnd();
    const open = this.#open.pop();
    if (open?.tag !== tag) throw this.#fault(`</${tag}> closes nothing`);
    this.#at = end;
  }

  #openElement(): void {
    const end = this.#tagEnd();
    const empty = this.#text.charCodeAt(end - 2) === 47;
    const inner = this.#text.slice(this.#at + 1, empty ? end - 2 : end - 1);
    const [, tag, rest] = /^([^\s=/"'<]+)([^]*)$/u.exec(inner) ?? [];
    if (tag === undefined || rest === undefined) throw this.#fault('a tag has no name');
    const raw = this.#readAttributes(rest);
    const scope = this.#scopeFor(raw);
    const { namespace, name } = this.#resolve(tag, scope, true);
    const attributes = new Map<string, string>();
    for (const [key, value] of raw) {
      if (key === 'xmlns' || key.startsWith('xmlns:')) continue;
      const resolved = this.#resolve(key, scope, false);
      attributes.set(resolved.namespace ? `{${resolved.namespace}}${resolved.name}` : resolved.name, value);
    }
    const element: XmlElement = { namespace, name, attributes, children: [], text: '' };
    const parent = this.#open.at(-1);
    if (parent) parent.element.children.push(element);
    else if (this.#root) throw this.#fault('there is a second root element');
    else this.#root = element;
    if (!empty) this.#open.push({ element, tag, scope });
    if (this.#open.length > deepest) throw this.#fault(`elements are nested deeper than ${deepest}`);
    this.#at = end;
  }

  #readAttributes(rest: string): [string, string][] {
    const found: [string, string][] = [];
    const pattern = /\s+([^\s=/"'<]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')|\s*$/uy;
    while (pattern.lastIndex < rest.length) {
      const match = pattern.exec(rest);
      if (!match) throw this.#fault('an attribute is malformed');
      const key = match[1];
      if (key === undefined) break;
      if (found.some(([other]) => other === key)) throw this.#fault(`the attribute ${key} is there twice`);
      found.push([key, this.#decode(match[2] ?? match[3] ?? '')]);
    }
    return found;
  }

  #scopeFor(attributes: readonly [string, string][]): Scope {
    const outer = this.#open.at(-1)?.scope ?? new Map([['xml', 'http://www.w3.org/XML/1998/namespace']]);
    const declared = attributes.filter(([key]) => key === 'xmlns' || key.startsWith('xmlns:'));
    if (declared.length === 0) return outer;
    return new Map([...outer, ...declared.map(([key, value]): [string, string] => [key.slice(6), value])]);
  }

  #resolve(qualified: string, scope: Scope, isElement: boolean): { namespace: string; name: string } {
    const colon = qualified.indexOf(':');
    if (colon < 0) return { namespace: isElement ? (scope.get('') ?? '') : '', name: qualified };
    const namespace = scope.get(qualified.slice(0, colon));
    if (namespace === undefined) throw this.#fault(`the prefix of ${qualified} is not declared`);
    return { namespace, name: qualified.slice(colon + 1) };
  }

  /** End of the tag at the current position; `>` may stand inside of attribute values. */
  #tagEnd(): number {
    let quote = '';
    for (let i = this.#at + 1; i < this.#text.length; i++) {
      const char = this.#text[i]!;
      if (quote) quote = char === quote ? '' : quote;
      else if (char === '"' || char === "'") quote = char;
      else if (char === '>') return i + 1;
    }
    throw this.#fault('a tag has no end');
  }

  #after(terminator: string): number {
    const found = this.#text.indexOf(terminator, this.#at);
    if (found < 0) throw this.#fault(`${terminator} is missing`);
    return found + terminator.length;
  }

  #decode(raw: string): string {
    if (!raw.includes('&')) return raw;
    return raw.replace(/&([^;&]*);?/gu, (whole, name: string) => {
      const known = entities[name];
      if (known !== undefined && whole.endsWith(';')) return known;
      const [, hex, decimal] = /^#(?:x([0-9a-f]{1,6})|([0-9]{1,7}))$/iu.exec(name) ?? [];
      const point = hex ? Number.parseInt(hex, 16) : Number(decimal ?? Number.NaN);
      if (!(point > 0 && point <= 0x10ffff)) throw this.#fault(`&${name.slice(0, 20)} is no known entity`);
      return String.fromCodePoint(point);
    });
  }

  #fault(what: string): Failure {
    return new Failure(
      'protocol-error',
      `Expected a well-formed SOAP document, but near character ${this.#at} ${what}.`,
    );
  }
}

const entities: Readonly<Record<string, string | undefined>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
