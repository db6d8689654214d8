import { openActionLibrary } from '../../input/action/action-library.ts';
import type { CausesDocument } from '../../input/causes/causes.generated.ts';
import { readCauses } from '../../input/causes/read-causes.ts';
import { type InputFault, valueOr } from '../../input/document/fault.ts';
import { badInput } from '../../input/document/report-faults.ts';
import { checkPlaybook } from '../../input/playbook/read-playbook.ts';
import { causesFile } from '../../knowledge/causes-file.ts';
import { type PlanInputs, type PlanningPlaces, type PreparedPlan, planFor } from '../prepare-plan.ts';

/** What a diagnosis asks of which hosts, and how it judges the answers. */
export type PreparedDiagnosis = { readonly plan: PreparedPlan; readonly causes: CausesDocument };

/**
 * Makes the plan of a diagnosis: a playbook of which each step is a probe. It is never launched: only the detect scripts are asked.
 * @throws Failure `bad-input` with every fault that was found
 */
export function prepareDiagnosis(
  inputs: Pick<PlanInputs, 'hosts' | 'inventory' | 'limit'>,
  places: PlanningPlaces,
): PreparedDiagnosis {
  const faults: InputFault[] = [];
  const causes = valueOr(readCauses(causesFile), faults);
  if (!causes) throw badInput(faults, places.projectDir);
  const loaded = valueOr(
    checkPlaybook(playbookOf(causes), { id: 'diagnosis', file: causesFile }, openActionLibrary(places)),
    faults,
  );
  if (!loaded) throw badInput(faults, places.projectDir);
  return { causes, plan: planFor(loaded, { ...nothingElse, ...inputs }, places) };
}

const nothingElse = {
  playbook: 'diagnosis',
  params: [],
  paramsFile: null,
  batch: null,
  until: null,
  budgets: { failed: null, unreachable: null, rolledBack: null },
} as const;

/** JSON is YAML, too. */
const playbookOf = ({ probes }: CausesDocument): string =>
  JSON.stringify({
    kintsugi: 'playbook/v1',
    title: { en: 'Diagnosis' },
    goal: { uses: 'host/elevated' },
    stages: [{ title: { en: 'Probes' }, steps: Object.entries(probes).map(([id, probe]) => ({ id, ...probe })) }],
  });
