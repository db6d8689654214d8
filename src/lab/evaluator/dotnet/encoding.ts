import { defineType } from '../define.ts';
import { spend } from '../limit.ts';
import { newObject } from '../make.ts';
import { outsideMember } from '../outside-member.ts';
import type { TypeDefinition } from '../type-definition.ts';
import type { Value } from '../value.ts';
import { readArguments } from './arguments.ts';

/** State of an encoding object: code page, preamble, and how it turns text into bytes. */
export type EncodingState = {
  readonly codePage: number;
  readonly webName: string;
  readonly preamble: Uint8Array;
  readonly encode: (text: string) => Uint8Array;
  readonly decode: (bytes: Uint8Array) => string;
};

const none = new Uint8Array();

const swap = (bytes: Uint8Array): Uint8Array => {
  const swapped = Uint8Array.from(bytes);
  for (let index = 0; index + 1 < swapped.length; index += 2) {
    swapped[index] = bytes[index + 1] ?? 0;
    swapped[index + 1] = bytes[index] ?? 0;
  }
  return swapped;
};

const narrow = (text: string, limit: number): Uint8Array =>
  Uint8Array.from(text, (character) => {
    const code = character.charCodeAt(0);
    return code < limit ? code : 0x3f;
  });

/** UTF-8 with or without the preamble that `GetPreamble()` gives. */
export const utf8 = (withPreamble: boolean): EncodingState => ({
  codePage: 65001,
  webName: 'utf-8',
  preamble: withPreamble ? Uint8Array.of(0xef, 0xbb, 0xbf) : none,
  encode: (text) => new Uint8Array(Buffer.from(text, 'utf8')),
  decode: (bytes) => Buffer.from(bytes).toString('utf8'),
});

const utf16 = (bigEndian: boolean, withPreamble: boolean): EncodingState => ({
  codePage: bigEndian ? 1201 : 1200,
  webName: bigEndian ? 'utf-16BE' : 'utf-16',
  preamble: withPreamble ? (bigEndian ? Uint8Array.of(0xfe, 0xff) : Uint8Array.of(0xff, 0xfe)) : none,
  encode: (text) => {
    const bytes = new Uint8Array(Buffer.from(text, 'utf16le'));
    return bigEndian ? swap(bytes) : bytes;
  },
  decode: (bytes) => Buffer.from(bigEndian ? swap(bytes) : bytes).toString('utf16le'),
});

const ascii: EncodingState = {
  codePage: 20127,
  webName: 'us-ascii',
  preamble: none,
  encode: (text) => narrow(text, 0x80),
  decode: (bytes) => Array.from(bytes, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : '?')).join(''),
};

const singleByte = (codePage: number, webName: string, label: string): EncodingState => {
  const decoder = new TextDecoder(label);
  const table = new Map(Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte]));
  return {
    codePage,
    webName,
    preamble: none,
    encode: (text) => Uint8Array.from(text, (character) => table.get(character) ?? 0x3f),
    decode: (bytes) => decoder.decode(bytes),
  };
};

/** CP437, the console code page of English Windows; ASCII below 0x80, the rest by its table. */
const upper437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

const oem437: EncodingState = {
  codePage: 437,
  webName: 'ibm437',
  preamble: none,
  encode: (text) =>
    Uint8Array.from(text, (character) => {
      const code = character.charCodeAt(0);
      const place = upper437.indexOf(character);
      return code < 0x80 ? code : place < 0 ? 0x3f : 0x80 + place;
    }),
  decode: (bytes) =>
    Array.from(bytes, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : upper437.charAt(byte - 0x80))).join(''),
};

/** Shift_JIS as Windows has it; encodes by the decoder's own table. */
const cp932 = (): EncodingState => {
  const decoder = new TextDecoder('shift_jis');
  let table: Map<string, readonly number[]> | undefined;
  const build = (): Map<string, readonly number[]> => {
    const built = new Map<string, readonly number[]>();
    for (let byte = 0; byte < 0x80; byte++) built.set(String.fromCharCode(byte), [byte]);
    for (let byte = 0xa1; byte <= 0xdf; byte++) built.set(decoder.decode(Uint8Array.of(byte)), [byte]);
    for (let lead = 0x81; lead <= 0xfc; lead++) {
      if (lead > 0x9f && lead < 0xe0) continue;
      for (let trail = 0x40; trail <= 0xfc; trail++) {
        const text = decoder.decode(Uint8Array.of(lead, trail));
        if (text.length === 1 && text !== '\ufffd' && !built.has(text)) built.set(text, [lead, trail]);
      }
    }
    return built;
  };
  return {
    codePage: 932,
    webName: 'shift_jis',
    preamble: none,
    encode: (text) => {
      table ??= build();
      const known = table;
      return Uint8Array.from(Array.from(text).flatMap((character) => known.get(character) ?? [0x3f]));
    },
    decode: (bytes) => decoder.decode(bytes),
  };
};

