/** From how many names on repeated ones are looked for by an index. */
const indexedFrom = 16;
/** Beyond so many steps a set of names starts afresh: whoever sends ever new names must not fill the memory. */
const mostSteps = 4096;
/** Lists of type names are remembered for the first ids of a text, and only where they are of usual length. */
const mostTypeLists = 64;
const longestTypeList = 2048;

/** A string of its own: a slice would keep the whole text alive that it was cut from. */
const detach = (text: string): string => ` ${text}`.slice(1);

/** A list of type names: the text of its elements, end tag included, and what it means. */
type TypeList = { readonly raw: string; readonly names: readonly string[] };

/**
 * Names that texts of one sender repeat: properties of objects in their order, and lists of type names. Given to one reading after another
 * it saves reading them again, and objects of all texts share them. Bounded; it only ever changes how quick a reading is.
 */
export class KnownNames {
  #start = new NamePath(null, '');
  #steps = 0;
  readonly #typeLists: (TypeList | undefined)[] = [];
  readonly #kept: boolean;

  /** @param kept whether the names outlive one text */
  constructor(kept = true) {
    this.#kept = kept;
  }

  /** The place before any name of a property. */
  get start(): NamePath {
    if (this.#steps > mostSteps) {
      this.#start = new NamePath(null, '');
      this.#steps = 0;
    }
    return this.#start;
  }

  /** Goes on from a step by one more name; undefined if that name led there already. */
  step(from: NamePath, name: string): NamePath | undefined {
    const known = from.find(name);
    if (known !== undefined) return known;
    if (from.placeOf(name) >= 0) return undefined;
    this.#steps++;
    return from.add(this.#kept ? detach(name) : name);
  }

  /** The list of type names that had this id last. */
  typeList(id: number): TypeList | undefined {
    return this.#typeLists[id];
  }

  /** Remembers a list of type names; gives the names to use. */
  addTypeList(id: number, raw: string, names: readonly string[]): readonly string[] {
    if (!this.#kept || id >= mostTypeLists || id > this.#typeLists.length || raw.length > longestTypeList) return names;
    const detached = names.map(detach);
    this.#typeLists[id] = { raw: detach(raw), names: detached };
    return detached;
  }
}

/**
 * One step in the names that objects have had so far, in order: objects of a kind come again and again with the same names, so the next
 * name is nearly always the one that came last time. The steps make a tree; the names from its root to a step are the names of a bag of
 * properties, shared by all bags that end there.
 */
class NamePath {
  readonly #parent: NamePath | null;
  readonly #name: string;
  readonly #length: number;
  /** The step taken last from here. */
  #next: NamePath | null = null;
  #others: Map<string, NamePath> | null = null;
  #names: readonly string[] | null = null;
  #places: Map<string, number> | null = null;
  /** The name of this step if its letters in XML are surely the same, else null. */
  readonly #plainName: string | null;

  constructor(parent: NamePath | null, name: string) {
    this.#parent = parent;
    this.#name = name;
    this.#length = parent === null ? 0 : parent.#length + 1;
    this.#plainName = parent === null || /[&\r]|_x/i.test(name) ? null : name;
  }

  /** The name that probably comes next, if its letters in XML are the same. */
  get likely(): string | null {
    return this.#next === null ? null : this.#next.#plainName;
  }

  /** The names that lead here. */
  get names(): readonly string[] {
    if (this.#names === null) {
      this.#names = Array.from(NamePath.#back(this), (step) => step.#name).toReversed();
    }
    return this.#names;
  }

  /** The step by this name that was taken from here before. */
  find(name: string): NamePath | undefined {
    if (this.#next !== null && this.#next.#name === name) return this.#next;
    const known = this.#others?.get(name);
    if (known !== undefined) this.#next = known;
    return known;
  }

  /** Makes a new step; the name must not have led here. */
  add(name: string): NamePath {
    const step = new NamePath(this, name);
    // The index grows along one path and is handed on to its end, so that many names take linear time.
    if (this.#places !== null) {
      step.#places = this.#places.set(name, this.#length);
      this.#places = null;
    }
    if (this.#next !== null) (this.#others ??= new Map([[this.#next.#name, this.#next]])).set(name, step);
    this.#next = step;
    return step;
  }

  /** At which place a name led here; -1 if it did not. */
  placeOf(name: string): number {
    if (this.#length >= indexedFrom) {
      this.#places ??= new Map(this.names.map((each, place) => [each, place]));
      return this.#places.get(name) ?? -1;
    }
    for (const step of NamePath.#back(this)) if (step.#name === name) return step.#length - 1;
    return -1;
  }

  /** The steps to a place, the last one first. */
  static *#back(end: NamePath): Generator<NamePath> {
    for (let step = end; step.#parent !== null; step = step.#parent) yield step;
  }
}

export type { NamePath };
