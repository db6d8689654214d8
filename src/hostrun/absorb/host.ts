import { connectionCause, decideEnd, decideStop, endWithoutHost, tamperedRemedy } from '../end.ts';
import { pauseOr, waitedEnough } from '../pause.ts';
import { anyBegun, type HostRunState, parted, plannedStep, stepOf, stepsOf, withStep } from '../state.ts';
import type { DataOf } from './data-of.ts';

/** A worker has taken the host run up. */
export function noteAttempt(state: HostRunState, { attempt, owner }: DataOf<'attemptStarted'>): HostRunState {
  return { ...parted(state), attempt, owner, pause: null };
}

/** A session is open and the host has told what it is. */
export function noteHost(state: HostRunState, data: DataOf<'hostConnected'>, atMs: number): HostRunState {
  const { facts, sameMachineAs } = data;
  const known = { ...waitedEnough(state, 'connection'), connected: true, connectedAtMs: atMs, facts, refusals: 0 };
  if (sameMachineAs === null) return known;
  return endWithoutHost(
    decideStop(known, 'blocked', {
      cause: 'same-machine',
      reason: `This is the same machine as ${sameMachineAs} of this run.`,
      remedy: 'Take one of the two names out of the inventory.',
    }),
  );
}

/** What does not get better by trying again soon; further tries could lock an account. */
const refusals: readonly string[] = ['unauthenticated', 'untrusted-host', 'clock-skew', 'forbidden'];

/** No session, or it broke: the host is tried again after a pause, until a limit. */
export function noteLost(state: HostRunState, { fault }: DataOf<'connectionFailed'>, atMs: number): HostRunState {
  const { limits, waited } = state;
  const tries = (waited?.reason === 'connection' ? waited.count : 0) + 1;
  const refused = refusals.includes(fault.code);
  const mostTries = refused ? limits.refusedTries : limits.connectTries;
  const stuck = state.losses >= (fault.code === 'protocol-error' ? limits.connectTries : limits.lossTries);
  const words = {
    cause: connectionCause(fault.code),
    reason: fault.message,
    remedy: remedyFor(fault.code),
  };
  // Of the refusals only this one shows the host a password, each time.
  const denied = fault.code === 'unauthenticated';
  const lost = { ...parted(state), losses: state.losses + 1, refusals: state.refusals + (denied ? 1 : 0) };
  const giveUp = (over: HostRunState) => endWithoutHost(decideStop(over, 'unreachable', words));
  const awaitsRestart = state.reboot !== null && state.reboot.uptimeMs !== null;
  if (awaitsRestart) {
    if (denied && lost.refusals >= limits.rebootRefusedTries) return giveUp(lost);
    const ms = denied ? limits.rebootRefusedMs * 2 ** (lost.refusals - 1) : limits.rebootPollMs;
    const plan = { firstMs: ms, longestMs: ms, limitMs: limits.rebootLimitMs, detail: fault.message };
    return pauseOr(lost, atMs, { reason: 'reboot', ...plan }, giveUp);
  }
  if (stuck || (tries >= mostTries && (!state.touched || refused))) return giveUp(lost);
  const limitMs = state.touched ? limits.lostLimitMs : Number.POSITIVE_INFINITY;
  const plan = { firstMs: limits.retryMs, longestMs: limits.retryMaxMs, limitMs, detail: fault.message };
  return pauseOr(lost, atMs, { reason: 'connection', ...plan }, giveUp);
}

function remedyFor(code: string): string {
  switch (code) {
    case 'unauthenticated':
    case 'forbidden':
      return 'Check account, password reference and the rights of the account on the host.';
    case 'quota':
      return 'End other sessions of this account on the host, or raise its limits (winrm get winrm/config/winrs shows them).';
    case 'untrusted-host':
      return 'Find out why the host shows another certificate or key; then give its authority (`tls.ca`) or its new fingerprint (`tls.pin`), over SSH its host key (`ssh.hostKey`).';
    case 'clock-skew':
      return 'Set the clocks of the host, the domain controller and this machine by one time source.';
    case 'secret-missing':
      return 'Set the secret where every worker runs.';
    case 'protocol-error':
      return 'The host answers, but not as it should: look at its WinRM configuration; if that is in order, report this as a fault of Kintsugi.';
    case 'claim-lost':
      return 'Something else takes the claim on this host again and again: look for a second installation of Kintsugi.';
    default:
      return 'Check that the host runs, that its WinRM endpoint (or its sshd) answers, and the firewalls between.';
  }
}

/** In whose session the run works. */
export function noteUser(state: HostRunState, user: DataOf<'userChosen'>): HostRunState {
  return { ...waitedEnough(state, 'sign-on'), user, userSeen: true };
}

