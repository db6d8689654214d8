import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CliServices, Installation } from '../../../../src/front/cli/services.ts';
import type { JournalEvent } from '../../../../src/journal/event.ts';
import { emptyHead, sealEvent } from '../../../../src/journal/hash-chain.ts';
import type { PreparedPlan } from '../../../../src/operations/prepare-plan.ts';
import type { RunStatus } from '../../../../src/operations/status.ts';
import { describePlan } from '../../../../src/planning/describe-plan.ts';
import { planRun } from '../../../../src/planning/plan-run.ts';
import type { RunReport } from '../../../../src/report/run-report.ts';
import { valueOf } from '../../input/fixture-library.ts';
import { smallRequest } from '../../planning/small-plan.ts';
import { blockedReport, hostOf, joined, reportOf } from '../../report/report-of.ts';
import { fakeInstallation, runWith } from './fake-services.ts';
import { fakeTerminal } from './fake-terminal.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'kintsugi-cli-'));
});
afterEach(() => rmSync(home, { recursive: true }));

function prepared(): PreparedPlan {
  const { plan, digest, blobs } = valueOf(planRun(smallRequest({ hosts: ['w1', 'w3'] })));
  return { plan, digest, blobs, description: describePlan(plan), connections: [] };
}

const event: JournalEvent = sealEvent({ run: 'r1', host: 'w1' }, emptyHead, 0, {
  kind: 'stepBegun',
  data: { step: 'setValue', attempt: 1 },
});

/** Services around one run with this report; what is asked of them is noted. */
function around(report: RunReport, more: Partial<Installation> = {}, alone: Partial<CliServices> = {}) {
  const asked: string[] = [];
  const note = (what: string) => async (): Promise<void> => void asked.push(what);
  const status: RunStatus = {
    run: 'r1',
    playbook: report.playbook,
    launchedBy: 'ops',
    launchedAt: report.launchedAt,
    state: 'running',
    hosts: report.hosts.map(({ host, end }) => ({ host, last: 'stepBegun', lastAt: null, step: 'setValue', end })),
    refusals: [],
  };
  const installation = fakeInstallation({
    launch: async (_plan, ticket) => {
      asked.push(`launch ${ticket}`);
      return 'r1';
    },
    requireWorkers: async (count) => void asked.push(`workers ${count}`),
    follow: async (run, host, untilEnd, onEvent) => {
      asked.push(`follow ${run} ${host} ${untilEnd}`);
      onEvent(event);
    },
    statuses: async () => [status],
    status: async () => status,
    report: async () => report,
    cancel: async (_run, mode) => void asked.push(`cancel ${mode}`),
    rollBack: note('rollback'),
    commit: note('commit'),
    [Symbol.asyncDispose]: note('closed'),
    ...more,
  });
  const services: Partial<CliServices> = {
    home,
    prepare: async (inputs) => {
      asked.push(`prepare ${inputs.playbook} ${inputs.hosts} ${inputs.params.join(',')} ${inputs.budgets.rolledBack}`);
      return prepared();
    },
    connect: async () => installation,
    ...alone,
  };
  return { asked, services, status };
}

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
    expect(out).toMatch(/Hosts: w1, w3 · batches: 2/);
    expect(out).toMatch(/First +setValue +Set the value +medium +system +1 min 00 s +5 min 00 s +possible +-/);
    expect(out).toMatch(/per host: expected .*, longest, with undo .*\n +whole run: expected/);
    expect(out).toMatch(/ {2}w1\n(.*\n)*? {4}setValue \(demo\/set-value\): value=8 names=\["web"\]/);
    expect(out).toMatch(/ {2}w3\n(.*\n)*? {4}setValue \(demo\/set-value\): value=5/);
    expect(out).toContain('Cannot be undone:\n  setValue: The old value is not kept');
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
      goal: { ok: false, reason: 'is 1' },
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
    expect(plain.out).toMatch(/ {2}setValue +will change +wants 5 +\{"old":1,"new":5\}/);
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

