import type { HostEventBody } from '../../journal/event.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Application, ScriptOutcome } from '../../remote/powershell/host-kit.ts';
import { changesOf } from '../assess-ledger.ts';
import { plannedStep } from '../state.ts';
import { faultOf, faultOfScript, isConnectionFailure, isOwnFailure } from './fault-of.ts';
import { scriptCall } from './script-call.ts';
import { claimOf, kitOf, type Work } from './work.ts';

/** Applies a step. While its action may be interrupted, a cancel is looked for, which ends it (I8). */
export async function applyStep(
  work: Work,
  { step, attempt }: { readonly step: string; readonly attempt: number },
): Promise<HostEventBody> {
  const planned = plannedStep(work.state.plan, step);
  const watch = planned.action.interruptible ? watchForCancel(work) : null;
  try {
    const call = await scriptCall(work, planned.step, 'apply');
    // A worker that stops does not end the step: it waits for it, or the script goes on without it.
    return await told(work, step, await kitOf(work).apply(call, { ...claimOf(work), attempt }, watch?.signal));
  } catch (error) {
    if (watch?.signal.aborted === true) return { kind: 'stepInterrupted', data: { step } };
    if (isConnectionFailure(error) || isOwnFailure(error)) throw error;
    return { kind: 'stepFailed', data: { step, during: 'apply', fault: faultOf(error), changes: [] } };
  } finally {
    await watch?.end();
  }
}

/** Asks after a step that a task of the system lane works on. */
export async function pollStep(
  work: Work,
  { step, task }: { readonly step: string; readonly task: string },
): Promise<HostEventBody> {
  try {
    return await told(work, step, (await kitOf(work).poll(task)) as ScriptOutcome<Application>);
  } catch (error) {
    if (isConnectionFailure(error) || isOwnFailure(error)) throw error;
    return { kind: 'stepFailed', data: { step, during: 'apply', fault: faultOf(error), changes: [] } };
  }
}

/** The outcome as an event, with the changes that the ledger holds and how far it reaches. */
async function told(work: Work, step: string, outcome: ScriptOutcome<Application>): Promise<HostEventBody> {
  switch (outcome.kind) {
    case 'running': {
      const { task, heartbeatAgeMs, lastLine } = outcome;
      return { kind: 'stepStillRunning', data: { step, task, heartbeatAgeMs, lastLine } };
    }
    case 'failed': {
      const changes = changesOf((await kitOf(work).readLedger()).records, step);
      return { kind: 'stepFailed', data: { step, during: 'apply', fault: faultOfScript(outcome.fault), changes } };
    }
    case 'done': {
      const { records } = await kitOf(work).readLedger();
      const last = records.at(-1);
      const { changed, facts, rebootRequired } = outcome.result;
      const ledger = last === undefined ? null : { seq: last.seq, hash: last.hash };
      return {
        kind: 'stepApplied',
        data: { step, changed, facts, rebootRequired, changes: changesOf(records, step), ledger },
      };
    }
  }
}

function watchForCancel(work: Work): { readonly signal: AbortSignal; readonly end: () => Promise<void> } {
  const { orders, pacing, heedMs } = work.ports;
  const cancelled = new AbortController();
  const over = new AbortController();
  const watching = (async () => {
    while (!over.signal.aborted) {
      await pacing.sleep(heedMs, over.signal);
      if (over.signal.aborted) return;
      // Orders that cannot be read now are read before the next command.
      const { cancel } = await orders().catch((error: unknown) => {
        if (error instanceof Failure) return { cancel: null };
        throw error;
      });
      if (cancel !== null) {
        cancelled.abort();
        return;
      }
    }
  })();
  return {
    signal: cancelled.signal,
    end: async () => {
      over.abort();
      await watching;
    },
  };
}
