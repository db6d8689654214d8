import type { Json, Lane, LocalText, ProtectionLevel, ReversibilityGrade } from '../kernel/words.ts';
import { type BoundParameters, bindWith } from './bind.ts';
import type { Plan, PlannedAction, PlannedHost, PlannedUse, Waiver } from './plan.ts';
import { levelAsked, waiverOf } from './protection.ts';
import { isSecretReference } from './secret-values.ts';
import { planDigest } from './signature.ts';

/** A step (or check) as a plan shows it. */
type StepDescription = {
  readonly id: string;
  readonly title: LocalText;
  readonly uses: string;
  /** Bound values; of a secret, where it comes from. */
  readonly values: { readonly [name: string]: Json };
  readonly when: string | null;
  readonly risk: PlannedAction['risk'];
  /** The protection level that it asks for (a check asks for none), and why that is waived; null where it is not. */
  readonly protect: ProtectionLevel | null;
  readonly waived: string | null;
  readonly lane: Lane;
  readonly typicalMs: number;
  readonly longestMs: number;
  readonly reboot: PlannedAction['reboot'];
  readonly interruptible: boolean;
  readonly irreversible: LocalText | null;
  /** How far it can be taken back; null where nobody graded it. */
  readonly grade: ReversibilityGrade | null;
};

/** What a plan would do to one host. */
type HostDescription = {
  readonly id: string;
  /** 1-based. */
  readonly batch: number;
  readonly preflight: readonly StepDescription[];
  readonly goal: readonly StepDescription[];
  readonly stages: readonly { readonly title: LocalText; readonly steps: readonly StepDescription[] }[];
};

/** What a plan would do, for people to approve. */
export type PlanDescription = {
  readonly digest: string;
  readonly playbook: { readonly id: string; readonly title: LocalText };
  readonly protection: {
    readonly level: ProtectionLevel;
    readonly systemProtectionOff: 'enable' | 'shadow-copy' | 'block';
    readonly reason: LocalText | null;
  };
  /** Steps that may begin without the level that they ask for. */
  readonly waivers: readonly (Waiver & { readonly level: ProtectionLevel })[];
  /** Steps whose actions ask for less protection than their risk does, and why. */
  readonly lessProtected: readonly {
    readonly step: string;
    readonly level: ProtectionLevel;
    readonly reason: LocalText;
  }[];
  readonly rollbackAfter: readonly string[];
  readonly until: string | null;
  readonly targets: Plan['targets'];
  readonly batches: readonly (readonly string[])[];
  readonly hosts: readonly HostDescription[];
  /** The highest risk of any step. */
  readonly risk: PlannedAction['risk'];
  /** The worst grade of any step: how far the whole can be taken back; null where nobody graded them. */
  readonly grade: ReversibilityGrade | null;
  /** Steps after which the host may, should or must be restarted. */
  readonly reboots: readonly { readonly step: string; readonly reboot: PlannedAction['reboot'] }[];
  readonly irreversible: readonly { readonly step: string; readonly reason: LocalText }[];
  /** Milliseconds, for one host and for the run (batches one after another). `expected`: every step is taken and none fails; `worst`: every step takes its longest and all is undone. */
  readonly durations: {
    readonly host: { readonly expectedMs: number; readonly worstMs: number };
    readonly run: { readonly expectedMs: number; readonly worstMs: number };
  };
};

const risks = ['low', 'medium', 'high'] as const;

