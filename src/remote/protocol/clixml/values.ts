/**
 * The values that CLIXML can carry (MS-PSRP 2.2.5), as readonly-by-habit data.
 *
 * The everyday types are plain JavaScript: null, boolean, string, `number` (always an Int32), `bigint` (always an Int64) and `Uint8Array`
 * (byte[]). Every other type is a small tagged record, branded with a symbol so that data read from JSON or YAML can never pass for one.
 */
import { Properties } from './properties.ts';
import type { SecureText } from './secure-text.ts';

/** Marks the tagged records of this model; only the constructors of this file set it. */
export const psBrand: unique symbol = Symbol('psValue');

type Tagged<Kind extends string, Fields> = { readonly [psBrand]: true; readonly kind: Kind } & Fields;

/** Kinds of integers and floats that JavaScript's number holds exactly but which are not Int32. */
export type PsNumberKind = 'byte' | 'sbyte' | 'int16' | 'uint16' | 'uint32' | 'single' | 'double';
/** Kinds of primitives that are kept as their text. `guid` in lower case with hyphens, `decimal` in plain notation with its scale. */
export type PsTextKind = 'decimal' | 'guid' | 'version' | 'uri' | 'xml' | 'scriptBlock';

/** A number of a type other than Int32 and Int64. */
export type PsNumber = { [K in PsNumberKind]: Tagged<K, { readonly value: number }> }[PsNumberKind];
/** A primitive kept as text. */
export type PsText = { [K in PsTextKind]: Tagged<K, { readonly text: string }> }[PsTextKind];
/** System.Char: one UTF-16 code unit. */
export type PsChar = Tagged<'char', { readonly code: number }>;
/** System.UInt64. */
export type PsUInt64 = Tagged<'uint64', { readonly value: bigint }>;
/** System.DateTime: `ticks` of 100 ns since 0001-01-01T00:00; `zone` is `utc`, `unspecified`, or the offset of a local time in minutes. */
export type PsDateTime = Tagged<'dateTime', { readonly ticks: bigint; readonly zone: 'utc' | 'unspecified' | number }>;
/** System.TimeSpan: `ticks` of 100 ns. */
export type PsTimeSpan = Tagged<'timeSpan', { readonly ticks: bigint }>;
/** System.Security.SecureString as it is on the wire: base64 of the encrypted text. */
export type PsSecureString = Tagged<'secureString', { readonly encrypted: string }>;
/** System.Management.Automation.ProgressRecord in its own element (MS-PSRP 2.2.5.1.25). */
export type PsProgress = Tagged<
  'progress',
  {
    readonly activity: string;
    readonly activityId: number;
    readonly currentOperation: string | null;
    readonly parentActivityId: number;
    readonly percentComplete: number;
    readonly type: string;
    readonly secondsRemaining: number;
    readonly statusDescription: string;
  }
>;

/** A value that is written as one element without members. */
export type PsPrimitive =
  | null
  | boolean
  | string
  | number
  | bigint
  | Uint8Array
  | PsNumber
  | PsText
  | PsChar
  | PsUInt64
  | PsDateTime
  | PsTimeSpan
  | PsSecureString
  | PsProgress
  | SecureText;

/**
 * What an object holds besides its properties: a primitive with notes, another object, a sequence (stacks: top first), or a dictionary. A
 * member set is no object of PowerShell's but a group of members of one, and stands only among an object's extended properties.
 */
export type PsBase =
  | { readonly kind: 'memberSet' }
  | { readonly kind: 'primitive'; readonly value: PsPrimitive }
  | { readonly kind: 'object'; readonly value: PsObject }
  | { readonly kind: 'list' | 'enumerable' | 'stack' | 'queue'; readonly items: PsValue[] }
  | { readonly kind: 'dictionary'; readonly entries: [PsValue, PsValue][] };

/**
 * An object (MS-PSRP 2.2.5.2). Objects are compared by identity: one that occurs twice is written once and then referred to, and may
 * contain itself. It is therefore the only value that is filled after it was made.
 */
export type PsObject = Tagged<
  'object',
  {
    /** Type names, most special first; empty if none were sent. */
    typeNames: readonly string[];
    /** What ToString gave on the other side. */
    text: string | null;
    base: PsBase | null;
    /** Properties of the .NET type itself (`Props`). */
    adapted: Properties;
    /** Note properties and the like (`MS`). */
    extended: Properties;
  }
>;

/** Any CLIXML value. */
export type PsValue = PsPrimitive | PsObject;

const make = <Kind extends string, Fields extends object>(kind: Kind, fields: Fields): Tagged<Kind, Fields> => ({
  [psBrand]: true,
  kind,
  ...fields,
});

