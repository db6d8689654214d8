import { openActionLibrary } from '../../input/action/action-library.ts';
import type { Probe } from '../../input/causes/causes.generated.ts';
import { type Causes, readCauses } from '../../input/causes/read-causes.ts';
import { type InputFault, valueOr } from '../../input/document/fault.ts';
import { badInput } from '../../input/document/report-faults.ts';
import { checkPlaybook } from '../../input/playbook/read-playbook.ts';
import { causesFolder } from '../../knowledge/causes-folder.ts';
import { type PlanInputs, type PlanningPlaces, type PreparedPlan, planFor } from '../prepare-plan.ts';

/** What a diagnosis asks of which hosts, and how it judges the answers. */
export type PreparedDiagnosis = {
  readonly plan: PreparedPlan;
  readonly causes: Causes;
  /** The probe that a goal check or a step of the plan is, by its id. */
  readonly probeOf: ReadonlyMap<string, string>;
};

/**
 * Makes the plan of a diagnosis: a playbook of which each step is a probe that may find something to change, each goal check one that only
 * looks. It is never launched: only the read-only scripts are asked.
 * @throws Failure `bad-input` with every fault that was found
 */
export function prepareDiagnosis(
  inputs: Pick<PlanInputs, 'hosts' | 'inventory' | 'limit'>,
  places: PlanningPlaces,
): PreparedDiagnosis {
  const faults: InputFault[] = [];
  const causes = valueOr(readCauses(causesFolder), faults);
  if (!causes) throw badInput(faults, places.projectDir);
  const library = openActionLibrary(places);
  const probes = Object.entries(causes.probes);
  const isCheck = ([, { uses }]: (typeof probes)[number]): boolean => {
    const action = library.get(uses);
    return action.ok && action.value.kind === 'check';
  };
  const checks = probes.filter(isCheck);
  const steps = probes.filter((probe) => !isCheck(probe));
  const playbook = JSON.stringify({
    kintsugi: 'playbook/v1',
    title: { en: 'Diagnosis' },
    goal: [{ uses: 'host/elevated' }, ...checks.map(([, probe]) => useOf(probe))],
    stages: [{ title: { en: 'Probes' }, steps: steps.map(([id, probe]) => ({ id, ...useOf(probe) })) }],
  });
  const loaded = valueOr(checkPlaybook(playbook, { id: 'diagnosis', file: causesFolder }, library), faults);
  if (!loaded) throw badInput(faults, places.projectDir);
  const plan = planFor(loaded, { ...nothingElse, ...inputs }, places);
  const checkIds = plan.plan.goal.slice(1).map(({ id }, index) => [id, checks[index]?.[0] ?? id] as const);
  return { causes, plan, probeOf: new Map([...checkIds, ...steps.map(([id]) => [id, id] as const)]) };
}

const useOf = ({ uses, with: values }: Probe) => ({ uses, ...(values === undefined ? {} : { with: values }) });

const nothingElse = {
  playbook: 'diagnosis',
  params: [],
  paramsFile: null,
  batch: null,
  until: null,
  budgets: { failed: null, unreachable: null, rolledBack: null },
} as const;