describe('run', () => {
  const argv = ['run', 'demo/small', '--hosts', 'web'];

  it('shows the plan, launches, sees to workers, follows, and tells the outcome with its reports', async () => {
    const report = joined({ w1: await reportOf('three steps repair the host'), w3: await blockedReport() });
    const { services, asked } = around(report);
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

describe('cancel, rollback and commit', () => {
  it.each([
    [['cancel', 'r1'], 'cancel null'],
    [['cancel', 'r1', '--rollback'], 'cancel rollback'],
    [['cancel', 'r1', '--leave'], 'cancel leave'],
    [['rollback', 'r1'], 'rollback'],
    [['commit', 'r1'], 'commit'],
  ])('%j gives the order, sees to a worker and follows to the end', async (argv, order) => {
    const { services, asked } = around(await reportOf('a cancel in the middle undoes what was done'));
    expect((await runWith(argv, services)).code).toBe(5);
    expect(asked).toEqual([order, 'workers 1', 'follow r1 null true', 'closed']);
  });

  it('with --detach return at once', async () => {
    const { services, asked } = around(await blockedReport());
    expect((await runWith(['rollback', 'r1', '--detach', '--json'], services)).out).toBe('{"run":"r1"}');
    expect(asked).toEqual(['rollback', 'workers 1', 'closed']);
  });

  it('--rollback and --leave exclude each other', async () => {
    const { services, asked } = around(await blockedReport());
    const { code, err } = await runWith(['cancel', 'r1', '--rollback', '--leave'], services);
    expect([code, err]).toEqual([2, expect.stringContaining('exclude each other')]);
    expect(asked).toEqual([]);
  });

  it('a run that has ended is not cancelled', async () => {
    const { services, status, asked } = around(await blockedReport());
    const ended = async () => fakeInstallation({ status: async () => ({ ...status, state: 'ended' }) });
    const { code, err } = await runWith(['cancel', 'r1'], { ...services, connect: ended });
    expect([code, err]).toEqual([2, expect.stringContaining('`kintsugi rollback r1` undoes it')]);
    expect(asked).toEqual([]);
  });
});

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

describe('worker, lab, demo and doctor', () => {
  it('worker works until it is interrupted', async () => {
    const terminal = fakeTerminal();
    const given: unknown[] = [];
    const work: CliServices['work'] = async ({ signal, ...options }) => {
      given.push(options);
      terminal.interrupt();
      expect(signal.aborted).toBe(true);
    };
    expect((await runWith(['worker', '--concurrency', '5', '--until-idle'], { work }, { terminal })).code).toBe(0);
    await runWith(['worker'], { work }, { terminal });
    expect(given).toEqual([
      { concurrency: 5, untilIdle: true },
      { concurrency: null, untilIdle: false },
    ]);
    expect((await runWith(['worker', '--concurrency', '0'], { work })).code).toBe(2);
  });

  it('lab shows its hosts until it is interrupted, then ends them', async () => {
    const terminal = fakeTerminal();
    let closed = false;
    const given: unknown[] = [];
    const startLab: CliServices['startLab'] = async (options) => {
      given.push(options);
      setImmediate(() => terminal.interrupt());
      return {
        hosts: [{ name: 'pc1', port: 15985, description: 'corrupt cache' }],
        inventoryFile: '/x/inventory.yaml',
        [Symbol.asyncDispose]: async () => {
          closed = true;
        },
      };
    };
    const { code, out } = await runWith(['lab', 'my.yaml', '--port', '15985'], { startLab }, { terminal });
    expect([code, closed, given]).toEqual([0, true, [{ file: 'my.yaml', port: 15985 }]]);
    expect(out).toMatch(/pc1 +15985 +corrupt cache\n\nInventory: \/x\/inventory.yaml/);
    expect(terminal.listeners()).toBe(0);
  });

  const demoOf = (report: RunReport, ok: boolean, follow?: Installation['follow']): Partial<CliServices> => {
    const { services, status } = around(report);
    const installation = fakeInstallation({
      status: async () => status,
      report: async () => report,
      follow: follow ?? (async () => undefined),
    });
    return {
      ...services,
      startDemo: async ({ say }) => {
        say('setting up');
        return {
          run: 'r1',
          installation,
          judge: async () => [{ host: 'w1', expected: 'repaired', end: 'repaired', ok, difference: '0' }],
          [Symbol.asyncDispose]: async () => undefined,
        };
      },
    };
  };

  it('demo judges every host: 0 where all ended as promised, else 1, whatever the ends are', async () => {
    const good = await runWith(['demo'], demoOf(await blockedReport(), true));
    expect(good.code).toBe(0);
    expect(good.out).toMatch(/^setting up\n/);
    expect(good.out).toMatch(/w1 +repaired +✓ +0/);
    expect((await runWith(['demo', '--lang=ja'], demoOf(await blockedReport(), true))).out).toMatch(/w1 +修復済み +✓/);
    expect((await runWith(['demo'], demoOf(await reportOf('three steps repair the host'), false))).code).toBe(1);
  });

  it('demo that is interrupted says that it was stopped: nothing of it goes on', async () => {
    const terminal = fakeTerminal();
    const services = demoOf(await blockedReport(), true, async () => terminal.interrupt());
    const { code, err } = await runWith(['demo'], services, { terminal });
    expect([code, err]).toEqual([5, 'The demo was stopped.']);
  });

  it('doctor tells findings and remedies; 3 where something is missing', async () => {
    const fine = { what: 'Node', state: 'ok' as const, detail: '24', remedy: '' };
    const hint = { what: 'Inventory', state: 'warning' as const, detail: 'none', remedy: 'write one' };
    const gap = { what: 'Redis', state: 'missing' as const, detail: 'none', remedy: 'apt-get install redis-server' };
    const all = await runWith(['doctor'], { doctor: async () => [fine, hint, gap] });
    expect(all).toMatchObject({
      code: 3,
      out: '✓ Node: 24\n! Inventory: none\n  → write one\n✗ Redis: none\n  → apt-get install redis-server',
    });
    expect((await runWith(['doctor'], { doctor: async () => [fine, hint] })).code).toBe(0);
    expect(JSON.parse((await runWith(['doctor', '--json'], { doctor: async () => [fine] })).out)).toEqual([fine]);
  });
});
