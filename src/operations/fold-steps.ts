import type { HostEvent } from '../journal/event.ts';
import type { Plan, PlannedStep } from '../planning/plan.ts';
import type { StageReport, StepReport } from '../report/run-report.ts';

type EventOf<K extends HostEvent['kind']> = Extract<HostEvent, { readonly kind: K }>;

/** The last event of a kind that satisfies a test. */
export function lastOf<K extends HostEvent['kind']>(
  events: readonly HostEvent[],
  kind: K,
  test: (event: EventOf<K>) => boolean = () => true,
): EventOf<K> | undefined {
  return events.findLast((event): event is EventOf<K> => event.kind === kind && test(event as EventOf<K>));
}

/** What became of every stage and step, told by a host run's events. */
export function foldStages(plan: Plan, events: readonly HostEvent[]): readonly StageReport[] {
  return plan.stages.map((stage, index) => {
    const steps = stage.steps.map((step) => foldStep(step, events));
    const goal = lastOf(events, 'goalChecked', ({ data }) => data.stage === index);
    return {
      title: stage.title,
      reached: steps.some(({ state }) => state !== 'not-reached'),
      steps,
      goal: goal === undefined ? null : { ok: goal.data.ok, reason: goal.data.reason },
    };
  });
}

function foldStep(step: PlannedStep, events: readonly HostEvent[]): StepReport {
  const own = events.filter((event) => 'step' in event.data && event.data.step === step.id);
  const surveyed = lastOf(own, 'stepSurveyed')?.data;
  const applied = lastOf(own, 'stepApplied');
  const failed = lastOf(own, 'stepFailed', ({ data }) => data.during !== 'survey');
  const work = own.filter(({ kind }) => kind !== 'stepSurveyed');
  const [first, last] = [work.at(0), work.at(-1)];
  const { state, reason } = stateOf(own, events);
  return {
    id: step.id,
    title: step.title,
    action: step.uses,
    state,
    reason,
    survey:
      surveyed === undefined
        ? null
        : { needed: surveyed.needed, possible: surveyed.possible, reason: surveyed.reason, facts: surveyed.facts },
    startedAt: first?.at ?? null,
    durationMs: first === undefined || last === undefined ? null : Date.parse(last.at) - Date.parse(first.at),
    changes: applied?.data.changes ?? failed?.data.changes ?? [],
    facts: lastOf(own, 'stepVerified')?.data.facts ?? applied?.data.facts ?? null,
    fault: failed?.data.fault ?? null,
  };
}

/** The state of a step: its last event says it, unless a rollback of the whole run came after. */
function stateOf(own: readonly HostEvent[], all: readonly HostEvent[]): Pick<StepReport, 'state' | 'reason'> {
  const failed = lastOf(own, 'stepFailed', ({ data }) => data.during !== 'survey');
  if (failed !== undefined) return { state: 'failed', reason: failed.data.fault.message };
  const unverified = lastOf(own, 'stepVerified', ({ data }) => !data.ok);
  if (unverified !== undefined) return { state: 'failed', reason: unverified.data.reason };
  const skipped = lastOf(own, 'stepSkipped');
  if (skipped !== undefined) {
    const { because, reason } = skipped.data;
    return { state: because === 'not-needed' ? 'already-right' : 'skipped', reason };
  }
  if (lastOf(own, 'stepInterrupted') !== undefined) return { state: 'interrupted', reason: '' };
  const begun = lastOf(own, 'stepBegun') !== undefined;
  if (begun && lastOf(all, 'changesUndone', ({ data }) => data.step === null) !== undefined)
    return { state: 'undone', reason: '' };
  const verified = lastOf(own, 'stepVerified');
  if (verified !== undefined) return { state: 'done', reason: verified.data.reason };
  const touched = begun || lastOf(own, 'stepDetected') !== undefined;
  return { state: touched ? 'under-way' : 'not-reached', reason: '' };
}