/** Makes a byte, sbyte, int16, uint16, uint32, single or double; a single is rounded to its precision. */
export function psNumber(kind: PsNumberKind, value: number): PsNumber {
  return { [psBrand]: true, kind, value: kind === 'single' ? Math.fround(value) : value };
}
/** Makes a System.Double. */
export const psDouble = (value: number): PsNumber => psNumber('double', value);
/** Makes a primitive that is kept as text. */
export const psText = (kind: PsTextKind, text: string): PsText => ({ [psBrand]: true, kind, text });
/** Makes a System.Char from its code unit. */
export const psChar = (code: number): PsChar => make('char', { code });
/** Makes a System.UInt64. */
export const psUInt64 = (value: bigint): PsUInt64 => make('uint64', { value });
/** Makes a System.DateTime from ticks of 100 ns since year 1. */
export const psDateTime = (ticks: bigint, zone: PsDateTime['zone']): PsDateTime => make('dateTime', { ticks, zone });
/** Makes a System.TimeSpan from ticks of 100 ns. */
export const psTimeSpan = (ticks: bigint): PsTimeSpan => make('timeSpan', { ticks });
/** Makes a secure string from its wire text. */
export const psSecureString = (encrypted: string): PsSecureString => make('secureString', { encrypted });
/** Makes a progress record value. */
export const psProgress = (fields: Omit<PsProgress, 'kind' | typeof psBrand>): PsProgress => make('progress', fields);

/** What a new object may be given; everything is optional. `extended` and `adapted` may be plain records. */
export type PsObjectFields = {
  readonly typeNames?: readonly string[];
  readonly text?: string | null;
  readonly base?: PsBase | null;
  readonly adapted?: Readonly<Record<string, PsValue>> | ReadonlyMap<string, PsValue>;
  readonly extended?: Readonly<Record<string, PsValue>> | ReadonlyMap<string, PsValue>;
};

type Given = PsObjectFields['adapted'];
function toProperties(from: Given): Properties {
  if (from === undefined) return new Properties();
  const pairs = from instanceof Map || from instanceof Properties ? from : Object.entries(from);
  return Properties.from(pairs as Iterable<readonly [string, PsValue]>);
}

/** Makes an object. */
export function psObject(fields: PsObjectFields = {}): PsObject {
  return {
    [psBrand]: true,
    kind: 'object',
    typeNames: fields.typeNames ?? [],
    text: fields.text ?? null,
    base: fields.base ?? null,
    adapted: toProperties(fields.adapted),
    extended: toProperties(fields.extended),
  };
}

/** Makes an object without anything, its properties to be given later. */
export const emptyObject = (properties: Properties): PsObject => ({
  [psBrand]: true,
  kind: 'object',
  typeNames: [],
  text: null,
  base: null,
  adapted: properties,
  extended: properties,
});

/** Makes a list; by default an Object[]. */
export function psList(items: readonly PsValue[], typeNames: readonly string[] = arrayTypeNames): PsObject {
  return psObject({ typeNames, base: { kind: 'list', items: [...items] } });
}

/** Makes a dictionary; by default a Hashtable. */
export function psDictionary(
  entries: Iterable<readonly [PsValue, PsValue]>,
  typeNames: readonly string[] = hashtableTypeNames,
): PsObject {
  return psObject({ typeNames, base: { kind: 'dictionary', entries: Array.from(entries, ([k, v]) => [k, v]) } });
}

/** Makes a [pscustomobject]. */
export function psCustomObject(properties: NonNullable<Given>): PsObject {
  return psObject({ typeNames: customObjectTypeNames, extended: properties });
}

/** Makes an enum value: its .NET type, its name and its number (an Int32 unless a value is given). */
export function psEnum(typeName: string, name: string, value: PsPrimitive): PsObject {
  return psObject({ typeNames: [typeName, ...enumTypeNames], text: name, base: { kind: 'primitive', value } });
}

/** Type names of Object[]. */
export const arrayTypeNames: readonly string[] = ['System.Object[]', 'System.Array', 'System.Object'];
/** Type names of Hashtable. */
const hashtableTypeNames: readonly string[] = ['System.Collections.Hashtable', 'System.Object'];
/** Type names of ArrayList. */
export const arrayListTypeNames: readonly string[] = ['System.Collections.ArrayList', 'System.Object'];
/** Type names of [pscustomobject]. */
const customObjectTypeNames: readonly string[] = ['System.Management.Automation.PSCustomObject', 'System.Object'];
const enumTypeNames = ['System.Enum', 'System.ValueType', 'System.Object'] as const;

/** Whether something is a value of this model that has a `kind`. */
export function isPsTagged(value: unknown): value is Extract<PsValue, { kind: string }> {
  return typeof value === 'object' && value !== null && psBrand in value;
}

/** Whether a value is an object of this model. */
export function isPsObject(value: unknown): value is PsObject {
  return isPsTagged(value) && value.kind === 'object';
}

/** Whether a value among the properties of an object is a member set. */
export function isMemberSet(value: PsValue): boolean {
  return isPsObject(value) && value.base?.kind === 'memberSet';
}

/**
 * A property by name, without regard to case: extended ones first, then adapted ones, then those of an object wrapped inside; undefined if
 * there is none.
 */
export function psProperty(object: PsValue, name: string): PsValue | undefined {
  if (!isPsObject(object)) return undefined;
  for (const properties of [object.extended, object.adapted]) {
    const exact = properties.get(name);
    if (exact !== undefined) return exact;
    const wanted = name.toLowerCase();
    for (const [key, value] of properties) if (key.toLowerCase() === wanted) return value;
  }
  return object.base?.kind === 'object' ? psProperty(object.base.value, name) : undefined;
}
