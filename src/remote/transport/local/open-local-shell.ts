import { Failure } from '../../../kernel/failure.ts';
import type { RemoteShell } from '../../powershell/remote-shell.ts';
import { openPoolShell } from '../pool/open-pool-shell.ts';
import { describeEnd } from '../stdio/describe-end.ts';
import { type EndBeforeOpen, StdioCarrier } from '../stdio/stdio-carrier.ts';

/** A PowerShell of this machine. Durations in ms. */
export type LocalOptions = {
  /** Name of the host for messages. */
  readonly host: string;
  /** The PowerShell to start: `powershell.exe` on Windows and `pwsh` elsewhere unless given. */
  readonly executable?: string;
  /** Limit from its start to the open session. */
  readonly connectTimeoutMs: number;
};

/**
 * Starts a PowerShell on this machine, under this process's own account, and opens a session over its standard streams.
 * @throws Failure `unreachable` if it does not start or opens no session in time, `protocol-error`; or the signal's reason
 */
export function openLocalShell(options: LocalOptions, signal?: AbortSignal): Promise<RemoteShell> {
  const { host, connectTimeoutMs } = options;
  const file = options.executable ?? (process.platform === 'win32' ? 'powershell.exe' : 'pwsh');
  return openPoolShell(
    {
      carrier: (poolId) =>
        new StdioCarrier(poolId, {
          host,
          connectTimeoutMs,
          program: {
            file,
            args: ['-s', '-NoLogo', '-NoProfile'],
            env: { POWERSHELL_TELEMETRY_OPTOUT: '1', POWERSHELL_UPDATECHECK: 'Off' },
          },
          explain: (end) => explain(file, end),
        }),
      describe: () => ({ transport: 'local', mechanism: 'process', sealed: false }),
    },
    signal,
  );
}

function explain(file: string, end: EndBeforeOpen): Failure {
  if (end.end.kind === 'notStarted') {
    const { code, message } = end.end.error;
    const remedy = code === 'ENOENT' ? 'Install PowerShell, or set `local.executable` to its path.' : message;
    return new Failure('unreachable', `${file} could not be started on this machine. ${remedy}`, {
      cause: end.end.error,
    });
  }
  return new Failure('unreachable', `${file} opened no session: it ${describeEnd(end)}`);
}
