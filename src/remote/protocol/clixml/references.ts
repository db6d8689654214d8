import type { RefId } from './scanner.ts';

/** What references name: ids count up from 0, so that a list does; others are kept aside. */
export class References<Of> {
  readonly #listed: Of[] = [];
  #others: Map<RefId, Of> | null = null;

  set(id: RefId, value: Of): void {
    if (id === this.#listed.length) this.#listed.push(value);
    else if (typeof id === 'number' && id < this.#listed.length) this.#listed[id] = value;
    else (this.#others ??= new Map()).set(id, value);
  }

  get(id: RefId | null): Of | undefined {
    if (id === null) return undefined;
    return (typeof id === 'number' ? this.#listed[id] : undefined) ?? this.#others?.get(id);
  }
}
