import { describe, expect, it } from 'vitest';
import { summaryText } from '../../../src/report/summary.ts';
import { textWidth } from '../../../src/report/table.ts';
import { blockedReport, joined, reportOf } from './report-of.ts';

const mixed = async () =>
  joined({
    pc1: await reportOf('three steps repair the host'),
    本社サーバー: await reportOf('a step fails in the middle of its changes'),
    pc3: await blockedReport(),
  });

/** Where the second to last column begins in every line of the table. */
const columnStarts = (text: string, needle: readonly string[]) =>
  text
    .split('\n')
    .slice(0, 5)
    .map((line, index) => textWidth(line.slice(0, line.indexOf(needle[index] ?? '---'))));

describe('the summary of a run', () => {
  it('has one row per host with end, state, stages, changes, time and reason', async () => {
    const lines = summaryText(await mixed(), 'en').split('\n');
    expect(lines[0]).toMatch(/^Host +Result +Host is +Stage +Changes +Duration +Reason$/);
    expect(lines[2]).toMatch(/^pc1 +repaired +repaired +2\/2 +7 +[\d.]+ s +The goal holds and every step/);
    expect(lines[3]).toMatch(/^本社サーバー +rolled back +as before +2\/2 +7 \(7 undone\) +/);
    expect(lines[4]).toMatch(/^pc3 +blocked +untouched +- +0 +[\d.]+ s +restart pending$/);
  });

  it('keeps its columns where names and words are Japanese', async () => {
    const report = await mixed();
    const japanese = summaryText(report, 'ja');
    expect(japanese).toMatch(/修復済み +修復後の状態 +2\/2/);
    expect(
      new Set(
        columnStarts(japanese, ['結果', '-  -', '修復済み', 'ロールバック済み', '実行不可']).filter(
          (_, index) => index !== 1,
        ),
      ).size,
    ).toBe(1);
    const english = columnStarts(summaryText(report, 'en'), ['Result', '', 'repaired', 'rolled back', 'blocked']);
    expect(new Set(english.filter((_, index) => index !== 1)).size).toBe(1);
  });

  it('says in Japanese why, with the English detail', async () => {
    expect(summaryText(await blockedReport(), 'ja')).toContain('事前確認に合格しませんでした。(restart pending)');
  });

  it('tells below the table what to do, and that a restart is owed', async () => {
    const report = await blockedReport();
    const [host] = report.hosts;
    if (!host?.end) throw new Error('an end is expected');
    const owed = { ...report, hosts: [{ ...host, end: { ...host.end, rebootOwed: true, remedy: 'restart\nit' } }] };
    expect(summaryText(owed, 'en')).toContain('restart pending; a restart is owed\n\npc1: What to do: restart it');
    expect(summaryText(owed, 'ja')).toContain('pc1: 次に行うこと: 原因を取り除いて');
    expect(summaryText(report, 'en')).not.toContain('What to do');
  });

  it('cuts a long reason in the table and tells it whole below', async () => {
    const report = await blockedReport();
    const [host] = report.hosts;
    if (!host?.end) throw new Error('an end is expected');
    const reason = `${'4 GB are free on C: and more is needed, '.repeat(3)}free more.`;
    const lines = summaryText({ ...report, hosts: [{ ...host, end: { ...host.end, reason } }] }, 'en').split('\n');
    expect(lines[2]).toMatch(/4 GB are free on C:.*…$/);
    expect(lines.slice(3)).toEqual(['', `pc1: ${reason}`]);
    expect(summaryText(report, 'en')).not.toContain('…');
  });

  it('needs no details below for a host that is well', async () => {
    const japanese = summaryText(await reportOf('three steps repair the host'), 'ja').split('\n');
    expect(japanese).toHaveLength(3);
    expect(japanese[2]).toMatch(/目標を達成しました。$/);
  });

  it('shows a host that has not ended as running', async () => {
    const report = await blockedReport();
    const running = { ...report, hosts: report.hosts.map((host) => ({ ...host, end: null, phase: 'applying' })) };
    expect(summaryText(running, 'en')).toMatch(/pc1 +running +- .* applying$/);
    expect(summaryText(running, 'ja')).toContain('実行中');
  });
});
