import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Failure } from '../../../src/kernel/failure.ts';
import { openSshShell } from '../../../src/remote/transport/ssh/open-ssh-shell.ts';
import type { SshOptions } from '../../../src/remote/transport/ssh/ssh-options.ts';
import { contractScripts } from '../../contract/remote-shell-scripts.ts';
import { failureOf } from '../../contract/shared-shell.ts';
import { isAlive } from '../../helpers/descendants.ts';
import { makePwshStandIn } from '../../helpers/pwsh-programs.ts';
import { makeKey, type SshServer, startSshServer } from '../../helpers/ssh-server.ts';

const password = 'Sécret "1" $x';
const standIn = makePwshStandIn();
const folder = dirname(standIn.executable);
let server: SshServer;
let withPassword: SshServer;
beforeAll(async () => {
  const powershell = `${standIn.executable} -sshs -NoLogo`;
  const noisy = join(folder, 'noisy');
  writeFileSync(noisy, `#!/bin/sh\necho 'Welcome <b>you</b>'\nprintf 'no line end '\nexec ${powershell}\n`, {
    mode: 0o755,
  });
  server = await startSshServer({
    subsystems: { powershell, noisy, chatty: `/bin/echo hello`, gone: '/nonexistent/pwsh -sshs' },
    banner: 'Authorized use only.\n',
  });
  withPassword = await startSshServer({ subsystems: { powershell }, password });
});
afterAll(async () => {
  await server.close();
  await withPassword.close();
  standIn.remove();
});

const options = (changes: Partial<SshOptions> = {}): SshOptions => ({
  ...server.client,
  connectTimeoutMs: 60_000,
  ...changes,
});
const refusal = (changes: Partial<SshOptions>): Promise<Failure> =>
  failureOf(openSshShell(options(changes)).then((shell) => shell.close()));
/** Logs in, asks for an echo, and gives the mechanism. */
const logIn = async (given: SshOptions): Promise<string> => {
  await using shell = await openSshShell(given);
  const { output } = await shell.invoke({ kind: 'script', text: contractScripts.echo, parameters: { Value: 'in' } });
  expect(output).toEqual(['in']);
  return shell.info.mechanism;
};
const leftFolders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('kintsugi-ssh-'));

describe('The key of a host', () => {
  it('is taken when the file of known hosts holds it', async () => {
    expect(await logIn(options())).toBe('publickey');
  });

  it('is taken when it is the pinned one, whatever the file says', async () => {
    const before = leftFolders();
    await logIn(options({ hostKey: server.hostKey, knownHosts: '/dev/null' }));
    expect(leftFolders()).toEqual(before);
  });

  it('that is not known is refused, with what to do', async () => {
    const failure = await refusal({ knownHosts: '/dev/null' });
    expect(failure.code).toBe('untrusted-host');
    expect(failure.message).toMatch(/not known\. Compare its fingerprint .*`ssh\.hostKey`/s);
  });

  it('that has changed is refused, with a warning', async () => {
    const changed = join(server.folder, 'changed');
    const other = makeKey(join(server.folder, 'other'));
    writeFileSync(changed, `[127.0.0.1]:${server.port} ${other}\n`);
    for (const given of [{ knownHosts: changed }, { hostKey: other }]) {
      const failure = await refusal(given);
      expect(failure.code).toBe('untrusted-host');
      expect(failure.message).toMatch(/another host key than the one known.*stand in the way/s);
    }
  });

  it('is not looked at where that is asked for, with a warning', async () => {
    const warn = vi.fn<(text: string) => void>();
    await logIn(options({ knownHosts: '/dev/null', checkHostKey: false, warn }));
    expect(warn.mock.calls).toEqual([[expect.stringContaining("127.0.0.1: the host's key is not checked")]]);
    await logIn(options({ warn }));
    expect(warn).toHaveBeenCalledOnce();
  });

  it('is the same however the name of the host is written', async () => {
    const known = join(server.folder, 'known_by_name');
    writeFileSync(known, `[localhost]:${server.port} ${server.hostKey}\n`);
    await logIn(options({ host: 'LocalHost', knownHosts: known }));
    await logIn(options({ host: 'LocalHost', hostKey: server.hostKey }));
  });
});

