import { Failure } from '../../../kernel/failure.ts';
import type { RemoteShell } from '../../powershell/remote-shell.ts';
import { sshEnvironment } from '../child-environment.ts';
import { openPoolShell } from '../pool/open-pool-shell.ts';
import { StdioCarrier } from '../stdio/stdio-carrier.ts';
import { warnOfProcess } from '../warn.ts';
import { explainSsh, tellsOfFailure } from './explain-ssh.ts';
import { prepareSsh } from './prepare-ssh.ts';
import { sshArguments } from './ssh-arguments.ts';
import type { SshOptions } from './ssh-options.ts';

/**
 * Connects with the system's `ssh` to the subsystem that starts PowerShell on the host, and opens a session. The host's key is checked
 * unless `checkHostKey` is false.
 * @throws Failure `unreachable`, `untrusted-host` (its key is not known or not the right one), `unauthenticated` (also where a password
 *   could not be kept secret), `protocol-error`: in each case no script has run; or the signal's reason
 */
export async function openSshShell(options: SshOptions, signal?: AbortSignal): Promise<RemoteShell> {
  if (options.checkHostKey === false) {
    const { warn = warnOfProcess } = options;
    warn(`${options.host}: the host's key is not checked; whoever stands between can read and change everything.`);
  }
  // What is prepared goes when the session is open: ssh has read it by then.
  await using prepared = await prepareSsh(options);
  const program = {
    file: options.executable ?? 'ssh',
    args: sshArguments(options, prepared.pinnedFile),
    env: { ...sshEnvironment(), ...prepared.env },
  };
  let errorText: () => string = () => '';
  return await openPoolShell(
    {
      carrier: (poolId) => {
        const carrier = new StdioCarrier(poolId, {
          host: options.host,
          connectTimeoutMs: options.connectTimeoutMs,
          program,
          tellsOfFailure,
          explain: (end) => withQuestion(explainSsh(options, end), prepared.refusedQuestion()),
        });
        errorText = () => carrier.errorText;
        return carrier;
      },
      describe: () => ({
        transport: 'ssh',
        mechanism: /^Authenticated to .* using "([\w-]+)"/mu.exec(errorText())?.[1] ?? 'ssh',
        sealed: true,
      }),
    },
    signal,
  );
}

function withQuestion(failure: Failure, question: string | undefined): Failure {
  if (question === undefined) return failure;
  const message = `${failure.message} ssh asked \`${question}\`, which is not for this password; it was not answered.`;
  return new Failure(failure.code, message, { cause: failure });
}