const known: Readonly<Record<string, () => EncodingState>> = {
  '65001': () => utf8(true),
  'utf-8': () => utf8(true),
  utf8: () => utf8(true),
  '1200': () => utf16(false, true),
  'utf-16': () => utf16(false, true),
  unicode: () => utf16(false, true),
  '1201': () => utf16(true, true),
  '20127': () => ascii,
  'us-ascii': () => ascii,
  ascii: () => ascii,
  '28591': () => singleByte(28591, 'iso-8859-1', 'latin1'),
  'iso-8859-1': () => singleByte(28591, 'iso-8859-1', 'latin1'),
  '1252': () => singleByte(1252, 'windows-1252', 'windows-1252'),
  'windows-1252': () => singleByte(1252, 'windows-1252', 'windows-1252'),
  '437': () => oem437,
  ibm437: () => oem437,
  '932': cp932,
  shift_jis: cp932,
  'shift-jis': cp932,
};

/** The encoding of a code page or name; undefined where the lab has none. */
export function encodingOf(name: string | number): EncodingState | undefined {
  return known[String(name).toLowerCase()]?.();
}

const methodsAndProperties: Pick<TypeDefinition<EncodingState>, 'properties' | 'methods'> = {
  properties: {
    CodePage: { get: (state) => state.codePage },
    WebName: { get: (state) => state.webName },
    BodyName: { get: (state) => state.webName },
    HeaderName: { get: (state) => state.webName },
    Preamble: { get: (state) => state.preamble, hidden: true },
  },
  methods: {
    GetBytes: (state, args, context) => {
      const text = readArguments(args, context).text(0);
      spend(text.length * 2);
      return state.encode(text);
    },
    GetByteCount: (state, args, context) => state.encode(readArguments(args, context).text(0)).length,
    GetString: (state, args, context) => {
      const given = readArguments(args, context);
      const bytes = given.bytes(0);
      return state.decode(
        given.count > 2 ? bytes.subarray(given.integer(1), given.integer(1) + given.integer(2)) : bytes,
      );
    },
    GetPreamble: (state) => state.preamble,
  },
};

const encodingBases = ['System.Text.Encoding'];

/** System.Text.UTF8Encoding. */
export const utf8EncodingType: TypeDefinition<EncodingState> = defineType<EncodingState>({
  name: 'System.Text.UTF8Encoding',
  bases: encodingBases,
  ...methodsAndProperties,
  construct: (context, args) => newObject(utf8EncodingType, utf8(args.length > 0 && context.isTrue(args[0]))),
});

/** System.Text.UnicodeEncoding. */
export const unicodeEncodingType: TypeDefinition<EncodingState> = defineType<EncodingState>({
  name: 'System.Text.UnicodeEncoding',
  bases: encodingBases,
  ...methodsAndProperties,
  construct: (context, args) =>
    newObject(
      unicodeEncodingType,
      utf16(args.length > 0 && context.isTrue(args[0]), args.length < 2 || context.isTrue(args[1])),
    ),
});

/** System.Text.ASCIIEncoding. */
export const asciiEncodingType: TypeDefinition<EncodingState> = defineType<EncodingState>({
  name: 'System.Text.ASCIIEncoding',
  bases: encodingBases,
  ...methodsAndProperties,
  construct: () => newObject(asciiEncodingType, ascii),
});

const codePageEncodingType: TypeDefinition<EncodingState> = defineType<EncodingState>({
  name: 'System.Text.SBCSCodePageEncoding',
  bases: encodingBases,
  ...methodsAndProperties,
});

const encodingObject = (state: EncodingState): Value => {
  if (state.codePage === 65001) return newObject(utf8EncodingType, state);
  if (state.codePage === 1200 || state.codePage === 1201) return newObject(unicodeEncodingType, state);
  return newObject(state.codePage === 20127 ? asciiEncodingType : codePageEncodingType, state);
};

/** System.Text.Encoding: the statics. */
export const encodingType = defineType<EncodingState>({
  name: 'System.Text.Encoding',
  aliases: ['Text.Encoding'],
  statics: {
    properties: {
      UTF8: { get: () => encodingObject(utf8(true)) },
      Unicode: { get: () => encodingObject(utf16(false, true)) },
      BigEndianUnicode: { get: () => encodingObject(utf16(true, true)) },
      ASCII: { get: () => encodingObject(ascii) },
      Default: { get: () => encodingObject(singleByte(1252, 'windows-1252', 'windows-1252')) },
    },
    methods: {
      GetEncoding: (args, context) => {
        const name = readArguments(args, context).text(0);
        const state = encodingOf(name);
        if (!state) return context.unsupported(`[Text.Encoding]::GetEncoding(${name})`);
        return encodingObject(state);
      },
      Convert: outsideMember('[Text.Encoding]::Convert'),
    },
  },
});

/** All encoding types. */
export const encodingTypes = [
  encodingType,
  utf8EncodingType,
  unicodeEncodingType,
  asciiEncodingType,
  codePageEncodingType,
];
