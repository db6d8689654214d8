/** How the bytes of a text are to be read. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'cp932';

/** A line of a text, or a piece of one that is longer than a piece may be. */
export type TextLine = {
  /** Number of the line, from 1. */
  readonly line: number;
  readonly text: string;
};

/** Largest piece of a line that is held, bytes: an event log written as XML may be one line of many megabytes. */
export const maxPieceBytes = 65_536;

const lineFeed = 0x0a;

/** The encoding that the first bytes tell, and how many of them are its mark. UTF-16 without a mark is told by the zero bytes of its Latin letters. */
export function encodingOf(start: Uint8Array): {
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be';
  readonly mark: number;
} {
  const [a, b, c] = start;
  if (a === 0xff && b === 0xfe) return { encoding: 'utf-16le', mark: 2 };
  if (a === 0xfe && b === 0xff) return { encoding: 'utf-16be', mark: 2 };
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'utf-8', mark: 3 };
  const pairs = Math.min(start.length >> 1, 256);
  let even = 0;
  let odd = 0;
  for (let pair = 0; pair < pairs; pair++) {
    if (start[2 * pair] === 0) even += 1;
    if (start[2 * pair + 1] === 0) odd += 1;
  }
  // Half of the letters may be Japanese, which have no zero byte.
  if (pairs >= 2 && odd > pairs / 2 && even === 0) return { encoding: 'utf-16le', mark: 0 };
  if (pairs >= 2 && even > pairs / 2 && odd === 0) return { encoding: 'utf-16be', mark: 0 };
  return { encoding: 'utf-8', mark: 0 };
}

/**
 * Bytes to lines, as they come: holds never more than one piece of a line and its start of at most four bytes.
 * What is no UTF-8 is read line by line as code page 932, so that a log of both is read as well.
 */
export class LineDecoder {
  #encoding: TextEncoding | null = null;
  #held = new Uint8Array(0);
  #line = 1;
  readonly #strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  readonly #japanese = new TextDecoder('shift_jis');

  /** The encoding; that of a text without a byte that tells otherwise is UTF-8. */
  get encoding(): TextEncoding {
    return this.#encoding ?? 'utf-8';
  }

  /** Bytes that wait for the rest of their line. */
  get heldBytes(): number {
    return this.#held.length;
  }

  /** The lines that these bytes complete. The bytes may be written over afterwards. */
  push(bytes: Uint8Array): readonly TextLine[] {
    let all = this.#held.length === 0 ? bytes : concat(this.#held, bytes);
    if (this.#encoding === null) {
      if (all.length < 4) {
        this.#held = new Uint8Array(all);
        return [];
      }
      const { encoding, mark } = encodingOf(all);
      this.#encoding = encoding;
      all = all.subarray(mark);
    }
    return this.#take(all);
  }

  /** The last line, where it has no end. */
  end(): readonly TextLine[] {
    const rest = this.#held;
    this.#held = new Uint8Array(0);
    if (rest.length === 0) return [];
    const { encoding, mark } = this.#encoding === null ? encodingOf(rest) : { encoding: this.#encoding, mark: 0 };
    this.#encoding = encoding;
    return this.#linesOf(rest.subarray(mark));
  }

  #take(all: Uint8Array): readonly TextLine[] {
    const lines: TextLine[] = [];
    let start = 0;
    let end = this.#lastLineEnd(all);
    if (end > 0) lines.push(...this.#linesOf(all.subarray(0, end)));
    start = end;
    // A line that is longer than a piece goes on in the next piece under the same number.
    while (all.length - start > maxPieceBytes) {
      end = start + this.#cutAt(all.subarray(start, start + maxPieceBytes));
      lines.push({ line: this.#line, text: this.#decode(all.subarray(start, end)) });
      start = end;
    }
    // A copy, whatever it was: the `slice` of a Buffer is none.
    this.#held = new Uint8Array(all.subarray(start));
    return lines;
  }

  /** Where the last complete line ends. */
  #lastLineEnd(bytes: Uint8Array): number {
    if (this.#encoding === 'utf-8' || this.#encoding === 'cp932') return bytes.lastIndexOf(lineFeed) + 1;
    const low = this.#encoding === 'utf-16le' ? 0 : 1;
    for (let at = (bytes.length & ~1) - 2; at >= 0; at -= 2)
      if (bytes[at + low] === lineFeed && bytes[at + 1 - low] === 0) return at + 2;
    return 0;
  }

  /** Where a piece can be cut without cutting a character or, if it can be helped, a word. */
  #cutAt(piece: Uint8Array): number {
    const wide = this.#encoding !== 'utf-8' && this.#encoding !== 'cp932';
    const step = wide ? 2 : 1;
    const low = this.#encoding === 'utf-16be' ? 1 : 0;
    for (let at = piece.length - step; at > piece.length - 4096; at -= step) {
      const byte = piece[at + low] ?? 0;
      const isPlain = !wide || piece[at + 1 - low] === 0;
      if (isPlain && (byte === 0x20 || byte === 0x09 || byte === 0x3e)) return at + step;
    }
    return wide ? piece.length : piece.length - trailingBytes(piece);
  }

  #linesOf(bytes: Uint8Array): readonly TextLine[] {
    const texts = this.#decodeLines(bytes);
    if (texts.at(-1) === '') texts.pop();
    return texts.map((text) => ({ line: this.#line++, text: text.endsWith('\r') ? text.slice(0, -1) : text }));
  }

  #decodeLines(bytes: Uint8Array): string[] {
    if (this.#encoding !== 'utf-8' && this.#encoding !== 'cp932') return this.#decode(bytes).split('\n');
    try {
      return this.#strict.decode(bytes).split('\n');
    } catch {
      const texts: string[] = [];
      let start = 0;
      while (start < bytes.length) {
        const end = bytes.indexOf(lineFeed, start);
        texts.push(this.#decode(bytes.subarray(start, end < 0 ? bytes.length : end)));
        start = end < 0 ? bytes.length : end + 1;
      }
      return texts;
    }
  }

  #decode(bytes: Uint8Array): string {
    if (this.#encoding === 'utf-16le' || this.#encoding === 'utf-16be')
      return new TextDecoder(this.#encoding).decode(bytes);
    try {
      return this.#strict.decode(bytes);
    } catch {
      this.#encoding = 'cp932';
      return this.#japanese.decode(bytes);
    }
  }
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** Bytes at the end that begin a UTF-8 sequence without ending it. */
function trailingBytes(bytes: Uint8Array): number {
  for (let back = 1; back <= 4 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return needed > back ? back : 0;
    }
  }
  return 0;
}
