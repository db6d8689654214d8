import type { JournalEvent } from '../../journal/event.ts';
import { Failure } from '../../kernel/failure.ts';
import type { HostKit } from '../../remote/powershell/host-kit.ts';
import type { HostRunPorts, OpenHost } from '../ports.ts';
import type { Redactor } from '../redact.ts';
import type { HostRunState } from '../state.ts';

/** What the effects of an attempt share. */
export type Work = {
  readonly ports: HostRunPorts;
  readonly redactor: Redactor;
  /** The state that the command at hand came from. */
  state: HostRunState;
  /** Events of this host run so far. */
  events: readonly JournalEvent[];
  /** The open session; replaced at every connect. */
  session: OpenHost | null;
};

/** The kit of the open session. @throws Failure `dropped` where none is open */
export function kitOf(work: Work): HostKit {
  if (work.session === null) throw new Failure('dropped', `The session with ${work.ports.host} is gone.`);
  return work.session.kit;
}

/** Under which claim, and behind which event, something is asked of the host. */
export function claimOf(work: Work): { readonly token: number; readonly journalHead: string } {
  return { token: work.state.token, journalHead: work.ports.journal.head() };
}

/** Ends the open session, if there is one. */
export async function closeSession(work: Work): Promise<void> {
  const { session } = work;
  work.session = null;
  await session?.close();
}
