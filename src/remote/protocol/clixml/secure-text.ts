import { psBrand } from './values.ts';

/**
 * The clear text of a secure string, on its way to or from encryption. A class, because only a private field keeps the text out of logs,
 * JSON and error messages.
 */
export class SecureText {
  readonly [psBrand] = true as const;
  readonly kind = 'secureText' as const;
  readonly #clear: string;

  /** @param clear the clear text, any UTF-16 */
  constructor(clear: string) {
    this.#clear = clear;
  }

  /** The clear text; for the cipher and for the one who asked for it. */
  reveal(): string {
    return this.#clear;
  }

  toString(): string {
    return '(secret)';
  }

  toJSON(): string {
    return '(secret)';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return 'SecureText (secret)';
  }
}
