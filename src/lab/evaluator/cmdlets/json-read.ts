import { netError } from '../define.ts';
import { spend } from '../limit.ts';
import { customObject, decimal, double, int64 } from '../make.ts';
import type { Value } from '../value.ts';

/** Reads JSON text into PowerShell values: objects become custom objects, whole numbers Int32 or Int64, others Decimal or Double. */
export function readJson(text: string): Value {
  spend(text.length * 2);
  const reader = new JsonReader(text);
  const value = reader.value();
  reader.end();
  return value;
}

const numberValue = (text: string): Value => {
  if (/^-?\d+$/.test(text)) {
    const whole = BigInt(text);
    if (whole >= -2147483648n && whole <= 2147483647n) return Number(whole);
    if (whole === BigInt.asIntN(64, whole)) return int64(whole);
    return double(Number(text));
  }
  const plain = /^(-?\d+)\.(\d+)$/.exec(text);
  // Windows PowerShell reads fractions as Decimal.
  return plain && text.length <= 29
    ? decimal(BigInt(`${plain[1]}${plain[2]}`), (plain[2] ?? '').length)
    : double(Number(text));
};

class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(): Value {
    spend(40);
    this.#space();
    const next = this.#text[this.#at];
    if (next === '{') return this.#object();
    if (next === '[') return this.#array();
    if (next === '"' || next === "'") return this.#string(next);
    const word = /^(?:true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/.exec(
      this.#text.slice(this.#at, this.#at + 400),
    )?.[0];
    if (word === undefined) this.#fail();
    this.#at += word.length;
    if (word === 'null') return null;
    return word === 'true' ? true : word === 'false' ? false : numberValue(word);
  }

  end(): void {
    this.#space();
    if (this.#at < this.#text.length) this.#fail();
  }

  #object(): Value {
    this.#at++;
    const entries = new Map<string, Value>();
    this.#space();
    while (this.#text[this.#at] !== '}') {
      this.#space();
      const quote = this.#text[this.#at];
      if (quote !== '"' && quote !== "'") this.#fail();
      const name = this.#string(quote);
      this.#expect(':');
      entries.set(name, this.value());
      this.#space();
      if (this.#text[this.#at] === ',') this.#at++;
      else if (this.#text[this.#at] !== '}') this.#fail();
      this.#space();
    }
    this.#at++;
    return customObject(entries);
  }

  #array(): Value {
    this.#at++;
    const items: Value[] = [];
    this.#space();
    while (this.#text[this.#at] !== ']') {
      items.push(this.value());
      this.#space();
      if (this.#text[this.#at] === ',') this.#at++;
      else if (this.#text[this.#at] !== ']') this.#fail();
      this.#space();
    }
    this.#at++;
    return items;
  }

  #string(quote: string): string {
    let text = '';
    for (this.#at++; this.#at < this.#text.length; this.#at++) {
      const character = this.#text[this.#at] ?? '';
      if (character === quote) {
        this.#at++;
        return text;
      }
      text += character === '\\' ? this.#escape() : character;
    }
    return this.#fail();
  }

  #escape(): string {
    const letter = this.#text[++this.#at] ?? '';
    if (letter === 'u') {
      const hex = this.#text.slice(this.#at + 1, this.#at + 5);
      if (!/^[0-9a-f]{4}$/i.test(hex)) this.#fail();
      this.#at += 4;
      return String.fromCharCode(Number.parseInt(hex, 16));
    }
    return { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }[letter] ?? letter;
  }

  #expect(character: string): void {
    this.#space();
    if (this.#text[this.#at] !== character) this.#fail();
    this.#at++;
  }

  #space(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at++;
  }

  #fail(): never {
    throw netError(
      'System.ArgumentException',
      `Invalid JSON primitive: ${this.#text.slice(this.#at, this.#at + 20).trim()}.`,
    );
  }
}
