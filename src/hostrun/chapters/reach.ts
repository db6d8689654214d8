import { ask, type Decision, record } from '../decision.ts';
import { decideEnd, decideStop, endWithoutHost } from '../end.ts';
import { pauseOr } from '../pause.ts';
import { type HostRunState, parted } from '../state.ts';
import { finish } from './finish.ts';

/** A pause that must pass before anything else. */
export function pause(state: HostRunState): Decision | null {
  return state.pause === null ? null : ask(state, 'waiting', { kind: 'wait', ...state.pause });
}

/** What ends the run before the host is spoken to, and the connection itself. */
export function reach(state: HostRunState, atMs: number): Decision | null {
  if (state.detached) return finish(state);
  const stopped = stopBeforeHost(state, atMs);
  if (stopped !== null) return finish(endWithoutHost(stopped));
  if (!state.connected) return ask(state, 'connecting', { kind: 'connect' });
  return null;
}

function stopBeforeHost(state: HostRunState, atMs: number): HostRunState | null {
  if (state.refused !== null)
    return decideStop(state, 'blocked', {
      cause: 'work-refused',
      reason: state.refused,
      remedy:
        'Something in the store was changed after it was signed: launch the plan again and find out who can write to Redis.',
    });
  if (state.order !== null && state.end !== null && (!state.touched || state.committed))
    return { ...state, outcome: state.end };
  if (state.touched || state.connected) return null;
  if (state.cancel !== null)
    return decideEnd(state, 'cancelled', 'untouched', {
      cause: 'cancel',
      reason: `Cancelled by ${state.cancel.orderedBy} before the host was touched.`,
    });
  if (state.withheld !== null)
    return decideEnd(state, 'deferred', 'untouched', {
      cause: 'budget',
      reason: `Not started: the run's budget is used up (${state.withheld}).`,
      remedy: 'Find out why other hosts of this run failed, then launch the plan again for the rest.',
    });
  const { until } = state.plan.window;
  if (until !== null && atMs >= Date.parse(until))
    return decideEnd(state, 'deferred', 'untouched', {
      cause: 'window',
      reason: `The window closed at ${until}, before anything was changed${state.waited?.reason === 'sign-on' ? ': nobody had signed in' : ''}.`,
      remedy: 'Launch again with a later --until.',
    });
  return null;
}

/** After a restart was asked for: takes note of it, or waits for it. Null where none is awaited, or the request must be repeated. */
export function awaitRestart(state: HostRunState, atMs: number): Decision | null {
  const { reboot, facts, connectedAtMs, limits } = state;
  if (reboot === null || facts === null) return null;
  // Without a restart the uptime never falls and is never shorter than the time since the request.
  const { uptimeMs } = facts;
  const restarted = uptimeMs < connectedAtMs - reboot.atMs || (reboot.uptimeMs !== null && uptimeMs < reboot.uptimeMs);
  if (connectedAtMs > reboot.atMs && restarted)
    return record(state, 'rebooting', { kind: 'hostRebooted', data: { uptimeMs } });
  if (reboot.uptimeMs === null) return null;
  const plan = {
    reason: 'reboot',
    firstMs: limits.rebootPollMs,
    longestMs: limits.rebootPollMs,
    limitMs: limits.rebootLimitMs,
    detail: 'the restart has not taken place yet',
  } as const;
  const paused = pauseOr(parted(state), atMs, plan, (over) => stuckRestart(over));
  return pause(paused) ?? finish(paused);
}

function stuckRestart(state: HostRunState): HostRunState {
  const minutes = Math.round(state.limits.rebootLimitMs / 60_000);
  return endWithoutHost(
    decideStop(state, 'blocked', {
      cause: 'reboot',
      reason: `The host did not restart within ${minutes} min of the request.`,
      remedy: 'Restart it by hand and look for what holds it up.',
    }),
  );
}
