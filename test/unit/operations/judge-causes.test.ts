import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CausesDocument } from '../../../src/input/causes/causes.generated.ts';
import { readCauses } from '../../../src/input/causes/read-causes.ts';
import type { HostFacts } from '../../../src/kernel/host-facts.ts';
import type { Json } from '../../../src/kernel/words.ts';
import { causesFolder } from '../../../src/knowledge/causes-folder.ts';
import { judgeCauses } from '../../../src/operations/diagnose/judge-causes.ts';

const causes: CausesDocument = {
  kintsugi: 'causes/v1',
  probes: { tap: { uses: 'a/tap' } },
  causes: {
    leak: {
      title: { en: 'A leak' },
      codes: ['0x80070002'],
      areas: ['wu'],
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
const judged = (
  tap: { readonly [name: string]: Json } | null,
  codes: readonly string[] = [],
  areas: readonly string[] = [],
) => judgeCauses(causes, { host: 'h', facts, probes: { tap } }, { codes, areas });

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

it('so does what a symptom speaks of, by less', () => {
  const confidence = (areas: readonly string[]) =>
    judged({ drops: 5 }, [], areas).causes.find(({ id }) => id === 'leak')?.confidence ?? 0;
  expect(confidence(['wu'])).toBeGreaterThan(confidence([]));
  expect(confidence(['store'])).toBeLessThan(confidence([]));
});

it('what the facts do not decide is said, with the cause', () => {
  expect(judged(null).undecided.map(({ cause }) => cause)).toEqual(['leak', 'leak', 'slow']);
});

it('the shipped causes are valid, and speak English and Japanese', () => {
  const read = readCauses(causesFolder);
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  for (const { title, evidence } of Object.values(read.value.causes))
    for (const text of [title, ...evidence.map(({ says }) => says)]) expect(text).toHaveProperty('ja');
});

it('a probe that does not concern the host speaks neither for nor against, and is not missed', () => {
  expect(judgeCauses(causes, { host: 'h', facts, probes: {} }, { codes: [], areas: [] })).toEqual({
    causes: [],
    undecided: [],
  });
});

describe('a folder of files of causes', () => {
  const causesOf = (when: string) => ({
    c: { title: { en: 'c' }, evidence: [{ when, points: 1, says: { en: 'x' } }] },
  });
  const tap = { tap: { uses: 'a/tap' } };
  const read = (files: { readonly [name: string]: object }) => {
    const folder = mkdtempSync(join(tmpdir(), 'causes-'));
    for (const [name, file] of Object.entries(files))
      writeFileSync(join(folder, `${name}.yaml`), JSON.stringify({ kintsugi: 'causes/v1', ...file }));
    return readCauses(folder);
  };
  const faultsOf = (files: { readonly [name: string]: object }) => {
    const told = read(files);
    return told.ok ? [] : told.faults.map(({ path, message }) => [path, message]);
  };
  const at = 'causes.c.evidence[0].when';

  it.each([
    ['1 <', 'the condition is wrong'],
    ['steps.top.facts.a', 'there is no probe `top`'],
    ['params.a == 1', '`params` is not known here'],
  ])('a condition that is wrong is told at its place: %s', (when, message) => {
    expect(faultsOf({ one: { probes: tap, causes: causesOf(when) } })).toEqual([
      [at, expect.stringContaining(message)],
    ]);
  });

  it('is one: evidence speaks of the probes of any file', () => {
    const told = read({
      a: { causes: causesOf('steps.tap.facts.drops > 3') },
      b: { probes: tap, causes: { d: causesOf('true').c } },
    });
    expect(told).toMatchObject({ ok: true, value: { probes: tap } });
    expect(told.ok && Object.keys(told.value.causes)).toEqual(['c', 'd']);
  });

  it('a probe may ask of a host what is known of it, and of nothing else', () => {
    const asks = (when: string) => ({ one: { probes: { tap: { uses: 'a/tap', when } }, causes: causesOf('true') } });
    expect(faultsOf(asks("'iis' in facts.roles"))).toEqual([]);
    expect(faultsOf(asks('steps.tap.needed'))).toEqual([['probes.tap.when', '`steps` is not known here']]);
  });

  it('a name that two files have is a fault of the second', () => {
    const one = { probes: tap, causes: causesOf('true') };
    expect(faultsOf({ a: one, b: one })).toEqual([
      ['probes.tap', '`tap` stands in another file of causes, too'],
      ['causes.c', '`c` stands in another file of causes, too'],
    ]);
  });
});
