import { Failure } from '../../../kernel/failure.ts';
import { escapeText, escapeXml, escapeXmlAttribute } from './escape.ts';
import { primitiveElement } from './primitives.ts';
import type { SecureText } from './secure-text.ts';
import { isPsTagged, type PsBase, type PsObject, type PsPrimitive, type PsProgress, type PsValue } from './values.ts';

/** How to write. */
export type WriteOptions = {
  /** Encrypts the clear text of a secure string to the text of its element; without it a `SecureText` is refused. */
  readonly encrypt?: (clear: string) => string;
};

const containerTags = { list: 'LST', enumerable: 'IE', stack: 'STK', queue: 'QUE' } as const;
const maxDepth = 500;

/**
 * Writes one value as a bare element, as in PSRP messages (MS-PSRP 2.2.5); reference ids start at 0.
 * @throws Failure `protocol-error` for a plain number that is no Int32, a bigint that is no Int64, a secret without cipher, or more than
 * 500 nested objects
 */
export function writeClixml(value: PsValue, options: WriteOptions = {}): string {
  const writer = new Writer(options, false);
  writer.value(value, null);
  return writer.text();
}

/** Writes a whole document, indented by two blanks with LF line ends, exactly as PSSerializer does. */
export function writeClixmlDocument(values: readonly PsValue[], options: WriteOptions = {}): string {
  const writer = new Writer(options, true);
  writer.element('Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04"', () => {
    for (const value of values) writer.value(value, null);
  });
  return writer.text();
}

/** One writing: the text so far and the ids given. */
class Writer {
  readonly #options: WriteOptions;
  readonly #indented: boolean;
  readonly #parts: string[] = [];
  readonly #objects = new Map<PsObject, number>();
  readonly #typeNames = new Map<string, number>();
  #depth = 0;

  constructor(options: WriteOptions, indented: boolean) {
    this.#options = options;
    this.#indented = indented;
  }

  text(): string {
    return this.#parts.join('');
  }

  #line(text: string): void {
    if (this.#indented && this.#parts.length > 0) this.#parts.push('\n', '  '.repeat(this.#depth));
    this.#parts.push(text);
  }

  /** Writes an element with children; one without any becomes an empty-element tag. */
  element(head: string, children: () => void): void {
    this.#line(`<${head}>`);
    const start = this.#parts.length;
    this.#depth++;
    children();
    this.#depth--;
    if (this.#parts.length === start) this.#parts[start - 1] = `<${head} />`;
    else this.#line(`</${head.split(' ', 1)[0]}>`);
  }

  /** Writes an element with text, already escaped for XML; null makes an empty-element tag. */
  #leaf(tag: string, name: string | null, text: string | null): void {
    const head = name === null ? tag : `${tag} N="${escapeXmlAttribute(escapeText(name))}"`;
    this.#line(text === null ? `<${head} />` : `<${head}>${text}</${tag}>`);
  }

  /** Writes an element of the format itself; PowerShell makes an empty-element tag of empty text here, but not of an empty string value. */
  #textLeaf(tag: string, text: string): void {
    this.#leaf(tag, null, text === '' ? null : escapeXml(escapeText(text)));
  }

  value(value: PsValue, name: string | null): void {
    if (!isPsTagged(value)) this.#primitive(value, name);
    else if (value.kind === 'object') this.#object(value, name);
    else if (value.kind === 'progress') this.#progress(value, name);
    else this.#primitive(value, name);
  }

  #primitive(value: Exclude<PsPrimitive, PsProgress>, name: string | null): void {
    if (isPsTagged(value) && value.kind === 'secureText') {
      this.#leaf('SS', name, this.#encrypt(value));
      return;
    }
    const element = primitiveElement(value);
    if (element === undefined)
      throw new Failure(
        'protocol-error',
        `CLIXML: ${Number(value)} is out of the range of its type; wrap it (psDouble, psUInt64, …)`,
      );
    this.#leaf(element.tag, name, element.text);
  }

  #encrypt(secret: SecureText): string {
    if (this.#options.encrypt === undefined)
      throw new Failure('protocol-error', 'CLIXML: a secret can only be written where a session key encrypts it');
    return this.#options.encrypt(secret.reveal());
  }

  #object(object: PsObject, name: string | null): void {
    const attribute = name === null ? '' : ` N="${escapeXmlAttribute(escapeText(name))}"`;
    const known = this.#objects.get(object);
    if (known !== undefined) {
      this.#line(`<Ref${attribute} RefId="${known}" />`);
      return;
    }
    const id = this.#objects.size;
    this.#objects.set(object, id);
    if (this.#depth > 2 * maxDepth)
      throw new Failure('protocol-error', `CLIXML: objects are nested more than ${maxDepth} deep`);
    const head = `Obj${attribute} RefId="${id}"`;
    this.element(head, () => {
      if (object.typeNames.length > 0) this.#names(object.typeNames);
      if (object.text !== null) this.#textLeaf('ToString', object.text);
      if (object.base !== null) this.#base(object.base);
      this.#properties('Props', object.adapted);
      this.#properties('MS', object.extended);
    });
  }

  #names(names: readonly string[]): void {
    const key = names.join('\u0000');
    const known = this.#typeNames.get(key);
    if (known !== undefined) {
      this.#line(`<TNRef RefId="${known}" />`);
      return;
    }
    const id = this.#typeNames.size;
    this.#typeNames.set(key, id);
    this.element(`TN RefId="${id}"`, () => {
      for (const name of names) this.#textLeaf('T', name);
    });
  }

  #base(base: PsBase): void {
    if (base.kind === 'primitive' || base.kind === 'object') this.value(base.value, null);
    else if (base.kind === 'dictionary')
      this.element('DCT', () => {
        for (const [key, value] of base.entries)
          this.element('En', () => {
            this.value(key, 'Key');
            this.value(value, 'Value');
          });
      });
    else
      this.element(containerTags[base.kind], () => {
        for (const item of base.items) this.value(item, null);
      });
  }

  #properties(tag: 'Props' | 'MS', properties: ReadonlyMap<string, PsValue>): void {
    if (properties.size === 0) return;
    this.element(tag, () => {
      for (const [name, value] of properties) this.value(value, name);
    });
  }

  #progress(record: PsProgress, name: string | null): void {
    this.element(name === null ? 'PR' : `PR N="${escapeXmlAttribute(escapeText(name))}"`, () => {
      this.#textLeaf('AV', record.activity);
      this.#textLeaf('AI', String(record.activityId));
      if (record.currentOperation === null) this.#leaf('Nil', null, null);
      else this.#leaf('S', null, escapeXml(escapeText(record.currentOperation)));
      this.#textLeaf('PI', String(record.parentActivityId));
      this.#textLeaf('PC', String(record.percentComplete));
      this.#textLeaf('T', record.type);
      this.#textLeaf('SR', String(record.secondsRemaining));
      this.#textLeaf('SD', record.statusDescription);
    });
  }
}
