/**
 * CLIXML values as the language sees them once they arrived (MS-PSRP 2.2.5). What has no living form becomes a property bag whose type
 * names begin with `Deserialized.`; enums arrive as their numbers and script blocks as their texts, as in PowerShell.
 */
import { SecureText } from '../../remote/protocol/clixml/secure-text.ts';
import {
  isMemberSet,
  isPsObject,
  type PsBase,
  type PsDateTime,
  type PsObject,
  type PsPrimitive,
  type PsValue,
  psProperty,
} from '../../remote/protocol/clixml/values.ts';
import { Hashtable } from './hashtable.ts';
import type { CallContext } from './host.ts';
import {
  char,
  dateTime,
  decimal,
  double,
  int64,
  integer,
  list,
  switchValue,
  timeSpan,
  typedArray,
  unixEpochTicks,
} from './make.ts';
import { registryOf } from './registry-of.ts';
import type { CustomObject, Members, Value } from './value.ts';

/** What the adapter needs from the one who has the type. */
export type FromClixmlOptions = {
  /** Makes a System.Security.SecureString. */
  readonly secureString: (text: SecureText) => Value;
  /** What arrays become: arrays of their element type (default), or ArrayLists as in PowerShell's own deserialiser. */
  readonly arrays?: 'array' | 'arrayList';
};

type Walk = FromClixmlOptions & { readonly context: CallContext; readonly seen: Map<PsObject, Value> };

const prefix = 'Deserialized.';
const customType = 'System.Management.Automation.PSCustomObject';
const credentialType = 'System.Management.Automation.PSCredential';
const numberTypes = { byte: 'Byte', sbyte: 'SByte', int16: 'Int16', uint16: 'UInt16', uint32: 'UInt32' } as const;

/**
 * A value that came over the wire.
 * @throws PowerShellError for texts that are none of their type (a version, a GUID, XML)
 */
export const fromClixml = (value: PsValue, context: CallContext, options: FromClixmlOptions): Value =>
  read(value, { ...options, context, seen: new Map() });

const read = (value: PsValue, walk: Walk): Value => {
  if (!isPsObject(value)) return readPrimitive(value, walk);
  const known = walk.seen.get(value);
  return known === undefined ? readObject(value, walk) : known;
};

const readDecimal = (text: string): Value => {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  return decimal(BigInt(`${sign}${whole}${fraction}`), fraction.length);
};

/** A time with an offset is a local one here: the same instant on this machine's clock. */
const readDateTime = ({ ticks, zone }: PsDateTime, context: CallContext): Value => {
  if (zone === 'utc') return dateTime(ticks, 'Utc');
  if (zone === 'unspecified') return dateTime(ticks, 'Unspecified');
  const utc = ticks - BigInt(zone) * 600_000_000n;
  const offset = context.hooks.utcOffsetMinutes(Number((utc - unixEpochTicks) / 10_000n));
  return dateTime(utc + BigInt(offset) * 600_000_000n, 'Local');
};

const readPrimitive = (value: PsPrimitive, walk: Walk): Value => {
  if (value === null || typeof value === 'boolean' || typeof value === 'string' || typeof value === 'number')
    return value;
  if (typeof value === 'bigint') return int64(value);
  if (value instanceof Uint8Array) return value;
  if (value instanceof SecureText) return walk.secureString(value);
  switch (value.kind) {
    case 'byte':
    case 'sbyte':
    case 'int16':
    case 'uint16':
    case 'uint32':
      return integer(numberTypes[value.kind], value.value);
    case 'uint64':
      return integer('UInt64', value.value);
    case 'double':
      return double(value.value);
    case 'single':
      return { kind: 'float', type: 'Single', value: value.value };
    case 'char':
      return char(value.code);
    case 'decimal':
      return readDecimal(value.text);
    case 'guid':
    case 'version':
    case 'uri':
    case 'xml':
      return walk.context.convert(value.text, value.kind);
    case 'scriptBlock':
      return value.text;
    case 'dateTime':
      return readDateTime(value, walk.context);
    case 'timeSpan':
      return timeSpan(value.ticks);
    // A secret whose key never came can't be read.
    case 'secureString':
      return null;
    case 'progress': {
      const { kind: _kind, ...fields } = value;
      return bag(Object.entries(fields), ['System.Management.Automation.ProgressRecord', 'System.Object']);
    }
  }
};

