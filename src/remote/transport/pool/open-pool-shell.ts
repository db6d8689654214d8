import { randomUUID } from 'node:crypto';
import { Failure } from '../../../kernel/failure.ts';
import type { RemoteShell, ShellInfo } from '../../powershell/remote-shell.ts';
import { RunspacePoolClient } from '../../protocol/psrp/client.ts';
import type { ClientOptions } from '../../protocol/psrp/client-options.ts';
import { poolTarget } from '../../protocol/psrp/outbox.ts';
import { generateSessionKeyPair } from '../../protocol/psrp/session-key.ts';
import { Pool } from './pool.ts';
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
  /** True gives the session before its first messages were read: the first command follows at once, and they are read when they are needed. */
  readonly atOnce?: boolean;
  /** How pipelines are written; `full` by default. */
  readonly form?: ClientOptions['form'];
  /** How long a script may take to end once it was to be stopped, in ms; 30 s by default. */
  readonly stopGraceMs?: number;
};

const defaultGraceMs = 30_000;

/**
 * Opens a session (a runspace pool with one runspace) over a carrier.
 * @throws Failure `unreachable`, `unauthenticated`, `forbidden` or `protocol-error`: in each case no script has run; or the signal's reason
 */
export async function openPoolShell(options: OpenPoolOptions, signal?: AbortSignal): Promise<RemoteShell> {
  signal?.throwIfAborted();
  const poolId = randomUUID().toUpperCase();
  const psrp = new RunspacePoolClient({ id: poolId, keyPair: generateSessionKeyPair, form: options.form ?? 'full' });
  const carrier = options.carrier(poolId);
  const pool = new Pool(carrier, psrp, options.stopGraceMs ?? defaultGraceMs);
  let created = false;
  try {
    psrp.open();
    const opening = psrp.dataToSend(poolTarget, carrier.maxChunkBytes)?.bytes ?? new Uint8Array();
    const shellId = await carrier.open(opening, signal);
    created = true;
    if (options.atOnce !== true) await pool.open(signal);
    return new PoolShell(pool, () => ({ host: carrier.host, shellId, ...options.describe() }));
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
