import type { CallContext } from '../../evaluator/host.ts';
import type { Value } from '../../evaluator/value.ts';
import type { Machine } from '../machine/machine.ts';

/** How text becomes bytes: a Windows code page, and whether a byte order mark is written. */
export type TextCodec = { readonly codePage: number; readonly mark: boolean };

/** UTF-8 without byte order mark: what .NET writes when nothing is said. */
export const utf8: TextCodec = { codePage: 65001, mark: false };

const marks: readonly (readonly [number, readonly number[]])[] = [
  [65001, [0xef, 0xbb, 0xbf]],
  [12000, [0xff, 0xfe, 0, 0]],
  [1200, [0xff, 0xfe]],
  [1201, [0xfe, 0xff]],
];

const labels: Readonly<Record<number, string>> = {
  932: 'shift_jis',
  65001: 'utf-8',
  1200: 'utf-16le',
  1201: 'utf-16be',
  1252: 'windows-1252',
};

/** Bytes to strings by code page; a byte order mark at the start wins when `detect` is set and is taken off. */
export const decodeText = (bytes: Uint8Array, codePage: number, detect = true): string => {
  let body = bytes;
  let page = codePage;
  if (detect) {
    for (const [marked, mark] of marks) {
      if (mark.length > bytes.length || mark.some((byte, index) => bytes[index] !== byte)) continue;
      body = bytes.subarray(mark.length);
      page = marked;
      break;
    }
  }
  if (page === 20127) return Array.from(body, (byte) => String.fromCharCode(byte > 127 ? 63 : byte)).join('');
  if (page === 28591 || page === 437) return Buffer.from(body).toString('latin1');
  if (page === 1200) return Buffer.from(body).toString('utf16le');
  return new TextDecoder(labels[page] ?? 'utf-8', { ignoreBOM: true }).decode(body);
};

let japanese: Map<string, readonly number[]> | undefined;
/** Characters of code page 932 by their bytes, found by decoding each pair once. */
const japaneseBytes = (): Map<string, readonly number[]> => {
  if (japanese) return japanese;
  japanese = new Map();
  const decoder = new TextDecoder('shift_jis');
  for (let first = 0; first < 256; first++) {
    const single = decoder.decode(Uint8Array.of(first));
    if (single.length === 1 && single !== '\ufffd') japanese.set(single, [first]);
    if (first < 0x81 || (first > 0x9f && first < 0xe0) || first > 0xfc) continue;
    for (let second = 0x40; second < 0xfd; second++) {
      const pair = decoder.decode(Uint8Array.of(first, second));
      if (pair.length === 1 && pair !== '\ufffd' && !japanese.has(pair)) japanese.set(pair, [first, second]);
    }
  }
  return japanese;
};

/** Strings to bytes; what the code page lacks becomes `?`. The byte order mark is written only if asked for. */
export const encodeText = (text: string, codec: TextCodec, withMark = codec.mark): Uint8Array => {
  const mark = withMark ? (marks.find(([page]) => page === codec.codePage)?.[1] ?? []) : [];
  const join = (body: Uint8Array): Uint8Array => (mark.length === 0 ? body : Uint8Array.from([...mark, ...body]));
  switch (codec.codePage) {
    case 65001:
      return join(new TextEncoder().encode(text));
    case 1200:
      return join(new Uint8Array(Buffer.from(text, 'utf16le')));
    case 1201:
      return join(new Uint8Array(Buffer.from(text, 'utf16le').swap16()));
    case 20127:
      return Uint8Array.from(text, (char) => (char.charCodeAt(0) < 128 ? char.charCodeAt(0) : 63));
    case 932: {
      const table = japaneseBytes();
      return Uint8Array.from(Array.from(text).flatMap((char) => table.get(char) ?? [63]));
    }
    default:
      return Uint8Array.from(Array.from(text, (char) => (char.charCodeAt(0) < 256 ? char.charCodeAt(0) : 63)));
  }
};

/** ANSI and OEM code page of a machine by its language. */
export const codePagesOf = (machine: Pick<Machine, 'uiLanguage'>): { readonly ansi: number; readonly oem: number } =>
  machine.uiLanguage === 'ja-JP' ? { ansi: 932, oem: 932 } : { ansi: 1252, oem: 437 };

/** The codec of a System.Text.Encoding object. */
export const codecOfEncoding = (encoding: Value, context: CallContext): TextCodec => {
  const codePage = Number(context.text(context.property(encoding, 'CodePage')));
  const preamble = context.property(encoding, 'Preamble');
  const mark = preamble instanceof Uint8Array ? preamble.length > 0 : codePage !== 20127 && codePage !== 1252;
  return { codePage, mark };
};

/** The codec of the `-Encoding` parameter of Windows PowerShell 5.1; `undefined` for `Byte`. */
export const codecOfParameter = (name: string, machine: Machine): TextCodec | undefined => {
  const pages = codePagesOf(machine);
  switch (name.toLowerCase()) {
    case 'byte':
      return undefined;
    case 'utf8':
      return { codePage: 65001, mark: true };
    case 'unicode':
    case 'string':
    case 'unknown':
      return { codePage: 1200, mark: true };
    case 'bigendianunicode':
      return { codePage: 1201, mark: true };
    case 'ascii':
      return { codePage: 20127, mark: false };
    case 'oem':
      return { codePage: pages.oem, mark: false };
    default:
      return { codePage: pages.ansi, mark: false };
  }
};
