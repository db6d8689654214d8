import { Failure } from '../../../kernel/failure.ts';
import { unescapeText } from './escape.ts';
import { primitiveReaders } from './primitives.ts';
import { Scanner, type StartTag } from './scanner.ts';
import type { SecureText } from './secure-text.ts';
import {
  isPsObject,
  type PsBase,
  type PsObject,
  type PsProgress,
  type PsValue,
  psObject,
  psProgress,
} from './values.ts';

/** One value at the top of a CLIXML document and the stream it names (`Error`, `Verbose`, …), if any. */
export type ClixmlEntry = { readonly stream: string | null; readonly value: PsValue };

/** How to read. */
export type ParseOptions = {
  /** Opens a secure string; undefined (or no such function) leaves it encrypted. */
  readonly decrypt?: (encrypted: string) => SecureText | undefined;
};

/** Objects may be nested this deep; more is an attack or a mistake (PowerShell itself stops at 48 levels by default). */
const maxDepth = 500;
const containerKinds: Readonly<Record<string, 'list' | 'enumerable' | 'stack' | 'queue'>> = {
  LST: 'list',
  IE: 'enumerable',
  STK: 'stack',
  QUE: 'queue',
};

/**
 * Reads the CLIXML of one value: a bare element, as in PSRP messages, or a document with one entry. Empty text is null
 * (MS-PSRP 2.2.5).
 * @throws Failure `protocol-error` naming the character where the text is no CLIXML, or if there are several values
 */
export function parseClixml(text: string, options: ParseOptions = {}): PsValue {
  const [first, ...rest] = parseClixmlDocument(text, options);
  if (rest.length > 0)
    throw new Failure('protocol-error', `CLIXML: expected one value, found ${rest.length + 1}; read it as a document`);
  return first?.value ?? null;
}

/**
 * Reads every value of a CLIXML text: `<Objs>` document (with or without the line `#< CLIXML`), bare elements, or nothing.
 * References may cross from one entry to the next.
 * @throws Failure `protocol-error` naming the character where the text is no CLIXML
 */
