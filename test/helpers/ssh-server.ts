import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { SshOptions } from '../../src/remote/transport/ssh/ssh-options.ts';

/** The system's own sshd on a port of its own, with its own host key. */
export type SshServer = {
  readonly port: number;
  /** Options by which a client gets in with the key. */
  readonly client: Pick<SshOptions, 'host' | 'port' | 'username' | 'identityFile' | 'knownHosts'>;
  /** Who may log in: the account that runs the tests. */
  readonly username: string;
  /** A private key that it takes. */
  readonly identityFile: string;
  /** File with its host key, under `127.0.0.1`. */
  readonly knownHosts: string;
  /** Its host key as `type base64`. */
  readonly hostKey: string;
  /** Folder for files of a test. */
  readonly folder: string;
  close(): Promise<void>;
};

/** What an sshd is started with. */
export type SshServerOptions = {
  /** Command lines of the subsystems by name. */
  readonly subsystems: Readonly<Record<string, string>>;
  /** Present: logins with this password instead of a key. */
  readonly password?: string;
  /** Text that is sent before the login. */
  readonly banner?: string;
};

const sshd = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/usr/bin/sshd'].find((path) => existsSync(path));
const wrapper = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib']
  .map((folder) => join(folder, 'libnss_wrapper.so'))
  .find((path) => existsSync(path));

/** Makes a key without passphrase; gives its public half as `type base64`. */
export function makeKey(file: string): string {
  run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', file]);
  return readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
}

function run(command: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`);
  return stdout;
}

/** Starts an sshd. @throws Error if there is none, or with its own words if it does not start */
export async function startSshServer(options: SshServerOptions): Promise<SshServer> {
  if (sshd === undefined) throw new Error('There is no sshd here: install openssh-server.');
  if (options.password !== undefined && wrapper === undefined)
    throw new Error('An sshd with a password of its own needs accounts of its own: install libnss-wrapper.');
  const folder = mkdtempSync(join(tmpdir(), 'kintsugi-sshd-'));
  const at = (name: string) => join(folder, name);
  const { username } = userInfo();
  const hostKey = makeKey(at('host_key'));
  const userKey = makeKey(at('user_key'));
  writeFileSync(at('authorized_keys'), `${userKey}\n`, { mode: 0o600 });
  const port = await freePort();
  writeFileSync(at('known_hosts'), `[127.0.0.1]:${port} ${hostKey}\n`);
  if (options.banner !== undefined) writeFileSync(at('banner'), options.banner);
  const { password } = options;
  writeFileSync(
    at('sshd_config'),
    [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${at('host_key')}`,
      'PidFile none',
      'UsePAM no',
      'StrictModes no',
      'PrintMotd no',
      'PermitRootLogin yes',
      `AuthorizedKeysFile ${at('authorized_keys')}`,
      `PubkeyAuthentication ${password === undefined ? 'yes' : 'no'}`,
      `PasswordAuthentication ${password === undefined ? 'no' : 'yes'}`,
      'KbdInteractiveAuthentication no',
      ...(options.banner === undefined ? [] : [`Banner ${at('banner')}`]),
      ...Object.entries(options.subsystems).map(([name, command]) => `Subsystem ${name} ${command}`),
      '',
    ].join('\n'),
  );
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
  const env = wrapper === undefined ? {} : ownAccounts(wrapper, folder, password);
  const child = spawn(sshd, ['-D', '-e', '-f', at('sshd_config')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env },
  });
  await listening(child);
  return {
    port,
    client: { host: '127.0.0.1', port, username, identityFile: at('user_key'), knownHosts: at('known_hosts') },
    username,
    identityFile: at('user_key'),
    knownHosts: at('known_hosts'),
    hostKey,
    folder,
    close: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Accounts that only this sshd sees: the one that runs the tests, with a bare shell whose start reads nobody's files, and a password. */
function ownAccounts(library: string, folder: string, password: string | undefined): Record<string, string> {
  const { username, uid, gid } = userInfo();
  const hash = password === undefined ? '*' : run('openssl', ['passwd', '-6', '-salt', 'kintsugi', password]).trim();
  const write = (name: string, lines: readonly string[]) => {
    const file = join(folder, name);
    writeFileSync(file, `${lines.join('\n')}\n`);
    return file;
  };
  const nobody = 'sshd:x:65534:65534::/run/sshd:/usr/sbin/nologin';
  return {
    LD_PRELOAD: library,
    NSS_WRAPPER_PASSWD: write('passwd', [`${username}:x:${uid}:${gid}::${folder}:/bin/sh`, nobody]),
    NSS_WRAPPER_SHADOW: write('shadow', [`${username}:${hash}:19000:0:99999:7:::`]),
    NSS_WRAPPER_GROUP: write('group', [`${username}:x:${gid}:`, 'nogroup:x:65534:']),
  };
}

async function listening(child: ChildProcess): Promise<void> {
  const { stderr } = child;
  if (!stderr) throw new Error('sshd has no standard error');
  const said: string[] = [];
  for await (const line of createInterface({ input: stderr })) {
    said.push(line);
    if (line.includes('Server listening')) {
      stderr.resume();
      return;
    }
  }
  throw new Error(`sshd did not start: ${said.join('\n')}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
