import { afterAll, beforeAll } from 'vitest';
import { Secret } from '../../src/kernel/secret.ts';
import { type Lab, startLab } from '../../src/lab/start-lab.ts';
import type { BridgeTarget } from '../../src/remote/transport/bridge/bridge-options.ts';
import { openBridgeShell } from '../../src/remote/transport/bridge/open-bridge-shell.ts';
import { makePwshStandIn } from '../helpers/pwsh-programs.ts';
import { type SshServer, startSshServer } from '../helpers/ssh-server.ts';
import { describeRemoteLanguage } from './remote-language.ts';
import { describeRemoteShell } from './remote-shell.ts';

const standIn = makePwshStandIn();
const password = 'Pässw0rd!';
let lab: Lab;
let server: SshServer;

beforeAll(async () => {
  lab = await startLab({ spec: { kintsugi: 'lab/v1', hosts: { pc1: { base: 'windows-server-2022' } } }, password });
  server = await startSshServer({ subsystems: { powershell: `${standIn.executable} -sshs -NoLogo` } });
});
afterAll(async () => {
  await lab.close();
  await server.close();
  standIn.remove();
});

const maker = (target: () => BridgeTarget) => ({
  open: () => openBridgeShell({ target: target(), executable: standIn.executable, connectTimeoutMs: 60_000 }),
});
const overWinRm = maker(() => ({
  kind: 'wsman',
  host: '127.0.0.1',
  port: lab.hosts[0]?.port ?? 0,
  authentication: 'Negotiate',
  login: { username: 'operator', password: () => new Secret(password) },
}));
const overSsh = maker(() => ({
  kind: 'ssh',
  host: '127.0.0.1',
  port: server.port,
  username: server.username,
  keyFile: server.identityFile,
  options: { UserKnownHostsFile: server.knownHosts },
}));
const local = maker(() => ({ kind: 'local' }));

describeRemoteShell('The bridge over WinRM', overWinRm);
describeRemoteLanguage('The bridge over WinRM', overWinRm);
describeRemoteShell('The bridge over SSH', overSsh);
describeRemoteShell('The bridge with a runspace of its own', local);
describeRemoteLanguage('The bridge with a runspace of its own', local);
