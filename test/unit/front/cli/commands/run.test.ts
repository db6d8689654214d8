import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Installation } from '../../../../../src/front/cli/services.ts';
import { blockedReport, hostOf, joined, reportOf } from '../../../report/report-of.ts';
import { runWith } from '../fake-services.ts';
import { fakeTerminal } from '../fake-terminal.ts';
import { around } from './around.ts';

describe('run', () => {
  const argv = ['run', 'demo/small', '--hosts', 'web'];

  it('shows the plan, launches, sees to workers, follows, and tells the outcome with its reports', async () => {
    const report = joined({ w1: await reportOf('three steps repair the host'), w3: await blockedReport() });
    const { services, asked, home } = around(report);
    const { code, out } = await runWith([...argv, '--yes', '--ticket', 'CHG-1'], services);
    expect(code).toBe(1);
    expect(asked.slice(1)).toEqual(['launch CHG-1', 'workers 1', 'follow r1 null true', 'closed']);
    expect(out).toContain('Plan: The value is wrong');
    expect(out).toContain('Run: r1\n00:00:00  w1    setValue: begun');
    expect(out).toMatch(/w1 +repaired/);
    const html = join(home, 'reports', 'run-1.html');
    expect(out).toContain(`Report: ${html}\n        ${html.replace('.html', '.json')}`);
    expect(readFileSync(html, 'utf8')).toContain('<!doctype html>');
    expect(JSON.parse(readFileSync(html.replace('.html', '.json'), 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(report)),
    );
  });

  it('aligns the paths of the reports in Japanese, too', async () => {
    const { services } = around(await blockedReport());
    const { out } = await runWith([...argv, '--yes', '--lang', 'ja'], services);
    expect(out).toMatch(/レポート: \S+html\n {10}\S+json/);
  });

  it.each([
    ['three steps repair the host', 0],
    ['the goal holds already', 0],
    ['the goal is not reached', 1],
    ['a cancel in the middle undoes what was done', 5],
  ])('exit code for: %s', async (name, code) => {
    const { services } = around(await reportOf(name));
    expect((await runWith([...argv, '-y'], services)).code).toBe(code);
  });

  it('4 where a host needs hands', async () => {
    const report = await blockedReport();
    const { end } = hostOf(report);
    if (end === null) throw new Error('an end is expected');
    const { services } = around({ ...report, hosts: [{ ...hostOf(report), end: { ...end, end: 'needs-hands' } }] });
    expect((await runWith([...argv, '-y'], services)).code).toBe(4);
  });

  it('asks before it launches; without a yes nothing is launched and it ends with 5', async () => {
    const { services, asked } = around(await blockedReport());
    const declined = await runWith(argv, services, { answer: false });
    expect([declined.code, declined.terminal.questions]).toEqual([5, ['Run this plan?']]);
    expect(asked).toHaveLength(1);
    const accepted = await runWith(argv, services, { answer: true, language: 'ja' });
    expect(accepted.terminal.questions).toEqual(['この計画を実行しますか?']);
    expect(asked).toContain('launch null');
  });

  it('where nobody can answer, --yes is demanded', async () => {
    const { services, asked } = around(await blockedReport());
    const { code, err } = await runWith(argv, services, { answer: null });
    expect([code, err]).toEqual([2, expect.stringContaining('add --yes')]);
    expect(asked).toHaveLength(1);
  });

  it('with --json prints one JSON document, and shows who is asked the plan elsewhere', async () => {
    const { services } = around(await blockedReport());
    const { out, err } = await runWith([...argv, '--json'], services, { answer: true });
    expect(JSON.parse(out)).toMatchObject({ kintsugi: 'report/v1', reports: { html: expect.any(String) } });
    expect(err).toContain('Plan: The value is wrong');
    expect((await runWith([...argv, '--json', '--yes'], services)).err).toBe('');
  });

  it('with --detach only launches', async () => {
    const { services, asked } = around(await blockedReport());
    expect(await runWith([...argv, '--yes', '--detach', '--workers', '3'], services)).toMatchObject({ code: 0 });
    expect(asked.slice(1)).toEqual(['launch null', 'workers 3', 'closed']);
    const { out } = await runWith([...argv, '--yes', '--detach', '--json', '--workers', '0'], services);
    expect(JSON.parse(out)).toEqual({ run: 'r1' });
    expect(asked.slice(4)).not.toContain('workers 0');
  });

  it('a wrong number of workers is told before anything is done', async () => {
    const { services, asked } = around(await blockedReport());
    expect((await runWith([...argv, '--yes', '--workers', 'two'], services)).code).toBe(2);
    expect(asked).toEqual([]);
  });

  it.each(['en', 'ja'] as const)('the first Ctrl-C detaches and says how to go on (%s)', async (language) => {
    const terminal = fakeTerminal({ language });
    const follow: Installation['follow'] = async (_run, _host, _untilEnd, _onEvent, signal) => {
      terminal.interrupt();
      expect(signal.aborted).toBe(true);
    };
    const { services } = around(await blockedReport(), { follow });
    const { code, err, out } = await runWith([...argv, '--yes', '--lang', language], services, { terminal });
    expect(code).toBe(0);
    expect(err).toContain('kintsugi cancel r1 --rollback');
    expect(err).toContain('kintsugi logs r1 --follow');
    expect(out).not.toContain('report');
    expect(terminal.listeners()).toBe(0);
  });
});
