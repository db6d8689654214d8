import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShell } from '../../../src/compose/open-shell.ts';
import { checkInventory } from '../../../src/input/inventory/read-inventory.ts';
import { Secret } from '../../../src/kernel/secret.ts';
import { type Lab, startLab } from '../../../src/lab/start-lab.ts';
import { pingHosts } from '../../../src/operations/ping.ts';
import { resolveConnection } from '../../../src/planning/connection.ts';
import type { BridgeTarget } from '../../../src/remote/transport/bridge/bridge-options.ts';
import { openBridgeShell } from '../../../src/remote/transport/bridge/open-bridge-shell.ts';
import { failureOf } from '../../contract/shared-shell.ts';
import { makePwshStandIn } from '../../helpers/pwsh-programs.ts';
import { makeKey, type SshServer, startSshServer } from '../../helpers/ssh-server.ts';
import { valueOf } from '../../unit/input/fixture-library.ts';

const standIn = makePwshStandIn();
const password = 'Pässw0rd!';
let lab: Lab;
let server: SshServer;
beforeAll(async () => {
  lab = await startLab({ spec: { kintsugi: 'lab/v1', hosts: { pc1: { base: 'windows-server-2022' } } }, password });
  server = await startSshServer({ subsystems: { powershell: `${standIn.executable} -sshs -NoLogo` } });
  makeKey(join(server.folder, 'other_key'));
});
afterAll(async () => {
  await lab.close();
  await server.close();
  standIn.remove();
});

const open = (target: BridgeTarget) =>
  openBridgeShell({ target, executable: standIn.executable, connectTimeoutMs: 30_000 });
const overWinRm = (changes: Partial<Extract<BridgeTarget, { kind: 'wsman' }>>): BridgeTarget => ({
  kind: 'wsman',
  host: '127.0.0.1',
  port: lab.hosts[0]?.port ?? 0,
  login: { username: 'operator', password: () => new Secret(password) },
  ...changes,
});
const overSsh = (changes: Partial<Extract<BridgeTarget, { kind: 'ssh' }>>): BridgeTarget => ({
  kind: 'ssh',
  host: '127.0.0.1',
  port: server.port,
  username: server.username,
  keyFile: server.identityFile,
  options: { UserKnownHostsFile: server.knownHosts },
  ...changes,
});

describe('A session through the bridge', () => {
  it('is opened the way that the inventory says', async () => {
    const port = lab.hosts[0]?.port ?? 0;
    const text = [
      'kintsugi: inventory/v1',
      'hosts: { pc1: }',
      `defaults: { transport: bridge, address: 127.0.0.1, port: ${port}, credential: op, bridge: { executable: '${standIn.executable}', authentication: negotiate } }`,
      'credentials: { op: { username: operator, password: env:KT_PASSWORD } }',
      '',
    ].join('\n');
    const inventory = valueOf(checkInventory(text, 'inventory.yaml'));
    const [ping] = await pingHosts([resolveConnection(inventory, 'pc1')], {
      open: (connection) => openShell(connection, { password, connectMs: 30_000, folder: '.' }),
      now: Date.now,
      onHost: () => undefined,
      width: 1,
    });
    expect(ping).toMatchObject({
      host: 'pc1',
      place: `127.0.0.1:${port}`,
      session: {
        transport: 'bridge',
        mechanism: 'negotiate',
        sealed: true,
        protocolVersion: '2.3',
        languageMode: 'FullLanguage',
        computerName: 'PC1',
      },
    });
  });

  it.each<[string, () => BridgeTarget, string]>([
    [
      'a wrong password',
      () => overWinRm({ login: { username: 'operator', password: () => new Secret('x') } }),
      'unauthenticated',
    ],
    ['a port where nobody listens', () => overWinRm({ port: 1 }), 'unreachable'],
    ['an unknown session configuration', () => overWinRm({ configurationName: 'No.Such.Thing' }), 'unreachable'],
    ['an unknown key', () => overSsh({ keyFile: join(server.folder, 'other_key') }), 'unauthenticated'],
    ['an unknown host key', () => overSsh({ options: { UserKnownHostsFile: '/dev/null' } }), 'untrusted-host'],
    ['a subsystem that is not there', () => overSsh({ subsystem: 'none' }), 'unreachable'],
  ])('is refused for %s, with a code of the table', async (_, target, code) => {
    expect(await failureOf(open(target()))).toMatchObject({ code });
  });
});
