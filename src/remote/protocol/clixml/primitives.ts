/** The primitive elements of CLIXML (MS-PSRP 2.2.5.1): one row per tag that reads its text, and one writer for all kinds. */
import { formatDateTime, formatTimeSpan, parseDateTime, parseTimeSpan } from './date-time.ts';
import { escapeElementText, unescapeText } from './escape.ts';
import { formatFloat, isDecimal, parseBigInteger, parseFloatText, parseInteger } from './number-text.ts';
import {
  isPsTagged,
  type PsNumberKind,
  type PsPrimitive,
  type PsProgress,
  type PsTextKind,
  psChar,
  psNumber,
  psSecureString,
  psText,
  psUInt64,
} from './values.ts';

/** Reads the text of a primitive element, entities of XML resolved; undefined if it is no such value. */
export type Read = (text: string) => PsPrimitive | undefined;

const int =
  (kind: PsNumberKind, least: number, most: number): Read =>
  (text) => {
    const value = parseInteger(text, least, most);
    return value === undefined ? undefined : psNumber(kind, value);
  };
const float =
  (kind: PsNumberKind): Read =>
  (text) => {
    const value = parseFloatText(text);
    return value === undefined ? undefined : psNumber(kind, value);
  };
const matching =
  (kind: PsTextKind, pattern: RegExp): Read =>
  (text) =>
    pattern.test(text.trim()) ? psText(kind, text.trim()) : undefined;
const escaped =
  (kind: PsTextKind): Read =>
  (text) =>
    psText(kind, unescapeText(text));

const guidText = /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;

/** The reader of each primitive element; it gets the text with XML's entities resolved and gives undefined if that is no such value. */
export const primitiveReaders: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['S', unescapeText],
  ['I32', (text) => parseInteger(text, -2147483648, 2147483647)],
  ['B', readBoolean],
  ['Nil', () => null],
  ['I64', (text) => parseBigInteger(text, -(2n ** 63n), 2n ** 63n - 1n)],
  ['DT', parseDateTime],
  ['TS', parseTimeSpan],
  ['Db', float('double')],
  ['Sg', float('single')],
  ['By', int('byte', 0, 255)],
  ['SB', int('sbyte', -128, 127)],
  ['I16', int('int16', -32768, 32767)],
  ['U16', int('uint16', 0, 65535)],
  ['U32', int('uint32', 0, 4294967295)],
  [
    'U64',
    (text) => {
      const value = parseBigInteger(text, 0n, 2n ** 64n - 1n);
      return value === undefined ? undefined : psUInt64(value);
    },
  ],
  [
    'C',
    (text) => {
      const code = parseInteger(text, 0, 65535);
      return code === undefined ? undefined : psChar(code);
    },
  ],
  ['D', (text) => (isDecimal(text.trim()) ? psText('decimal', text.trim()) : undefined)],
  ['BA', readBytes],
  ['G', (text) => (guidText.test(text.trim()) ? psText('guid', text.trim().toLowerCase()) : undefined)],
  ['Version', matching('version', /^\d+(?:\.\d+){1,3}$/)],
  ['URI', escaped('uri')],
  ['XD', escaped('xml')],
  ['SBK', escaped('scriptBlock')],
  ['SS', (text) => psSecureString(text.trim())],
]);

function readBoolean(text: string): boolean | undefined {
  if (text === 'true') return true;
  if (text === 'false') return false;
  return { true: true, '1': true, false: false, '0': false }[text.trim().toLowerCase()];
}

function readBytes(text: string): Uint8Array | undefined {
  return decodeBase64(text) ?? (/\s/.test(text) ? decodeBase64(text.replace(/\s+/g, '')) : undefined);
}

/** The bytes of base64 text; undefined if it is none. Node's decoder passes over whatever is wrong: then fewer bytes come out. */
function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || /[-_]/.test(text)) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  const written = Buffer.from(bytes.buffer).write(text, 'base64');
  return written === bytes.length ? bytes : undefined;
}

const numberTags = {
  byte: 'By',
  sbyte: 'SB',
  int16: 'I16',
  uint16: 'U16',
  uint32: 'U32',
  single: 'Sg',
  double: 'Db',
} as const satisfies Record<PsNumberKind, string>;

const textTags = {
  decimal: 'D',
  guid: 'G',
  version: 'Version',
  uri: 'URI',
  xml: 'XD',
  scriptBlock: 'SBK',
} as const satisfies Record<PsTextKind, string>;

/** PowerShell makes an empty-element tag of no bytes. */
const base64Of = (bytes: Uint8Array): string | null =>
  bytes.length === 0 ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');

/** An element to write: its tag and its text, already escaped for XML. `text` is null for an element without content. */
export type PrimitiveElement = { readonly tag: string; readonly text: string | null };

const whole = (tag: string, text: string): PrimitiveElement => ({ tag, text: escapeElementText(text) });

/**
 * The element of a primitive. Progress records and clear secrets are not handled here: the writer has more to say about them.
 * @returns undefined if a plain number is no Int32 or a plain bigint no Int64
 */
export function primitiveElement(
  value: Exclude<PsPrimitive, PsProgress | { kind: 'secureText' }>,
): PrimitiveElement | undefined {
  if (value === null) return { tag: 'Nil', text: null };
  if (typeof value === 'string') return whole('S', value);
  if (typeof value === 'boolean') return { tag: 'B', text: value ? 'true' : 'false' };
  if (typeof value === 'number') return (value | 0) === value ? { tag: 'I32', text: String(value) } : undefined;
  if (typeof value === 'bigint')
    return BigInt.asIntN(64, value) === value ? { tag: 'I64', text: String(value) } : undefined;
  if (!isPsTagged(value)) return { tag: 'BA', text: base64Of(value) };
  switch (value.kind) {
    case 'single':
    case 'double':
      return { tag: numberTags[value.kind], text: formatFloat(value.value, value.kind) };
    case 'byte':
    case 'sbyte':
    case 'int16':
    case 'uint16':
    case 'uint32':
      return { tag: numberTags[value.kind], text: String(value.value) };
    case 'uint64':
      return { tag: 'U64', text: String(value.value) };
    case 'char':
      return { tag: 'C', text: String(value.code) };
    case 'dateTime':
      return { tag: 'DT', text: formatDateTime(value) };
    case 'timeSpan':
      return { tag: 'TS', text: formatTimeSpan(value) };
    case 'secureString':
      return { tag: 'SS', text: escapeElementText(value.encrypted) };
    case 'decimal':
    case 'guid':
    case 'version':
    case 'uri':
    case 'xml':
    case 'scriptBlock':
      return whole(textTags[value.kind], value.text);
  }
}
