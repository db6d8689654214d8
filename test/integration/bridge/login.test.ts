import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openShell } from '../../../src/compose/open-shell.ts';
import { checkInventory } from '../../../src/input/inventory/read-inventory.ts';
import { Secret } from '../../../src/kernel/secret.ts';
import { pingHosts } from '../../../src/operations/ping.ts';
import { resolveConnection } from '../../../src/planning/connection.ts';
import type { BridgeTarget } from '../../../src/remote/transport/bridge/bridge-options.ts';
import { WinRmMemory } from '../../../src/remote/transport/winrm/winrm-memory.ts';
import { failureOf } from '../../contract/shared-shell.ts';
import { type BridgeTargets, startBridgeTargets } from '../../helpers/bridge-targets.ts';
import { makeKey } from '../../helpers/ssh-server.ts';
import { valueOf } from '../../unit/input/fixture-library.ts';

let targets: BridgeTargets;
beforeAll(async () => {
  targets = await startBridgeTargets();
  makeKey(join(targets.server.folder, 'other_key'));
});
afterAll(() => targets.close());

/** The one host of an inventory that is reached through the bridge with these settings, and others of the bridge. */
const connectionWith = (settings: string, bridge: string) => {
  const text = [
    'kintsugi: inventory/v1',
    'hosts: { pc1: }',
    `defaults: { transport: bridge, address: 127.0.0.1, ${settings}, credential: op, bridge: { ${bridge} } }`,
    'credentials: { op: { username: operator, password: env:KT_PASSWORD } }',
    '',
  ].join('\n');
  return resolveConnection(valueOf(checkInventory(text, 'inventory.yaml')), 'pc1');
};

describe('A session through the bridge', () => {
  it('is opened the way that the inventory says', async () => {
    const { executable, password } = targets;
    const { port } = targets.overWinRm();
    const connection = connectionWith(`port: ${port}`, `executable: '${executable}', authentication: negotiate`);
    const [ping] = await pingHosts([connection], {
      open: (each) => openShell(each, { password, connectMs: 30_000, folder: '.' }),
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

  it.each([
    ['tls: { verify: false }', 1],
    ['tls: true', 0],
  ])('warns once of a certificate that is not checked: %s', async (settings, warnings) => {
    const connection = connectionWith(settings, 'executable: /nonexistent/pwsh');
    const warn = vi.fn<(text: string) => void>();
    const memory = new WinRmMemory();
    const surroundings = { password: 'x', connectMs: 30_000, folder: '.', memory, warn };
    for (let time = 0; time < 2; time++) await failureOf(openShell(connection, surroundings));
    expect(warn).toHaveBeenCalledTimes(warnings);
    for (const [text] of warn.mock.calls) expect(text).toContain("127.0.0.1: the host's certificate is not checked");
  });

  it.each<[string, () => BridgeTarget, string]>([
    [
      'a wrong password',
      () => targets.overWinRm({ login: { username: 'operator', password: () => new Secret('x') } }),
      'unauthenticated',
    ],
    ['a port where nobody listens', () => targets.overWinRm({ port: 1 }), 'unreachable'],
    [
      'an unknown session configuration',
      () => targets.overWinRm({ configurationName: 'No.Such.Thing' }),
      'unreachable',
    ],
    ['an unknown key', () => targets.overSsh({ keyFile: join(targets.server.folder, 'other_key') }), 'unauthenticated'],
    ['an unknown host key', () => targets.overSsh({ options: { UserKnownHostsFile: '/dev/null' } }), 'untrusted-host'],
    ['a subsystem that is not there', () => targets.overSsh({ subsystem: 'none' }), 'unreachable'],
  ])('is refused for %s, with a code of the table', async (_, target, code) => {
    expect(await failureOf(targets.open(target()))).toMatchObject({ code });
  });
});
