import { Failure } from '../../../kernel/failure.ts';
import { KnownNames } from './known-names.ts';
import type { ClixmlEntry, ParseOptions } from './parse-options.ts';
import { Properties } from './properties.ts';
import { readProgress } from './read-progress.ts';
import { References } from './references.ts';
import type { Scanner } from './scanner.ts';
import type { Tag } from './tags.ts';
import { ValueStack } from './value-stack.ts';
import { emptyObject, isPsObject, type PsBase, type PsObject, type PsValue } from './values.ts';

/** Objects may be nested this deep; more is an attack or a mistake (PowerShell itself stops at 48 levels by default). */
const maxDepth = 500;

/** Whether an element among properties is a member with a value; whatever else may stand there carries none. */
const isMember = ({ role, read }: Tag): boolean =>
  read !== null || role === 'object' || role === 'reference' || role === 'progress' || role === 'extended';

/** Stands for the properties of an object that is still being read. */
const unread = new Properties();

/** One reading: the scanner and the references seen so far. */
export class Reader {
  readonly #scan: Scanner;
  readonly #options: ParseOptions;
  readonly #objects = new References<PsObject>();
  readonly #typeNames = new References<readonly string[]>();
  readonly #names: KnownNames;
  readonly #stack = new ValueStack();
  #depth = 0;

  constructor(scan: Scanner, options: ParseOptions) {
    this.#scan = scan;
    this.#options = options;
    this.#names = options.names ?? new KnownNames(false);
  }

  /** All values from here on. */
  entries(): ClixmlEntry[] {
    const found: ClixmlEntry[] = [];
    while (this.#scan.skipBlanks()) {
      this.#scan.startTag();
      if (this.#scan.tag.role === 'document') this.#document(found);
      else found.push(this.#entry());
    }
    return found;
  }

  /** The only value, null if there is none. @throws Failure `protocol-error` if there are several */
  only(): PsValue {
    const scan = this.#scan;
    if (!scan.skipBlanks()) return null;
    scan.startTag();
    const found: ClixmlEntry[] = [];
    if (scan.tag.role === 'document') this.#document(found);
    else {
      // Nearly always this is all, and no list of entries is needed.
      const value = this.#value();
      if (!scan.skipBlanks()) return value;
      found.push({ stream: null, value });
    }
    const rest = this.entries();
    const count = found.length + rest.length;
    if (count > 1)
      throw new Failure('protocol-error', `CLIXML: expected one value, found ${count}; read it as a document`);
    return (found[0] ?? rest[0])?.value ?? null;
  }

  #document(into: ClixmlEntry[]): void {
    const { tag, empty } = this.#scan;
    if (empty) return;
    while (this.#scan.child()) into.push(this.#entry());
    this.#scan.endTag(tag);
  }

  #entry(): ClixmlEntry {
    const { stream } = this.#scan;
    return { stream, value: this.#value() };
  }

  /** The value whose start tag was passed. */
  #value(): PsValue {
    const scan = this.#scan;
    const { tag, empty } = scan;
    switch (tag.role) {
      case 'string':
        return scan.stringOf(tag, empty);
      case 'object':
        return this.#object();
      case 'int32': {
        const value = empty ? undefined : scan.int32(tag);
        return value ?? this.#primitive(tag, empty);
      }
      case 'nil':
      case 'primitive':
        return this.#primitive(tag, empty);
      case 'reference':
        return this.#reference();
      case 'progress':
        return readProgress(scan, tag, empty);
      default:
        throw scan.fail(`a value before this, not <${tag.name}>`);
    }
  }

  #primitive(tag: Tag, empty: boolean): PsValue {
    const text = this.#scan.textOf(tag, empty);
    const value = tag.read?.(text);
    if (value === undefined) throw this.#scan.fail(`<${tag.name}> before this to hold a value of its type`);
    if (tag.name === 'SS') return this.#options.decrypt?.(text.trim()) ?? value;
    return value;
  }

