import type { Action } from '../input/action/action.ts';
import { openActionLibrary } from '../input/action/action-library.ts';
import { readUntil } from '../input/change/window.ts';
import { type InputFault, type Loaded, optionFault, valueOr } from '../input/document/fault.ts';
import { badInput } from '../input/document/report-faults.ts';
import { readInventory } from '../input/inventory/read-inventory.ts';
import { selectHosts } from '../input/inventory/select-hosts.ts';
import { findPlaybook, type PlaybookPlaces } from '../input/playbook/find-playbook.ts';
import { readParameters } from '../input/playbook/read-parameters.ts';
import { type LoadedPlaybook, readPlaybook } from '../input/playbook/read-playbook.ts';
import type { ReversibilityGrade } from '../kernel/words.ts';
import { readKitSurface } from '../lint/kit-surface.ts';
import { resolveConnection } from '../planning/connection.ts';
import { describePlan, type PlanDescription } from '../planning/describe-plan.ts';
import type { Budgets, HostConnection, Plan, Waiver } from '../planning/plan.ts';
import { planRun } from '../planning/plan-run.ts';
import { lintOneAction } from './grade-actions.ts';

/** What a person hands over for a plan, as typed. */
export type PlanInputs = {
  readonly playbook: string;
  readonly hosts: string | null;
  readonly inventory: string | null;
  readonly params: readonly string[];
  readonly paramsFile: string | null;
  readonly limit: string | null;
  readonly batch: string | null;
  readonly until: string | null;
  readonly budgets: { readonly [budget in keyof Budgets]: string | null };
  /** `--waive`: steps whose protection level is waived; none where it is left out. */
  readonly waive?: readonly string[];
  /** `--reason`: why. */
  readonly reason?: string | null;
};

/** A plan that is ready to be shown, probed or launched. */
export type PreparedPlan = {
  readonly plan: Plan;
  readonly digest: string;
  readonly description: PlanDescription;
  /** Texts of scripts, playbook and kit by hash. */
  readonly blobs: ReadonlyMap<string, string>;
  readonly connections: readonly HostConnection[];
};

/** Where the inputs are looked for and what else a plan is made of. */
export type PlanningPlaces = PlaybookPlaces & {
  readonly defaultInventory: string;
  /** The host kit's text. */
  readonly kit: string;
  readonly nowMs: number;
};

/**
 * Reads playbook, actions, inventory and parameters, selects the hosts and plans. Nothing is queued or connected.
 * @throws Failure `bad-input` with every fault that was found
 */
export function preparePlan(inputs: PlanInputs, places: PlanningPlaces): PreparedPlan {
  const faults: InputFault[] = [];
  const file = valueOr(findPlaybook(inputs.playbook, places), faults);
  const loaded = file && valueOr(readPlaybook(file, openActionLibrary(places)), faults);
  return planFor(loaded ?? null, inputs, places, faults);
}

/**
 * As {@link preparePlan}, for a playbook that is already read.
 * @param faults what was found before: told with all the others
 * @throws Failure `bad-input` with every fault that was found
 */
export function planFor(
  loaded: LoadedPlaybook | null,
  inputs: PlanInputs,
  places: PlanningPlaces,
  faults: InputFault[] = [],
): PreparedPlan {
  const inventory = valueOr(readInventory(inputs.inventory ?? places.defaultInventory), faults);
  const hosts =
    inventory &&
    valueOr(
      hostsOf(inputs, (pattern) => selectHosts(inventory, pattern, inputs.limit)),
      faults,
    );
  const parameters =
    loaded && valueOr(readParameters(loaded.playbook.parameters, inputs.params, inputs.paramsFile), faults);
  const until = inputs.until === null ? null : valueOr(readUntil(inputs.until, places.nowMs), faults);
  const budgets = valueOr(readBudgets(inputs.budgets), faults);
  const waivers = valueOr(readWaivers(inputs), faults);
  if (faults.length > 0 || !loaded || !inventory || !hosts || !parameters || !budgets || !waivers)
    throw badInput(faults, places.projectDir);
  const { playbook, actions } = loaded;
  const planned = planRun({
    playbook,
    actions,
    kit: places.kit,
    inventory,
    hosts,
    parameters,
    batch: inputs.batch,
    until,
    budgets,
    waivers,
    grades: gradesOf(actions, places.kit),
  });
  if (!planned.ok) throw badInput(planned.faults, places.projectDir);
  return {
    ...planned.value,
    description: describePlan(planned.value.plan),
    connections: hosts.map((host) => resolveConnection(inventory, host)),
  };
}

/** How far each action can be taken back. */
function gradesOf(actions: ReadonlyMap<string, Action>, kit: string): ReadonlyMap<string, ReversibilityGrade> {
  const surface = readKitSurface(kit);
  return new Map(Array.from(actions, ([id, action]) => [id, lintOneAction(action, surface).grade]));
}

function hostsOf<T>(inputs: PlanInputs, select: (pattern: string) => Loaded<T>): Loaded<T> {
  if (inputs.hosts !== null) return select(inputs.hosts);
  const expected = 'names, groups or patterns of the inventory, or `all`';
  return { ok: false, faults: [optionFault('--hosts', 'no hosts are given', { expected })] };
}

/** Longest reason, in characters: it is shown wherever the plan is. */
const longestReason = 500;

function readWaivers({ waive = [], reason = null }: PlanInputs): Loaded<readonly Waiver[]> {
  const why = reason?.trim() ?? '';
  const fault = (option: string, message: string, expected: string): Loaded<readonly Waiver[]> => ({
    ok: false,
    faults: [optionFault(option, message, { expected })],
  });
  if (waive.length > 0 && why === '')
    return fault(
      '--reason',
      'a waiver needs a reason',
      '--reason and why the steps may go without their protection level',
    );
  if (waive.length === 0 && reason !== null)
    return fault('--reason', 'a reason is given, but nothing is waived', '--waive and the id of a step');
  if (why.length > longestReason)
    return fault('--reason', `the reason has ${why.length} characters`, `at most ${longestReason}`);
  return { ok: true, value: waive.map((step) => ({ step, reason: why })) };
}

function readBudgets(given: PlanInputs['budgets']): Loaded<Budgets> {
  const faults: InputFault[] = [];
  const read = (name: string, text: string | null): number | null => {
    if (text === null) return null;
    if (/^\d{1,6}$/.test(text)) return Number(text);
    faults.push(optionFault(name, `\`${text}\` is not a number of hosts`, { expected: 'a whole number from 0' }));
    return null;
  };
  const value = {
    failed: read('--max-failed', given.failed),
    unreachable: read('--max-unreachable', given.unreachable),
    rolledBack: read('--max-rolled-back', given.rolledBack),
  };
  return faults.length > 0 ? { ok: false, faults } : { ok: true, value };
}
