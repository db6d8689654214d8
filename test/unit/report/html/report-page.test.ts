import { describe, expect, it } from 'vitest';
import { reportPage } from '../../../../src/report/html/report-page.ts';
import type { RunReport } from '../../../../src/report/run-report.ts';
import { blockedReport, hostOf, joined, reportOf } from '../report-of.ts';

const hostile = `<script>alert("x")</script>&'<img src=x onerror=y>`;

/** Every text of a value replaced by a hostile one, except the words that the report knows. */
function poisoned(value: unknown, keep: ReadonlySet<string>): unknown {
  if (typeof value === 'string') return keep.has(value) ? value : hostile;
  if (Array.isArray(value)) return value.map((each) => poisoned(each, keep));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, poisoned(each, keep)]));
}

const closed = new Set(
  'report/v1 ended running failed done undone not-reached already-right skipped rolled-back as-before failure restore-point'.split(
    ' ',
  ),
);

/** Names of elements that are opened and not closed, or closed and not opened. */
function unbalanced(html: string): readonly string[] {
  const open: string[] = [];
  const faults: string[] = [];
  for (const [, closing, name = ''] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/g)) {
    if (['meta', 'br'].includes(name)) continue;
    if (closing === '') open.push(name);
    else if (open.pop() !== name) faults.push(name);
  }
  return [...faults, ...open];
}

describe('the report as a page', () => {
  it('is self-contained: nothing is loaded, nothing is run', async () => {
    const page = reportPage(await reportOf('a step fails in the middle of its changes'), 'en');
    expect(page).not.toMatch(/https?:|\/\/[a-z]|<script|<link|<img|<iframe|@import|url\(|javascript:|\son[a-z]+=/i);
    expect(page).toMatch(/<style>[^<]*\.badge[^<]*<\/style>/);
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
  });

  it('has well-formed markup for every kind of host', async () => {
    const report = joined({
      a: await reportOf('three steps repair the host'),
      b: await reportOf('a step fails in the middle of its changes'),
      c: await reportOf('a change without inverse stays after a failure'),
      d: await reportOf('restarts before and after'),
      e: await blockedReport(),
    });
    for (const language of ['en', 'ja'] as const) {
      const page = reportPage(report, language);
      expect(unbalanced(page)).toEqual([]);
      expect(page).not.toMatch(/undefined|\[object|NaN/);
    }
    expect(unbalanced('<p><b></p>')).not.toEqual([]);
  });

  it('escapes every text that came from outside', async () => {
    const report = await reportOf('a step fails in the middle of its changes');
    const page = reportPage(poisoned(report, closed) as RunReport, 'en');
    expect(page).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;&#39;&lt;img');
    expect(page).not.toMatch(/<script|<img/);
    expect(unbalanced(page)).toEqual([]);
  });

  it('escapes a host name in every place where it stands', async () => {
    const report = joined({ [hostile]: await reportOf('three steps repair the host') });
    const page = reportPage(report, 'ja');
    expect(page.split('&lt;script&gt;').length - 1).toBe(2);
    expect(page).not.toContain('<script');
  });

  it('opens what needs a person and keeps the rest closed', async () => {
    const good = reportPage(await reportOf('three steps repair the host'), 'en');
    expect(good).not.toContain('<details open>');
    expect(good).toContain('<span class="badge good">repaired</span>');
    const bad = reportPage(await reportOf('a step fails in the middle of its changes'), 'en');
    expect(bad).toContain('<details open>');
    expect(bad).toContain('<span class="badge warn">rolled back</span>');
  });

  it('shows the proof of a rollback, and what differs where it failed', async () => {
    const report = await reportOf('a step fails in the middle of its changes');
    const proven = reportPage(report, 'en');
    expect(proven).toMatch(/<p class="good"><b>as before: (\d+) of \1 facts<\/b><\/p>/);
    const host = hostOf(report);
    if (host.undo === null) throw new Error('an undo is expected');
    const compared = { count: 3, differences: [{ name: 'file:x', before: 'a', after: null }] };
    const failed = { ...report, hosts: [{ ...host, undo: { ...host.undo, compared } }] };
    expect(reportPage(failed, 'en')).toContain('<p class="bad"><b>as before: 2 of 3 facts</b></p>');
    expect(reportPage(failed, 'en')).toContain('<td><code>file:x</code></td><td>a</td><td>none</td>');
    const excused = { count: 3, differences: [{ name: 'file:x', before: 'a', after: null, step: 'clean' }] };
    const partly = reportPage({ ...report, hosts: [{ ...host, undo: { ...host.undo, compared: excused } }] }, 'en');
    expect(partly).toContain('<p class="good"><b>as before: 2 of 3 facts</b></p>');
    expect(partly).toContain('<td class="soft">a change of clean stays</td>');
    const nothing = { count: 0, differences: [] };
    const empty = reportPage({ ...report, hosts: [{ ...host, undo: { ...host.undo, compared: nothing } }] }, 'en');
    expect(empty).toContain('<p class="bad"><b>nothing compared: no step names a fact</b></p>');
  });

  it('shows the error of a failed step once, with its place', async () => {
    const report = await reportOf('a step fails in the middle of its changes');
    const host = hostOf(report);
    const fault = {
      code: 'script-error',
      message: 'it broke',
      fqid: '',
      hresult: '0x80070020',
      script: 'c/apply.ps1',
      line: 42,
    };
    const stages = host.stages.map((stage) => ({
      ...stage,
      steps: stage.steps.map((step) => (step.state === 'failed' ? { ...step, fault } : step)),
    }));
    const page = reportPage({ ...report, hosts: [{ ...host, stages }] }, 'en');
    expect(page).toContain('<td>it broke <span class="soft">c/apply.ps1, line 42 0x80070020</span></td>');
  });

  it('shows orders, refusals, ticket and digest', async () => {
    const report = await reportOf('three steps repair the host');
    const page = reportPage(report, 'en');
    expect(page).toContain('<td>cancel (rollback)</td><td>ops</td>');
    expect(page).toContain('no trusted key signed it');
    expect(page).toContain('CHG-7');
    expect(page).toContain(report.planDigest);
    expect(reportPage({ ...report, ticket: null, orders: [], refusals: [] }, 'en')).not.toMatch(
      /Ticket|Orders|Refused/,
    );
  });

  it('shows in Japanese why a host ended, with the English detail', async () => {
    const page = reportPage(await blockedReport(), 'ja');
    expect(page).toContain('<html lang="ja">');
    expect(page).toContain('事前確認に合格しませんでした。(restart pending)');
    expect(page).toContain('実行不可');
  });

  it('shows a run under way', async () => {
    const report = await blockedReport();
    const running = {
      ...report,
      state: 'running' as const,
      hosts: [{ ...hostOf(report), end: null, phase: 'applying' }],
    };
    expect(reportPage(running, 'en')).toContain('<span class="badge calm">running</span> <span class="soft">applying');
  });
});
