import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openShell } from '../../../src/compose/open-shell.ts';
import { checkInventory } from '../../../src/input/inventory/read-inventory.ts';
import { pingHosts } from '../../../src/operations/ping.ts';
import { resolveConnection } from '../../../src/planning/connection.ts';
import { makePwshStandIn } from '../../helpers/pwsh-programs.ts';
import { type SshServer, startSshServer } from '../../helpers/ssh-server.ts';
import { valueOf } from '../../unit/input/fixture-library.ts';

const standIn = makePwshStandIn();
let server: SshServer;
beforeAll(async () => {
  server = await startSshServer({ subsystems: { ps7: `${standIn.executable} -sshs -NoLogo` } });
});
afterAll(async () => {
  await server.close();
  standIn.remove();
});

it('hosts are reached the way that the inventory says', async () => {
  const { folder, username, port, hostKey, identityFile } = server;
  const text = [
    'kintsugi: inventory/v1',
    'hosts:',
    '  by-key:',
    `    ssh: { hostKey: ${hostKey} }`,
    '  by-file:',
    '    ssh: { knownHosts: known_hosts }',
    '  unknown:',
    '    ssh: { knownHosts: none }',
    `  here: { transport: local, local: { executable: '${standIn.executable}' } }`,
    'groups:',
    '  all-ssh:',
    '    hosts: [by-key, by-file, unknown]',
    '    defaults:',
    `      { transport: ssh, address: 127.0.0.1, port: ${port}, ssh: { user: ${username}, subsystem: ps7, identityFile: ${relative(folder, identityFile)} } }`,
    '',
  ].join('\n');
  writeFileSync(join(folder, 'none'), '');
  const inventory = valueOf(checkInventory(text, 'inventory.yaml'));
  const connections = Array.from(inventory.hosts.keys(), (host) => resolveConnection(inventory, host));
  const pings = await pingHosts(connections, {
    open: (connection) => openShell(connection, { password: null, connectMs: 60_000, folder }),
    now: Date.now,
    onHost: () => undefined,
    width: 2,
  });
  const place = `127.0.0.1:${port}`;
  const session = { protocolVersion: '2.3', languageMode: 'FullLanguage', computerName: 'STANDIN', tls: false };
  expect(pings).toMatchObject([
    { host: 'by-key', place, session: { ...session, transport: 'ssh', mechanism: 'publickey', sealed: true } },
    { host: 'by-file', place, session: { ...session, transport: 'ssh' } },
    { host: 'unknown', place, fault: { code: 'untrusted-host', message: expect.stringContaining('not known') } },
    { host: 'here', place: 'here', session: { ...session, transport: 'local', mechanism: 'process', sealed: false } },
  ]);
});