/** Nobody (or not the run's user) is signed in: it is waited for where the playbook says so, up to the window's end; else the run cannot go on. */
export function noteUserMissed(state: HostRunState, { sid }: DataOf<'userMissed'>, atMs: number): HostRunState {
  const { limits, plan } = state;
  const who = sid === '' ? 'Nobody is' : `${state.user?.account ?? sid} is not`;
  const reason = `${who} signed in, and this playbook works in the session of a signed-in user.`;
  const until = plan.window.until === null ? Number.POSITIVE_INFINITY : Date.parse(plan.window.until);
  const over = (waited: HostRunState): HostRunState => {
    if (anyBegun(state)) return { ...waited, failing: { cause: 'failure', reason } };
    const remedy = 'Launch again when somebody is signed in, or let the playbook wait (`waitFor: sign-on`).';
    return decideStop(waited, 'blocked', { cause: 'no-user-session', reason, remedy });
  };
  if (plan.waitFor !== 'sign-on' || atMs >= until) return over(state);
  const longestMs = anyBegun(state) ? limits.signOnPollMs : limits.signOnPollMaxMs;
  const pause = { firstMs: limits.signOnPollMs, longestMs, limitMs: limits.signOnLimitMs, detail: reason };
  return pauseOr(state, atMs, { reason: 'sign-on', ...pause }, over);
}

/** A pause has passed. */
export function noteWaited(state: HostRunState): HostRunState {
  return { ...state, pause: null };
}

/** The host run leaves its worker until the pause has passed; the next attempt clears it. */
export function noteParked(state: HostRunState): HostRunState {
  return state;
}

/** From here on the host may hold something of this run. */
export function noteSought(state: HostRunState): HostRunState {
  return { ...state, touched: true };
}

/** The host is ours under this token. */
export function noteClaim(state: HostRunState, { token }: DataOf<'claimTaken'>): HostRunState {
  const ours = { ...waitedEnough(state, 'claim', 'machine'), claimed: true, released: false, reading: null };
  if (token > state.token) return { ...ours, token };
  return decideEnd(ours, 'needs-hands', 'unknown', {
    cause: 'ledger-behind',
    reason: `The host gave claim number ${token}; number ${state.token} was given before. Its ledger went back in time.`,
    remedy:
      'A checkpoint was reverted or files were lost: compare the host with the report before anything else is done.',
  });
}

/** Another run has the host: it is waited for, then the run ends and says who has it. */
export function noteHeld(
  state: HostRunState,
  data: { readonly run: string; readonly since?: string },
  atMs: number,
): HostRunState {
  const { claimRetryMs, claimLimitMs } = state.limits;
  const since = data.since === undefined ? '' : ` since ${data.since}`;
  const detail = `run ${data.run} holds this host${since}`;
  const plan = {
    reason: 'claim',
    firstMs: claimRetryMs,
    longestMs: claimRetryMs,
    limitMs: claimLimitMs,
    detail,
  } as const;
  const free = { ...state, touched: state.token > 0 };
  return pauseOr(free, atMs, plan, (over) =>
    endWithoutHost(
      decideStop(over, 'blocked', {
        cause: 'claim-held',
        reason: `Another run holds this host: ${data.run}${since}.`,
        remedy: `Wait for run ${data.run}, or cancel it, then launch again.`,
      }),
    ),
  );
}

/** Somebody else could have changed the kit's folder: nothing is run there. */
export function noteTampered(state: HostRunState, { path, reason }: DataOf<'kitFolderTampered'>): HostRunState {
  return endWithoutHost(
    decideStop({ ...state, touched: state.token > 0 }, 'blocked', {
      cause: 'kit-folder-tampered',
      reason: `${path}: ${reason}`,
      remedy: tamperedRemedy,
    }),
  );
}

/** What the ledger says, and whether it agrees with the journal. Only under the claim it decides. */
export function noteLedger(state: HostRunState, reading: DataOf<'ledgerRead'>): HostRunState {
  const read: HostRunState = { ...state, reading, former: 'unasked' };
  if (!reading.claimed) return read;
  if (reading.standing !== 'whole')
    return decideEnd(read, 'needs-hands', 'unknown', {
      cause: `ledger-${reading.standing}`,
      reason: `The host's ledger and the journal do not agree: ${reading.detail}`,
      remedy: 'Compare the host with the report before anything else is done; the restore point is the way back.',
    });
  const marked = { ...forgetUnbegun(read), ledger: reading.ledger };
  if (!reading.undoneByHost || state.undo !== null || state.failing !== null) return marked;
  const reason = "The host's own dead-man task has put changes back meanwhile.";
  return { ...marked, failing: { cause: 'dead-man', reason } };
}

/** A step that the journal has as begun and of which the ledger knows nothing never began on the host. */
function forgetUnbegun(state: HostRunState): HostRunState {
  const { reading, fresh } = state;
  return stepsOf(state.plan).reduce((sum, { id }) => {
    if (stepOf(sum, id).state !== 'begun' || id === fresh) return sum;
    if (reading?.inDoubt === true || reading?.outcome?.step === id) return sum;
    return withStep(sum, id, { state: 'pending', detected: null, task: null });
  }, state);
}

/** Whether the process or task of a former attempt still works. */
export function noteFormer(state: HostRunState, { alive }: DataOf<'formerAttemptSeen'>): HostRunState {
  return alive ? { ...state, former: 'alive' } : { ...waitedEnough(state, 'former-attempt'), former: 'ended' };
}

/** The former attempt has been ended; what it did is in doubt. */
export function noteFormerEnded(state: HostRunState, { step }: DataOf<'formerAttemptEnded'>): HostRunState {
  const known = stepsOf(state.plan).some(({ id }) => id === step && plannedStep(state.plan, id) !== null);
  const ended: HostRunState = { ...waitedEnough(state, 'former-attempt'), former: 'ended' };
  return known && stepOf(state, step).state === 'begun' ? withStep(ended, step, { task: null }) : ended;
}
