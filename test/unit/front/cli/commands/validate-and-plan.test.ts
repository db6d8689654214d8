import { describe, expect, it } from 'vitest';
import type { CliServices } from '../../../../../src/front/cli/services.ts';
import { describePlan } from '../../../../../src/planning/describe-plan.ts';
import { blockedReport } from '../../../report/report-of.ts';
import { runWith } from '../fake-services.ts';
import { around } from './around.ts';

describe('validate', () => {
  const results = [
    { file: 'a', ok: true, faults: [], text: 'a: ok' },
    { file: 'b', ok: false, faults: [], text: 'b:1:1: wrong' },
  ];
  it('tells every file; 2 where one has faults', async () => {
    expect(await runWith(['validate', 'a', 'b'], { validate: async () => results })).toMatchObject({
      code: 2,
      out: 'a: ok\nb:1:1: wrong',
    });
    expect((await runWith(['validate', 'a'], { validate: async () => results.slice(0, 1) })).code).toBe(0);
    const json = await runWith(['validate', 'a', 'b', '--json'], { validate: async () => results });
    expect(JSON.parse(json.out)).toEqual(results);
  });
});

describe('plan', () => {
  it('shows steps, values once for hosts that share them, times, and what cannot be undone', async () => {
    const { services, asked } = around(await blockedReport());
    const argv = ['plan', 'demo/small', '--hosts', 'web', '-p', 'value=5', '-p', 'x=1', '--max-rolled-back', '3'];
    const { code, out } = await runWith(argv, services);
    expect(code).toBe(0);
    expect(asked).toEqual(['prepare demo/small web value=5,x=1 3']);
    expect(out).toContain('Plan: The value is wrong (demo/small)');
    expect(out).toMatch(/Hosts: w1, w3, s1 · batches of: 3/);
    expect(out).toMatch(/First +setValue +Set the value +medium +L3 +system +1 min 00 s +5 min 00 s +possible +-/);
    expect(out).toMatch(/per host: expected .*, longest, with undo .*\n +whole run: expected/);
    expect(out).toMatch(/ {2}w1\n(.*\n)*? {4}setValue \(demo\/set-value\): value=8 names=\["web"\]/);
    expect(out).toMatch(/ {2}w3, s1\n(.*\n)*? {4}setValue \(demo\/set-value\): value=5/);
    expect(out).toContain('Cannot be undone:\n  setValue: The old value is not kept');
  });

  it('shows how far each step and the whole can be taken back', async () => {
    const { services } = around(await blockedReport());
    const graded = {
      ...services,
      prepare: async (...given: Parameters<CliServices['prepare']>) => {
        if (!services.prepare) throw new Error('the plan is prepared by them');
        const prepared = await services.prepare(...given);
        const actions = Object.entries(prepared.plan.actions).map(([id, action]) => [id, { ...action, grade: 'C' }]);
        const plan = { ...prepared.plan, actions: Object.fromEntries(actions) as typeof prepared.plan.actions };
        return { ...prepared, plan, description: describePlan(plan) };
      },
    };
    const { out } = await runWith(['plan', 'demo/small', '--hosts', 'web'], graded);
    expect(out).toContain('  can be taken back: not what is named below (grade C)\n');
    expect(out).toMatch(/First +setValue .* possible +C +-/);
    const japanese = await runWith(['plan', 'demo/small', '--hosts', 'web', '--lang', 'ja'], graded);
    expect(japanese.out).toContain('元に戻せる範囲: 下に示すものは戻せない (等級 C)');
  });

  it('speaks Japanese', async () => {
    const { services } = around(await blockedReport());
    const { out } = await runWith(['plan', 'demo/small', '--hosts', 'web', '--lang', 'ja'], services);
    expect(out).toContain('計画: 値が誤っている');
    expect(out).toMatch(/最初 +setValue +値を設定する +中/);
    expect(out).toContain('元に戻す条件: 失敗');
  });

  it('asks the hosts with --probe; 1 where one could not be asked', async () => {
    const found = {
      host: 'w1',
      facts: null,
      goal: {
        ok: false,
        reason: 'is 1',
        checks: [{ id: 'goal', uses: 'demo/look', ok: false, reason: 'is 1', facts: null }],
      },
      checks: [{ check: 'demo/look', ok: false, reason: 'odd' }],
      steps: [{ step: 'setValue', verdict: 'will change' as const, reason: 'wants 5', facts: { old: 1, new: 5 } }],
      fault: null,
    };
    const gone = { ...found, host: 'w3', goal: null, checks: [], steps: [], fault: 'no route' };
    const probe: CliServices['probe'] = async (_plan, onHost) => {
      onHost(found);
      onHost(gone);
      return [found, gone];
    };
    const { services } = around(await blockedReport(), {}, { probe });
    const plain = await runWith(['plan', 'demo/small', '--hosts', 'web', '--probe'], services);
    expect(plain.code).toBe(1);
    expect(plain.out).toContain('w1: Goal: does not hold (is 1)\n  Preflight: ✗ demo/look: odd\n');
    expect(plain.out).toMatch(/\n {2}Step .*\n {2}-{4,} .*\n {2}setValue +will change +wants 5 +\{"old":1,"new":5\}/);
    expect(plain.out).toContain('w3: cannot tell: no route');
    const json = JSON.parse(
      (await runWith(['plan', 'demo/small', '--hosts', 'web', '--probe', '--json'], services)).out,
    );
    expect(json.probes).toHaveLength(2);
    expect(json.digest).toBe(json.description.digest);
    const ja = await runWith(['plan', 'demo/small', '--hosts', 'web', '--probe', '--lang=ja'], services);
    expect(ja.out).toMatch(/setValue +変更する/);
  });
});
