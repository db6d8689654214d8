import { expect, it } from 'vitest';
import { Failure } from '../../../../../src/kernel/failure.ts';
import type { HostDiagnosis } from '../../../../../src/operations/diagnose/diagnose-hosts.ts';
import type { PlanInputs } from '../../../../../src/operations/prepare-plan.ts';
import { runWith } from '../fake-services.ts';

const well: HostDiagnosis = {
  host: 'well',
  fault: null,
  causes: [],
  undecided: [],
  unanswered: [],
  asked: 5,
  since: null,
};
const ill: HostDiagnosis = {
  ...well,
  host: 'ill',
  causes: [
    {
      id: 'c',
      title: { en: 'It leaks', ja: '漏れている' },
      confidence: 0.881,
      evidence: [
        { points: 5, says: { en: 'it is wet' } },
        { points: -1, says: { en: 'it was dry' } },
      ],
      playbook: { id: 'pipe/mend', with: { tape: 'red' } },
      advice: null,
    },
  ],
  undecided: [{ cause: 'd', reason: 'no such key' }],
};
const shut: HostDiagnosis = { ...well, host: 'shut', fault: 'no connection' };

const servicesOf = (...diagnoses: readonly HostDiagnosis[]) => {
  const asked: unknown[] = [];
  return {
    asked,
    diagnose: async (choice: unknown, told: unknown, onHost: (one: HostDiagnosis) => void) => {
      asked.push([choice, told]);
      for (const one of diagnoses) onHost(one);
      return diagnoses;
    },
  };
};

it('tells causes with what speaks for and against them, what is not known, and hosts that could not be asked', async () => {
  const { diagnose, asked } = servicesOf(ill, well, shut);
  const { out, code } = await runWith(['diagnose', 'web', '--code', '0x8007000d'], { diagnose });
  expect(out.split('\n').map((line) => line.trim().replace(/ +/g, ' '))).toEqual([
    'ill:',
    '1. 88 % It leaks',
    'for it is wet',
    'against it was dry',
    'playbook pipe/mend -p tape="red"',
    'not known: d: no such key',
    'well: no cause found (5 probes)',
    'shut: could not be asked: no connection',
  ]);
  expect(code).toBe(1);
  expect(asked).toEqual([
    [
      { hosts: 'web', inventory: null, limit: null },
      { codes: ['0x8007000d'], symptoms: [] },
    ],
  ]);
});

it('speaks Japanese, and JSON for programs; hosts without a cause are good', async () => {
  expect((await runWith(['diagnose', 'web', '--lang', 'ja'], servicesOf(ill))).out).toContain('漏れている');
  const { out, code } = await runWith(['diagnose', 'web', '--json'], servicesOf(well));
  expect([JSON.parse(out), code]).toEqual([[well], 0]);
});

it('tells what is new and what is gone since the last time', async () => {
  const gone = [{ id: 'x', title: { en: 'It squeaks' } }];
  const since = { at: '2026-11-28T01:02:03Z', fresh: ['c'], gone };
  const { out } = await runWith(
    ['diagnose', 'web'],
    servicesOf({ ...ill, undecided: [], since }, { ...well, since: { ...since, fresh: [], gone: [] } }),
  );
  expect(out).toContain('  since 2026-11-28T01:02: new: It leaks; gone: It squeaks');
  expect(out.match(/since/g)).toHaveLength(1);
});

it('--run goes on to the playbook of the first cause, for the hosts that have it, and asks', async () => {
  const prepared: unknown[] = [];
  const stop = new Failure('bad-input', 'no such playbook');
  const prepare = async (inputs: PlanInputs) => {
    prepared.push([inputs.playbook, inputs.hosts, inputs.params, inputs.inventory]);
    throw stop;
  };
  const services = { ...servicesOf(ill, well, { ...ill, host: 'ill2' }), prepare };
  const { err, code } = await runWith(['diagnose', 'web', '--run', '-i', 'inv.yaml'], services);
  expect(prepared).toEqual([['pipe/mend', 'ill,ill2', ['tape=red'], 'inv.yaml']]);
  expect([err, code]).toEqual([expect.stringContaining('no such playbook'), 2]);
  expect((await runWith(['diagnose', 'web', '--run'], servicesOf(well))).code).toBe(0);
  expect((await runWith(['diagnose', 'web', '--run', '--json'], services)).code).toBe(2);
});
