import { Cursor } from './cursor.ts';
import { unescapeText, unescapeXml } from './escape.ts';
import {
  ampersand,
  apostrophe,
  bang,
  blank,
  carriageReturn,
  colon,
  equals,
  greaterThan,
  isAt,
  isNamePart,
  lessThan,
  minus,
  question,
  quote,
  slash,
  underscore,
  zero,
} from './letters.ts';
import { findTag, type Tag, unknownTag } from './tags.ts';

/** A reference id: a whole number as PowerShell writes them, else the text as it is. */
export type RefId = number | string;

/**
 * A forward scanner over the XML that CLIXML uses: elements, attributes, text, CDATA, comments and processing instructions. Document
 * types are refused, so there are no entities to expand. Every step moves forward: time is linear in the text. The start tag passed last
 * lies in its fields, so that no record is made for each element; whoever reads on must have taken from them what is needed.
 */
export class Scanner extends Cursor {
  /** The element that began last. */
  tag: Tag = unknownTag('');
  /** Whether that element has no content at all. */
  empty = false;
  /** Its attribute N: name of a member, escapes undone. */
  member: string | null = null;
  /** Its attribute RefId. */
  refId: RefId | null = null;
  /** Its attribute S: stream of a document's entry. */
  stream: string | null = null;

  // Places of the next characters that need work, so that the many texts without any are not searched for them: each is looked for
  // again only when it was passed.
  #ampersand = -1;
  #return = -1;
  #underscore = -1;

  /**
   * Passes the start tag of the next child; false where the parent's end tag follows.
   * @param likely what its attribute N probably is, letter by letter as in the text, and with no escapes in it
   */
  child(likely: string | null = null): boolean {
    const text = this.text;
    let next = text.charCodeAt(this.at + 1);
    if (text.charCodeAt(this.at) !== lessThan || next === bang || next === question) {
      if (!this.skipBlanks()) throw this.fail('an end tag');
      next = text.charCodeAt(this.at + 1);
    }
    if (next === slash) return false;
    this.startTag(likely);
    return true;
  }

  /** The start tag here. */
  startTag(likely: string | null = null): void {
    const text = this.text;
    if (text.charCodeAt(this.at) !== lessThan) throw this.fail('a start tag');
    let at = this.at + 1;
    let start = at;
    let packed = 0;
    let code = text.charCodeAt(at);
    for (; isNamePart(code) || code === colon; code = text.charCodeAt(++at)) {
      packed = ((packed << 7) | code) & 0xfffffff;
      if (code !== colon) continue;
      // What came was a prefix.
      start = at + 1;
      packed = 0;
    }
    this.at = at;
    if (at === start) throw this.fail('the name of an element');
    this.tag = findTag(text, start, at, packed);
    this.member = null;
    this.refId = null;
    this.stream = null;
    while (code === blank && (this.#passMember(likely) || this.#passRefId())) code = text.charCodeAt(this.at);
    if (code !== greaterThan) this.#attributes();
    else {
      this.at++;
      this.empty = false;
    }
  }

  /** Passes ` N="…"` where it is written in just this way and holds nothing of XML's; else passes nothing. */
  #passMember(likely: string | null): boolean {
    const text = this.text;
    const start = this.at + 4;
    if (!isAt(text, ' N="', start - 4)) return false;
    if (likely !== null && text.charCodeAt(start + likely.length) === quote && isAt(text, likely, start)) {
      this.member = likely;
      this.at = start + likely.length + 1;
      return true;
    }
    let escaped = false;
    let end = start;
    for (let code = text.charCodeAt(end); code !== quote; code = text.charCodeAt(++end)) {
      if (code === ampersand || code === lessThan || code === carriageReturn || Number.isNaN(code)) return false;
      if (code === underscore) escaped = true;
    }
    const raw = text.slice(start, end);
    this.member = escaped ? unescapeText(raw) : raw;
    this.at = end + 1;
    return true;
  }

  /** Passes ` RefId="…"` where it is written in just this way; else passes nothing. */
  #passRefId(): boolean {
    const text = this.text;
    const start = this.at + 8;
    if (!isAt(text, ' RefId="', start - 8)) return false;
    let end = start;
    let value = 0;
    for (let digit = text.charCodeAt(end) - zero; digit >= 0 && digit <= 9; digit = text.charCodeAt(++end) - zero)
      value = value * 10 + digit;
    if (end === start || end - start > 9 || text.charCodeAt(end) !== quote) return false;
    this.refId = value;
    this.at = end + 1;
    return true;
  }

