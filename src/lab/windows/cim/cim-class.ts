import type { Hashtable } from '../../evaluator/hashtable.ts';
import type { CommandContext, Task } from '../../evaluator/host.ts';
import type { Value } from '../../evaluator/value.ts';
import type { Machine } from '../machine/machine.ts';
import type { CimState } from './cim-instance.ts';

/** What a method hands back: out parameters and ReturnValue. */
export type CimResult = Readonly<Record<string, Value>>;

/** A method of a class; `self` is the instance, absent for static calls. */
export type CimMethod = (call: {
  readonly machine: Machine;
  readonly context: CommandContext;
  readonly self: CimState | undefined;
  readonly arguments: Hashtable | undefined;
  readonly pid: number;
}) => CimResult | Task<CimResult>;

/** A simulated CIM class. */
export type CimClass = {
  readonly name: string;
  /** With forward slashes, e.g. `root/cimv2`. */
  readonly namespace: string;
  readonly keys: readonly string[];
  /** Whether this Windows has the class (System Restore is not on servers). */
  readonly exists?: (machine: Machine) => boolean;
  /** Its provider answers nobody but administrators. */
  readonly isForAdministrators?: boolean;
  /** Properties that the real class has and the lab does not simulate, separated by spaces. */
  readonly outside?: string;
  readonly instances: (machine: Machine) => readonly Readonly<Record<string, Value>>[];
  /** The instances of a name alone, for a class whose instances are many. */
  readonly named?: (machine: Machine, name: string) => readonly Readonly<Record<string, Value>>[];
  readonly methods?: Readonly<Record<string, CimMethod>>;
  /** Changes properties of an instance (Set-CimInstance); a class without it has none that can be written. */
  readonly set?: (call: {
    readonly machine: Machine;
    readonly context: CommandContext;
    readonly self: CimState;
    readonly changes: Hashtable;
    readonly pid: number;
  }) => Task<void>;
  /** Removes an instance (Remove-CimInstance). */
  readonly remove?: (machine: Machine, self: CimState, pid: number) => void;
};

/** An argument of a CIM method by name. */
export const argumentOf = (table: Hashtable | undefined, name: string): Value => table?.get(name) ?? null;
