import type { HostFacts } from '../kernel/host-facts.ts';
import { camelCase } from '../kernel/ids.ts';
import type { Json } from '../kernel/words.ts';
import type { ConditionScope } from '../planning/condition.ts';
import type { Plan, PlannedHost } from '../planning/plan.ts';
import { isSecretReference } from '../planning/secret-values.ts';

/** What a step would do on a host, as far as its read-only detect can tell. */
export type StepProbe = {
  readonly step: string;
  readonly verdict: 'will change' | 'already right' | 'cannot tell';
  readonly reason: string;
  readonly facts: Json;
};

/** What the probe of one host found; `fault` tells why it could not be asked. */
export type HostProbe = {
  readonly host: string;
  readonly facts: HostFacts | null;
  readonly goal: {
    readonly ok: boolean;
    readonly reason: string;
    readonly checks: readonly {
      readonly id: string;
      readonly uses: string;
      readonly ok: boolean;
      readonly reason: string;
      /** What the check has read; null where it gave no answer. */
      readonly facts: Json;
    }[];
  } | null;
  readonly checks: readonly { readonly check: string; readonly ok: boolean; readonly reason: string }[];
  readonly steps: readonly StepProbe[];
  readonly fault: string | null;
};

/** What a probe knows of a host so far. */
export type ProbeState = {
  readonly plan: Plan;
  readonly host: PlannedHost;
  readonly facts: HostFacts;
  /** Facts by area, as conditions name them. */
  readonly areas: Map<string, Json>;
  readonly steps: StepProbe[];
};

const isMap = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Takes note of the facts that a script gave; several scripts of one area add to each other. */
export function noteFacts({ areas }: ProbeState, uses: string, facts: Json): void {
  const area = camelCase(uses.split('/')[0] ?? uses);
  if (isMap(facts)) areas.set(area, { ...(areas.get(area) as object | undefined), ...facts });
}

/** What a step's `when` can speak of in a probe. What only a run can know (whether a step will have changed something) is left out. */
export function probeScope({ host, facts, areas, steps }: ProbeState): ConditionScope {
  const known = steps.map(({ step, verdict, facts: found }) => {
    const needed = verdict === 'cannot tell' ? {} : { needed: verdict === 'will change' };
    return [step, { ...needed, ...(verdict === 'already right' ? { changed: false } : {}), facts: found }] as const;
  });
  const parameters = Object.entries(host.parameters).filter(([, value]) => !isSecretReference(value));
  return {
    facts: { ...Object.fromEntries(areas), ...facts } as ConditionScope['facts'],
    host: { id: host.id, rebootOwed: facts.pendingReboot.length > 0 },
    params: Object.fromEntries(parameters) as ConditionScope['params'],
    steps: Object.fromEntries(known) as ConditionScope['steps'],
  };
}
