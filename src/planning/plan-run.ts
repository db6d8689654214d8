import type { Action } from '../input/action/action.ts';
import { type InputFault, type Loaded, optionFault } from '../input/document/fault.ts';
import { checkValue } from '../input/document/parameter-check.ts';
import type { ParameterDeclaration } from '../input/document/words.generated.ts';
import type { Inventory } from '../input/inventory/inventory.ts';
import type { ActionUse, Playbook } from '../input/playbook/playbook.ts';
import type { LaunchParameters } from '../input/playbook/read-parameters.ts';
import type { Json, ReversibilityGrade } from '../kernel/words.ts';
import { splitBatches } from './batches.ts';
import { bindWith, parameterName } from './bind.ts';
import type { Budgets, Plan, PlannedHost } from './plan.ts';
import { type Blobs, keepText, planAction } from './plan-action.ts';
import { boundValue, type HostFault, planHost } from './plan-host.ts';
import { isSecretReference } from './secret-values.ts';
import { planDigest } from './signature.ts';

/** No limit on how many hosts may end badly. */
export const noBudgets: Budgets = { failed: null, unreachable: null, rolledBack: null };

/** What a plan is made of. All of it is checked already; what is left to check is how the values fit together. */
export type PlanRequest = {
  readonly playbook: Playbook;
  readonly actions: ReadonlyMap<string, Action>;
  /** The host kit's text. */
  readonly kit: string;
  readonly inventory: Inventory;
  /** Ids of the selected hosts, in the order in which they are taken. */
  readonly hosts: readonly string[];
  readonly parameters: LaunchParameters;
  /** `--batch`: a count, a share, a list of both; null for one batch. */
  readonly batch: string | null;
  /** `--until` as ISO 8601 UTC, or null. */
  readonly until: string | null;
  readonly budgets: Budgets;
  /** How far actions can be taken back, by their ids; left out of the plan where nobody graded them. */
  readonly grades?: ReadonlyMap<string, ReversibilityGrade>;
};

/** A plan, its digest, and the texts that it names by hash. */
export type PlannedRun = { readonly plan: Plan; readonly digest: string; readonly blobs: ReadonlyMap<string, string> };

/** Binds a playbook to hosts and parameters: pure, the same request gives the same plan and digest. Every fault at once. */
export function planRun(request: PlanRequest): Loaded<PlannedRun> {
  const { playbook, actions, inventory } = request;
  const blobs: Blobs = new Map();
  const hostFaults: HostFault[] = [];
  const faults: InputFault[] = [];
  const hosts = request.hosts.map((host) => planHost(playbook, inventory, host, request.parameters, hostFaults));
  const batches = splitBatches(request.hosts, request.batch);
  if (!batches.ok) faults.push(...batches.faults);
  if (hostFaults.length === 0) for (const use of usesOf(playbook)) checkBound(use, actions, hosts, hostFaults);
  faults.push(...groupFaults(hostFaults, request));
  if (faults.length > 0 || !batches.ok) return { ok: false, faults };

  const planned = <T extends ActionUse>(use: T): T => ({ ...use, with: plannedWith(use, actions) });
  const plan: Plan = {
    kintsugi: 'plan/v1',
    playbook: { id: playbook.id, title: playbook.title, sha256: keepText(playbook.text, blobs) },
    kit: keepText(request.kit, blobs),
    actions: Object.fromEntries(
      [...actions].map(([id, action]) => [id, planAction(action, blobs, request.grades?.get(id))]),
    ),
    goal: playbook.goal.map(planned),
    preflight: playbook.preflight.map(planned),
    protect: playbook.protect,
    stages: playbook.stages.map((stage) => ({ title: stage.title, steps: stage.steps.map(planned) })),
    ...(playbook.waitFor === null ? {} : { waitFor: playbook.waitFor }),
    rollback: playbook.rollback,
    evidence: evidenceOf(playbook, actions),
    targets: playbook.targets,
    hosts,
    batches: batches.value,
    budgets: request.budgets,
    window: { until: request.until },
  };
  return { ok: true, value: { plan, digest: planDigest(plan), blobs } };
}

function usesOf(playbook: Playbook): readonly ActionUse[] {
  return [...playbook.goal, ...playbook.preflight, ...playbook.stages.flatMap((stage) => stage.steps)];
}

/** The playbook's evidence and that of its actions, each kind once. */
function evidenceOf(playbook: Playbook, actions: ReadonlyMap<string, Action>): readonly string[] {
  return [...new Set([...playbook.evidence, ...[...actions.values()].flatMap((action) => action.collect)])];
}

/** The values of a use with the action's defaults filled in, so that the plan shows, and its digest covers, all of them. */
function plannedWith(use: ActionUse, actions: ReadonlyMap<string, Action>): ActionUse['with'] {
  const declared = actions.get(use.uses)?.parameters ?? {};
  const values: Record<string, Json> = {};
  for (const [name, declaration] of Object.entries(declared)) {
    const given = Object.hasOwn(use.with, name) ? use.with[name] : undefined;
    if (given === undefined) {
      if (declaration.default !== undefined) values[name] = literal(declaration.default);
    } else values[name] = parameterName(given) === null ? (boundValue(declaration, given) as Json) : given;
  }
  return values;
}

/** A value in which no text stands for a parameter. */
function literal(value: Json): Json {
  if (typeof value === 'string') return value.startsWith('$') ? `$${value}` : value;
  if (Array.isArray(value)) return value.map(literal);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, literal(each as Json)]));
}

/** What a host's parameters come to must fit the actions that they are passed on to. */
function checkBound(
  use: ActionUse,
  actions: ReadonlyMap<string, Action>,
  hosts: readonly PlannedHost[],
  faults: HostFault[],
): void {
  const declared = actions.get(use.uses)?.parameters ?? {};
  for (const host of hosts) {
    const bound = bindWith(use.with, host.parameters);
    for (const [name, value] of Object.entries(bound)) {
      const declaration: ParameterDeclaration | undefined = declared[name];
      if (declaration === undefined) continue;
      const plain = isSecretReference(value) && declaration.type === 'secret' ? value.secret : (value as Json);
      for (const { message, expected } of checkValue(declaration, plain)) {
        faults.push({
          host: host.id,
          message: `\`${use.id}\` (${use.uses}), \`${name}\`: ${message}`,
          expected,
          from: 'inventory',
        });
      }
    }
  }
}

/** One fault for all hosts that have the same one. */
function groupFaults(faults: readonly HostFault[], request: PlanRequest): InputFault[] {
  const groups = new Map<string, HostFault[]>();
  for (const fault of faults) {
    const key = `${fault.from}\0${fault.message}\0${fault.expected}`;
    groups.set(key, [...(groups.get(key) ?? []), fault]);
  }
  return [...groups.values()].map((group) => {
    const { message, expected, from } = group[0] as HostFault;
    const hosts = group.map(({ host }) => host);
    const shown = hosts.length > 5 ? `${hosts.slice(0, 5).join(', ')} and ${hosts.length - 5} more` : hosts.join(', ');
    const file = { launch: '--param', inventory: request.inventory.file, playbook: request.playbook.file }[from];
    return optionFault(file, hosts.length === request.hosts.length ? message : `${message} (${shown})`, { expected });
  });
}
