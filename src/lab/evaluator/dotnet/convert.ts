import { defineType, NetError, netError, PowerShellError } from '../define.ts';
import type { CallContext } from '../host.ts';
import { spend } from '../limit.ts';
import { integer, typedArray } from '../make.ts';
import type { StaticMethod } from '../type-definition.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';
import { readArguments } from './arguments.ts';

const ranges = {
  Byte: [8, false],
  SByte: [8, true],
  Int16: [16, true],
  UInt16: [16, false],
  Int32: [32, true],
  UInt32: [32, false],
  Int64: [64, true],
  UInt64: [64, false],
} as const;

/** Reads digits in base 2, 8 or 16; signed types take the two's complement, as .NET does. */
function parseInBase(text: string, base: number, type: keyof typeof ranges): Value {
  const digits = base === 16 ? text.replace(/^0x/i, '') : text;
  const allowed = base === 2 ? /^[01]+$/ : base === 8 ? /^[0-7]+$/ : /^[0-9a-f]+$/i;
  if (digits === '')
    throw netError(
      'System.ArgumentOutOfRangeException',
      "Index was out of range. Must be non-negative and less than the size of the collection. (Parameter 'startIndex')",
    );
  if (!allowed.test(digits)) throw netError('System.FormatException', 'Could not find any recognizable digits.');
  const [bits, signed] = ranges[type];
  const prefix = base === 16 ? '0x' : base === 8 ? '0o' : '0b';
  const value = BigInt(prefix + digits);
  if (value >= 1n << BigInt(bits))
    throw netError(
      'System.OverflowException',
      `Value was either too large or too small for ${bits === 32 && signed ? 'an Int32' : `a ${type}`}.`,
    );
  const result = signed ? BigInt.asIntN(bits, value) : value;
  return type === 'Int32' ? Number(result) : integer(type, result);
}

/** A conversion whose failure is the method's own exception. */
const fromAny = (value: Value, type: string, context: CallContext): Value => {
  try {
    return context.convert(value, type);
  } catch (error) {
    if (!(error instanceof PowerShellError)) throw error;
    const { exception } = error.record;
    throw new NetError(exception.inner?.inner ?? exception.inner ?? exception);
  }
};

const toInteger =
  (type: keyof typeof ranges, psType: string): StaticMethod =>
  (args, context) => {
    const given = readArguments(args, context);
    if (args.length > 1 && typeof args[0] === 'string') {
      const base = given.integer(1);
      if (base === 10) return fromAny(args[0], psType, context);
      if (base !== 2 && base !== 8 && base !== 16) throw netError('System.ArgumentException', 'Invalid Base.');
      return parseInBase(args[0], base, type);
    }
    return fromAny(args[0] ?? 0, psType, context);
  };

const toText: StaticMethod = (args, context) => {
  const given = readArguments(args, context);
  const base = args.length > 1 && typeof args[1] === 'number' ? args[1] : 10;
  if (base === 10) return given.count === 0 ? '' : given.text(0);
  const value = args[0];
  const bits =
    typeof value === 'number'
      ? 32
      : typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'integer'
        ? value.type === 'BigInteger'
          ? 64
          : ranges[value.type][0]
        : 32;
  const whole =
    typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'integer'
      ? value.value
      : BigInt(given.integer(0));
  return BigInt.asUintN(bits, whole).toString(base);
};

const hexPairs = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex').toUpperCase();

function fromBase64(text: string): Uint8Array {
  const clean = text.replace(/[\s]/g, '');
  if (clean.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(clean)) {
    throw netError(
      'System.FormatException',
      'The input is not a valid Base-64 string as it contains a non-base 64 character, more than two padding characters, or an illegal character among the padding characters.',
    );
  }
  return new Uint8Array(Buffer.from(clean, 'base64'));
}

const base64Text = (args: Value[], context: CallContext): Value => {
  const given = readArguments(args, context);
  const bytes = Buffer.from(given.bytes(0));
  spend(bytes.length * 1.25);
  if (args.length >= 3) return bytes.subarray(given.integer(1), given.integer(1) + given.integer(2)).toString('base64');
  return bytes.toString('base64');
};

