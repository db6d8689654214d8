import type { EnumDefinition, TypeDefinition } from './type-definition.ts';
import type {
  Char,
  CustomObject,
  DateTime,
  Decimal,
  EnumValue,
  Exception,
  Float,
  Instance,
  Integer,
  IntegerType,
  List,
  Members,
  SwitchValue,
  TimeSpan,
  TypeLiteral,
  Value,
} from './value.ts';

/** An Int64. */
export const int64 = (value: bigint | number): Integer => ({ kind: 'integer', type: 'Int64', value: BigInt(value) });

/** An integer of any type but Int32; the caller has checked the range. */
export const integer = (type: IntegerType, value: bigint | number): Integer => ({
  kind: 'integer',
  type,
  value: BigInt(value),
});

/** A Double. */
export const double = (value: number): Float => ({ kind: 'float', type: 'Double', value });

/** A Decimal of `unscaled` / 10^`scale`. */
export const decimal = (unscaled: bigint, scale = 0): Decimal => ({ kind: 'decimal', unscaled, scale });

/** A Char. */
export const char = (code: number): Char => ({ kind: 'char', code });

/** A DateTime of 100 ns ticks since 0001-01-01 in its zone. */
export const dateTime = (ticks: bigint, zone: DateTime['zone'] = 'Unspecified'): DateTime => ({
  kind: 'datetime',
  ticks,
  zone,
});

/** Ticks of 1970-01-01. */
export const unixEpochTicks = 621355968000000000n;

/** A UTC DateTime from ms since 1970. */
export const utcFromUnixMs = (ms: number): DateTime =>
  dateTime(unixEpochTicks + BigInt(Math.round(ms * 10_000)), 'Utc');

/** A local DateTime from ms since 1970 and the zone's offset in minutes. */
export const localFromUnixMs = (ms: number, offsetMinutes: number): DateTime =>
  dateTime(unixEpochTicks + BigInt(Math.round(ms * 10_000)) + BigInt(offsetMinutes) * 600_000_000n, 'Local');

/** A TimeSpan of 100 ns ticks. */
export const timeSpan = (ticks: bigint): TimeSpan => ({ kind: 'timespan', ticks });

/** A TimeSpan from ms. */
export const timeSpanFromMs = (ms: number): TimeSpan => timeSpan(BigInt(Math.round(ms * 10_000)));

/** A value of an enum by number or by name (which must exist). */
export const enumValue = (type: EnumDefinition, value: number | string): EnumValue => {
  if (typeof value === 'number') return { kind: 'enum', type, value };
  const found = Object.entries(type.values).find(([name]) => name.toLowerCase() === value.toLowerCase());
  if (!found) throw new RangeError(`${type.name} has no member ${value}`);
  return { kind: 'enum', type, value: found[1] };
};

/** A `[type]` value by full name. */
export const typeLiteral = (name: string): TypeLiteral => ({ kind: 'type', name });

/** A SwitchParameter. */
export const switchValue = (isPresent: boolean): SwitchValue => ({ kind: 'switch', isPresent });

/** A growable collection (default ArrayList). */
export const list = (items: Value[], type = 'System.Collections.ArrayList', elementType?: string): List =>
  elementType === undefined ? { kind: 'list', type, items } : { kind: 'list', type, elementType, items };

const elementTypes = new WeakMap<Value[], string>();

/** An array with an element type other than Object, e.g. `typedArray('System.String', ['a'])`. */
export const typedArray = (elementType: string, items: Value[]): Value[] => {
  if (elementType !== 'System.Object') elementTypes.set(items, elementType);
  return items;
};

/** Full name of an array's element type. */
export const elementTypeOf = (array: Value[]): string => elementTypes.get(array) ?? 'System.Object';

/** A [pscustomobject] with note properties in the order given; `typeNames` come before the usual ones. */
export const customObject = (
  properties: Readonly<Record<string, Value>> | Iterable<readonly [string, Value]> = {},
  typeNames: readonly string[] = [],
): CustomObject => {
  const members: Members = new Map();
  const pairs = Symbol.iterator in properties ? properties : Object.entries(properties);
  for (const [name, value] of pairs) members.set(name.toLowerCase(), { kind: 'note', name, value });
  return {
    kind: 'custom',
    typeNames: [...typeNames, 'System.Management.Automation.PSCustomObject', 'System.Object'],
    members,
  };
};

/** An object of a simulated type. */
export const newObject = <S>(type: TypeDefinition<S>, state: S): Instance<S> => ({ kind: 'instance', type, state });

/** The state of an object if it is of exactly this definition. */
export const stateOf = <S>(value: Value, type: TypeDefinition<S>): S | undefined =>
  value !== null && typeof value === 'object' && 'kind' in value && value.kind === 'instance' && value.type === type
    ? (value.state as S)
    : undefined;

/** An exception of a full .NET type name. `hresult` 0 means that of the type. */
export const exception = (
  type: string,
  message: string,
  options: { hresult?: number; inner?: Exception; properties?: Record<string, Value> } = {},
): Exception => ({
  kind: 'exception',
  type,
  message,
  hresult: (options.hresult ?? 0) | 0,
  ...(options.inner ? { inner: options.inner } : {}),
  properties: options.properties ?? {},
});

/**
 * Turns a plain JavaScript number into the PowerShell number it means: Int32 if it is one, Int64 for larger integers, Double otherwise.
 * The evaluator does this for everything that properties, methods and cmdlets return.
 */
export const toValue = (value: Value): Value => {
  if (typeof value !== 'number') return value;
  if ((value | 0) === value && !Object.is(value, -0)) return value;
  return Number.isSafeInteger(value) && !Object.is(value, -0) ? int64(value) : double(value);
};
