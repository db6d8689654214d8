/**
 * How values of the PowerShell language are held in JavaScript.
 *
 * | PowerShell                        | here                                            |
 * |---|---|
 * | `$null`                           | `null`                                          |
 * | no output (AutomationNull)        | `undefined`; reads as `$null`, enumerates to nothing |
 * | Boolean, String                   | `boolean`, `string`                             |
 * | Int32                             | `number` (integers in 32 bits; everything else numeric is boxed, see `toValue`) |
 * | other integers, Double, Decimal   | `Integer`, `Float`, `Decimal`                   |
 * | Object[] and typed arrays         | JavaScript array; element type by `elementTypeOf` (Object unless set by `typedArray`) |
 * | Byte[]                            | `Uint8Array`                                    |
 * | Hashtable, [ordered], Dictionary  | `Hashtable`                                     |
 * | ArrayList, List[T], Stack, Queue  | `List`                                          |
 * | [pscustomobject]                  | `CustomObject`                                  |
 * | any other .NET object             | `Instance` of a `TypeDefinition` (see host.ts)  |
 */

import type { Hashtable } from './hashtable.ts';
import type { ScriptBlock } from './script-block.ts';
import type { EnumDefinition, TypeDefinition } from './type-definition.ts';

/** Any PowerShell value. */
export type Value = null | undefined | boolean | number | string | Value[] | Uint8Array | Boxed;

/** Values that carry a `kind`. */
export type Boxed =
  | Integer
  | Float
  | Decimal
  | Char
  | DateTime
  | TimeSpan
  | EnumValue
  | Hashtable
  | List
  | CustomObject
  | Instance
  | ScriptBlock
  | ErrorRecord
  | Exception
  | TypeLiteral
  | SwitchValue
  | Reference;

/** Integer types other than Int32; a BigInteger has no bounds. */
export type IntegerType = 'Byte' | 'SByte' | 'Int16' | 'UInt16' | 'UInt32' | 'Int64' | 'UInt64' | 'BigInteger';

/** An integer that is not an Int32. */
export type Integer = { readonly kind: 'integer'; readonly type: IntegerType; readonly value: bigint };
/** A Double or Single. */
export type Float = { readonly kind: 'float'; readonly type: 'Double' | 'Single'; readonly value: number };
/** A System.Decimal: `unscaled` / 10^`scale`; the scale (0–28) is kept as .NET keeps it. */
export type Decimal = { readonly kind: 'decimal'; readonly unscaled: bigint; readonly scale: number };
/** A UTF-16 code unit. */
export type Char = { readonly kind: 'char'; readonly code: number };
/** A DateTime: 100 ns ticks since 0001-01-01 in its own zone. */
export type DateTime = {
  readonly kind: 'datetime';
  readonly ticks: bigint;
  readonly zone: 'Unspecified' | 'Utc' | 'Local';
};
/** A TimeSpan in 100 ns ticks. */
export type TimeSpan = { readonly kind: 'timespan'; readonly ticks: bigint };
/** A value of an enum type. */
export type EnumValue = { readonly kind: 'enum'; readonly type: EnumDefinition; readonly value: number };
/** A growable collection; `type` is the full .NET name without arguments, e.g. `System.Collections.ArrayList`. */
export type List = { readonly kind: 'list'; readonly type: string; readonly elementType?: string; items: Value[] };
/** A `[type]` literal by full .NET name (`System.Int32`, `System.Object[]`). */
export type TypeLiteral = { readonly kind: 'type'; readonly name: string };
/** A SwitchParameter. */
export type SwitchValue = { readonly kind: 'switch'; readonly isPresent: boolean };
/** A `[ref]`: reads and writes go through. */
export type Reference = { readonly kind: 'ref'; get(): Value; set(value: Value): void };

/** One added or custom member. Names keep their case; look-up ignores it. */
export type Member =
  | { readonly kind: 'note'; readonly name: string; value: Value }
  | { readonly kind: 'scriptProperty'; readonly name: string; readonly get: ScriptBlock; readonly set?: ScriptBlock }
  | { readonly kind: 'scriptMethod'; readonly name: string; readonly script: ScriptBlock }
  | { readonly kind: 'alias'; readonly name: string; readonly target: string };

/** Members by lower-case name, in order. */
export type Members = Map<string, Member>;

/** A PSCustomObject. */
export type CustomObject = {
  readonly kind: 'custom';
  /** Type names, most special first. */
  typeNames: string[];
  readonly members: Members;
  /** Text of a deserialised object. */
  text?: string;
};

/** An object of a simulated .NET type: its definition and the definition's own state. */
export type Instance<S = unknown> = {
  readonly kind: 'instance';
  readonly type: TypeDefinition<S>;
  state: S;
  /** Note properties and script members that were added to this object. */
  members?: Members;
  /** Type names that differ from those of the type (deserialised or decorated objects). */
  typeNames?: string[];
};

/** A .NET exception. */
export type Exception = {
  readonly kind: 'exception';
  /** Full .NET name; its base types are known by the type table (`defineException`). */
  readonly type: string;
  message: string;
  hresult: number;
  inner?: Exception;
  /** Properties of the special type (`ParamName`, `ErrorRecord`…) and `Data`. */
  readonly properties: Record<string, Value>;
};

/** Names of System.Management.Automation.ErrorCategory. */
export type ErrorCategory = (typeof errorCategories)[number];
/** ErrorCategory names in the order of their numbers. */
// biome-ignore format: a table
export const errorCategories = [
  'NotSpecified', 'OpenError', 'CloseError', 'DeviceError', 'DeadlockDetected', 'InvalidArgument', 'InvalidData',
  'InvalidOperation', 'InvalidResult', 'InvalidType', 'MetadataError', 'NotImplemented', 'NotInstalled', 'ObjectNotFound',
  'OperationStopped', 'OperationTimeout', 'SyntaxError', 'ParserError', 'PermissionDenied', 'ResourceBusy',
  'ResourceExists', 'ResourceUnavailable', 'ReadError', 'WriteError', 'FromStdErr', 'SecurityError', 'ProtocolError',
  'ConnectionError', 'AuthenticationError', 'LimitsExceeded', 'QuotaExceeded', 'NotEnabled',
] as const;

/** A place in a script. Lines and columns start at 1. */
export type ScriptPosition = {
  readonly file: string | undefined;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** The statement's text. */
  readonly text: string;
  /** The whole line of the script. */
  readonly lineText: string;
  /** The characters that end the line. */
  readonly lineEnd?: string;
  readonly offset: number;
};

/** Where a command was called: what `$_.InvocationInfo` and `$MyInvocation` show. */
export type Invocation = {
  readonly commandName: string;
  /** The name as it was called (an alias, `&`), where it is another. */
  readonly invocationName?: string;
  /** The value of `MyCommand`. */
  readonly command: Value;
  readonly position: ScriptPosition | undefined;
  readonly bound: Hashtable | undefined;
  /** Arguments that no parameter took. */
  readonly unbound?: Value;
  readonly expectingInput?: boolean;
  readonly pipelineLength?: number;
  readonly pipelinePosition?: number;
};

/** An ErrorRecord. */
export type ErrorRecord = {
  readonly kind: 'error';
  exception: Exception;
  /** FullyQualifiedErrorId. */
  id: string;
  category: ErrorCategory;
  activity: string;
  /** Reason; empty means the exception's short type name. */
  reason: string;
  targetName: string;
  targetType: string;
  target: Value;
  /** ErrorDetails.Message. */
  details?: string;
  recommendedAction?: string;
  invocation?: Invocation;
  /** Lines of ScriptStackTrace. */
  stack?: string;
};
