import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { diagnosisText } from '../../../src/front/cli/diagnosis-text.ts';
import type { Host as HostSpec } from '../../../src/input/lab/lab.generated.ts';
import { diagnoseSpecs } from './diagnose-specs.ts';

/** Hosts by the cause that is in them; the first is the one that must be found first, none: nothing must be found. */
const hosts: readonly (readonly [causes: readonly string[], spec: HostSpec])[] = [
  [[], { base: 'windows-server-2022' }],
  [[], { base: 'windows-11-24h2', uiLanguage: 'ja-JP' }],
  [
    ['clock-wrong'],
    { base: 'windows-11-24h2', faults: [{ kind: 'clock-skew', minutes: 420, cause: 'service-stopped' }] },
  ],
  [
    ['update-cache-damaged'],
    {
      base: 'windows-10-22h2',
      uiLanguage: 'ja-JP',
      faults: [{ kind: 'update-cache-corrupt', damage: 'missing-payload' }],
    },
  ],
  [
    ['update-cache-damaged'],
    { base: 'windows-server-2022', faults: [{ kind: 'update-cache-corrupt', damage: 'database' }] },
  ],
  [['disk-full'], { base: 'windows-10-22h2', faults: [{ kind: 'disk-low', freeGB: 4, reclaimableGB: 8 }] }],
  [
    ['component-store-damaged'],
    { base: 'windows-server-2022', faults: [{ kind: 'component-store-corrupt', repairable: true, files: 3 }] },
  ],
  [
    ['services-not-as-delivered', 'restart-owed'],
    { base: 'windows-11-24h2', faults: [{ kind: 'reboot-pending' }, { kind: 'service-disabled', name: 'BITS' }] },
  ],
  [['session-without-rights'], { base: 'windows-server-2022', faults: [{ kind: 'not-elevated' }] }],
];

test('causes are found, the right one first; healthy hosts have none; nothing is changed', async () => {
  const specs = new Map(hosts.map(([, spec], index) => [`host${index + 1}`, spec]));
  const told = await diagnoseSpecs(specs);
  const found = [...told].map(([host, { diagnosis, changed }]) => ({
    host,
    causes: diagnosis.causes.map(({ id }) => id),
    undecided: diagnosis.undecided,
    unanswered: diagnosis.unanswered,
    changed,
  }));
  expect(found).toEqual(
    hosts.map(([causes], index) => ({
      host: `host${index + 1}`,
      causes,
      undecided: [],
      unanswered: [],
      changed: [],
    })),
  );
  expect([...told].filter(([, { tookMs }]) => tookMs > 20_000).map(([host, { tookMs }]) => [host, tookMs])).toEqual([]);
});

test('docs/diagnose.md shows what is printed', async () => {
  const told = await diagnoseSpecs(
    new Map<string, HostSpec>([
      [
        'two',
        { base: 'windows-11-24h2', faults: [{ kind: 'reboot-pending' }, { kind: 'service-disabled', name: 'BITS' }] },
      ],
      ['well', { base: 'windows-11-24h2' }],
    ]),
  );
  const shown = [...told.values()].map(({ diagnosis }) => diagnosisText(diagnosis, 'en')).join('\n');
  const text = readFileSync(join(import.meta.dirname, '../../../docs/diagnose.md'), 'utf8');
  expect(text).toContain(`\n\`\`\`\n${shown}\n\`\`\`\n`);
});
