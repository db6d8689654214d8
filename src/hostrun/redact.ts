import type { Json } from '../kernel/words.ts';

/** What stands in place of a secret. */
const mask = '[secret]';

/** Shorter values would mask ordinary words; they are refused as secrets where they are resolved. */
const shortest = 4;

/**
 * Masks the values of secrets wherever they turn up in what is written down (I6): as they are, in base64 and in hexadecimal,
 * in UTF-8 and UTF-16.
 */
export class Redactor {
  readonly #forms = new Set<string>();

  /** Notes a secret's value; what is written from now on is masked. */
  note(value: string): void {
    if (value.length < shortest) return;
    for (const bytes of [Buffer.from(value, 'utf8'), Buffer.from(value, 'utf16le')]) {
      // The last base64 group depends on what follows; without it the form is also found inside longer texts.
      this.#forms.add(bytes.toString('base64').replace(/=+$/, '').slice(0, -1));
      this.#forms.add(bytes.toString('hex'));
      this.#forms.add(bytes.toString('hex').toUpperCase());
    }
    this.#forms.add(value);
    this.#forms.add(JSON.stringify(value).slice(1, -1));
    this.#forms.add(encodeURIComponent(value));
  }

  /** The text with every known secret masked. */
  text(text: string): string {
    const forms = [...this.#forms].sort((a, b) => b.length - a.length);
    return forms.reduce((rest, form) => rest.split(form).join(mask), text);
  }

  /** The value with every known secret masked in its texts and names. */
  json<T extends Json>(value: T): T;
  json(value: Json): Json {
    if (this.#forms.size === 0) return value;
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((each: Json) => this.json(each));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [this.text(name), this.json(each)]));
  }
}
