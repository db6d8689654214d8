import { Failure } from '../../../kernel/failure.ts';
import { unescapeXml } from './escape.ts';

/** A start tag: its name (a namespace prefix is cut off) and the attributes that CLIXML knows. */
export type StartTag = {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly empty: boolean;
};

const blank = /[\t\n\r ]*/y;
const tagHead = /<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)/y;
const attribute = /[\t\n\r ]+(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[\t\n\r ]*=[\t\n\r ]*(?:"([^"<]*)"|'([^'<]*)')/y;
const tagTail = /[\t\n\r ]*(\/?)>/y;
const none: Readonly<Record<string, string>> = Object.freeze({});

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

  /** Passes blanks, comments and processing instructions; says whether anything is left. */
  skipBlanks(): boolean {
    const text = this.#text;
    for (;;) {
      blank.lastIndex = this.#at;
      blank.test(text);
      this.#at = blank.lastIndex;
      if (text.startsWith('<!--', this.#at)) this.#skipPast('-->');
      else if (text.startsWith('<?', this.#at)) this.#skipPast('?>');
      else return this.#at < text.length;
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
    return this.#text.startsWith('</', this.#at) ? undefined : this.startTag();
  }

  /** The start tag here. */
  startTag(): StartTag {
    tagHead.lastIndex = this.#at;
    const name = tagHead.exec(this.#text)?.[1];
    if (name === undefined) throw this.fail('a start tag');
    this.#at = tagHead.lastIndex;
    const attributes = this.#attributes();
    tagTail.lastIndex = this.#at;
    const tail = tagTail.exec(this.#text);
    if (tail === null) throw this.fail(`the end of the tag <${name}`);
    this.#at = tagTail.lastIndex;
    return { name, attributes, empty: tail[1] === '/' };
  }

  #attributes(): Readonly<Record<string, string>> {
    let found: Record<string, string> | undefined;
    for (;;) {
      attribute.lastIndex = this.#at;
      const match = attribute.exec(this.#text);
      if (match === null) return found ?? none;
      const value = unescapeXml(match[2] ?? match[3] ?? '');
      if (value === undefined) throw this.fail('known entities in an attribute');
      this.#at = attribute.lastIndex;
      found ??= Object.create(null) as Record<string, string>;
      found[match[1] ?? ''] = value;
    }
  }

  /** Passes the end tag of an element. */
  endTag(tag: StartTag): void {
    this.skipBlanks();
    this.#closeWith(tag);
  }

  #closeWith(tag: StartTag): void {
    const text = this.#text;
    if (text.startsWith('</', this.#at)) {
      const close = text.indexOf('>', this.#at);
      const name = text.slice(this.#at + 2, close < 0 ? undefined : close).trim();
      if (close >= 0 && (name === tag.name || name.endsWith(`:${tag.name}`))) {
        this.#at = close + 1;
        return;
      }
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
      whole += part.includes('\r') ? part.replace(/\r\n?/g, '\n') : part;
      this.#at = next;
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
