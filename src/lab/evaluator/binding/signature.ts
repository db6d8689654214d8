import type { Code } from '../compile/code.ts';
import type { Frame } from '../frame.ts';
import type { Value } from '../value.ts';

/** What a parameter is in one parameter set. */
export type SetRole = {
  readonly position: number | undefined;
  readonly mandatory: boolean;
  readonly fromValue: boolean;
  readonly fromName: boolean;
  readonly remaining: boolean;
};

/** Name of the set that stands for all sets. */
export const allSets = '__AllParameterSets';

/** Checks a bound value; throws a PowerShell validation error text through `fail`. */
export type Validator = (value: Value, frame: Frame, fail: (reason: string) => never) => void;

/** A parameter of a function or cmdlet. */
export type ParameterSpec = {
  readonly name: string;
  readonly lower: string;
  readonly aliases: readonly string[];
  /** Aliases as they are written. */
  readonly writtenAliases?: readonly string[];
  /** Full type name; looked up when first needed. */
  readonly type: (frame: Frame) => string;
  readonly isSwitch: boolean;
  readonly isTyped: boolean;
  readonly roles: ReadonlyMap<string, SetRole>;
  readonly validators: readonly Validator[];
  readonly allowNull: boolean;
  readonly allowEmptyString: boolean;
  readonly allowEmptyCollection: boolean;
  readonly defaultValue: Code | undefined;
};

/** The parameters of a command. */
export type Signature = {
  readonly specs: readonly ParameterSpec[];
  readonly setNames: readonly string[];
  readonly defaultSet: string | undefined;
  /** Advanced functions and cmdlets: unknown arguments are errors. */
  readonly isAdvanced: boolean;
  readonly supportsShouldProcess: boolean;
  /** Cmdlets say "Cannot bind parameter", functions "Cannot process argument transformation". */
  readonly isCmdlet: boolean;
};

/** One argument of a call. */
export type Argument = {
  /** Parameter name without dash; undefined for a positional argument. */
  readonly name?: string;
  readonly value: Value;
  /** False for `-Name` alone: the next argument may be its value. */
  readonly hasValue: boolean;
  /** How the argument is written, for native programs. */
  readonly text?: string;
  /** The value behind a name that the function does not know: it stays with it. */
  readonly belongsBefore?: boolean;
  /** `--`: what follows are values; native programs get it as it stands. */
  readonly endsParameters?: boolean;
  /** Comes from a splatted table: the name is exact and the value belongs to it. */
  readonly splatted?: boolean;
};

/** The role of a parameter in a set, its role for all sets included. */
export const roleIn = (spec: ParameterSpec, set: string): SetRole | undefined =>
  spec.roles.get(set) ?? spec.roles.get(allSets);