  /** Attributes up to the end of the tag, in whatever form. */
  #attributes(): void {
    const text = this.text;
    for (;;) {
      this.passBlanks();
      const code = text.charCodeAt(this.at);
      this.empty = code === slash && text.charCodeAt(this.at + 1) === greaterThan;
      if (this.empty || code === greaterThan) {
        this.at += this.empty ? 2 : 1;
        return;
      }
      const name = this.name();
      if (name === '') throw this.fail(`the end of the tag <${this.tag.name}`);
      const value = this.#attributeValue();
      if (name === 'N') this.member = unescapeText(value);
      else if (name === 'RefId') this.refId = /^\d{1,9}$/.test(value) ? Number(value) : value;
      else if (name === 'S') this.stream = value;
    }
  }

  #attributeValue(): string {
    this.passBlanks();
    if (this.text.charCodeAt(this.at) !== equals) throw this.fail('"=" after the name of an attribute');
    this.at++;
    this.passBlanks();
    const mark = this.text.charCodeAt(this.at);
    const end = mark === quote || mark === apostrophe ? this.text.indexOf(mark === quote ? '"' : "'", this.at + 1) : -1;
    if (end < 0) throw this.fail('an attribute in quotes');
    const raw = this.text.slice(this.at + 1, end);
    const value = raw.includes('<') ? undefined : unescapeXml(raw);
    if (value === undefined) throw this.fail('known entities in an attribute');
    this.at = end + 1;
    return value;
  }

  /** Passes the end tag of an element. */
  endTag(tag: Tag): void {
    this.skipBlanks();
    this.#closeWith(tag);
  }

  #closeWith(tag: Tag): void {
    const text = this.text;
    const start = this.at;
    if (isAt(text, tag.close, start)) {
      this.at = start + tag.close.length;
      return;
    }
    if (text.charCodeAt(start) === lessThan && text.charCodeAt(start + 1) === slash) {
      this.at += 2;
      const name = this.name();
      this.passBlanks();
      if (name === tag.name && text.charCodeAt(this.at) === greaterThan) {
        this.at++;
        return;
      }
      this.at = start;
    }
    throw this.fail(`</${tag.name}>`);
  }

  /** The text of an element without children as it stands for a string: CLIXML's escapes undone too. */
  stringOf(tag: Tag, empty: boolean): string {
    const start = this.at;
    const text = this.textOf(tag, empty);
    if (this.#underscore < start) this.#underscore = this.#next('_', start);
    // An underscore may have come out of a character reference.
    return this.#underscore >= this.at && this.#ampersand >= this.at ? text : unescapeText(text);
  }

  #next(char: string, from: number): number {
    const found = this.text.indexOf(char, from);
    return found < 0 ? this.text.length : found;
  }

  /** The whole text of an element that has no children, its end tag passed; blanks are kept as they are. */
  textOf(tag: Tag, empty: boolean): string {
    if (empty) return '';
    const text = this.text;
    const start = this.at;
    const end = text.indexOf('<', start);
    if (end < 0 || text.charCodeAt(end + 1) !== slash) return this.#mixedText(tag);
    this.at = end;
    this.#closeWith(tag);
    const raw = text.slice(start, end);
    if (this.#ampersand < start) this.#ampersand = this.#next('&', start);
    if (this.#return < start) this.#return = this.#next('\r', start);
    if (this.#ampersand >= end && this.#return >= end) return raw;
    const plain = unescapeXml(raw);
    if (plain === undefined) throw this.fail('known entities before this');
    return plain;
  }

  /** Text with CDATA sections or comments in it. */
  #mixedText(tag: Tag): string {
    const text = this.text;
    let whole = '';
    for (;;) {
      const next = text.indexOf('<', this.at);
      if (next < 0) throw this.fail(`</${tag.name}>`);
      const part = unescapeXml(text.slice(this.at, next));
      if (part === undefined) throw this.fail('known entities');
      whole += part;
      this.at = next;
      if (text.startsWith('<![CDATA[', next)) {
        this.skipPast(']]>');
        whole += text.slice(next + 9, this.at - 3);
      } else if (text.startsWith('<!--', next)) this.skipPast('-->');
      else break;
    }
    this.#closeWith(tag);
    return whole;
  }

  /** The Int32 here if an element holds plainly that, its end tag passed; else undefined, and nothing passed. */
  int32(tag: Tag): number | undefined {
    const text = this.text;
    let at = this.at;
    const negative = text.charCodeAt(at) === minus;
    if (negative) at++;
    const start = at;
    let value = 0;
    for (let digit = text.charCodeAt(at) - zero; digit >= 0 && digit <= 9; digit = text.charCodeAt(++at) - zero)
      value = value * 10 + digit;
    if (at === start || at - start > 9 || text.charCodeAt(at) !== lessThan) return undefined;
    this.at = at;
    this.#closeWith(tag);
    return negative ? 0 - value : value;
  }

  /** Passes the rest of an element, whatever is in it. */
  skipElement(tag: Tag, empty: boolean): void {
    const open: Tag[] = empty ? [] : [tag];
    for (let inner = open.at(-1); inner !== undefined; inner = open.at(-1)) {
      const next = this.text.indexOf('<', this.at);
      if (next < 0) throw this.fail(`</${inner.name}>`);
      this.at = next;
      if (isAt(this.text, '</', next)) {
        this.#closeWith(inner);
        open.pop();
      } else if (isAt(this.text, '<![CDATA[', next)) this.skipPast(']]>');
      else if (isAt(this.text, '<!--', next)) this.skipPast('-->');
      else if (isAt(this.text, '<?', next)) this.skipPast('?>');
      else {
        this.startTag();
        if (!this.empty) open.push(this.tag);
      }
    }
  }
}
