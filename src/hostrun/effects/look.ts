import type { HostEventBody } from '../../journal/event.ts';
import type { GoalFinding } from '../../journal/event-data.ts';
import { goalJudgement } from '../../planning/goal.ts';
import type { PlannedUse } from '../../planning/plan.ts';
import type { Detection, ScriptCall, ScriptOutcome, Verification } from '../../remote/powershell/host-kit.ts';
import { plannedStep } from '../state.ts';
import { faultOf, faultOfScript, isConnectionFailure, isOwnFailure } from './fault-of.ts';
import { scriptCall } from './script-call.ts';
import { kitOf, type Work } from './work.ts';

/** Runs a preflight check. */
export async function checkHost(work: Work, { check }: { readonly check: string }): Promise<HostEventBody> {
  const use = work.state.plan.preflight.find(({ id }) => id === check);
  if (use === undefined) throw new RangeError(`the plan has no check \`${check}\``);
  const seen = await look<Verification>(work, use, 'verify');
  if (seen.kind === 'failed')
    return { kind: 'commandFailed', data: { command: 'check', subject: check, fault: seen.fault } };
  const { ok, reason, facts } = seen.result;
  return { kind: 'hostChecked', data: { check, ok, reason, facts } };
}

/** Runs the goal's checks, all of them, so that the report has every finding. */
export async function checkGoal(work: Work, { stage }: { readonly stage: number | null }): Promise<HostEventBody> {
  const checks: GoalFinding[] = [];
  for (const check of work.state.plan.goal) {
    const seen = await look<Verification>(work, check, 'verify');
    if (seen.kind === 'failed')
      return { kind: 'commandFailed', data: { command: 'checkGoal', subject: check.uses, fault: seen.fault } };
    const { ok, reason, facts } = seen.result;
    checks.push({ id: check.id, uses: check.uses, ok, reason, facts });
  }
  return { kind: 'goalChecked', data: { stage, ...goalJudgement(work.state.plan.goal, checks), checks } };
}

/** Runs a step's detect before anything is changed. */
export async function surveyStep(work: Work, { step }: { readonly step: string }): Promise<HostEventBody> {
  const seen = await look<Detection>(work, plannedStep(work.state.plan, step).step, 'detect');
  if (seen.kind === 'failed')
    return { kind: 'stepFailed', data: { step, during: 'survey', fault: seen.fault, changes: [] } };
  return { kind: 'stepSurveyed', data: finding(step, seen.result) };
}

/** Runs a step's detect right before the step would begin. */
export async function detectStep(work: Work, { step }: { readonly step: string }): Promise<HostEventBody> {
  const seen = await look<Detection>(work, plannedStep(work.state.plan, step).step, 'detect');
  if (seen.kind === 'failed')
    return { kind: 'stepFailed', data: { step, during: 'detect', fault: seen.fault, changes: [] } };
  return { kind: 'stepDetected', data: finding(step, seen.result) };
}

/** Runs a step's verify. */
export async function verifyStep(
  work: Work,
  { step, final }: { readonly step: string; readonly final: boolean },
): Promise<HostEventBody> {
  const seen = await look<Verification>(work, plannedStep(work.state.plan, step).step, 'verify');
  if (seen.kind === 'failed')
    return { kind: 'stepFailed', data: { step, during: 'verify', fault: seen.fault, changes: [] } };
  const { ok, reason, facts } = seen.result;
  return { kind: 'stepVerified', data: { step, ok, reason, facts, final } };
}

function finding(step: string, { needed, possible, reason, facts }: Detection) {
  return { step, needed, possible, reason, facts };
}

type Seen<T> =
  | { readonly kind: 'done'; readonly result: T }
  | { readonly kind: 'failed'; readonly fault: ReturnType<typeof faultOf> };

/** Runs a read-only script to its end, in whichever lane; its own error is a result, a lost session is not. */
async function look<T extends Detection | Verification>(
  work: Work,
  use: PlannedUse,
  kind: 'detect' | 'verify',
): Promise<Seen<T>> {
  try {
    const call = await scriptCall(work, use, kind);
    const outcome = await untilEnded<T>(work, call);
    return outcome.kind === 'done' ? outcome : { kind: 'failed', fault: faultOfScript(outcome.fault) };
  } catch (error) {
    if (isConnectionFailure(error) || isOwnFailure(error)) throw error;
    return { kind: 'failed', fault: faultOf(error) };
  }
}

async function untilEnded<T extends Detection | Verification>(work: Work, call: ScriptCall) {
  const { pacing, limits, signal } = work.ports;
  let outcome = await kitOf(work).read<T>(call, signal);
  while (outcome.kind === 'running') {
    await pacing.sleep(limits.pollMs, signal);
    signal.throwIfAborted();
    outcome = (await kitOf(work).poll(outcome.task)) as ScriptOutcome<T>;
  }
  return outcome;
}