const bag = (properties: Iterable<readonly [string, Value]>, typeNames: readonly string[]): CustomObject => {
  const members: Members = new Map();
  for (const [name, value] of properties) members.set(name.toLowerCase(), { kind: 'note', name, value });
  return {
    kind: 'custom',
    typeNames: typeNames.map((name) => (name.startsWith(prefix) ? name : prefix + name)),
    members,
  };
};

/** The element type that the type name of an array tells; undefined if it is no array. */
const elementOf = (value: PsObject): string | undefined => {
  const name = value.typeNames[0]?.replace(new RegExp(`^${prefix.replace('.', '\\.')}`), '') ?? 'System.Object[]';
  return /^(.+)\[\]$/.exec(name)?.[1];
};

const readItems = (value: PsObject, base: Extract<PsBase, { items: PsValue[] }>, walk: Walk): Value => {
  const items: Value[] = [];
  const element = base.kind === 'list' && walk.arrays !== 'arrayList' ? elementOf(value) : undefined;
  const type =
    base.kind === 'stack' ? 'System.Collections.Stack' : base.kind === 'queue' ? 'System.Collections.Queue' : undefined;
  // Arrays of other than plain types hold deserialised objects, so they are arrays of objects.
  const isPlain = element !== undefined && /^System\.\w+$/.test(element) && element !== 'System.Byte';
  const made: Value = element === undefined ? list(items, type) : isPlain ? typedArray(element, items) : items;
  walk.seen.set(value, made);
  for (const item of base.items) items.push(read(item, walk));
  return made;
};

const readCredential = (value: PsObject, walk: Walk): Value => {
  const type = registryOf(walk.context).types.get(credentialType.toLowerCase());
  const made = type?.construct?.(walk.context, [
    read(psProperty(value, 'UserName') ?? null, walk),
    read(psProperty(value, 'Password') ?? null, walk),
  ]);
  return made !== null && typeof made === 'object' && 'next' in made ? undefined : made;
};

const readObject = (value: PsObject, walk: Walk): Value => {
  const { base } = value;
  if (base?.kind === 'primitive') return readPrimitive(base.value, walk);
  if (base?.kind === 'object') return read(base.value, walk);
  if (base?.kind === 'dictionary') {
    // As PowerShell's own deserialiser: names that differ by case alone make a table that looks at case.
    const texts = base.entries.flatMap(([key]) => (typeof key === 'string' ? [key.toLowerCase()] : []));
    const table = new Hashtable(undefined, { ignoreCase: new Set(texts).size === texts.length });
    walk.seen.set(value, table);
    for (const [key, entry] of base.entries) table.set(read(key, walk), read(entry, walk));
    return table;
  }
  if (base !== null && base.kind !== 'memberSet') return readItems(value, base, walk);
  if (value.typeNames.some((name) => name.endsWith('System.Management.Automation.SwitchParameter')))
    return switchValue(psProperty(value, 'IsPresent') === true);
  if (value.typeNames.includes(credentialType)) {
    const credential = readCredential(value, walk);
    if (credential !== undefined) return credential;
  }
  const made = bag([], value.typeNames.length > 0 ? value.typeNames : [customType, 'System.Object']);
  walk.seen.set(value, made);
  // Extended members come first, and stand before adapted ones of the same name.
  for (const properties of [value.extended, value.adapted])
    for (const [name, inner] of properties)
      if (!isMemberSet(inner) && !made.members.has(name.toLowerCase()))
        made.members.set(name.toLowerCase(), { kind: 'note', name, value: read(inner, walk) });
  if (value.text !== null) made.text = value.text;
  return made;
};
