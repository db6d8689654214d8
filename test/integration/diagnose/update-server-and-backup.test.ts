import { expect, test } from 'vitest';
import type { Host as HostSpec } from '../../../src/input/lab/lab.generated.ts';
import { diagnoseSpecs } from './diagnose-specs.ts';

const server = 'windows-server-2022';

/** Hosts by the causes that are in them, the likeliest first. */
const hosts: readonly (readonly [causes: readonly string[], spec: HostSpec])[] = [
  [['update-server-stopped'], { base: server, faults: [{ kind: 'wsus-service-stopped' }] }],
  [
    ['update-server-overloaded', 'web-stopped'],
    { base: server, uiLanguage: 'ja-JP', faults: [{ kind: 'wsus-pool-memory' }] },
  ],
  // Only the proxy is let out, so the host itself does not get there either.
  [
    ['update-server-not-synchronized', 'update-source-unreachable'],
    { base: server, faults: [{ kind: 'wsus-sync-failed' }] },
  ],
  [
    ['update-server-piled-up'],
    { base: server, faults: [{ kind: 'wsus-superseded-piled-up', superseded: 60, expired: 3 }] },
  ],
  [['update-server-content-missing'], { base: server, faults: [{ kind: 'wsus-content-missing' }] }],
  [[], { base: server, uiLanguage: 'ja-JP', roles: ['update-server'] }],
  [['vss-writer-failed'], { base: 'windows-11-24h2', uiLanguage: 'ja-JP', faults: [{ kind: 'vss-writer-failed' }] }],
  [['shadow-storage-small'], { base: server, faults: [{ kind: 'shadow-storage-small' }] }],
  [['image-unusable'], { base: server, faults: [{ kind: 'backup-image-damaged' }] }],
];

test('causes in the update server and in backups are found, and nothing is changed', async () => {
  const told = await diagnoseSpecs(new Map(hosts.map(([, spec], index) => [`host${index + 1}`, spec])));
  expect(
    [...told.values()].map(({ diagnosis, changed }) => ({
      causes: diagnosis.causes.map(({ id }) => id),
      undecided: diagnosis.undecided,
      unanswered: diagnosis.unanswered,
      changed,
    })),
  ).toEqual(hosts.map(([causes]) => ({ causes, undecided: [], unanswered: [], changed: [] })));
});
