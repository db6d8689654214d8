import type { RefId } from './scanner.ts';

/** What references name: ids count up from 0, so that a list does; others are kept aside. */
export class References<Of> {
  // Room for a few from the start: most texts have no more, and a list that grows takes room for many.
  readonly #listed: (Of | undefined)[] = [undefined, undefined, undefined];
  #count = 0;
  #others: Map<RefId, Of> | null = null;

  set(id: RefId, value: Of): void {
    if (id === this.#count) this.#listed[this.#count++] = value;
    else if (typeof id === 'number' && id < this.#count) this.#listed[id] = value;
    else (this.#others ??= new Map()).set(id, value);
  }

  get(id: RefId | null): Of | undefined {
    if (id === null) return undefined;
    return (typeof id === 'number' && id < this.#count ? this.#listed[id] : undefined) ?? this.#others?.get(id);
  }
}
