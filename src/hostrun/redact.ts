import type { Json } from '../kernel/words.ts';

/** What stands in place of a secret. */
const mask = '[secret]';

/** Shorter values would mask ordinary words; they are refused as secrets where they are resolved. */
const shortest = 4;

/**
 * Fields of events that hold names, words and hashes of the product's own. A secret that happens to be part of one (`claim`, `2026`)
 * must not break the record: what goes on is decided by these fields.
 */
const ownFields = new Set(
  [
    'kind',
    'step',
    'check',
    'task',
    'owner',
    'worker',
    'run',
    'id',
    'hash',
    'code',
    'command',
    'during',
    'because',
  ].concat(['method', 'mode', 'end', 'host', 'cause', 'standing']),
);

/** Fields that hold what a host or a script gave, whatever the names in it are. */
const givenFields = new Set(['facts', 'before', 'evidence', 'proof']);

/**
 * Masks the values of secrets wherever they turn up in what is written down (I6): as they are, in base64 (at whichever of its three
 * alignments) and in hexadecimal, in UTF-8 and UTF-16.
 */
export class Redactor {
  readonly #forms = new Set<string>();

  /** Notes a secret's value; what is written from now on is masked. */
  note(value: string): void {
    if (value.length < shortest) return;
    for (const bytes of [Buffer.from(value, 'utf8'), Buffer.from(value, 'utf16le')]) {
      for (const offset of [0, 1, 2]) this.#addForm(base64Core(bytes, offset));
      this.#forms.add(bytes.toString('hex'));
      this.#forms.add(bytes.toString('hex').toUpperCase());
    }
    this.#forms.add(value);
    this.#forms.add(JSON.stringify(value).slice(1, -1));
    this.#forms.add(encodeURIComponent(value));
  }

  /** A form shorter than this would mask ordinary words. */
  #addForm(form: string): void {
    if (form.length >= shortest) this.#forms.add(form);
  }

  /** The text with every known secret masked. */
  text(text: string): string {
    const forms = [...this.#forms].sort((a, b) => b.length - a.length);
    return forms.reduce((rest, form) => rest.split(form).join(mask), text);
  }

  /** An event's kind and data with every known secret masked, except in the fields that are the product's own. */
  event<T extends Json>(body: T): T;
  event(body: Json): Json {
    if (this.#forms.size === 0) return body;
    if (Array.isArray(body)) return body.map((each: Json) => this.event(each));
    if (typeof body !== 'object' || body === null) return this.json(body);
    return Object.fromEntries(
      Object.entries(body).map(([name, each]) => {
        if (ownFields.has(name) && typeof each === 'string') return [name, each];
        return [name, givenFields.has(name) ? this.json(each) : this.event(each)];
      }),
    );
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

/** The part of a base64 text that depends neither on the bytes before the value (`offset`, modulo 3) nor on those behind it. */
function base64Core(value: Buffer, offset: number): string {
  const end = Math.floor((offset + value.length) / 3) * 4;
  return Buffer.concat([Buffer.alloc(offset), value])
    .toString('base64')
    .slice(offset === 0 ? 0 : offset + 1, end);
}
