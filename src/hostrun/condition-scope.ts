import { camelCase } from '../kernel/ids.ts';
import type { Json } from '../kernel/words.ts';
import type { ConditionScope } from '../planning/condition.ts';
import { isSecretReference } from '../planning/secret-values.ts';
import { type HostRunState, stepOf, stepsOf } from './state.ts';

/** What a step's `when` can speak of at this point of the run. */
export function conditionScope(state: HostRunState): ConditionScope {
  const { plan, host } = state;
  const areas: Record<string, Json> = {};
  const add = (uses: string, facts: Json) => {
    const area = camelCase(uses.split('/')[0] ?? uses);
    areas[area] = merged(areas[area] ?? {}, facts);
  };
  for (const check of plan.preflight) add(check.uses, state.checks[check.id]?.facts ?? null);
  for (const step of stepsOf(plan)) {
    const { detected, facts } = stepOf(state, step.id);
    add(step.uses, detected?.facts ?? state.surveyed[step.id]?.facts ?? null);
    add(step.uses, facts);
  }
  return {
    facts: { ...areas, ...state.facts },
    host: { id: host.id, rebootOwed: state.rebootOwed },
    params: Object.fromEntries(
      Object.entries(host.parameters).filter(([, value]) => !isSecretReference(value)),
    ) as ConditionScope['params'],
    steps: Object.fromEntries(
      stepsOf(plan).map(({ id }) => {
        const { state: became, detected, changed, facts } = stepOf(state, id);
        const needed = became !== 'skipped' && (detected ?? state.surveyed[id])?.needed === true;
        return [id, { needed, changed, facts }];
      }),
    ),
  };
}

function merged(present: Json, facts: Json): Json {
  const isMap = (value: Json): value is { readonly [key: string]: Json } =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  return isMap(present) && isMap(facts) ? { ...present, ...facts } : present;
}
