import { Failure } from '../../../kernel/failure.ts';
import { unescapeXml } from './escape.ts';

/** A start tag: its name (a namespace prefix is cut off) and the attributes that CLIXML knows. */
export type StartTag = {
  readonly name: string;
  /** The attribute N: name of a member. */
  readonly member: string | null;
  readonly refId: string | null;
  /** The attribute S: stream of a document's entry. */
  readonly stream: string | null;
  readonly empty: boolean;
};

const lessThan = 0x3c;
const greaterThan = 0x3e;
const slash = 0x2f;
const colon = 0x3a;
const equals = 0x3d;
const bang = 0x21;
const question = 0x3f;
const quote = 0x22;
const apostrophe = 0x27;

const isBlank = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
/** Letters, digits and `_ - .`; CLIXML's names have no others. */
const isNamePart = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) ||
  (code >= 0x41 && code <= 0x5a) ||
  (code >= 0x30 && code <= 0x39) ||
  code === 0x5f ||
  code === 0x2d ||
  code === 0x2e;

/**
 * A forward scanner over the XML that CLIXML uses: elements, attributes, text, CDATA, comments and processing instructions. Document
 * types are refused, so there are no entities to expand. Every step moves forward: time is linear in the text.
 */
export class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string, start = 0) {
    this.#text = text;
    this.#at = start;
  }

  /** A failure that names the place. */
  fail(expected: string): Failure {
    const found = JSON.stringify(this.#text.slice(this.#at, this.#at + 40));
    return new Failure('protocol-error', `CLIXML: expected ${expected} at character ${this.#at}, found ${found}`, {
      facts: { offset: this.#at },
    });
  }

  #passBlanks(): void {
    while (isBlank(this.#text.charCodeAt(this.#at))) this.#at++;
  }

  /** Passes blanks, comments and processing instructions; says whether anything is left. */
  skipBlanks(): boolean {
    for (;;) {
      this.#passBlanks();
      if (this.#at >= this.#text.length) return false;
      if (this.#text.charCodeAt(this.#at) !== lessThan) return true;
      const next = this.#text.charCodeAt(this.#at + 1);
      if (next === question) this.#skipPast('?>');
      else if (next === bang && this.#text.startsWith('<!--', this.#at)) this.#skipPast('-->');
      else return true;
    }
  }

  #skipPast(end: string): void {
    const found = this.#text.indexOf(end, this.#at + 2);
    if (found < 0) throw this.fail(`"${end}" somewhere`);
    this.#at = found + end.length;
  }

  /** The start tag of the next child, or undefined where the parent's end tag follows. */
  nextChild(): StartTag | undefined {
    if (!this.skipBlanks()) throw this.fail('an end tag');
    return this.#text.charCodeAt(this.#at + 1) === slash ? undefined : this.startTag();
  }

  /** A name here, without its prefix; empty if there is none. */
  #name(): string {
    let start = this.#at;
    for (;;) {
      while (isNamePart(this.#text.charCodeAt(this.#at))) this.#at++;
      if (this.#text.charCodeAt(this.#at) !== colon) return this.#text.slice(start, this.#at);
      start = ++this.#at;
    }
  }

  /** The start tag here. */
  startTag(): StartTag {
    if (this.#text.charCodeAt(this.#at) !== lessThan) throw this.fail('a start tag');
    this.#at++;
    const name = this.#name();
    if (name === '') throw this.fail('the name of an element');
    let member: string | null = null;
    let refId: string | null = null;
    let stream: string | null = null;
    for (;;) {
      this.#passBlanks();
      const code = this.#text.charCodeAt(this.#at);
      if (code === greaterThan) {
        this.#at++;
        return { name, member, refId, stream, empty: false };
      }
      if (code === slash && this.#text.charCodeAt(this.#at + 1) === greaterThan) {
        this.#at += 2;
        return { name, member, refId, stream, empty: true };
      }
      const attribute = this.#name();
      if (attribute === '') throw this.fail(`the end of the tag <${name}`);
      const value = this.#attributeValue();
      if (attribute === 'N') member = value;
      else if (attribute === 'RefId') refId = value;
      else if (attribute === 'S') stream = value;
    }
  }

  #attributeValue(): string {
    this.#passBlanks();
    if (this.#text.charCodeAt(this.#at) !== equals) throw this.fail('"=" after the name of an attribute');
    this.#at++;
    this.#passBlanks();
    const mark = this.#text.charCodeAt(this.#at);
    const end =
      mark === quote || mark === apostrophe ? this.#text.indexOf(mark === quote ? '"' : "'", this.#at + 1) : -1;
    if (end < 0) throw this.fail('an attribute in quotes');
    const raw = this.#text.slice(this.#at + 1, end);
    const value = raw.includes('<') ? undefined : unescapeXml(raw);
    if (value === undefined) throw this.fail('known entities in an attribute');
    this.#at = end + 1;
    return value;
  }

  /** Passes the end tag of an element. */
  endTag(tag: StartTag): void {
    this.skipBlanks();
    this.#closeWith(tag);
  }

  #closeWith(tag: StartTag): void {
    const start = this.#at;
    if (this.#text.charCodeAt(start) === lessThan && this.#text.charCodeAt(start + 1) === slash) {
      this.#at += 2;
      const name = this.#name();
      this.#passBlanks();
      if (name === tag.name && this.#text.charCodeAt(this.#at) === greaterThan) {
        this.#at++;
        return;
      }
      this.#at = start;
    }
    throw this.fail(`</${tag.name}>`);
  }

  /** The whole text of an element that has no children, its end tag passed; blanks are kept as they are. */
  textOf(tag: StartTag): string {
    if (tag.empty) return '';
    const text = this.#text;
    let whole = '';
    for (;;) {
      const next = text.indexOf('<', this.#at);
      if (next < 0) throw this.fail(`</${tag.name}>`);
      const part = unescapeXml(text.slice(this.#at, next));
      if (part === undefined) throw this.fail('known entities');
      whole += part;
      this.#at = next;
      if (text.charCodeAt(next + 1) !== bang) break;
      if (text.startsWith('<![CDATA[', next)) {
        this.#skipPast(']]>');
        whole += text.slice(next + 9, this.#at - 3);
      } else if (text.startsWith('<!--', next)) this.#skipPast('-->');
      else break;
    }
    this.#closeWith(tag);
    return whole;
  }

  /** Passes the rest of an element, whatever is in it. */
  skipElement(tag: StartTag): void {
    const open: StartTag[] = tag.empty ? [] : [tag];
    for (let inner = open.at(-1); inner !== undefined; inner = open.at(-1)) {
      const next = this.#text.indexOf('<', this.#at);
      if (next < 0) throw this.fail(`</${inner.name}>`);
      this.#at = next;
      if (this.#text.startsWith('<![CDATA[', next)) this.#skipPast(']]>');
      else {
        const child = this.nextChild();
        if (child === undefined) {
          this.#closeWith(inner);
          open.pop();
        } else if (!child.empty) open.push(child);
      }
    }
  }
}
