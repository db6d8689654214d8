import { expect, test } from 'vitest';
import type { Host as HostSpec } from '../../../src/input/lab/lab.generated.ts';
import { diagnoseSpecs } from './diagnose-specs.ts';

/** Hosts by the cause that is in them. */
const hosts: readonly (readonly [cause: string, spec: HostSpec])[] = [
  ['defender-blocks-updates', { base: 'windows-11-24h2', uiLanguage: 'ja-JP', faults: [{ kind: 'defender-blocks' }] }],
  ['other-product-holds-updates', { base: 'windows-server-2022', faults: [{ kind: 'filter-driver' }] }],
  ['startup-program-holds-updates', { base: 'windows-10-22h2', faults: [{ kind: 'startup-conflict' }] }],
  ['browser-updater-broken', { base: 'windows-11-24h2', faults: [{ kind: 'chrome-updater-broken' }] }],
];

test('what stands in the way of updates is found first, and nothing is changed', async () => {
  const told = await diagnoseSpecs(new Map(hosts.map(([, spec], index) => [`host${index + 1}`, spec])));
  expect(
    [...told.values()].map(({ diagnosis, changed }) => ({
      cause: diagnosis.causes[0]?.id,
      unanswered: diagnosis.unanswered,
      changed,
    })),
  ).toEqual(hosts.map(([cause]) => ({ cause, unanswered: [], changed: [] })));
});
