/** One RC4 key stream (OpenSSL 3 offers none); its position moves on with every byte processed. */
export class Rc4 {
  readonly #state = new Uint8Array(256);
  #i = 0;
  #j = 0;

  /** @param key 1 to 256 bytes */
  constructor(key: Uint8Array) {
    const state = this.#state;
    for (let n = 0; n < 256; n++) state[n] = n;
    for (let i = 0, j = 0; i < 256; i++) {
      const swap = state[i]!;
      j = (j + swap + key[i % key.length]!) & 255;
      state[i] = state[j]!;
      state[j] = swap;
    }
  }

  /** Encrypts or decrypts (the same thing) with the next bytes of the stream; the input is left as it is. */
  process(bytes: Uint8Array): Buffer {
    const state = this.#state;
    const out = Buffer.allocUnsafe(bytes.length);
    let i = this.#i;
    let j = this.#j;
    for (let n = 0; n < bytes.length; n++) {
      i = (i + 1) & 255;
      const a = state[i]!;
      j = (j + a) & 255;
      const b = state[j]!;
      state[i] = b;
      state[j] = a;
      out[n] = bytes[n]! ^ state[(a + b) & 255]!;
    }
    this.#i = i;
    this.#j = j;
    return out;
  }
}

/** RC4 of one message with a fresh stream. */
export function rc4(key: Uint8Array, bytes: Uint8Array): Buffer {
  return new Rc4(key).process(bytes);
}
