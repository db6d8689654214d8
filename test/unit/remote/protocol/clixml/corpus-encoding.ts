/**
 * The corpus's type-faithful encoding of values, made from CLIXML values: as the live value was (`encodeLive`), and as PowerShell's own
 * deserializer gives it (`encodeDeserialized`).
 */
import { formatClock } from '../../../../../src/remote/protocol/clixml/date-time.ts';
import { formatFloat } from '../../../../../src/remote/protocol/clixml/number-text.ts';
import {
  isPsTagged,
  type PsObject,
  type PsPrimitive,
  type PsProgress,
  type PsValue,
  psProperty,
} from '../../../../../src/remote/protocol/clixml/values.ts';
import { errorCategories } from '../../../../../src/remote/protocol/psrp/codes.ts';

type Encoded = Record<string, unknown>;
type Encode = (value: PsValue, depth: number) => Encoded;

/** Depth at which the recorder's encoder cut. */
const limit = 15;
const custom = 'System.Management.Automation.PSCustomObject';

const textTypes = {
  decimal: 'System.Decimal',
  guid: 'System.Guid',
  version: 'System.Version',
  uri: 'System.Uri',
  xml: 'System.Xml.XmlDocument',
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

function encodePrimitive(value: PsPrimitive): Encoded {
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
    case 'secureString':
    case 'secureText':
      return { t: 'System.Security.SecureString' };
    case 'decimal':
    case 'guid':
    case 'version':
    case 'uri':
    case 'xml':
    case 'scriptBlock':
      return { t: textTypes[value.kind], v: value.text };
  }
}

const members = (properties: ReadonlyMap<string, PsValue>, encode: Encode, depth: number): unknown[] =>
  Array.from(properties, ([name, value]) => [name, encode(value, depth + 1)]);

function pairs(object: PsObject, encode: Encode, depth: number): unknown[] {
  if (object.base?.kind !== 'dictionary') return [];
  return object.base.entries.map(([key, value]) => [encode(key, depth + 1), encode(value, depth + 1)]);
}

const withExtra = (encoded: Encoded, object: PsObject, encode: Encode, depth: number): Encoded =>
  object.extended.size === 0 ? encoded : { ...encoded, extra: members(object.extended, encode, depth) };

const typeOf = (object: PsObject): string => object.typeNames[0] ?? '';

/** Type of the value itself, without what `PSTypeNames` was given in front. */
const isCustom = (object: PsObject): boolean => object.typeNames.includes(custom);

/** Encodes the live value that the CLIXML was made from. */
export function encodeLive(value: PsValue, depth = 0): Encoded {
  const encoded = live(value, depth);
  return depth >= limit ? { t: encoded['t'], cut: true } : encoded;
}

function live(value: PsValue, depth: number): Encoded {
  if (depth > limit) return {};
  if (!isPsTagged(value) || value.kind !== 'object') return encodePrimitive(value);
  const { base } = value;
  const t = typeOf(value);
  if (value.typeNames.includes('System.Enum') && base?.kind === 'primitive')
    return { t, enum: true, v: value.text, n: `${Number(base.value)}` };
  if (base?.kind === 'primitive') return withExtra(encodePrimitive(base.value), value, encodeLive, depth);
  if (base?.kind === 'dictionary')
    return {
      t,
      ...(t === 'System.Collections.Hashtable' ? { sorted: true } : {}),
      pairs: pairs(value, encodeLive, depth),
    };
  if (/\[,+\]$/.test(t) && base !== null && 'items' in base)
    return { t, rank: t.split(',').length, s: base.items.map(Number).join(' ') };
  if (base !== null && 'items' in base) return { t, items: base.items.map((item) => encodeLive(item, depth + 1)) };
  if (isCustom(value)) {
    const plain = value.typeNames.join() === `${custom},System.Object`;
    return {
      t: custom,
      props: members(value.extended, encodeLive, depth),
      ...(plain ? {} : { typeNames: value.typeNames }),
    };
  }
  return record(value, depth);
}

function record(value: PsObject, depth: number): Encoded {
  const t = typeOf(value);
  if (t === 'System.Management.Automation.ErrorRecord') {
    const exception = psProperty(value, 'Exception') ?? null;
    const category = errorCategories[Number(psProperty(value, 'ErrorCategory_Category'))];
    const type = typeOf(exception as PsObject);
    const head = {
      t,
      fqid: psProperty(value, 'FullyQualifiedErrorId'),
      category,
      message: psProperty(exception, 'Message'),
      type,
    };
    // PSMessageDetails is a script property of every error record, not one of its notes.
    const notes = new Map([...value.extended].filter(([name]) => name !== 'PSMessageDetails'));
    return { ...head, extra: members(notes, encodeLive, depth) };
  }
  if (value.typeNames.includes('System.Exception')) return { t, message: psProperty(value, 'Message') };
  const message = psProperty(value, 'InformationalRecord_Message');
  if (message !== undefined) return withExtra({ t, message }, value, encodeLive, depth);
  if (t === 'System.Management.Automation.SemanticVersion') return { t, v: value.text };
  return { t, s: value.text };
}

/** Encodes what PowerShell's deserializer makes of the CLIXML. */
export function encodeDeserialized(value: PsValue, depth = 0): Encoded {
  const encoded = deserialized(value, depth);
  return depth >= limit ? { t: encoded['t'], cut: true } : encoded;
}

function deserialized(value: PsValue, depth: number): Encoded {
  if (depth > limit) return {};
  if (!isPsTagged(value) || value.kind !== 'object') return encodePrimitive(value);
  const { base } = value;
  if (base?.kind === 'primitive') return withExtra(encodePrimitive(base.value), value, encodeDeserialized, depth);
  if (base?.kind === 'dictionary') {
    const ordered = typeOf(value) === 'System.Collections.Specialized.OrderedDictionary';
    const t = ordered ? typeOf(value) : 'System.Collections.Hashtable';
    return { t, ...(ordered ? {} : { sorted: true }), pairs: pairs(value, encodeDeserialized, depth) };
  }
  if (base !== null && 'items' in base) {
    const items = base.items.map((item) => encodeDeserialized(item, depth + 1));
    if (base.kind === 'enumerable')
      return {
        t: 'System.Management.Automation.PSObject',
        items,
        typeNames: ['System.Collections.ArrayList', 'System.Object'],
      };
    return { t: `System.Collections.${{ list: 'ArrayList', stack: 'Stack', queue: 'Queue' }[base.kind]}`, items };
  }
  const props = [
    ...members(value.adapted, encodeDeserialized, depth),
    ...members(value.extended, encodeDeserialized, depth),
  ];
  const typeNames = value.typeNames.map((name) => (name.startsWith('Deserialized.') ? name : `Deserialized.${name}`));
  return { t: custom, props, typeNames, toString: value.text ?? '' };
}
