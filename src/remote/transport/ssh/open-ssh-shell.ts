import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../../kernel/failure.ts';
import type { RemoteShell } from '../../powershell/remote-shell.ts';
import { openPoolShell } from '../pool/open-pool-shell.ts';
import { type EndBeforeOpen, StdioCarrier } from '../stdio/stdio-carrier.ts';
import { explainSsh, tellsOfFailure } from './explain-ssh.ts';
import { openPasswordDoor, type PasswordDoor } from './password-door.ts';
import { sshArguments } from './ssh-arguments.ts';
import type { SshOptions } from './ssh-options.ts';

/**
 * Connects with the system's `ssh` to the subsystem that starts PowerShell on the host, and opens a session. The host's key is checked
 * unless `checkHostKey` is false.
 * @throws Failure `unreachable` (also for a host key that is not the right one), `unauthenticated`, `bad-input` for options that cannot
 *   be had together, `protocol-error`: in each case no script has run; or the signal's reason
 */
export async function openSshShell(options: SshOptions, signal?: AbortSignal): Promise<RemoteShell> {
  refuseUnsafe(options);
  await using folder = await openFolder(options);
  await using door = folder && (await openDoor(options, folder.path));
  const pinnedFile = options.hostKey === undefined ? undefined : await pin(options, folder?.path);
  let carrier: StdioCarrier | undefined;
  return await openPoolShell(
    {
      carrier: (poolId) => {
        carrier = new StdioCarrier(poolId, {
          host: options.host,
          connectTimeoutMs: options.connectTimeoutMs,
          program: {
            file: options.executable ?? 'ssh',
            args: sshArguments(options, pinnedFile),
            ...(door ? { env: door.env } : {}),
          },
          tellsOfFailure,
          explain: (end) => explain(options, end, door),
        });
        return carrier;
      },
      describe: () => ({
        transport: 'ssh',
        mechanism: /^Authenticated to .* using "([\w-]+)"/mu.exec(carrier?.errorText ?? '')?.[1] ?? 'ssh',
        sealed: true,
      }),
    },
    signal,
  );
}

function refuseUnsafe({ password, proxyJump, username }: SshOptions): void {
  if (!password) return;
  const instead = 'Use a key (`ssh.identityFile`), the agent or GSSAPI instead.';
  const refuse = (why: string) => new Failure('bad-input', `SSH with a password: ${why} ${instead}`);
  if (process.platform === 'win32') throw refuse('it cannot be handed to ssh on Windows without being seen.');
  if (proxyJump !== undefined) throw refuse('a jump host could ask for it in place of the host.');
  if (username === undefined) throw refuse('it needs a user name.');
}

/** A folder of this user only, where options need one; removed when the session is open, since `ssh` has read it then. */
async function openFolder({ hostKey, password }: SshOptions) {
  if (hostKey === undefined && !password) return undefined;
  const path = await mkdtemp(join(tmpdir(), 'kintsugi-ssh-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

async function openDoor(options: SshOptions, folder: string): Promise<PasswordDoor | undefined> {
  const { password, host, username } = options;
  return password && (await openPasswordDoor(folder, `${username ?? userInfo().username}@${host}`, password));
}

async function pin({ host, hostKey }: SshOptions, folder = tmpdir()): Promise<string> {
  const file = join(folder, 'known_hosts');
  await writeFile(file, `${host} ${hostKey}\n`, { mode: 0o600 });
  return file;
}

function explain(options: SshOptions, end: EndBeforeOpen, door: PasswordDoor | undefined): Failure {
  const failure = explainSsh(options, end);
  const question = door?.refused();
  if (question === undefined) return failure;
  return new Failure(
    failure.code,
    `${failure.message} ssh asked \`${question}\`, which is not for this password; it was not answered.`,
    { cause: failure },
  );
}
