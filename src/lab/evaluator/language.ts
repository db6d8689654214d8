import type { CallContext, HostHooks } from './host.ts';
import type { Registry } from './registry.ts';

/** What conversions and operators need to know of the session they run in. */
export type Language = {
  readonly registry: Registry;
  readonly hooks: HostHooks;
  /** For methods and conversions of simulated types. */
  readonly context: CallContext;
  /** `$OFS`: what stands between elements of an array in a string. */
  ofs(): string;
};

/** Minutes east of UTC at an instant in UTC ticks. */
export const localOffsetAt = (language: Language, utcTicks: bigint): number =>
  language.hooks.utcOffsetMinutes(Number((utcTicks - 621355968000000000n) / 10_000n));
