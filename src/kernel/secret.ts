import { inspect } from 'node:util';

/** A secret's value. It shows itself nowhere: text, inspection and JSON give `[secret]`; only `reveal` gives it away. */
export class Secret {
  readonly #value: string;

  /** @param value the clear text */
  constructor(value: string) {
    this.#value = value;
  }

  /** The clear text; asked for at the one place where a connection is opened. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [Symbol.toPrimitive](): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}
