import type { CallContext, DriveProvider, Task } from '../../../evaluator/host.ts';
import type { Value } from '../../../evaluator/value.ts';

/** A drive whose items have properties. */
export type PropertyDrive = DriveProvider & {
  /** `Get-ItemProperty -Name`; `undefined` when the item has none of that name. */
  getProperty(path: string, name: string, context: CallContext): Value;
  /** `Set-ItemProperty`, and `Clear-ItemProperty` with `undefined`. */
  setProperty(path: string, name: string, value: Value, context: CallContext): Task<void>;
};

/** Whether the items of a drive have properties. */
export const hasProperties = (provider: DriveProvider): provider is PropertyDrive => 'setProperty' in provider;
