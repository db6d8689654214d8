import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { labFileDocument, statePaths } from '../../../scripts/lab-file-document.ts';
import { readLab } from '../../../src/input/lab/read-lab.ts';
import { createMachine, tryHost } from '../../../src/lab/faults/create-machine.ts';
import type { HostSpec } from '../../../src/lab/faults/lab-spec.ts';
import { takeSnapshot } from '../../../src/lab/windows/machine/snapshot.ts';

const text = labFileDocument();

const statesOf = (spec: HostSpec): ReadonlySet<string> =>
  new Set(takeSnapshot(createMachine('box', spec)).entries.keys());

const webConfiguration = 'C:\\Windows\\System32\\inetsrv\\config\\applicationHost.config';

test('docs/lab-file.md is what schema and lab give (npm run generate)', () => {
  expect(readFileSync(new URL('../../../docs/lab-file.md', import.meta.url), 'utf8')).toBe(text);
  for (const heading of ['Keys of a host', 'Bases', 'Roles', 'Disturbances', 'Moments', 'Names of what changed'])
    expect(text).toContain(`\n## ${heading}\n`);
});

test('its example is a lab file', () => {
  const example = /```yaml\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
  const file = join(mkdtempSync(join(tmpdir(), 'kintsugi-lab-')), 'lab.yaml');
  writeFileSync(file, example);
  expect(readLab(file, tryHost)).toMatchObject({ ok: true });
});

test('what it says that roles and faults build is there', () => {
  const server: HostSpec = {
    base: 'windows-server-2022',
    roles: ['update-server', 'server-backup'],
    faults: [{ kind: 'iis-pool-stopped' }],
  };
  const web = new TextDecoder().decode(createMachine('box', server).files.find(webConfiguration)?.bytes);
  for (const name of ['Default Web Site', 'DefaultAppPool', 'WSUS Administration', 'WsusPool', 'Orders']) {
    expect(web).toContain(`name="${name}"`);
    expect(text).toContain(`\`${name}\``);
  }
  const states = statesOf(server);
  const named = [
    ['file:C:\\inetpub\\orders', 'C:\\inetpub\\orders'],
    ['file:C:\\WSUS', 'C:\\WSUS'],
    ...['W3SVC', 'WAS', 'WsusService', 'MSSQL$MICROSOFT##WID'].map((name) => [`service:${name}:state`, name]),
  ] as const;
  for (const [state, name] of named) {
    expect(states).toContain(state);
    expect(text).toContain(`\`${name}\``);
  }
  const client = statesOf({ base: 'windows-11-24h2', faults: [{ kind: 'outlook-set-up' }] });
  expect(client).toContain('file:C:\\Users\\hanako');
});

test('it explains the names of all that a host holds', () => {
  const hosts: readonly HostSpec[] = [
    {
      base: 'windows-11-24h2',
      faults: [
        { kind: 'user-signed-in' },
        { kind: 'bitlocker-on' },
        { kind: 'driver-bad' },
        { kind: 'vss-writer-failed' },
        { kind: 'disk-errors' },
      ],
    },
    { base: 'windows-server-2022', roles: ['update-server'], faults: [{ kind: 'shadow-storage-small' }] },
  ];
  const seen = new Set(hosts.flatMap((host) => [...statesOf(host)].map((path) => path.split(':')[0] ?? '')));
  expect(seen.size).toBeGreaterThan(20);
  expect([...seen].filter((word) => !(word in statePaths))).toEqual([]);
});
