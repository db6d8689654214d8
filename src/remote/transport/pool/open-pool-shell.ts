import { randomUUID } from 'node:crypto';
import { Failure } from '../../../kernel/failure.ts';
import type { RemoteShell, ShellInfo } from '../../powershell/remote-shell.ts';
import { toPlain } from '../../protocol/clixml/to-plain.ts';
import { RunspacePoolClient } from '../../protocol/psrp/client.ts';
import type { ClientEvent } from '../../protocol/psrp/client-events.ts';
import { poolTarget } from '../../protocol/psrp/outbox.ts';
import { generateSessionKeyPair } from '../../protocol/psrp/session-key.ts';
import type { PoolCarrier } from './pool-carrier.ts';
import { PoolShell } from './pool-shell.ts';

/** What the carrier knows of the way to the host once the session is open. */
export type CarrierInfo = Pick<ShellInfo, 'transport' | 'mechanism' | 'sealed' | 'envelopeBytes'>;

/** What a session is opened with. */
export type OpenPoolOptions = {
  /** Makes the carrier for a pool of this id (an upper-case GUID). */
  readonly carrier: (poolId: string) => PoolCarrier;
  /** Asked when the session is open. */
  readonly describe: () => CarrierInfo;
};

/**
 * Opens a session (a runspace pool with one runspace) over a carrier and waits until it can take calls.
 * @throws Failure `unreachable`, `unauthenticated`, `forbidden` or `protocol-error`: in each case no script has run; or the signal's reason
 */
export async function openPoolShell(options: OpenPoolOptions, signal?: AbortSignal): Promise<RemoteShell> {
  signal?.throwIfAborted();
  const poolId = randomUUID().toUpperCase();
  const psrp = new RunspacePoolClient({ id: poolId, keyPair: generateSessionKeyPair });
  const carrier = options.carrier(poolId);
  let created = false;
  try {
    psrp.open();
    const opening = psrp.dataToSend(poolTarget, carrier.maxChunkBytes)?.bytes ?? new Uint8Array();
    const shellId = await carrier.open(opening, signal);
    created = true;
    const psVersion = await awaitOpened(carrier, psrp, signal);
    return new PoolShell(
      { carrier, psrp },
      {
        host: carrier.host,
        shellId,
        ...options.describe(),
        protocolVersion: psrp.protocolVersion,
        ...(psVersion === undefined ? {} : { psVersion }),
      },
    );
  } catch (error) {
    if (created && !signal?.aborted) await carrier.close();
    else carrier.abandon();
    throw error instanceof Failure && error.code === 'dropped'
      ? new Failure('unreachable', `The session could not be opened: ${error.message}`, {
          cause: error,
          facts: error.facts,
        })
      : error;
  }
}

/** Reads the pool's first messages; gives the host's PowerShell version if it said it. */
async function awaitOpened(
  carrier: PoolCarrier,
  psrp: RunspacePoolClient,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  let psVersion: string | undefined;
  const take = (event: ClientEvent) => {
    if (event.kind === 'negotiated') carrier.agreed(event.serverVersion);
    if (event.kind === 'applicationPrivateData') psVersion = readPsVersion(toPlain(event.data));
    if (event.kind === 'poolState' && (event.state === 'broken' || event.state === 'closed')) {
      throw new Failure('unreachable', `${carrier.host} refused the session: ${event.error?.message ?? event.state}`);
    }
  };
  while (psrp.phase !== 'opened') {
    const { pieces } = await carrier.receive(poolTarget, signal);
    for (const piece of pieces) psrp.receive(piece.bytes, piece.target).forEach(take);
  }
  return psVersion;
}

function readPsVersion(data: unknown): string | undefined {
  const table = member(data, 'PSVersionTable');
  const version = member(table, 'PSVersion');
  return typeof version === 'string' ? version : undefined;
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value ? Reflect.get(value, name) : undefined;
}
