import type { RemoteShell } from '../../powershell/remote-shell.ts';
import { openPoolShell } from '../pool/open-pool-shell.ts';
import { WinRmCarrier } from './winrm-carrier.ts';
import type { WinRmOptions } from './winrm-options.ts';
import { WsmanSession } from './wsman-session.ts';

/**
 * Logs in and opens a session (a runspace pool with one runspace). What the host says of itself is read when it is needed, see `RemoteShell.describe`.
 * Plain HTTP is used only with sealed bodies, unless `allowUnencrypted`.
 * @throws Failure `unreachable`, `unauthenticated`, `forbidden` or `protocol-error`: in each case no script has run; or the signal's reason
 */
export function openWinRmShell(options: WinRmOptions, signal?: AbortSignal): Promise<RemoteShell> {
  const session = new WsmanSession(options);
  return openPoolShell(
    {
      carrier: (poolId) => new WinRmCarrier(poolId, session, options),
      describe: () => ({
        transport: 'winrm',
        mechanism: session.mechanism ?? options.auth.mechanisms[0] ?? '',
        sealed: session.sealed,
        envelopeBytes: session.maxEnvelopeBytes,
      }),
      atOnce: options.commandAtOnce !== false,
      form: options.form ?? 'compact',
      ...(options.stopGraceMs === undefined ? {} : { stopGraceMs: options.stopGraceMs }),
    },
    signal,
  );
}
