import type { PsValue } from './values.ts';

/** Bags of more names are searched by an index. */
const indexedFrom = 16;
const noNames: readonly string[] = [];

/** What a bag has once it was changed or is large: names of its own and their places. */
type Own = { names: string[] | null; places: Map<string, number> | null };

/**
 * The properties of one object, in order; used like a `Map`. Objects that were read with the same names share one list of names, so a
 * bag costs little more than its values.
 */
export class Properties implements ReadonlyMap<string, PsValue> {
  // Not hidden as `#own` is: whoever compares two objects deeply must see what they hold.
  private names: readonly string[];
  private held: PsValue[] | null;
  private readonly always: boolean;
  #own: Own | null = null;

  /**
   * Takes the lists over: neither may be changed afterwards by whoever gave them.
   * @param names distinct names
   * @param values one for each name
   * @param always whether the bag is written even if it is empty: PowerShell does so for objects whose properties can't be read
   */
  constructor(names: readonly string[] = noNames, values: PsValue[] | null = null, always = false) {
    this.names = names;
    this.held = values;
    this.always = always;
  }

  /** Whether an element stands for the bag in a text. */
  get isWritten(): boolean {
    return this.always || this.names.length > 0;
  }

  /** A bag from pairs; of two with one name the later value stands at the first one's place. */
  static from(pairs: Iterable<readonly [string, PsValue]>): Properties {
    const made = new Properties();
    for (const [name, value] of pairs) made.set(name, value);
    return made;
  }

  get size(): number {
    return this.names.length;
  }

  #placeOf(name: string): number {
    const names = this.names;
    if (names.length < indexedFrom) return names.indexOf(name);
    this.#own ??= { names: null, places: null };
    this.#own.places ??= new Map(names.map((each, place) => [each, place]));
    return this.#own.places.get(name) ?? -1;
  }

  get(name: string): PsValue | undefined {
    const place = this.#placeOf(name);
    return place < 0 ? undefined : this.held?.[place];
  }

  has(name: string): boolean {
    return this.#placeOf(name) >= 0;
  }

  /** The name at a place from 0. */
  nameAt(place: number): string {
    return this.names[place] ?? '';
  }

  /** The value at a place from 0. */
  valueAt(place: number): PsValue {
    return this.held?.[place] ?? null;
  }

  /** Sets a property; a new one comes last. */
  set(name: string, value: PsValue): this {
    const place = this.#placeOf(name);
    this.held ??= [];
    if (place >= 0) this.held[place] = value;
    else {
      this.#own ??= { names: null, places: null };
      this.#own.names ??= [...this.names];
      this.#own.places?.set(name, this.#own.names.length);
      this.#own.names.push(name);
      this.names = this.#own.names;
      this.held.push(value);
    }
    return this;
  }

  forEach(each: (value: PsValue, name: string, properties: ReadonlyMap<string, PsValue>) => void): void {
    for (let place = 0; place < this.size; place++) each(this.valueAt(place), this.nameAt(place), this);
  }

  *entries(): MapIterator<[string, PsValue]> {
    for (let place = 0; place < this.size; place++) yield [this.nameAt(place), this.valueAt(place)];
  }

  [Symbol.iterator](): MapIterator<[string, PsValue]> {
    return this.entries();
  }

  keys(): MapIterator<string> {
    return this.names.values();
  }

  values(): MapIterator<PsValue> {
    return (this.held ?? []).values();
  }
}