/** Describes a plan: per host and step what would be done, how long, how risky, and what cannot be undone. */
export function describePlan(plan: Plan): PlanDescription {
  const steps = plan.stages.flatMap((stage) => stage.steps);
  const stepActions = steps.map((step) => actionOf(plan, step));
  const host = hostDurations(plan);
  const rounds = plan.batches.length;
  const batchOf = new Map(plan.batches.flatMap((batch, index) => batch.map((id) => [id, index + 1] as const)));
  return {
    digest: planDigest(plan),
    playbook: { id: plan.playbook.id, title: plan.playbook.title },
    protection: plan.protect,
    waivers: waiversOf(plan),
    lessProtected: steps.flatMap((step, index) => {
      const action = stepActions[index];
      const reason = action?.protectReason;
      return action === undefined || reason === undefined ? [] : [{ step: step.id, level: levelAsked(action), reason }];
    }),
    rollbackAfter: plan.rollback.after,
    until: plan.window.until,
    targets: plan.targets,
    batches: plan.batches,
    hosts: plan.hosts.map((each) => describeHost(plan, each, batchOf.get(each.id) ?? 0)),
    risk: risks[Math.max(0, ...stepActions.map(({ risk }) => risks.indexOf(risk)))] ?? 'low',
    grade: worstGrade(stepActions),
    reboots: steps.flatMap((step, index) => {
      const reboot = stepActions[index]?.reboot ?? 'never';
      return reboot === 'never' ? [] : [{ step: step.id, reboot }];
    }),
    irreversible: steps.flatMap((step, index) => {
      const reason = stepActions[index]?.irreversible ?? null;
      return reason === null ? [] : [{ step: step.id, reason }];
    }),
    durations: { host, run: { expectedMs: host.expectedMs * rounds, worstMs: host.worstMs * rounds } },
  };
}

/** The waivers of a plan, with the level that each waives. */
export function waiversOf(plan: Plan): PlanDescription['waivers'] {
  const steps = plan.stages.flatMap((stage) => stage.steps);
  return (plan.waivers ?? []).map((waiver) => {
    const use = steps.find(({ id }) => id === waiver.step);
    return { ...waiver, level: use === undefined ? plan.protect.level : levelAsked(actionOf(plan, use)) };
  });
}

/** Grades are letters, the best first. */
function worstGrade(actions: readonly PlannedAction[]): ReversibilityGrade | null {
  const [worst = null] = actions
    .flatMap(({ grade }) => grade ?? [])
    .toSorted()
    .toReversed();
  return worst;
}

function describeHost(plan: Plan, host: PlannedHost, batch: number): HostDescription {
  const describe = (
    use: PlannedUse & { readonly when?: string | null; readonly title?: LocalText },
  ): StepDescription => {
    const action = actionOf(plan, use);
    return {
      id: use.id,
      title: use.title ?? action.title,
      uses: use.uses,
      values: shownValues(bindWith(use.with, host.parameters)),
      when: use.when ?? null,
      risk: action.risk,
      protect: action.kind === 'change' ? levelAsked(action) : null,
      waived: waiverOf(plan, use.id)?.reason ?? null,
      lane: action.kind === 'change' ? action.lanes.apply : action.lanes.verify,
      typicalMs: action.typicalMs,
      longestMs: action.longestMs,
      reboot: action.reboot,
      interruptible: action.interruptible,
      irreversible: action.irreversible,
      grade: action.grade ?? null,
    };
  };
  return {
    id: host.id,
    batch,
    preflight: plan.preflight.map(describe),
    goal: plan.goal.map(describe),
    stages: plan.stages.map((stage) => ({ title: stage.title, steps: stage.steps.map(describe) })),
  };
}

/** The goal is checked in the survey and after each stage; an undo takes as long as its apply at most. */
function hostDurations(plan: Plan): { readonly expectedMs: number; readonly worstMs: number } {
  const looks = [...plan.preflight, ...Array.from({ length: plan.stages.length + 1 }, () => plan.goal).flat()].map(
    (use) => actionOf(plan, use),
  );
  const steps = plan.stages.flatMap((stage) => stage.steps).map((step) => actionOf(plan, step));
  const sum = (actions: readonly PlannedAction[], key: 'typicalMs' | 'longestMs') =>
    actions.reduce((total, action) => total + action[key], 0);
  return {
    expectedMs: sum(looks, 'typicalMs') + sum(steps, 'typicalMs'),
    worstMs: sum(looks, 'longestMs') + 2 * sum(steps, 'longestMs'),
  };
}

function shownValues(bound: BoundParameters): { readonly [name: string]: Json } {
  return Object.fromEntries(
    Object.entries(bound).map(([name, value]) => [name, isSecretReference(value) ? `[secret] ${value.secret}` : value]),
  );
}

function actionOf(plan: Plan, use: PlannedUse): PlannedAction {
  const action = plan.actions[use.uses];
  if (action === undefined) throw new RangeError(`the plan holds no action \`${use.uses}\``);
  return action;
}
