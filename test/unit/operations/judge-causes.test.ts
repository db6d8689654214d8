import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { CausesDocument } from '../../../src/input/causes/causes.generated.ts';
import { readCauses } from '../../../src/input/causes/read-causes.ts';
import type { HostFacts } from '../../../src/kernel/host-facts.ts';
import type { Json } from '../../../src/kernel/words.ts';
import { causesFile } from '../../../src/knowledge/causes-file.ts';
import { judgeCauses } from '../../../src/operations/diagnose/judge-causes.ts';

const causes: CausesDocument = {
  kintsugi: 'causes/v1',
  probes: { tap: { uses: 'a/tap' } },
  causes: {
    leak: {
      title: { en: 'A leak' },
      codes: ['0x80070002'],
      evidence: [
        {
          when: 'steps.tap.facts.drops > 3',
          points: 4,
          says: { en: '{steps.tap.facts.drops} drops of {steps.tap.facts.kinds}' },
        },
        { when: 'steps.tap.facts.drops > 9', points: -4, says: { en: 'so many are rain' } },
      ],
    },
    likely: { title: { en: 'Likely' }, prior: 0, evidence: [{ when: 'false', points: 1, says: { en: '-' } }] },
    slow: {
      title: { en: 'Slow' },
      evidence: [{ when: 'steps.tap.facts.drops == 5', points: 5, says: { en: 'five' } }],
    },
  },
};
const facts: HostFacts = {
  machineId: 'm1',
  computerName: 'W1',
  os: { build: 22631, ubr: 1, productType: 1, caption: 'Windows 11', uiLanguage: 'en-US' },
  powershell: { version: '5.1', languageMode: 'FullLanguage', executionPolicy: 'RemoteSigned' },
  elevated: true,
  uptimeMs: 1,
  clockSkewMs: 0,
  systemDrive: { freeBytes: 1, sizeBytes: 2 },
  pendingReboot: [],
  domainJoined: false,
  roles: [],
};
const judged = (tap: { readonly [name: string]: Json } | null, codes: readonly string[] = []) =>
  judgeCauses(causes, { host: 'h', facts, probes: { tap } }, codes);

it('ranks by the sum of the evidence, with its words; what nothing speaks for is no cause, however likely', () => {
  const { causes: found, undecided } = judged({ drops: 5, kinds: ['cold', 'warm'] });
  expect(found.map(({ id, confidence }) => [id, Math.round(confidence * 100)])).toEqual([
    ['slow', 88],
    ['leak', 73],
  ]);
  expect(found[1]?.evidence).toEqual([{ points: 4, says: { en: '5 drops of cold, warm' } }]);
  expect(undecided).toEqual([]);
});

it('evidence against a cause takes it away', () => {
  expect(judged({ drops: 10 }).causes).toEqual([]);
});

it('a code that fits makes a cause likelier, another one less likely', () => {
  expect(judged({ drops: 5 }, ['0x80070002']).causes.map(({ id }) => id)).toEqual(['leak', 'slow']);
  expect(judged({ drops: 5 }, ['0x8024402C']).causes.map(({ id }) => id)).toEqual(['slow']);
});

it('what the facts do not decide is said, with the cause', () => {
  expect(judged(null).undecided.map(({ cause }) => cause)).toEqual(['leak', 'leak', 'slow']);
});

it('the shipped causes are valid, and speak English and Japanese', () => {
  const read = readCauses(causesFile);
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  for (const { title, evidence } of Object.values(read.value.causes))
    for (const text of [title, ...evidence.map(({ says }) => says)]) expect(text).toHaveProperty('ja');
});

it('a condition that is wrong, or speaks of a probe that there is not, is told at its place', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'causes-')), 'causes.yaml');
  const text = (when: string) =>
    JSON.stringify({
      ...causes,
      causes: { c: { title: { en: 'c' }, evidence: [{ when, points: 1, says: { en: 'x' } }] } },
    });
  const faultsOf = (when: string) => {
    writeFileSync(file, text(when));
    const read = readCauses(file);
    return read.ok ? [] : read.faults.map(({ path, message }) => [path, message]);
  };
  const at = 'causes.c.evidence[0].when';
  expect(faultsOf('1 <')).toEqual([[at, expect.stringContaining('the condition is wrong')]]);
  expect(faultsOf('steps.top.facts.a')).toEqual([[at, 'there is no probe `top`']]);
});
