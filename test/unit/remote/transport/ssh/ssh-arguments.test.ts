import { describe, expect, it } from 'vitest';
import { sshArguments } from '../../../../../src/remote/transport/ssh/ssh-arguments.ts';
import type { SshOptions } from '../../../../../src/remote/transport/ssh/ssh-options.ts';

const base: SshOptions = { host: 'web01', connectTimeoutMs: 2_500 };
/** Settings by name, and what stands behind `-s --`. */
const read = (options: SshOptions, pinned?: string) => {
  const args = sshArguments(options, pinned);
  const end = args.indexOf('-s');
  const pairs = args.slice(0, end).filter((_, index) => index % 2 === 1);
  const settings = Object.fromEntries(
    pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
  return { settings, rest: args.slice(end) };
};

describe('The arguments of ssh', () => {
  it('ask nobody, forward nothing, share no connection and check the host key by the user’s own files', () => {
    const { settings, rest } = read(base);
    expect(settings).toMatchObject({
      BatchMode: 'yes',
      StrictHostKeyChecking: 'yes',
      ForwardAgent: 'no',
      ClearAllForwardings: 'yes',
      ControlPath: 'none',
      ConnectTimeout: '3',
      ServerAliveInterval: '15',
    });
    expect(settings).not.toHaveProperty('UserKnownHostsFile');
    expect(settings).not.toHaveProperty('Port');
    expect(rest).toEqual(['-s', '--', 'web01', 'powershell']);
  });

  it('name the key and no other, the user, the port, the jump host and the subsystem', () => {
    const { settings, rest } = read({
      ...base,
      identityFile: '/keys/my key 100%',
      username: 'EXAMPLE\\kintsugi',
      port: 2222,
      proxyJump: 'ops@jump:22',
      subsystem: 'ps7',
    });
    expect(settings).toMatchObject({
      IdentityFile: '"/keys/my key 100%%"',
      IdentitiesOnly: 'yes',
      User: '"EXAMPLE\\\\kintsugi"',
      Port: '2222',
      ProxyJump: 'ops@jump:22',
    });
    expect(rest.at(-1)).toBe('ps7');
  });

  it('read one file of known hosts where one is given, and the pinned key before it', () => {
    expect(read({ ...base, knownHosts: '/known' }).settings).toMatchObject({
      StrictHostKeyChecking: 'yes',
      UserKnownHostsFile: '"/known"',
      GlobalKnownHostsFile: '/dev/null',
    });
    const pinned = read({ ...base, knownHosts: '/known', hostKey: 'ssh-ed25519 AAAA' }, '/tmp/pinned').settings;
    expect(pinned).toMatchObject({ UserKnownHostsFile: '"/tmp/pinned"', HostKeyAlias: 'web01' });
  });

  it('look at no host key only where that is asked for', () => {
    expect(read({ ...base, checkHostKey: false }).settings['StrictHostKeyChecking']).toBe('no');
    expect(read({ ...base, checkHostKey: true }).settings['StrictHostKeyChecking']).toBe('yes');
  });

  it('let ssh ask for a password once, and never hold it', () => {
    const args = sshArguments({ ...base, username: 'op', password: () => 'hidden' }, undefined);
    expect(args).toContain('BatchMode=no');
    expect(args).toContain('NumberOfPasswordPrompts=1');
    expect(args).toContain('PubkeyAuthentication=no');
    expect(args.join(' ')).not.toContain('hidden');
  });
});
