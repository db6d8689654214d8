import { sha256 } from '../../../src/kernel/canonical-json.ts';
import type { Plan, PlannedAction, PlannedCheck, RollbackCause } from '../../../src/planning/plan.ts';

/** A step of a plan made for tests; its action bears its name. */
type StepForPlan = Partial<PlannedAction> & { readonly id: string; readonly when?: string };

/** Options of a plan made for tests. */
export type PlanForTests = {
  readonly stages: readonly (readonly StepForPlan[])[];
  /** Names of the goal's checks where it has several, and which of them only warn. */
  readonly goals?: readonly string[];
  readonly warns?: readonly string[];
  readonly checks?: readonly Pick<PlannedCheck, 'id' | 'ifFails'>[];
  readonly rollbackAfter?: readonly RollbackCause[];
  readonly until?: string;
  readonly waitFor?: 'sign-on';
  readonly hosts?: readonly string[];
  readonly batches?: readonly (readonly string[])[];
  readonly budgets?: Partial<Plan['budgets']>;
  readonly level?: Plan['protect']['level'];
};

/** The text that stands for a script in tests. */
export const scriptText = (id: string, kind: string): string => `# ${kind} of ${id}`;

/** The text that stands for the host kit in tests. */
export const kitText = '# kit';

/** A plan with the given stages, complete enough to be run. */
export function planFor(options: PlanForTests): Plan {
  const hosts = options.hosts ?? ['pc1'];
  const steps = options.stages.flat();
  const goals = options.goals ?? ['goal'];
  const checks = options.checks ?? [{ id: 'preflight.1', ifFails: 'block' }];
  const actions = [
    ...goals.map((goal) => actionOf(goal, { kind: 'check' })),
    ...checks.map(({ id }) => actionOf(id, { kind: 'check' })),
    ...steps.map(({ id, when: _when, ...rest }) => actionOf(id, rest)),
  ];
  return {
    kintsugi: 'plan/v1',
    playbook: { id: 'test/playbook', title: { en: 'Test' }, sha256: '0'.repeat(64) },
    kit: sha256(kitText),
    actions: Object.fromEntries(actions.map((action) => [action.id, action])),
    goal: goals.map((uses) => ({
      id: uses === 'goal' ? 'goal' : `goal.${uses}`,
      uses,
      with: {},
      ifFails: options.warns?.includes(uses) === true ? 'warn' : 'fail',
    })),
    preflight: checks.map(({ id, ifFails }) => ({ id, uses: id, with: {}, ifFails })),
    protect: { level: options.level ?? 'L3', systemProtectionOff: 'shadow-copy', reason: null },
    stages: options.stages.map((stage) => ({
      title: { en: 'Stage' },
      steps: stage.map(({ id, when }) => ({ id, uses: id, with: {}, when: when ?? null, title: { en: id } })),
    })),
    ...(options.waitFor === undefined ? {} : { waitFor: options.waitFor }),
    rollback: { after: options.rollbackAfter ?? ['failure', 'cancel', 'window-closing', 'goal-not-reached'] },
    evidence: ['update-history'],
    targets: { os: { client: '>=19045', server: '>=17763' } },
    hosts: hosts.map((id) => ({ id, parameters: {} })),
    batches: options.batches ?? [hosts],
    budgets: { failed: null, unreachable: null, rolledBack: null, ...options.budgets },
    window: { until: options.until ?? null },
  };
}

function actionOf(id: string, overrides: Partial<PlannedAction>): PlannedAction {
  const script = (kind: string) => sha256(scriptText(id, kind));
  const check = overrides.kind === 'check';
  return {
    id,
    kind: 'change',
    title: { en: id },
    lanes: { detect: 'inline', apply: 'inline', verify: 'inline', undo: 'inline' },
    scripts: check
      ? { verify: script('verify') }
      : { detect: script('detect'), apply: script('apply'), verify: script('verify') },
    parameters: {},
    typicalMs: 1_000,
    longestMs: 60_000,
    risk: 'low',
    reboot: 'never',
    interruptible: false,
    irreversible: null,
    touches: { files: [id] },
    targets: { os: {} },
    ...overrides,
  };
}

/** All texts of a plan made for tests, as a launch hands them over. */
export function textsOf(plan: Plan): readonly string[] {
  const scripts = Object.values(plan.actions).flatMap(({ id, scripts: kinds }) =>
    Object.keys(kinds).map((kind) => scriptText(id, kind)),
  );
  return [kitText, ...scripts];
}
