import { describe, expect, it } from 'vitest';
import { textReport } from '../../../src/report/text-report.ts';
import { FakeWorld } from '../hostrun/fake-world.ts';
import { planFor } from '../hostrun/plan-for.ts';
import { blockedReport, hostOf, reportOf, reportOfStory } from './report-of.ts';

describe('the report as text', () => {
  it('tells who launched what, orders, refusals, and every step with its changes', async () => {
    const text = textReport(await reportOf('three steps repair the host'), 'en');
    expect(text).toContain(
      'Kintsugi run report run-1\nTest\nLaunched: 1970-01-12T13:46:39.000Z by ops\nTicket: CHG-7\n',
    );
    expect(text).toContain('Orders: 1970-01-12T13:46:39.000Z cancel (rollback) by ops');
    expect(text).toContain('Refused work: 1970-01-12T13:46:39.000Z * order: no trusted key signed it');
    expect(text).toMatch(/ {2}Protection: restore point \S+/);
    expect(text).toMatch(/ {4}a a: done.*\n {6}\d+ value one\n {6}\d+ value two/);
    expect(text).toContain('(Goal: holds)');
  });

  it('tells the rollback, newest change first, and its proof', async () => {
    const text = textReport(await reportOf('a step fails in the middle of its changes'), 'en');
    expect(text).toMatch(/ {2}Rollback: apply of `c` failed: it broke\n {4}✓ \d+ value seven\n {4}✓ \d+ value six\n/);
    expect(text).toMatch(/ {2}Captured before the first change: \d+ facts?\n/);
    expect(text).toMatch(/ {4}as before: (\d+) of \1 facts/);
  });

  it('names the script and line of a failure', async () => {
    const report = await reportOf('a step fails in the middle of its changes');
    const host = hostOf(report);
    const fault = {
      code: 'script-error',
      message: 'no way',
      fqid: '',
      hresult: '0x80070020',
      script: 'apply.ps1',
      line: 11,
    };
    const stages = host.stages.map((stage) => ({ ...stage, steps: stage.steps.map((step) => ({ ...step, fault })) }));
    const text = textReport({ ...report, hosts: [{ ...host, stages }] }, 'en');
    expect(text).toContain(', no way apply.ps1, line 11 0x80070020 (');
  });

  it('lists what stays because it has no inverse', async () => {
    const text = textReport(await reportOf('a change without inverse stays after a failure'), 'en');
    expect(text).toContain('    Stays (cannot be undone):\n      two: no way back');
    expect(text).toContain('    ≠ value:two: none → new (a change of a stays)');
  });

  it('names facts that are not as before', async () => {
    const world = new FakeWorld(
      { mood: 'calm' },
      { a: { changes: [{ target: 'one', value: 'new' }], verifyFails: true } },
    );
    const { report } = await reportOfStory({
      plan: planFor({ stages: [[{ id: 'a', touches: { files: ['a', 'mood'] } }]] }),
      world,
      orders: (events) => {
        if (events.at(-1)?.kind === 'undoBegun') world.values.set('mood', 'stirred');
        return {};
      },
    });
    expect(textReport(report, 'en')).toContain('    ≠ value:mood: calm → stirred');
  });

  it('says which stages were not reached and which checks failed', async () => {
    const text = textReport(await blockedReport(), 'en');
    expect(text).toContain('✗ preflight.1: restart pending');
    expect(text).toContain('  Stage: not reached');
  });

  it('speaks Japanese', async () => {
    const text = textReport(await reportOf('a step fails in the middle of its changes'), 'ja');
    expect(text).toContain('Kintsugi 実行レポート run-1');
    expect(text).toContain('指示: 1970-01-12T13:46:39.000Z 中止 (ロールバック) 実行者 ops');
    expect(text).toContain('ロールバック: 手順が失敗しました。(apply of `c` failed: it broke)');
    expect(text).toContain('保護: 復元ポイント');
  });

  it('warns of a journal whose chain does not hold', async () => {
    const report = await blockedReport();
    expect(textReport(report, 'en')).not.toContain('BROKEN');
    const broken = { ...report, hosts: [{ ...hostOf(report), chain: { events: 3, ok: false, head: '' } }] };
    expect(textReport(broken, 'en')).toContain('3 journal events, hash chain BROKEN');
  });

  it('does not let a host steer the terminal', async () => {
    const report = await blockedReport();
    const check = { check: 'x', ok: false, reason: 'a\u001b[31m\nb', facts: null, ifFails: 'block' };
    const hostile = { ...report, launchedBy: 'me\u0007', hosts: [{ ...hostOf(report), checks: [check] }] };
    const text = textReport(hostile, 'en');
    expect(text).toContain('✗ x: a\ufffd[31m b');
    expect(text).not.toMatch(/[\u0007\u001b]/);
  });
});
