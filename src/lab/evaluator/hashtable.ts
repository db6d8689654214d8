import type { Value } from './value.ts';

/** Which .NET dictionary a `Hashtable` stands for. */
export type DictionaryType =
  | 'System.Collections.Hashtable'
  | 'System.Collections.Specialized.OrderedDictionary'
  | 'System.Collections.Generic.Dictionary'
  | 'System.Collections.Generic.SortedDictionary'
  | 'System.Collections.SortedList'
  | 'System.Collections.Generic.SortedList'
  | 'System.Management.Automation.PSBoundParametersDictionary';

const identities = new WeakMap<object, number>();
let lastIdentity = 0;

const identityOf = (object: object): string => {
  let id = identities.get(object);
  if (id === undefined) {
    id = ++lastIdentity;
    identities.set(object, id);
  }
  return `o${id}`;
};

/** The text under which a key is found: equal texts mean equal keys in .NET's sense. */
const keyText = (key: Value, ignoreCase: boolean): string => {
  if (typeof key === 'string') return `s${ignoreCase ? key.toLowerCase() : key}`;
  if (typeof key === 'number') return `i${key}`;
  if (typeof key === 'boolean') return `b${key}`;
  if (key === null || key === undefined) return 'null';
  if (Array.isArray(key) || key instanceof Uint8Array) return identityOf(key);
  switch (key.kind) {
    case 'integer':
      return `${key.type}${key.value}`;
    case 'float':
      return `${key.type}${key.value}`;
    case 'char':
      return `c${key.code}`;
    case 'enum':
      return `e${key.type.name}:${key.value}`;
    case 'datetime':
    case 'timespan':
      return `${key.kind}${key.ticks}`;
    case 'decimal': {
      let { unscaled, scale } = key;
      while (scale > 0 && unscaled % 10n === 0n) {
        unscaled /= 10n;
        scale--;
      }
      return `d${unscaled}e${scale}`;
    }
    case 'type':
      return `t${key.name.toLowerCase()}`;
    case 'instance': {
      const equal = key.type.keyText?.(key.state);
      return equal === undefined ? identityOf(key) : `${key.type.name}:${equal}`;
    }
    case 'hashtable':
    case 'list':
    case 'custom':
    case 'scriptblock':
    case 'error':
    case 'exception':
    case 'switch':
    case 'ref':
      return identityOf(key);
  }
};

/** A dictionary as PowerShell makes it: keys of any type, text keys found without regard to case unless told otherwise. */
export class Hashtable {
  readonly kind = 'hashtable';
  readonly type: DictionaryType;
  readonly ignoreCase: boolean;
  /** Types of keys and values of a generic dictionary (full .NET names). */
  readonly typeArguments: readonly [string, string] | undefined;
  #version = 0;
  readonly #entries = new Map<string, [Value, Value]>();

  /**
   * @param type which .NET dictionary it stands for
   * @param options `ignoreCase` (default true), `typeArguments` of a generic dictionary
   */
  constructor(
    type: DictionaryType = 'System.Collections.Hashtable',
    options: { ignoreCase?: boolean; typeArguments?: readonly [string, string] } = {},
  ) {
    this.type = type;
    this.ignoreCase = options.ignoreCase ?? true;
    this.typeArguments = options.typeArguments;
  }

  /** A Hashtable with the given text keys. */
  static of(entries: Readonly<Record<string, Value>>): Hashtable {
    const table = new Hashtable();
    for (const [key, value] of Object.entries(entries)) table.set(key, value);
    return table;
  }

  /** Whether the order of insertion shows. */
  get ordered(): boolean {
    return this.type === 'System.Collections.Specialized.OrderedDictionary';
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Goes up with each change, so that who goes through the entries sees it. */
  get version(): number {
    return this.#version;
  }

  get(key: Value): Value {
    return this.#entries.get(keyText(key, this.ignoreCase))?.[1];
  }

  /** A key as it was written when it was added; undefined if there is none. */
  written(key: Value): Value {
    return this.#entries.get(keyText(key, this.ignoreCase))?.[0];
  }

  has(key: Value): boolean {
    return this.#entries.has(keyText(key, this.ignoreCase));
  }

  /** Sets a value; an existing key keeps its own writing and place. */
  set(key: Value, value: Value): void {
    this.#version++;
    const text = keyText(key, this.ignoreCase);
    const entry = this.#entries.get(text);
    if (entry) entry[1] = value;
    else this.#entries.set(text, [key, value]);
  }

  delete(key: Value): boolean {
    this.#version++;
    return this.#entries.delete(keyText(key, this.ignoreCase));
  }

  clear(): void {
    this.#version++;
    this.#entries.clear();
  }

  /** Puts an entry at a place (ordered dictionaries). */
  insert(index: number, key: Value, value: Value): void {
    this.#version++;
    const all = [...this.#entries.values()];
    all.splice(index, 0, [key, value]);
    this.#entries.clear();
    for (const entry of all) this.#entries.set(keyText(entry[0], this.ignoreCase), entry);
  }

  /** `[key, value]` pairs in order of insertion. */
  entries(): [Value, Value][] {
    return [...this.#entries.values()];
  }

  keys(): Value[] {
    return [...this.#entries.values()].map(([key]) => key);
  }

  values(): Value[] {
    return [...this.#entries.values()].map(([, value]) => value);
  }
}
