import { Failure } from '../../../kernel/failure.ts';
import type { RemoteShell } from '../../powershell/remote-shell.ts';
import { toPlain } from '../../protocol/clixml/to-plain.ts';
import { RunspacePoolClient } from '../../protocol/psrp/client.ts';
import type { ClientEvent } from '../../protocol/psrp/client-events.ts';
import { poolTarget } from '../../protocol/psrp/outbox.ts';
import { generateSessionKeyPair } from '../../protocol/psrp/session-key.ts';
import { faultCodes } from '../../protocol/wsman/fault-codes.ts';
import { powershellResource } from '../../protocol/wsman/namespaces.ts';
import type { OpenPool } from './pipeline-run.ts';
import type { WinRmOptions } from './winrm-options.ts';
import { deleteShell, WinRmShell } from './winrm-shell.ts';
import { failureOfFault, newGuid, WsmanSession } from './wsman-session.ts';

/** Envelope size of hosts with protocol 2.2 or later (PowerShell 3, Windows 8 and Server 2012). */
const modernEnvelopeBytes = 512_000;

/**
 * Logs in, opens a session (a runspace pool with one runspace) and waits until it can take calls.
 * Plain HTTP is used only with sealed bodies, unless `allowUnencrypted`.
 * @throws Failure `unreachable`, `unauthenticated`, `forbidden` or `protocol-error`: in each case no script has run; or the signal's reason
 */
export async function openWinRmShell(options: WinRmOptions, signal?: AbortSignal): Promise<RemoteShell> {
  signal?.throwIfAborted();
  const session = new WsmanSession(options);
  const psrp = new RunspacePoolClient({ id: newGuid(), keyPair: generateSessionKeyPair });
  const resourceUri = powershellResource(options.configurationName ?? 'Microsoft.PowerShell');
  let pool: OpenPool | undefined;
  try {
    const shellId = await create(session, psrp, resourceUri, options, signal);
    pool = { host: options.host, session, psrp, shellId, resourceUri };
    const psVersion = await awaitOpened(pool, signal);
    return new WinRmShell(pool, {
      host: options.host,
      shellId,
      transport: 'winrm',
      mechanism: session.mechanism ?? options.auth.mechanisms[0] ?? '',
      sealed: session.sealed,
      protocolVersion: psrp.protocolVersion,
      ...(psVersion === undefined ? {} : { psVersion }),
    });
  } catch (error) {
    if (pool && !signal?.aborted) await deleteShell(pool);
    session.close();
    throw error instanceof Failure && error.code === 'dropped'
      ? new Failure('unreachable', `The session could not be opened: ${error.message}`, {
          cause: error,
          facts: error.facts,
        })
      : error;
  }
}

async function create(
  session: WsmanSession,
  psrp: RunspacePoolClient,
  resourceUri: string,
  options: WinRmOptions,
  signal: AbortSignal | undefined,
): Promise<string> {
  psrp.open();
  const opening = psrp.dataToSend(poolTarget, session.maxPayloadBytes)?.bytes ?? new Uint8Array();
  const reply = await session.call(
    {
      kind: 'create',
      resourceUri,
      shellId: psrp.id.toUpperCase(),
      name: 'Kintsugi',
      creationXml: opening,
      ...(options.idleTimeoutMs === undefined ? {} : { idleTimeoutMs: options.idleTimeoutMs }),
    },
    { signal },
  );
  if (reply.kind === 'fault') throw failureOfFault(reply, options.host, false);
  if (reply.kind !== 'created') throw new Failure('protocol-error', `Expected a created shell, got ${reply.kind}.`);
  return reply.shell.shellId;
}

/** Reads the pool's first messages; gives the host's PowerShell version if it said it. */
async function awaitOpened(pool: OpenPool, signal: AbortSignal | undefined): Promise<string | undefined> {
  const { session, psrp, shellId, resourceUri, host } = pool;
  let psVersion: string | undefined;
  const take = (event: ClientEvent) => {
    if (event.kind === 'negotiated' && Number.parseFloat(event.serverVersion) >= 2.2)
      session.maxEnvelopeBytes = modernEnvelopeBytes;
    if (event.kind === 'applicationPrivateData') psVersion = readPsVersion(toPlain(event.data));
    if (event.kind === 'poolState' && (event.state === 'broken' || event.state === 'closed')) {
      throw new Failure('unreachable', `${host} refused the session: ${event.error?.message ?? event.state}`);
    }
  };
  while (psrp.phase !== 'opened') {
    const reply = await session.call(
      { kind: 'receive', resourceUri, shellId, commandId: undefined },
      { lane: 'receive', signal },
    );
    if (reply.kind === 'fault') {
      if (reply.code === faultCodes.operationTimedOut) continue;
      throw failureOfFault(reply, host, false);
    }
    if (reply.kind !== 'received')
      throw new Failure('protocol-error', `Expected output of the session, got ${reply.kind}.`);
    for (const piece of reply.pieces) psrp.receive(piece.payload).forEach(take);
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
