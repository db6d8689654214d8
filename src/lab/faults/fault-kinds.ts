import type { Machine } from '../windows/machine/machine.ts';

/** For each kind of a family of faults: puts a machine into the state that the fault describes. */
export type FaultKinds<Fault extends { readonly kind: string }> = {
  readonly [Kind in Fault['kind']]: (machine: Machine, fault: Extract<Fault, { readonly kind: Kind }>) => void;
};
