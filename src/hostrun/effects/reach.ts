import type { HostEventBody } from '../../journal/event.ts';
import { moduleNeeds } from '../../planning/script-hashes.ts';
import { assessLedger, openIntent } from '../assess-ledger.ts';
import { stepOf, stepsOf } from '../state.ts';
import { claimOf, closeSession, kitOf, type Work } from './work.ts';

/** Opens a session and reads the facts of the host; nothing is written there. */
export async function connect(work: Work): Promise<HostEventBody> {
  const { ports } = work;
  const { plan, host: planned, order } = work.state;
  await closeSession(work);
  const password = ports.password === null ? null : await ports.secret(ports.password);
  if (password !== null) work.redactor.note(password);
  work.session = await ports.open(password);
  const { run, host } = ports;
  const facts = await work.session.kit.open({
    run,
    host,
    ...moduleNeeds(plan, planned.parameters, order),
    reference: () => ports.pacing.now(),
  });
  const sameMachineAs = await ports.machine.sameMachineAs(facts);
  return { kind: 'hostConnected', data: { facts, sameMachineAs } };
}

/** Asks who is signed in: the user of this run (by SID), or, where none was chosen yet, the first. */
export async function chooseUser(work: Work, { sid }: { readonly sid: string }): Promise<HostEventBody> {
  const user = await kitOf(work).signedInUser(sid);
  return user === null ? { kind: 'userMissed', data: { sid } } : { kind: 'userChosen', data: user };
}

/** Takes the machine's queueing lease, then the claim on the host itself (I4). */
export async function claimHost(work: Work, { owner }: { readonly owner: string }): Promise<HostEventBody> {
  const { facts } = work.state;
  if (facts !== null) {
    const lease = await work.ports.machine.take(facts);
    if (lease.kind === 'busy') return { kind: 'machineBusy', data: { run: lease.run } };
  }
  const claim = await kitOf(work).claim({ owner, journalHead: work.ports.journal.head() });
  switch (claim.kind) {
    case 'claimed':
      return { kind: 'claimTaken', data: { token: claim.token } };
    case 'held':
      return { kind: 'claimRefused', data: { run: claim.run, since: claim.since } };
    case 'tampered':
      return { kind: 'kitFolderTampered', data: { path: claim.path, reason: claim.reason } };
  }
}

/** Reads the ledger and holds it against the journal. */
export async function readLedger(work: Work, { claimed }: { readonly claimed: boolean }): Promise<HostEventBody> {
  const { state, events } = work;
  const begun = stepsOf(state.plan).find(({ id }) => stepOf(state, id).state === 'begun')?.id ?? null;
  const hashes = new Set(events.map(({ hash }) => hash));
  const ledger = await kitOf(work).readLedger();
  return { kind: 'ledgerRead', data: assessLedger(ledger, { hashes, mark: state.ledger, claimed, begun }) };
}

/** Whether the process or task of a former attempt still works. */
export async function askFormer(
  work: Work,
  { step, seq }: { readonly step: string; readonly seq: number },
): Promise<HostEventBody> {
  const kit = kitOf(work);
  const intent = openIntent((await kit.readLedger()).records);
  const former =
    intent === null || intent.seq !== seq
      ? { alive: false, processId: null, task: null }
      : await kit.formerAttempt(intent);
  const { alive, processId, task } = former;
  return { kind: 'formerAttemptSeen', data: { step, alive, processId, task } };
}

/** Ends the process or task of a former attempt. */
export async function endFormer(
  work: Work,
  { step, seq }: { readonly step: string; readonly seq: number },
): Promise<HostEventBody> {
  const kit = kitOf(work);
  const intent = openIntent((await kit.readLedger()).records);
  if (intent !== null && intent.seq === seq) await kit.endFormerAttempt(intent);
  return { kind: 'formerAttemptEnded', data: { step } };
}

/** Asks for a restart; the session dies with it. */
export async function rebootHost(work: Work): Promise<HostEventBody> {
  const { uptimeMs } = await kitOf(work).reboot({ ...claimOf(work), delayMs: work.ports.limits.rebootDelayMs });
  await closeSession(work);
  return { kind: 'rebootBegun', data: { uptimeMs } };
}
