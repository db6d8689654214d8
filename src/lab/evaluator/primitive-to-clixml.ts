import { SecureText } from '../../remote/protocol/clixml/secure-text.ts';
import {
  type PsPrimitive,
  psChar,
  psDateTime,
  psDouble,
  psNumber,
  psText,
  psTimeSpan,
  psUInt64,
} from '../../remote/protocol/clixml/values.ts';
import { decimalText } from './conversion/number-text.ts';
import type { CallContext } from './host.ts';
import { unixEpochTicks } from './make.ts';
import type { Boxed, DateTime, EnumValue, Instance, Value } from './value.ts';

const numberKinds = { Byte: 'byte', SByte: 'sbyte', Int16: 'int16', UInt16: 'uint16', UInt32: 'uint32' } as const;
const textKinds = { 'System.Guid': 'guid', 'System.Version': 'version', 'System.Uri': 'uri' } as const;

/** Ticks of a local time against those of UTC, in minutes. */
const offsetAt = (value: DateTime, context: CallContext): number => {
  const localMs = Number((value.ticks - unixEpochTicks) / 10_000n);
  const guess = context.hooks.utcOffsetMinutes(localMs);
  return context.hooks.utcOffsetMinutes(localMs - guess * 60_000);
};

/** A date and time; a local one with its offset from UTC. */
export const writeDateTime = (value: DateTime, context: CallContext): PsPrimitive => {
  if (value.zone === 'Local') return psDateTime(value.ticks, offsetAt(value, context));
  return psDateTime(value.ticks, value.zone === 'Utc' ? 'utc' : 'unspecified');
};

/** The clear text that a SecureString holds, wherever its type keeps it. */
const secretOf = ({ state }: Instance): SecureText | undefined => {
  if (state instanceof SecureText) return state;
  return typeof state === 'object' && state !== null && 'text' in state && state.text instanceof SecureText
    ? state.text
    : undefined;
};

/** The element without members that stands for a value; undefined if it is no primitive. */
export const primitiveOf = (value: Value[] | Uint8Array | Boxed, context: CallContext): PsPrimitive | undefined => {
  if (value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return undefined;
  switch (value.kind) {
    case 'integer':
      if (value.type === 'Int64') return value.value;
      if (value.type === 'UInt64') return psUInt64(value.value);
      // As an object, with its text and properties.
      if (value.type === 'BigInteger') return undefined;
      return psNumber(numberKinds[value.type], Number(value.value));
    case 'float':
      return value.type === 'Double' ? psDouble(value.value) : psNumber('single', value.value);
    case 'decimal':
      return psText('decimal', decimalText(value));
    case 'char':
      return psChar(value.code);
    case 'datetime':
      return writeDateTime(value, context);
    case 'timespan':
      return psTimeSpan(value.ticks);
    case 'scriptblock':
      return psText('scriptBlock', value.text);
    case 'instance': {
      const { name } = value.type;
      if (name === 'System.Security.SecureString') return secretOf(value);
      if (name === 'System.Xml.XmlDocument') return psText('xml', context.text(context.property(value, 'OuterXml')));
      if (name in textKinds) return psText(textKinds[name as keyof typeof textKinds], context.text(value));
      return undefined;
    }
    default:
      return undefined;
  }
};

/** The number of an enum value in its underlying type. */
export const enumNumber = (value: EnumValue): PsPrimitive => {
  if (value.type.underlying === 'Int64') return BigInt(value.value);
  if (value.type.underlying === 'Byte') return psNumber('byte', value.value);
  return value.type.underlying === 'UInt32' ? psNumber('uint32', value.value >>> 0) : value.value;
};
