import { Failure } from '../../../kernel/failure.ts';
import { escapeAttribute, escapeElementText } from './escape.ts';
import { primitiveElement } from './primitives.ts';
import type { Properties } from './properties.ts';
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
  writer.value(value, '');
  return writer.text();
}

/** Writes a whole document, indented by two blanks with LF line ends, exactly as PSSerializer does. */
export function writeClixmlDocument(values: readonly PsValue[], options: WriteOptions = {}): string {
  const writer = new Writer(options, true);
  writer.document(values);
  return writer.text();
}

/** One writing: the text so far and the ids given. */
class Writer {
  readonly #options: WriteOptions;
  readonly #indented: boolean;
  readonly #objects = new Map<PsObject, number>();
  /** Ids of type names by their list and by their elements: lists are shared by most objects of a kind. */
  readonly #typeNames = new Map<readonly string[] | string, number>();
  #typeNameIds = 0;
  /** The attribute of each name that came. */
  readonly #attributes = new Map<string, string>();
  #text = '';
  /** Open elements. */
  #level = 0;
  #depth = 0;

  constructor(options: WriteOptions, indented: boolean) {
    this.#options = options;
    this.#indented = indented;
  }

  text(): string {
    return this.#text;
  }

  #add(text: string): void {
    if (this.#indented) this.#text += (this.#text === '' ? '' : `\n${'  '.repeat(this.#level)}`) + text;
    else this.#text += text;
  }