export function parseClixmlDocument(text: string, options: ParseOptions = {}): ClixmlEntry[] {
  const head = /^\uFEFF?(?:#< CLIXML)?/.exec(text)?.[0].length ?? 0;
  const reader = new Reader(new Scanner(text, head), options);
  return reader.entries();
}

/** One reading: the scanner and the references seen so far. */
class Reader {
  readonly #scan: Scanner;
  readonly #options: ParseOptions;
  readonly #objects = new Map<string, PsObject>();
  readonly #typeNames = new Map<string, readonly string[]>();
  #depth = 0;

  constructor(scan: Scanner, options: ParseOptions) {
    this.#scan = scan;
    this.#options = options;
  }

  entries(): ClixmlEntry[] {
    const found: ClixmlEntry[] = [];
    while (this.#scan.skipBlanks()) {
      const tag = this.#scan.startTag();
      if (tag.name !== 'Objs') found.push(this.#entry(tag));
      else this.#children(tag, (child) => found.push(this.#entry(child)));
    }
    return found;
  }

  #entry(tag: StartTag): ClixmlEntry {
    return { stream: tag.stream, value: this.#value(tag) };
  }

  /** Calls back for each child of an element and passes its end tag. */
  #children(tag: StartTag, each: (child: StartTag) => void): void {
    if (tag.empty) return;
    for (let child = this.#scan.nextChild(); child !== undefined; child = this.#scan.nextChild()) each(child);
    this.#scan.endTag(tag);
  }

  #value(tag: StartTag): PsValue {
    if (tag.name === 'Obj') return this.#object(tag);
    if (tag.name === 'Ref') return this.#reference(tag);
    if (tag.name === 'PR') return this.#progress(tag);
    const read = primitiveReaders.get(tag.name);
    if (read === undefined) throw this.#scan.fail(`a value before this, not <${tag.name}>`);
    const text = this.#scan.textOf(tag);
    const value = read(text);
    if (value === undefined) throw this.#scan.fail(`<${tag.name}> before this to hold a value of its type`);
    if (tag.name === 'SS') return this.#options.decrypt?.(text.trim()) ?? value;
    return value;
  }

  #reference(tag: StartTag): PsObject {
    this.#children(tag, (child) => this.#scan.skipElement(child));
    const object = this.#objects.get(tag.refId ?? '');
    if (object === undefined) throw this.#scan.fail(`the reference before this to name an earlier object`);
    return object;
  }

  #object(tag: StartTag): PsObject {
    if (++this.#depth > maxDepth) throw this.#scan.fail(`no more than ${maxDepth} nested objects`);
    const object = psObject();
    // Known before its content is read, so that the content may refer to it.
    const id = tag.refId;
    if (id !== null) this.#objects.set(id, object);
    this.#children(tag, (child) => this.#member(object, child));
    this.#depth--;
    return object;
  }

  #member(object: PsObject, tag: StartTag): void {
    const setBase = (base: PsBase): void => {
      if (object.base !== null) throw this.#scan.fail('no second content of one object');
      object.base = base;
    };
    const kind = containerKinds[tag.name];
    if (tag.name === 'MS') this.#properties(tag, object.extended);
    else if (tag.name === 'Props') this.#properties(tag, object.adapted);
    else if (tag.name === 'TN') object.typeNames = this.#names(tag);
    else if (tag.name === 'TNRef') object.typeNames = this.#namesReference(tag);
    else if (tag.name === 'ToString') object.text = unescapeText(this.#scan.textOf(tag));
    else if (kind !== undefined) {
      const items: PsValue[] = [];
      setBase({ kind, items });
      this.#children(tag, (child) => items.push(this.#value(child)));
    } else if (tag.name === 'DCT') {
      const entries: [PsValue, PsValue][] = [];
      setBase({ kind: 'dictionary', entries });
      this.#children(tag, (child) => entries.push(this.#pair(child)));
    } else {
      const value = this.#value(tag);
      // Windows sends an object inside an object where one was wrapped to get more properties (items of the WSMan: drive).
      setBase(isPsObject(value) ? { kind: 'object', value } : { kind: 'primitive', value });
    }
  }

  #properties(tag: StartTag, into: Map<string, PsValue>): void {
    this.#children(tag, (child) => {
      const known =
        primitiveReaders.has(child.name) || child.name === 'Obj' || child.name === 'Ref' || child.name === 'PR';
      const name = child.member;
      // Member sets and whatever else may stand here carry no values.
      if (!known || name === null) this.#scan.skipElement(child);
      else into.set(unescapeText(name), this.#value(child));
    });
  }

  #names(tag: StartTag): readonly string[] {
    const names: string[] = [];
    this.#children(tag, (child) => {
      if (child.name !== 'T') throw this.#scan.fail('a type name (T) before this');
      names.push(unescapeText(this.#scan.textOf(child)));
    });
    const id = tag.refId;
    if (id !== null) this.#typeNames.set(id, names);
    return names;
  }

  #namesReference(tag: StartTag): readonly string[] {
    this.#children(tag, (child) => this.#scan.skipElement(child));
    const names = this.#typeNames.get(tag.refId ?? '');
    if (names === undefined) throw this.#scan.fail('the type name reference before this to name earlier type names');
    return names;
  }

  #pair(tag: StartTag): [PsValue, PsValue] {
    if (tag.name !== 'En') throw this.#scan.fail('a dictionary entry (En) before this');
    let key: PsValue | undefined;
    let value: PsValue | undefined;
    this.#children(tag, (child) => {
      const name = child.member;
      if (name === 'Key' && key === undefined) key = this.#value(child);
      else if (name === 'Value' && value === undefined) value = this.#value(child);
      else throw this.#scan.fail('one Key and one Value in an entry before this');
    });
    if (key === undefined || value === undefined) throw this.#scan.fail('a Key and a Value in the entry before this');
    return [key, value];
  }

  #progress(tag: StartTag): PsProgress {
    const texts = new Map<string, string>();
    this.#children(tag, (child) => texts.set(child.name, this.#scan.textOf(child)));
    const text = (name: string): string => unescapeText(texts.get(name) ?? '');
    const number = (name: string): number => {
      const value = Number(texts.get(name) ?? '-1');
      if (!Number.isInteger(value)) throw this.#scan.fail(`a number in ${name} of the progress record before this`);
      return value;
    };
    return psProgress({
      activity: text('AV'),
      activityId: number('AI'),
      currentOperation: texts.has('S') ? text('S') : null,
      parentActivityId: number('PI'),
      percentComplete: number('PC'),
      type: text('T'),
      secondsRemaining: number('SR'),
      statusDescription: text('SD'),
    });
  }
}
