import type { PsValue } from './values.ts';

/** Values on their way into lists and bags: those of an object lie above those of the object around it, and come off in a list of just their number. */
export class ValueStack {
  // Room for a few from the start; what was taken off stays until it is overwritten, for a stack lives no longer than one reading.
  readonly #values: PsValue[] = [null, null, null, null, null, null];
  #top = 0;

  /** How many values lie here. */
  get top(): number {
    return this.#top;
  }

  push(value: PsValue): void {
    this.#values[this.#top++] = value;
  }

  /** Puts another value in a place below the top. */
  set(place: number, value: PsValue): void {
    this.#values[place] = value;
  }

  /** Takes off all that lies above a place. */
  popTo(bottom: number): PsValue[] {
    const values = this.#values.slice(bottom, this.#top);
    this.#top = bottom;
    return values;
  }
}
