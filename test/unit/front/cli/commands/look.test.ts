import { describe, expect, it } from 'vitest';
import { blockedReport, joined, reportOf } from '../../../report/report-of.ts';
import { runWith } from '../fake-services.ts';
import { around, event } from './around.ts';

describe('status, logs and report', () => {
  it('status lists runs, or the hosts of one', async () => {
    const report = joined({ w1: await reportOf('three steps repair the host'), w3: await blockedReport() });
    const { services } = around(report);
    expect((await runWith(['status'], services)).out).toMatch(/r1 +test\/playbook +running +2\/2 +\S+ by ops/);
    const { out } = await runWith(['status', 'r1', '--lang', 'ja'], services);
    expect(out).toMatch(/w3 +実行不可 +setValue +事前確認に合格しませんでした。\(restart pending\)/);
    expect(JSON.parse((await runWith(['status', '--json'], services)).out)).toHaveLength(1);
    expect(JSON.parse((await runWith(['status', 'r1', '--json'], services)).out)).toMatchObject({ run: 'r1' });
  });

  it('logs shows events as lines or JSON, of one host, and goes on with --follow', async () => {
    const { services, asked } = around(await blockedReport());
    const { out } = await runWith(['logs', 'r1', 'w1', '--follow'], services);
    expect(out).toBe('1970-01-01T00:00:00.000Z  w1  stepBegun  {"step":"setValue","attempt":1}');
    expect(asked).toEqual(['follow r1 w1 true', 'closed']);
    expect(JSON.parse((await runWith(['logs', 'r1', '--json'], services)).out)).toEqual(event);
    expect(asked).toContain('follow r1 null false');
  });

  it('report prints text, HTML or JSON', async () => {
    const { services } = around(await blockedReport());
    expect((await runWith(['report', 'r1'], services)).out).toContain('Kintsugi run report');
    expect((await runWith(['report', 'r1', '--format', 'html', '--lang', 'ja'], services)).out).toContain(
      '<html lang="ja">',
    );
    expect(JSON.parse((await runWith(['report', 'r1', '--format=json'], services)).out)).toMatchObject({
      run: 'run-1',
    });
    expect(JSON.parse((await runWith(['report', 'r1', '--json'], services)).out)).toMatchObject({ run: 'run-1' });
    expect((await runWith(['report', 'r1', '--format', 'pdf'], services)).err).toContain('html or json or text');
  });
});
