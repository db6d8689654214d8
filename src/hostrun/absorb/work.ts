import type { Fault } from '../../journal/event-data.ts';
import { formatDuration } from '../../kernel/duration.ts';
import { decideEnd, decideStop, type EndWords, endWithoutHost, tamperedRemedy } from '../end.ts';
import { pauseOr, waitedEnough } from '../pause.ts';
import { anyBegun, type HostRunState, plannedStep, stepOf, withStep } from '../state.ts';
import type { DataOf } from './data-of.ts';

/** A preflight check has answered. */
export function noteCheck(state: HostRunState, { check, ok, reason, facts }: DataOf<'hostChecked'>): HostRunState {
  const ifFails = state.plan.preflight.find(({ id }) => id === check)?.ifFails ?? 'block';
  if (ok || ifFails === 'warn') return { ...state, checks: { ...state.checks, [check]: { ok, facts } } };
  if (ifFails === 'reboot-first' && !state.rebootedFirst) return { ...state, rebootWanted: 'preflight' };
  return decideStop(state, 'blocked', { cause: 'preflight', reason });
}

/** The goal was checked: in the survey (`stage` null) or after a stage. */
export function noteGoal(state: HostRunState, { stage, ok, reason }: DataOf<'goalChecked'>): HostRunState {
  if (stage === null) return { ...state, goalBefore: { ok, reason } };
  return { ...state, goals: { ...state.goals, [stage]: ok } };
}

/** A step's detect has answered in the survey. */
export function noteSurveyed(state: HostRunState, { step, ...found }: DataOf<'stepSurveyed'>): HostRunState {
  return { ...state, surveyed: { ...state.surveyed, [step]: found } };
}

/** The safety net was made. A playbook that wants one for the whole system gets one, or the run does not change anything (I2). */
export function noteProtection(state: HostRunState, { method, id }: DataOf<'protectionMade'>): HostRunState {
  const { level } = state.plan.protect;
  const done = waitedEnough(state, 'protection');
  if (method !== 'none') return { ...done, protection: { method, id }, proven: false };
  if (level === 'L1' || level === 'L2') return { ...done, protection: { method, id }, proven: true };
  return decideStop(done, 'blocked', {
    cause: 'protection',
    reason: `The playbook wants protection level ${level}, and the host has made none.`,
  });
}

/** The safety net is still being made. */
export function noteProtectionRunning(
  state: HostRunState,
  { task }: DataOf<'protectionRunning'>,
  atMs: number,
): HostRunState {
  const { pollMs, pollMaxMs, protectionLimitMs } = state.limits;
  const detail = `the restore point is being made (${task})`;
  const plan = {
    reason: 'protection',
    firstMs: pollMs,
    longestMs: pollMaxMs,
    limitMs: protectionLimitMs,
    detail,
  } as const;
  return pauseOr(state, atMs, plan, (over) =>
    decideStop(over, 'blocked', { cause: 'protection', reason: 'The restore point was not made within its limit.' }),
  );
}

/** The host cannot be made restorable as a whole. */
export function noteProtectionImpossible(
  state: HostRunState,
  { reason, remedy }: DataOf<'protectionImpossible'>,
): HostRunState {
  return decideStop(state, 'blocked', { cause: 'protection', reason, remedy });
}

/** Whether the safety net exists (I2). */
export function noteProof(state: HostRunState, { exists }: DataOf<'protectionProven'>): HostRunState {
  if (exists) return { ...state, proven: true };
  return decideStop(state, 'blocked', {
    cause: 'protection',
    reason: 'The restore point was reported as made and cannot be found on the host.',
    remedy: 'Look at the space for shadow copies on the system drive.',
  });
}

/** What the steps touch was copied and its facts were read. */
export function noteCapture(state: HostRunState, { facts }: DataOf<'hostCaptured'>): HostRunState {
  return { ...state, captured: facts };
}