/** System.Convert. */
export const convertType = defineType({
  name: 'System.Convert',
  aliases: ['Convert'],
  statics: {
    methods: {
      ChangeType: ([value, type], context) =>
        isBoxed(type) && type.kind === 'type'
          ? context.convert(value, type.name)
          : context.unsupported('Convert.ChangeType() to a type code'),
      ToByte: toInteger('Byte', 'byte'),
      ToSByte: toInteger('SByte', 'sbyte'),
      ToInt16: toInteger('Int16', 'int16'),
      ToUInt16: toInteger('UInt16', 'uint16'),
      ToInt32: toInteger('Int32', 'int'),
      ToUInt32: toInteger('UInt32', 'uint32'),
      ToInt64: toInteger('Int64', 'long'),
      ToUInt64: toInteger('UInt64', 'uint64'),
      ToDouble: (args, context) => context.convert(args[0], 'double'),
      ToSingle: (args, context) => context.convert(args[0], 'single'),
      ToDecimal: (args, context) => context.convert(args[0], 'decimal'),
      ToDateTime: (args, context) => context.convert(args[0], 'datetime'),
      ToChar: (args, context) => context.convert(args[0], 'char'),
      ToBoolean: (args, context) => {
        const value = args[0];
        if (typeof value !== 'string') return context.isTrue(value);
        if (/^\s*true\s*$/i.test(value)) return true;
        if (/^\s*false\s*$/i.test(value)) return false;
        throw netError('System.FormatException', `String '${value}' was not recognized as a valid Boolean.`);
      },
      ToString: toText,
      ToBase64String: base64Text,
      FromBase64String: (args, context) => fromBase64(readArguments(args, context).text(0)),
      ToHexString: (args, context) => hexPairs(readArguments(args, context).bytes(0)),
    },
  },
});

/** System.BitConverter on a little-endian machine. */
export const bitConverterType = defineType({
  name: 'System.BitConverter',
  aliases: ['BitConverter'],
  statics: {
    properties: { IsLittleEndian: { get: () => true } },
    methods: {
      ToString: (args, context) => {
        const given = readArguments(args, context);
        const from = args.length > 1 ? given.integer(1) : 0;
        const bytes = given.bytes(0).subarray(from, args.length > 2 ? from + given.integer(2) : undefined);
        return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join('-');
      },
      GetBytes: (args) => bytesOf(args[0]),
      ToInt32: (args, context) => view(args, context, 4).getInt32(0, true),
      ToInt16: (args, context) => integer('Int16', view(args, context, 2).getInt16(0, true)),
      ToUInt16: (args, context) => integer('UInt16', view(args, context, 2).getUint16(0, true)),
      ToUInt32: (args, context) => integer('UInt32', view(args, context, 4).getUint32(0, true)),
      ToInt64: (args, context) => integer('Int64', view(args, context, 8).getBigInt64(0, true)),
      ToUInt64: (args, context) => integer('UInt64', view(args, context, 8).getBigUint64(0, true)),
    },
  },
});

function view(args: Value[], context: CallContext, size: number): DataView {
  const given = readArguments(args, context);
  const bytes = given.bytes(0);
  const from = given.integer(1);
  if (from < 0 || from + size > bytes.length)
    throw netError(
      'System.ArgumentException',
      'Destination array is not long enough to copy all the items in the collection. Check array index and length.',
    );
  return new DataView(bytes.buffer, bytes.byteOffset + from, size);
}

function bytesOf(value: Value): Value {
  const buffer = new DataView(new ArrayBuffer(8));
  const cut = (size: number): Uint8Array => new Uint8Array(buffer.buffer.slice(0, size));
  if (typeof value === 'number') {
    buffer.setInt32(0, value, true);
    return cut(4);
  }
  if (typeof value === 'boolean') return Uint8Array.of(value ? 1 : 0);
  if (typeof value === 'object' && value !== null && 'kind' in value) {
    if (value.kind === 'integer' && value.type !== 'BigInteger') {
      buffer.setBigUint64(0, BigInt.asUintN(64, value.value), true);
      return cut(ranges[value.type][0] / 8);
    }
    if (value.kind === 'float') {
      buffer.setFloat64(0, value.value, true);
      return cut(8);
    }
    if (value.kind === 'char') {
      buffer.setUint16(0, value.code, true);
      return cut(2);
    }
  }
  return typedArray('System.Byte', []);
}
