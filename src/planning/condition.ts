import { type ConditionOutcome, compileCondition, evaluateCondition } from '../input/playbook/condition.ts';
import type { Json } from '../kernel/words.ts';

/** What a step's `when` can speak of. */
export type ConditionScope = {
  /**
   * Facts by area: those of the host at connect (`facts.os.build`, see `HostFacts`), and those that earlier checks and steps
   * gave, under the camel-cased area of their action (`component-store/restore-health` → `facts.componentStore.repaired`).
   */
  readonly facts: { readonly [area: string]: Json };
  readonly host: { readonly id: string; readonly rebootOwed: boolean };
  /** The host's bound parameters, secrets left out. */
  readonly params: { readonly [name: string]: Json };
  /** Earlier steps by id. `needed` as detected, `changed` as applied; both false for a step that `when` left out. */
  readonly steps: {
    readonly [id: string]: { readonly needed: boolean; readonly changed: boolean; readonly facts: Json };
  };
};

/**
 * Whether a step's condition holds; null (no condition) holds always. What the condition needs and the scope lacks gives
 * `cannot-tell` with the reason, never an exception.
 */
export function evaluateWhen(when: string | null, scope: ConditionScope): ConditionOutcome {
  if (when === null) return { kind: 'told', holds: true };
  const compiled = compileCondition(when);
  if (!compiled.ok) return { kind: 'cannot-tell', reason: compiled.message };
  return evaluateCondition(compiled.condition, scope);
}
