import type { Machine } from '../../machine/machine.ts';

/** State of an object that stands for a part of a machine's update server. */
export type Held = { readonly machine: Machine };
