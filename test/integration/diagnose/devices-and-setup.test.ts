import { expect, test } from 'vitest';
import type { Host as HostSpec } from '../../../src/input/lab/lab.generated.ts';
import { diagnoseSpecs } from './diagnose-specs.ts';

/** Hosts by the causes that are in them, the likeliest first. */
const hosts: readonly (readonly [causes: readonly string[], spec: HostSpec])[] = [
  [['disk-failing'], { base: 'windows-10-22h2', faults: [{ kind: 'disk-unhealthy' }] }],
  [['file-system-damaged'], { base: 'windows-server-2022', uiLanguage: 'ja-JP', faults: [{ kind: 'disk-errors' }] }],
  [
    // The updates that failed for want of the folder look as if the cache were damaged.
    ['temp-folder-missing', 'update-cache-damaged'],
    { base: 'windows-server-2022', faults: [{ kind: 'temp-folder-missing', cause: 'variable-wrong' }] },
  ],
  [['driver-troubles-device'], { base: 'windows-10-22h2', uiLanguage: 'ja-JP', faults: [{ kind: 'driver-bad' }] }],
  [['driver-update-not-newer'], { base: 'windows-10-22h2', faults: [{ kind: 'driver-update-not-newer' }] }],
  [['setup-rolled-back'], { base: 'windows-11-23h2', faults: [{ kind: 'setup-failed', extend: '0x20009' }] }],
  [['feature-update-held'], { base: 'windows-11-23h2', faults: [{ kind: 'safeguard-hold' }] }],
  [['release-out-of-service'], { base: 'windows-10-21h2' }],
  [['new-release-does-harm'], { base: 'windows-11-24h2', faults: [{ kind: 'feature-release-bad' }] }],
];

test('causes in disks, drivers and Windows setup are found, and nothing is changed', async () => {
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