/** A step's detect has answered, right before it would begin. */
export function noteDetected(state: HostRunState, { step, ...found }: DataOf<'stepDetected'>): HostRunState {
  return withStep(state, step, { detected: found });
}

/** A step has nothing to do. */
export function noteSkipped(state: HostRunState, { step }: DataOf<'stepSkipped'>): HostRunState {
  return withStep(state, step, { state: 'skipped' });
}

/** A step begins: from here on it may have changed something. */
export function noteBegun(state: HostRunState, { step, attempt }: DataOf<'stepBegun'>, atMs: number): HostRunState {
  const begun = withStep(state, step, { state: 'begun', attempts: attempt, begunAtMs: atMs, task: null });
  return { ...begun, fresh: step };
}

/** A task on the host goes on with a step; it is asked after until its longest duration is over. */
export function noteStillRunning(
  state: HostRunState,
  { step, task, lastLine }: DataOf<'stepStillRunning'>,
  atMs: number,
): HostRunState {
  const { pollMs, pollMaxMs, graceMs } = state.limits;
  const limitMs = plannedStep(state.plan, step).action.longestMs + graceMs;
  const running = { ...withStep(state, step, { task }), fresh: null, reading: null };
  const plan = { reason: 'task', firstMs: pollMs, longestMs: pollMaxMs, limitMs, detail: lastLine } as const;
  return pauseOr(running, atMs, plan, (over) => {
    const reason = `\`${step}\` did not end within ${formatDuration(limitMs)} (its \`duration.longest\` and a grace). Give what it waits for a limit of its own, or its action a longer one.`;
    return { ...withStep(over, step, { task: null }), failing: { cause: 'failure', reason } };
  });
}

/** A step's changes are made. */
export function noteApplied(state: HostRunState, data: DataOf<'stepApplied'>): HostRunState {
  const { step, changed, facts, rebootRequired, ledger } = data;
  const { reboot } = plannedStep(state.plan, step).action;
  const applied = withStep(state, step, { state: 'applied', changed, facts, rebootRequired, task: null });
  return {
    ...waitedEnough(applied, 'task'),
    fresh: null,
    ledger: ledger ?? state.ledger,
    rebootOwed: state.rebootOwed || rebootRequired,
    rebootWanted: rebootRequired && reboot === 'required' ? step : state.rebootWanted,
  };
}

/** A step ended with an error: everything goes back (I3). */
export function noteFailed(state: HostRunState, { step, during, fault }: DataOf<'stepFailed'>): HostRunState {
  const reason = `${during} of \`${step}\` failed: ${fault.message}`;
  if (during === 'survey')
    return decideStop(
      state,
      'blocked',
      tamperedWords(fault) ?? signedOutWords(fault) ?? { cause: 'survey-failed', reason },
    );
  const failing = { cause: 'failure' as const, reason };
  const { state: became, attempts } = stepOf(state, step);
  // A script that ran out of time has no outcome in the ledger: whether it has ended is asked before anything is undone.
  const unsure = during === 'apply' && fault.code === 'timed-out';
  const failed =
    attempts > 0 && became !== 'pending' && !unsure ? withStep(state, step, { state: 'failed', task: null }) : state;
  return { ...waitedEnough(failed, 'task'), fresh: null, reading: unsure ? null : state.reading, failing };
}

/** A step was ended because the run was cancelled; what it did is in doubt. */
export function noteInterrupted(state: HostRunState, { step }: DataOf<'stepInterrupted'>): HostRunState {
  return { ...withStep(state, step, { task: null }), fresh: null, reading: null };
}

/** A step's verify has answered. */
export function noteVerified(state: HostRunState, { step, ok, reason, final }: DataOf<'stepVerified'>): HostRunState {
  if (!ok) {
    const when = final ? 'no longer verifies at the end' : 'does not verify';
    return { ...state, failing: { cause: 'failure', reason: `\`${step}\` ${when}: ${reason}` } };
  }
  if (final) return { ...state, finallyVerified: [...state.finallyVerified, step] };
  return withStep(state, step, { state: 'verified' });
}

