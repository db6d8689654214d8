import { optionFault } from '../input/document/fault.ts';
import { badInput } from '../input/document/report-faults.ts';
import { Failure } from '../kernel/failure.ts';
import type { HostConnection } from '../planning/plan.ts';
import { lookAtHost } from '../remote/powershell/look-at-host.ts';
import type { RemoteShell } from '../remote/powershell/remote-shell.ts';
import { scrubTape, shortestName } from '../remote/protocol/tape/scrub-tape.ts';
import type { Tape, TapeExchange } from '../remote/protocol/tape/tape.ts';

/** Opens a session whose exchanges are told. */
export type OpenRecorded = (
  connection: HostConnection,
  onExchange: (exchange: TapeExchange) => void,
) => Promise<RemoteShell>;

/** What is recorded: a first look at the host, then each of these scripts. */
export type RecordedWork = {
  /** Whole scripts without parameters, in order. */
  readonly scripts: readonly string[];
  /** Whether host, account and domain names are overwritten. */
  readonly scrub: boolean;
};

/** A tape, and the scripts of it that ended with an error (by their number from 1): the error is on the tape. */
export type Recording = {
  readonly tape: Tape;
  /** Names that were to be overwritten and are too short for it. */
  readonly kept: readonly string[];
  readonly failed: readonly { readonly script: number; readonly message: string }[];
};

/** Records a session with a host. Nothing of the login is on the tape. @throws Failure where no session comes to be */
export async function recordSession(
  connection: HostConnection,
  open: OpenRecorded,
  work: RecordedWork,
  now: () => number,
): Promise<Recording> {
  if (connection.transport !== 'winrm') {
    const expected = 'a host that is reached over WinRM';
    throw badInput([
      optionFault(connection.host, `sessions over ${connection.transport} are not recorded`, { expected }),
    ]);
  }
  const messages: TapeExchange[] = [];
  const failed: { script: number; message: string }[] = [];
  const shell = await open(connection, (exchange) => void messages.push(exchange));
  let computerName = '';
  try {
    ({ computerName } = await lookAtHost(shell, now));
    for (const [index, text] of work.scripts.entries()) {
      try {
        await shell.invoke({ kind: 'script', text, useLocalScope: true });
      } catch (error) {
        if (!(error instanceof Failure) || error.code !== 'script-error') throw error;
        failed.push({ script: index + 1, message: error.message });
      }
    }
  } finally {
    await shell.close();
  }
  const names = work.scrub ? namesOf(connection, computerName) : [];
  const kept = names.filter((name) => name !== '' && name.length < shortestName);
  return { tape: scrubTape({ messages }, names), kept: [...new Set(kept)], failed };
}

/** Names that would tell which host and account this was. */
function namesOf({ host, address, username }: HostConnection, computerName: string): readonly string[] {
  const [first = '', ...others] = username.split(/[\\@]/u);
  return [username, first, ...others, host, address, computerName, ...address.split('.').slice(0, 1)].filter(
    (name) => !/^\d+$/u.test(name),
  );
}
