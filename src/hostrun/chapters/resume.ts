import { ask, type Decision, record } from '../decision.ts';
import { decideStop, endWithoutHost } from '../end.ts';
import { pauseOr } from '../pause.ts';
import { type HostRunState, plannedStep, stepOf, stepsOf } from '../state.ts';
import { finish } from './finish.ts';
import { pause } from './reach.ts';

/**
 * Taking up (again) a host that may hold something of this run. The host is the authority on the host: work under way is
 * awaited, the ledger tells whether a former attempt still lives, then the claim is taken, and only what is read under it counts (I1, I4).
 */
export function resume(state: HostRunState, atMs: number): Decision | null {
  if (!state.touched) return null;
  return askAfterTask(state) ?? settleFormer(state, atMs) ?? takeClaim(state) ?? settleOutcome(state);
}

/** Work that a task of the system lane goes on with must not lose the claim it works under: it is asked after before anything else. */
function askAfterTask(state: HostRunState): Decision | null {
  const inHand = stepsOf(state.plan).find(({ id }) => {
    const step = stepOf(state, id);
    return step.state === 'begun' && step.task !== null;
  });
  const task = inHand === undefined ? null : stepOf(state, inHand.id).task;
  if (inHand === undefined || task === null || mayEnd(state, inHand.id)) return null;
  return ask(state, 'polling', { kind: 'pollStep', step: inHand.id, task });
}

/** Whether work under way at a step is to be ended: the run is on its way back and the action allows it (I8). */
function mayEnd(state: HostRunState, step: string): boolean {
  return (state.cancel !== null || state.failing !== null) && plannedStep(state.plan, step).action.interruptible;
}

/** Proves that the former attempt has ended: waits for it, or ends it where its action allows. */
function settleFormer(state: HostRunState, atMs: number): Decision | null {
  // Before the first claim, no attempt can have left anything at work.
  if (state.fresh !== null || (!state.claimed && state.token === 0)) return null;
  if (state.reading === null) return ask(state, 'readingLedger', { kind: 'readLedger', claimed: state.claimed });
  const { unended } = state.reading;
  if (unended === null || state.former === 'ended') return null;
  if (state.former === 'unasked') return ask(state, 'askingFormer', { kind: 'askFormer', ...unended });
  const known = stepsOf(state.plan).some(({ id }) => id === unended.step);
  const action = known ? plannedStep(state.plan, unended.step).action : null;
  if (action?.interruptible === true) return ask(state, 'endingFormer', { kind: 'endFormer', ...unended });
  return awaitFormer(state, atMs, unended.step, action?.longestMs ?? longestOwnMs(state));
}

/** The longest that work of the kit's own can take: an undo of the whole run, or the making of a restore point. */
function longestOwnMs({ plan, limits }: HostRunState): number {
  const undoMs = stepsOf(plan).reduce((sum, { id }) => sum + plannedStep(plan, id).action.longestMs, 0);
  return Math.max(undoMs, limits.protectionLimitMs);
}

function awaitFormer(state: HostRunState, atMs: number, step: string, longestMs: number): Decision | null {
  const { limits } = state;
  const plan = {
    reason: 'former-attempt',
    firstMs: limits.pollMs,
    longestMs: limits.pollMaxMs,
    limitMs: longestMs + limits.graceMs,
    detail: `an earlier attempt at \`${step}\` still works on the host`,
  } as const;
  const paused = pauseOr({ ...state, reading: null, former: 'unasked' }, atMs, plan, (over) =>
    endWithoutHost(
      decideStop(over, 'blocked', {
        cause: 'former-attempt',
        reason: `An earlier attempt at \`${step}\` still works on the host after its longest duration.`,
        remedy: 'Look at the process on the host and end it by hand if it hangs.',
      }),
    ),
  );
  return pause(paused) ?? finish(paused);
}

/** Takes the host under an exclusive lock (I4). That a claim is sought is written first: from then on the host may hold one. */
export function takeClaim(state: HostRunState): Decision | null {
  const { owner } = state;
  if (!state.touched) return record(state, 'claiming', { kind: 'claimSought', data: { owner } });
  if (!state.claimed) return ask(state, 'claiming', { kind: 'claim', owner });
  if (state.reading?.claimed !== true) return ask(state, 'readingLedger', { kind: 'readLedger', claimed: true });
  return null;
}

/** A step that an earlier attempt had finished without the journal's knowing: its outcome stands in the ledger and counts (I1). */
function settleOutcome(state: HostRunState): Decision | null {
  const outcome = state.reading?.outcome ?? null;
  if (outcome === null || state.outcome !== null || state.fresh !== null) return null;
  if (stepOf(state, outcome.step).state !== 'begun') return null;
  const { step, ok, message, ...result } = outcome;
  if (ok)
    return record(state, 'applying', {
      kind: 'stepApplied',
      data: { step, ...result, ledger: state.reading?.ledger ?? null },
    });
  const fault = { code: 'script-error', message, fqid: '', hresult: null, script: '', line: null };
  return record(state, 'applying', {
    kind: 'stepFailed',
    data: { step, during: 'apply', fault, changes: outcome.changes },
  });
}
