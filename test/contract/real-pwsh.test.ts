import { afterAll, beforeAll, describe } from 'vitest';
import type { BridgeTarget } from '../../src/remote/transport/bridge/bridge-options.ts';
import { openBridgeShell } from '../../src/remote/transport/bridge/open-bridge-shell.ts';
import { openLocalShell } from '../../src/remote/transport/local/open-local-shell.ts';
import { openSshShell } from '../../src/remote/transport/ssh/open-ssh-shell.ts';
import { findRealPwsh } from '../helpers/pwsh-programs.ts';
import { type SshServer, startSshServer } from '../helpers/ssh-server.ts';
import { describeRemoteLanguage } from './remote-language.ts';
import { describeRemoteShell } from './remote-shell.ts';

const pwsh = findRealPwsh();

describe.skipIf(pwsh === undefined)('A real PowerShell', () => {
  const executable = pwsh ?? '';
  let server: SshServer;
  beforeAll(async () => {
    server = await startSshServer({ subsystems: { powershell: `${executable} -sshs -NoLogo -NoProfile` } });
  });
  afterAll(() => server.close());

  const local = { open: () => openLocalShell({ host: 'this machine', executable, connectTimeoutMs: 60_000 }) };
  const ssh = { open: () => openSshShell({ ...server.client, connectTimeoutMs: 60_000 }) };
  const bridge = (target: () => BridgeTarget) => ({
    open: () => openBridgeShell({ target: target(), executable, connectTimeoutMs: 120_000 }),
  });
  const bridgeAlone = bridge(() => ({ kind: 'local' }));
  const bridgeWithSsh = bridge(() => ({
    kind: 'ssh',
    host: '127.0.0.1',
    port: server.port,
    username: server.username,
    keyFile: server.identityFile,
    options: { UserKnownHostsFile: server.knownHosts },
  }));
  describeRemoteShell('over stdio', local);
  describeRemoteLanguage('over stdio', local);
  describeRemoteShell('over SSH', ssh);
  describeRemoteLanguage('over SSH', ssh);
  describeRemoteShell('over the bridge', bridgeAlone);
  describeRemoteLanguage('over the bridge', bridgeAlone);
  describeRemoteShell('over the bridge and SSH', bridgeWithSsh);
  describeRemoteLanguage('over the bridge and SSH', bridgeWithSsh);
});
