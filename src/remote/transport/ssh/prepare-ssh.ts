import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../../kernel/failure.ts';
import { openPasswordDoor } from './password-door.ts';
import type { SshOptions } from './ssh-options.ts';

/** What must be there while `ssh` logs in, and goes afterwards. */
export type PreparedSsh = AsyncDisposable & {
  /** Added to the environment of `ssh`; never a secret. */
  readonly env: Readonly<Record<string, string>>;
  /** A file of known hosts that holds the pinned key only. */
  readonly pinnedFile: string | undefined;
  /** A question of `ssh` that was not for the password of this account on this host, if there was one. */
  refusedQuestion(): string | undefined;
};

/** Prepares what the options need, in a folder of this user only. @throws Failure `unauthenticated` for a password that could not be kept secret */
export async function prepareSsh(options: SshOptions): Promise<PreparedSsh> {
  const { host, hostKey, password } = options;
  if (hostKey === undefined && !password)
    return { env: {}, pinnedFile: undefined, refusedQuestion: () => undefined, [Symbol.asyncDispose]: async () => {} };
  const account = password && accountOf(options);
  const folder = await mkdtemp(join(tmpdir(), 'kintsugi-ssh-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const pinnedFile = hostKey === undefined ? undefined : join(folder, 'known_hosts');
    if (pinnedFile !== undefined) await writeFile(pinnedFile, `${host} ${hostKey}\n`);
    const door = password && account ? await openPasswordDoor(folder, account, password) : undefined;
    return {
      env: door?.env ?? {},
      pinnedFile,
      refusedQuestion: () => door?.refused(),
      [Symbol.asyncDispose]: async () => {
        await door?.[Symbol.asyncDispose]();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Whom a password is for, as `ssh` writes it. @throws Failure `unauthenticated` where it could get to somebody else */
function accountOf({ host, username, proxyJump }: SshOptions): string {
  const refuse = (why: string) =>
    new Failure(
      'unauthenticated',
      `SSH with a password: ${why} Use a key (\`ssh.identityFile\`), the agent or GSSAPI instead.`,
    );
  if (process.platform === 'win32') throw refuse('it cannot be handed to ssh on Windows without being seen.');
  if (proxyJump !== undefined) throw refuse('a jump host could ask for it in place of the host.');
  if (username === undefined) throw refuse('it needs a user name.');
  // As `ssh` asks: it writes names of hosts in lower case.
  return `${username}@${host.toLowerCase()}`;
}