  #open(tag: string): void {
    this.#add(tag);
    this.#level++;
  }

  #close(tag: string): void {
    this.#level--;
    this.#add(tag);
  }

  /** A whole document. */
  document(values: readonly PsValue[]): void {
    const head = '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04"';
    if (values.length === 0) {
      this.#add(`${head} />`);
      return;
    }
    this.#open(`${head}>`);
    for (const value of values) this.value(value, '');
    this.#close('</Objs>');
  }

  /** Writes text of an element, already escaped; PowerShell makes an empty-element tag of empty text, but not of an empty string value. */
  #leaf(tag: string, text: string): void {
    this.#add(text === '' ? `<${tag} />` : `<${tag}>${text}</${tag}>`);
  }

  #attribute(name: string): string {
    let attribute = this.#attributes.get(name);
    if (attribute === undefined) this.#attributes.set(name, (attribute = ` N="${escapeAttribute(name)}"`));
    return attribute;
  }

  /** Writes a value; `attribute` is that of its name, or empty. */
  value(value: PsValue, attribute: string): void {
    if (typeof value === 'string') this.#add(`<S${attribute}>${escapeElementText(value)}</S>`);
    else if (!isPsTagged(value)) this.#primitive(value, attribute);
    else if (value.kind === 'object') this.#object(value, attribute);
    else if (value.kind === 'progress') this.#progress(value, attribute);
    else if (value.kind === 'secureText') this.#add(`<SS${attribute}>${escapeElementText(this.#encrypt(value))}</SS>`);
    else this.#primitive(value, attribute);
  }

  #primitive(value: Exclude<PsPrimitive, PsProgress | SecureText>, attribute: string): void {
    const element = primitiveElement(value);
    if (element === undefined)
      throw new Failure(
        'protocol-error',
        `CLIXML: ${Number(value)} is out of the range of its type; wrap it (psDouble, psUInt64, …)`,
      );
    const { tag, text } = element;
    this.#add(text === null ? `<${tag}${attribute} />` : `<${tag}${attribute}>${text}</${tag}>`);
  }

  #encrypt(secret: SecureText): string {
    if (this.#options.encrypt === undefined)
      throw new Failure('protocol-error', 'CLIXML: a secret can only be written where a session key encrypts it');
    return this.#options.encrypt(secret.reveal());
  }

  #object(object: PsObject, attribute: string): void {
    if (object.base?.kind === 'memberSet') {
      this.#memberSet(object, attribute);
      return;
    }
    const known = this.#objects.get(object);
    if (known !== undefined) {
      this.#add(`<Ref${attribute} RefId="${known}" />`);
      return;
    }
    const id = this.#objects.size;
    this.#objects.set(object, id);
    this.#requireDepth();
    const head = `<Obj${attribute} RefId="${id}"`;
    const { typeNames, text, base, adapted, extended } = object;
    if (typeNames.length === 0 && text === null && base === null && !adapted.isWritten && !extended.isWritten) {
      this.#add(`${head} />`);
      return;
    }
    this.#depth++;
    this.#open(`${head}>`);
    if (typeNames.length > 0) this.#names(typeNames);
    if (text !== null) this.#leaf('ToString', escapeElementText(text));
    if (base !== null) this.#base(base);
    if (adapted.isWritten) this.#properties('Props', '', adapted);
    if (extended.isWritten) this.#properties('MS', '', extended);
    this.#close('</Obj>');
    this.#depth--;
  }

  #requireDepth(): void {
    if (this.#depth >= maxDepth)
      throw new Failure('protocol-error', `CLIXML: objects are nested more than ${maxDepth} deep`);
  }

  /** A member set has neither an id nor a type. */
  #memberSet(set: PsObject, attribute: string): void {
    this.#requireDepth();
    if (attribute === '')
      throw new Failure('protocol-error', 'CLIXML: a member set can only stand among the properties of an object');
    this.#depth++;
    this.#properties('MS', attribute, set.extended);
    this.#depth--;
  }

  #names(names: readonly string[]): void {
    let id = this.#typeNames.get(names);
    if (id === undefined) {
      const elements = names.map((name) => (name === '' ? '<T />' : `<T>${escapeElementText(name)}</T>`));
      const key = elements.join('');
      id = this.#typeNames.get(key);
      this.#typeNames.set(names, id ?? this.#typeNameIds);
      if (id === undefined) {
        this.#typeNames.set(key, this.#typeNameIds);
        this.#open(`<TN RefId="${this.#typeNameIds++}">`);
        for (const element of elements) this.#add(element);
        this.#close('</TN>');
        return;
      }
    }
    this.#add(`<TNRef RefId="${id}" />`);
  }

  #base(base: PsBase): void {
    if (base.kind === 'primitive' || base.kind === 'object') this.value(base.value, '');
    else if (base.kind === 'dictionary') this.#dictionary(base.entries);
    else if (base.kind !== 'memberSet') {
      const tag = containerTags[base.kind];
      if (base.items.length === 0) {
        this.#add(`<${tag} />`);
        return;
      }
      this.#open(`<${tag}>`);
      for (const item of base.items) this.value(item, '');
      this.#close(`</${tag}>`);
    }
  }

  #dictionary(entries: readonly (readonly [PsValue, PsValue])[]): void {
    if (entries.length === 0) {
      this.#add('<DCT />');
      return;
    }
    this.#open('<DCT>');
    for (const [key, value] of entries) {
      this.#open('<En>');
      this.value(key, ' N="Key"');
      this.value(value, ' N="Value"');
      this.#close('</En>');
    }
    this.#close('</DCT>');
  }

  #properties(tag: 'Props' | 'MS', attribute: string, properties: Properties): void {
    if (properties.size === 0) {
      this.#add(`<${tag}${attribute} />`);
      return;
    }
    this.#open(`<${tag}${attribute}>`);
    for (let place = 0; place < properties.size; place++)
      this.value(properties.valueAt(place), this.#attribute(properties.nameAt(place)));
    this.#close(`</${tag}>`);
  }

  #progress(record: PsProgress, attribute: string): void {
    const { activity, currentOperation } = record;
    this.#open(`<PR${attribute}>`);
    this.#leaf('AV', escapeElementText(activity));
    this.#leaf('AI', String(record.activityId));
    this.#add(currentOperation === null ? '<Nil />' : `<S>${escapeElementText(currentOperation)}</S>`);
    this.#leaf('PI', String(record.parentActivityId));
    this.#leaf('PC', String(record.percentComplete));
    this.#leaf('T', escapeElementText(record.type));
    this.#leaf('SR', String(record.secondsRemaining));
    this.#leaf('SD', escapeElementText(record.statusDescription));
    this.#close('</PR>');
  }
}