describe('A login', () => {
  it('is not disturbed by what a profile writes before PowerShell speaks', async () => {
    await logIn(options({ subsystem: 'noisy' }));
  });

  it('that the host refuses is told as such', async () => {
    const other = join(server.folder, 'stranger');
    makeKey(other);
    const failure = await refusal({ identityFile: other });
    expect(failure.code).toBe('unauthenticated');
    expect(failure.message).toMatch(/refused the login.*Permission denied \(publickey\)/s);
  });

  it('goes through a jump host', async () => {
    // The jump's own key and login come from the configuration of ssh, as a user would have it.
    const config = join(server.folder, 'config');
    writeFileSync(
      config,
      [
        'Host jump',
        'HostName 127.0.0.1',
        `Port ${server.port}`,
        `User ${server.username}`,
        `IdentityFile ${server.identityFile}`,
        `UserKnownHostsFile ${server.knownHosts}`,
        '',
      ].join('\n'),
    );
    const executable = join(server.folder, 'ssh');
    writeFileSync(executable, `#!/bin/sh\nexec ssh -F '${config}' "$@"\n`, { mode: 0o755 });
    const hostKey = server.hostKey;
    expect(await logIn(options({ host: 'localhost', hostKey, executable, proxyJump: 'jump' }))).toBe('publickey');
  });

  it('is made with a password that stands in no argument, environment or file', async () => {
    const before = leftFolders();
    const seen: string[] = [];
    const mechanism = await logIn({
      host: '127.0.0.1',
      port: withPassword.port,
      username: withPassword.username,
      knownHosts: withPassword.knownHosts,
      connectTimeoutMs: 60_000,
      password: () => {
        // Asked for in the middle of the login: everything that ssh needs is there now.
        seen.push(...visibleTexts());
        return password;
      },
    });
    expect(mechanism).toBe('password');
    expect(seen.join('\n')).toContain('exec ');
    expect(seen.join('\n')).toContain('SSH_ASKPASS=');
    expect(seen.filter((text) => text.includes(password))).toEqual([]);
    expect(leftFolders()).toEqual(before);
  });

  it('is made with a password however the name of the host is written', async () => {
    const { hostKey, client } = withPassword;
    const { identityFile: _, knownHosts: __, ...rest } = client;
    const given = { ...rest, host: 'LocalHost', hostKey, password: () => password, connectTimeoutMs: 60_000 };
    expect(await logIn(given)).toBe('password');
  });

  it('with the wrong password is refused', async () => {
    const failure = await failureOf(
      openSshShell({ ...withPassword.client, password: () => 'wrong', connectTimeoutMs: 60_000 }),
    );
    expect(failure.code).toBe('unauthenticated');
    expect(failure.message).not.toContain('wrong');
  });

  it('gives the password to nobody who asks for something else', async () => {
    const executable = join(server.folder, 'asking');
    writeFileSync(executable, '#!/bin/sh\n"$SSH_ASKPASS" "mallory@jump\'s password: " >&2\nexit 255\n', {
      mode: 0o755,
    });
    const failure = await failureOf(
      openSshShell({ ...withPassword.client, executable, password: () => password, connectTimeoutMs: 60_000 }),
    );
    expect(failure.message).toContain("ssh asked `mallory@jump's password:`, which is not for this password");
    expect(failure.message).not.toContain(password);
  });

  it.each([
    [{ proxyJump: 'jump' }, 'a jump host could ask for it'],
    [{ username: undefined }, 'it needs a user name'],
  ])('with a password that could get to somebody else is not tried: %o', async (changes, why) => {
    const { username, ...rest } = { ...withPassword.client, ...changes };
    const failure = await failureOf(
      openSshShell({
        ...rest,
        ...(username === undefined ? {} : { username }),
        password: () => password,
        connectTimeoutMs: 1_000,
      }),
    );
    expect(failure.code).toBe('unauthenticated');
    expect(failure.message).toContain(why);
  });
});

describe('A host without PowerShell for SSH', () => {
  it('is told the line that sshd_config needs', async () => {
    const failure = await refusal({ subsystem: 'nothing' });
    expect(failure.code).toBe('unreachable');
    expect(failure.message).toContain(
      'Subsystem powershell c:/progra~1/powershell/7/pwsh.exe -sshs -nologo -noprofile',
    );
  });

  it('is told that the subsystem’s program does not start', async () => {
    const failure = await refusal({ subsystem: 'gone' });
    expect(failure.message).toMatch(/exit code 127.*check its path in sshd_config/s);
  });

  it('is told what came instead of a session', async () => {
    const failure = await refusal({ subsystem: 'chatty' });
    expect(failure.code).toBe('unreachable');
    expect(failure.message).toContain('hello');
  });
});

describe('A host that cannot be reached', () => {
  it.each<[string, Partial<SshOptions>, RegExp]>([
    ['does not listen', { port: 1 }, /Connection refused/],
    ['has no such name', { host: 'no.such.host.invalid' }, /does not resolve/],
  ])('because it %s is told so', async (_, changes, said) => {
    const failure = await refusal(changes);
    expect(failure.code).toBe('unreachable');
    expect(failure.message).toMatch(said);
  });

  it('is not taken for an option of ssh, whatever its name', async () => {
    const proof = join(server.folder, 'proof');
    const failure = await refusal({ host: `-oProxyCommand=touch ${proof}` });
    expect(failure.code).toBe('unreachable');
    expect(existsSync(proof)).toBe(false);
  });

  it('because there is no ssh is told so', async () => {
    const failure = await refusal({ executable: join(server.folder, 'missing') });
    expect(failure.code).toBe('unreachable');
    expect(failure.message).toContain('Install the OpenSSH client.');
  });

  it('in time ends with what was said so far, and leaves no process behind', async () => {
    const executable = join(server.folder, 'slow');
    const pids = join(server.folder, 'pids');
    const lines = ['#!/bin/sh', 'echo "still trying" >&2', 'sleep 600 &', `echo $$ $! > '${pids}'`, 'wait', ''];
    writeFileSync(executable, lines.join('\n'), { mode: 0o755 });
    const failure = await refusal({ executable, connectTimeoutMs: 1_000 });
    expect(failure.message).toMatch(/within 1s: still trying/);
    const started = readFileSync(pids, 'utf8').trim().split(' ');
    expect(started).toHaveLength(2);
    await vi.waitFor(() => expect(started.filter((pid) => isAlive(Number(pid)))).toEqual([]));
  });
});

const read = (file: string) => {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
};

/** Command lines and environments of all processes that can be seen, as /proc tells them, and the files made for this login. */
function visibleTexts(): string[] {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const text = (bytes: string) => Buffer.from(bytes, 'latin1').toString('utf8');
  const files = leftFolders().flatMap((folder) =>
    readdirSync(join(tmpdir(), folder)).map((name) => join(tmpdir(), folder, name)),
  );
  return [
    ...files.map((file) => text(read(file))),
    ...processes.flatMap((pid) => [text(read(`/proc/${pid}/cmdline`)), text(read(`/proc/${pid}/environ`))]),
  ];
}
