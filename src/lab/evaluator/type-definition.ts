import type { CallContext, Task } from './host.ts';
import type { Value } from './value.ts';

/** A simulated .NET (or CIM) type. `S` is the state each object holds. Make with `defineType`. */
export type TypeDefinition<S = unknown> = {
  /** Full .NET name, or for CIM objects e.g. `Microsoft.Management.Infrastructure.CimInstance`. */
  readonly name: string;
  /** Short names and accelerators: `['ServiceController']`. `System.` may always be left out. */
  readonly aliases?: readonly string[];
  /** Base type names, nearest first, without System.Object (`['System.ComponentModel.Component']`); interfaces too (for -is). */
  readonly bases?: readonly string[];
  readonly properties?: Readonly<Record<string, PropertyDefinition<S>>>;
  readonly methods?: Readonly<Record<string, MethodDefinition<S>>>;
  /** Properties that depend on the object (CIM instances): asked when `properties` has no such name. */
  dynamicProperties?(state: S): DynamicProperties | undefined;
  /** `ToString()`, also used in strings; the type's name if absent. */
  toText?(state: S): string;
  /** For collections: what the pipeline, foreach and @() enumerate. */
  enumerate?(state: S): Value[];
  /** `$x[…]`. */
  getItem?(state: S, index: Value[], context: CallContext): Value;
  setItem?(state: S, index: Value[], value: Value, context: CallContext): void;
  /** Value equality: two objects of the type are equal when their texts are. */
  keyText?(state: S): string;
  /** Order of two objects (-lt, Sort-Object). */
  compare?(a: S, b: S): number;
  readonly statics?: {
    readonly properties?: Readonly<Record<string, StaticProperty>>;
    readonly methods?: Readonly<Record<string, StaticMethod>>;
  };
  /** `[T]::new(…)` and `New-Object T`. */
  construct?(context: CallContext, args: Value[]): Value | Task<Value>;
  /** `[T]$value`; `undefined` says that the value does not convert. */
  convertFrom?(value: Value, context: CallContext): Value;
  /** Truth in conditions; objects are true unless told otherwise. */
  isTrue?(state: S): boolean;
};

/** A property of a simulated type. */
export type PropertyDefinition<S> = {
  get(state: S, context: CallContext): Value;
  /** Absent: read-only (setting it is the PowerShell error). */
  set?(state: S, value: Value, context: CallContext): void;
  /** .NET type the written value is converted to first, and that Get-Member shows. */
  readonly type?: string;
  /** Alias of another property. */
  readonly aliasOf?: string;
  /** Left out of Select-Object *, Format-* and serialisation. */
  readonly hidden?: boolean;
};

/** Properties found at run time; names keep their case, look-up ignores it. */
export type DynamicProperties = {
  names(): readonly string[];
  get(name: string): Value;
  set?(name: string, value: Value): void;
};

/** A method of a simulated type. Throw `netError(…)` (define.ts) for a .NET exception. */
export type MethodDefinition<S> = {
  // The method form lets a definition for a special state stand where any definition is wanted.
  call(state: S, args: Value[], context: CallContext): Value | Task<Value>;
}['call'];

/** A static property; without `set` it is read-only. */
export type StaticProperty = { get(context: CallContext): Value; set?(value: Value, context: CallContext): void };

/** A static method. */
export type StaticMethod = (args: Value[], context: CallContext) => Value | Task<Value>;

/** An enum type. Make with `defineEnum`. */
export type EnumDefinition = {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly values: Readonly<Record<string, number>>;
  readonly flags?: boolean;
  /** Underlying type; Int32 unless told otherwise. */
  readonly underlying?: 'Byte' | 'Int32' | 'UInt32' | 'Int64';
};