/** A restart is about to be asked for. */
export function noteRebootRequested(state: HostRunState, _data: DataOf<'rebootRequested'>, atMs: number): HostRunState {
  return { ...state, reboot: { atMs, uptimeMs: null } };
}

/** The host has accepted the request; the session dies with it. */
export function noteRebootBegun(state: HostRunState, { uptimeMs }: DataOf<'rebootBegun'>, atMs: number): HostRunState {
  const { rebootPollMs, rebootDelayMs, rebootLimitMs } = state.limits;
  const reboot = { atMs: state.reboot?.atMs ?? atMs, uptimeMs };
  const firstMs = rebootDelayMs + rebootPollMs;
  const plan = { reason: 'reboot', firstMs, longestMs: firstMs, limitMs: rebootLimitMs, detail: 'restarting' } as const;
  const gone = { ...state, reboot, connected: false, claimed: false, reading: null, former: 'unasked' as const };
  return pauseOr(gone, atMs, plan, (over) => over);
}

/** The restart has taken place, proven by the uptime. */
export function noteRebooted(state: HostRunState): HostRunState {
  const first = state.rebootWanted === 'preflight';
  return {
    ...waitedEnough(state, 'reboot'),
    reboot: null,
    rebootWanted: null,
    rebootOwed: false,
    userSeen: false,
    rebootedFirst: state.rebootedFirst || first,
    goalBefore: first ? null : state.goalBefore,
    surveyed: first ? {} : state.surveyed,
    checks: first ? {} : state.checks,
  };
}

/** A command of the kit ended with an error that no other event tells of. */
export function noteCommandFailed(
  state: HostRunState,
  { command, subject, fault }: DataOf<'commandFailed'>,
): HostRunState {
  const what = subject === '' ? command : `${command} \`${subject}\``;
  const reason = `${what} failed: ${fault.message}`;
  if (command === 'compareFacts')
    return decideEnd(state, 'needs-hands', 'unknown', {
      cause: 'facts-unread',
      reason: `Every change was undone, but the facts could not be read again: ${fault.message}`,
    });
  if (command === 'commit' && state.end !== null)
    return { ...state, detached: true, outcome: { ...state.end, cause: 'order-not-done', reason } };
  if (state.claimed && anyBegun(state) && state.failing === null)
    return { ...state, failing: { cause: 'failure', reason }, rebootWanted: null };
  const stopped = decideStop(
    state,
    'blocked',
    tamperedWords(fault) ?? signedOutWords(fault) ?? moduleWords(state, fault) ?? { cause: 'command-failed', reason },
  );
  return state.claimed ? { ...stopped, rebootWanted: null } : endWithoutHost(stopped);
}

/** A no-language endpoint that does not hold what the plan needs. */
function moduleWords({ plan }: HostRunState, { code, message }: Fault): EndWords | null {
  if (code !== 'jea-module') return null;
  const remedy = `\`kintsugi jea export ${plan.playbook.id}\` writes it; install it on the host, then launch again.`;
  return { cause: 'jea-module', reason: message, remedy };
}

/** The user has signed out since he was chosen. */
function signedOutWords({ fqid, message }: Fault): EndWords | null {
  if (fqid !== 'KtNoUserSession') return null;
  return { cause: 'no-user-session', reason: message, remedy: 'Launch again when somebody is signed in.' };
}

/** Scripts of the system lane use the kit's folder before the claim is sought, so its check can fail under any command. */
function tamperedWords({ code, fqid, message }: Fault): EndWords | null {
  if (code !== 'kit-folder-tampered' && fqid !== 'KtTampered') return null;
  return { cause: 'kit-folder-tampered', reason: message, remedy: tamperedRemedy };
}
