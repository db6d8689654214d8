import { formatClock } from '../../../src/remote/protocol/clixml/date-time.ts';
import { formatFloat } from '../../../src/remote/protocol/clixml/number-text.ts';
import {
  isMemberSet,
  isPsTagged,
  type PsObject,
  type PsPrimitive,
  type PsProgress,
  type PsValue,
} from '../../../src/remote/protocol/clixml/values.ts';

/** A value in the type-faithful form of the recordings. */
export type Encoded = Record<string, unknown>;
/** Encodes a value at a depth. */
export type Encode = (value: PsValue, depth: number) => Encoded;

/** Type of a custom object. */
export const customObject = 'System.Management.Automation.PSCustomObject';
/** Depth at which the recorder's encoder cut. */
const limit = 15;

const textTypes = {
  decimal: 'System.Decimal',
  guid: 'System.Guid',
  version: 'System.Version',
  uri: 'System.Uri',
  scriptBlock: 'System.Management.Automation.ScriptBlock',
} as const;
const numberTypes = {
  byte: 'System.Byte',
  sbyte: 'System.SByte',
  int16: 'System.Int16',
  uint16: 'System.UInt16',
  uint32: 'System.UInt32',
} as const;

function timeSpanText(ticks: bigint): string {
  const size = ticks < 0n ? -ticks : ticks;
  const seconds = size / 10_000_000n;
  const pad = (value: bigint, length = 2): string => String(value).padStart(length, '0');
  const clock = `${pad((seconds / 3600n) % 24n)}:${pad((seconds / 60n) % 60n)}:${pad(seconds % 60n)}`;
  const days = seconds / 86_400n;
  const rest = size % 10_000_000n;
  return `${ticks < 0n ? '-' : ''}${days ? `${days}.` : ''}${clock}${rest ? `.${pad(rest, 7)}` : ''}`;
}

function encodeProgress(value: PsProgress): Encoded {
  const s = [
    `parent = ${value.parentActivityId} id = ${value.activityId} act = ${value.activity}`,
    `stat = ${value.statusDescription} cur = ${value.currentOperation ?? ''}`,
    `pct = ${value.percentComplete} sec = ${value.secondsRemaining} type = ${value.type}`,
  ].join(' ');
  return { t: 'System.Management.Automation.ProgressRecord', s };
}

/** Encodes a primitive, as it is and as it is read back. */
export function encodePrimitive(value: PsPrimitive): Encoded {
  if (value === null) return { t: 'null' };
  if (typeof value === 'string') return { t: 'System.String', v: value };
  if (typeof value === 'boolean') return { t: 'System.Boolean', v: value };
  if (typeof value === 'number') return { t: 'System.Int32', v: value };
  if (typeof value === 'bigint') return { t: 'System.Int64', v: String(value) };
  if (!isPsTagged(value)) return { t: 'System.Byte[]', base64: Buffer.from(value).toString('base64') };
  switch (value.kind) {
    case 'byte':
    case 'sbyte':
    case 'int16':
    case 'uint16':
    case 'uint32':
      return { t: numberTypes[value.kind], v: value.value };
    case 'single':
    case 'double': {
      const v = formatFloat(value.value, value.kind).replace('INF', 'Infinity');
      return { t: value.kind === 'single' ? 'System.Single' : 'System.Double', v };
    }
    case 'uint64':
      return { t: 'System.UInt64', v: String(value.value) };
    case 'char':
      return { t: 'System.Char', v: String.fromCharCode(value.code), code: value.code };
    case 'dateTime': {
      const kind = typeof value.zone === 'number' ? 'Local' : value.zone === 'utc' ? 'Utc' : 'Unspecified';
      return { t: 'System.DateTime', v: formatClock(value.ticks, 7), kind };
    }
    case 'timeSpan':
      return { t: 'System.TimeSpan', v: timeSpanText(value.ticks) };
    case 'progress':
      return encodeProgress(value);
    case 'xml':
      return { t: 'System.Xml.XmlDocument', xml: value.text };
    case 'secureString':
    case 'secureText':
      return { t: 'System.Security.SecureString' };
    case 'decimal':
    case 'guid':
    case 'version':
    case 'uri':
    case 'scriptBlock':
      return { t: textTypes[value.kind], v: value.text };
  }
}

/** The properties of a bag. */
export const encodeMembers = (properties: Iterable<[string, PsValue]>, encode: Encode, depth: number): unknown[] =>
  Array.from(properties)
    .filter(([, value]) => !isMemberSet(value))
    .map(([name, value]) => [name, encode(value, depth + 1)]);

/** The pairs of a dictionary. */
export function encodePairs(object: PsObject, encode: Encode, depth: number): unknown[] {
  if (object.base?.kind !== 'dictionary') return [];
  return object.base.entries.map(([key, value]) => [encode(key, depth + 1), encode(value, depth + 1)]);
}

/** Adds the notes of an object that is something else too. */
export const withExtra = (encoded: Encoded, object: PsObject, encode: Encode, depth: number): Encoded =>
  object.extended.size === 0 ? encoded : { ...encoded, extra: encodeMembers(object.extended, encode, depth) };

/** The most special type name. */
export const typeOf = (object: PsObject): string => object.typeNames[0] ?? '';

/** Cuts an encoding where the recorder's encoder did. */
export function cutAt(encode: Encode): Encode {
  return (value, depth) => {
    if (depth > limit) return {};
    const encoded = encode(value, depth);
    return depth === limit && value !== null ? { t: encoded['t'], cut: true } : encoded;
  };
}