  #reference(): PsObject {
    const { tag, empty, refId } = this.#scan;
    this.#scan.skipElement(tag, empty);
    const object = this.#objects.get(refId);
    if (object === undefined) throw this.#scan.fail(`the reference before this to name an earlier object`);
    return object;
  }

  #object(): PsObject {
    const scan = this.#scan;
    const { tag, empty, refId } = scan;
    if (++this.#depth > maxDepth) throw scan.fail(`no more than ${maxDepth} nested objects`);
    const object = emptyObject(unread);
    // Known before its content is read, so that the content may refer to it.
    if (refId !== null) this.#objects.set(refId, object);
    if (!empty) {
      while (scan.child()) this.#member(object);
      scan.endTag(tag);
    }
    if (object.adapted === unread) object.adapted = new Properties();
    if (object.extended === unread) object.extended = new Properties();
    this.#depth--;
    return object;
  }

  #member(object: PsObject): void {
    const scan = this.#scan;
    const { tag, empty } = scan;
    switch (tag.role) {
      case 'extended':
        object.extended = this.#properties();
        return;
      case 'adapted':
        object.adapted = this.#properties();
        return;
      case 'typeNames':
        object.typeNames = this.#typeList();
        return;
      case 'typeReference':
        object.typeNames = this.#namesReference();
        return;
      case 'toString':
        object.text = scan.stringOf(tag, empty);
        return;
      case 'list':
      case 'enumerable':
      case 'stack':
      case 'queue': {
        const bottom = this.#stack.top;
        if (!empty) {
          while (scan.child()) {
            const value = this.#value();
            this.#stack.push(value);
          }
          scan.endTag(tag);
        }
        this.#setBase(object, { kind: tag.role, items: this.#stack.popTo(bottom) });
        return;
      }
      case 'dictionary': {
        const entries: [PsValue, PsValue][] = [];
        this.#setBase(object, { kind: 'dictionary', entries });
        if (empty) return;
        while (scan.child()) entries.push(this.#pair());
        scan.endTag(tag);
        return;
      }
      default: {
        const value = this.#value();
        // Windows sends an object inside an object where one was wrapped to get more properties (items of the WSMan: drive).
        this.#setBase(object, isPsObject(value) ? { kind: 'object', value } : { kind: 'primitive', value });
      }
    }
  }

  #setBase(object: PsObject, base: PsBase): void {
    if (object.base !== null) throw this.#scan.fail('no second content of one object');
    object.base = base;
  }

  /** The properties in the element whose start tag was passed. */
  #properties(): Properties {
    const scan = this.#scan;
    const { tag, empty } = scan;
    if (empty) return new Properties([], null, true);
    const bottom = this.#stack.top;
    let path = this.#names.start;
    while (scan.child(path.likely)) {
      const { member, tag: child } = scan;
      if (member === null || !isMember(child)) {
        scan.skipElement(child, scan.empty);
        continue;
      }
      const value = child.role === 'extended' ? this.#memberSet() : this.#value();
      const next = this.#names.step(path, member);
      if (next === undefined) this.#stack.set(bottom + path.placeOf(member), value);
      else {
        path = next;
        this.#stack.push(value);
      }
    }
    scan.endTag(tag);
    if (path.names.length === 0) return new Properties([], null, true);
    return new Properties(path.names, this.#stack.popTo(bottom));
  }

  #memberSet(): PsObject {
    if (++this.#depth > maxDepth) throw this.#scan.fail(`no more than ${maxDepth} nested objects`);
    const set = emptyObject(new Properties());
    set.base = { kind: 'memberSet' };
    set.extended = this.#properties();
    this.#depth--;
    return set;
  }

  #typeList(): readonly string[] {
    const scan = this.#scan;
    const { tag, empty, refId } = scan;
    if (empty) return [];
    const known = typeof refId === 'number' ? this.#names.typeList(refId) : undefined;
    let names: readonly string[];
    if (known !== undefined && scan.passIf(known.raw)) names = known.names;
    else {
      const { place } = scan;
      names = this.#typeNamesIn(tag);
      if (typeof refId === 'number') names = this.#names.addTypeList(refId, scan.since(place), names);
    }
    if (refId !== null) this.#typeNames.set(refId, names);
    return names;
  }

  #typeNamesIn(tag: Tag): readonly string[] {
    const scan = this.#scan;
    const names: string[] = [];
    while (scan.child()) {
      if (scan.tag.role !== 'typeName') throw scan.fail('a type name (T) before this');
      names.push(scan.stringOf(scan.tag, scan.empty));
    }
    scan.endTag(tag);
    return names;
  }

  #namesReference(): readonly string[] {
    const { tag, empty, refId } = this.#scan;
    this.#scan.skipElement(tag, empty);
    const names = this.#typeNames.get(refId);
    if (names === undefined) throw this.#scan.fail('the type name reference before this to name earlier type names');
    return names;
  }

  #pair(): [PsValue, PsValue] {
    const scan = this.#scan;
    const { tag, empty } = scan;
    if (tag.role !== 'entry') throw scan.fail('a dictionary entry (En) before this');
    let key: PsValue | undefined;
    let value: PsValue | undefined;
    if (!empty) {
      while (scan.child(key === undefined ? 'Key' : 'Value')) {
        if (scan.member === 'Key' && key === undefined) key = this.#value();
        else if (scan.member === 'Value' && value === undefined) value = this.#value();
        else throw scan.fail('one Key and one Value in an entry before this');
      }
      scan.endTag(tag);
    }
    if (key === undefined || value === undefined) throw scan.fail('a Key and a Value in the entry before this');
    return [key, value];
  }
}
