import { inspect } from 'node:util';
import type { Secret } from './remote-shell.ts';

/**
 * A secret parameter value on its way to a host: it travels as a SecureString and shows itself nowhere else
 * (printing, inspecting or serializing it yields a mask).
 */
export class SecretText implements Secret {
  readonly #text: string;

  /** @param text the secret's clear text */
  constructor(text: string) {
    this.#text = text;
  }

  /** The clear text; only a transport asks for it, at the moment it seals the value. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}
