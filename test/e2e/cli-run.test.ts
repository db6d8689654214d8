import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../src/journal/event.ts';
import type { RunReport } from '../../src/report/run-report.ts';
import { type CliPlace, placeOf, runCli, startCli } from '../helpers/cli.ts';
import { demoHosts } from '../helpers/crash-plan.ts';
import { type Fleet, type FleetLab, openFleet } from '../helpers/fleet.ts';
import type { HostWatch } from '../helpers/lab-host-watch.ts';

const runOf = (text: string): string => /\d{8}-\d{4}-[a-z0-9]{6}/.exec(text)?.[0] ?? 'no run';

/** Holds the script that sets this value of the fixture's playbook `values`. */
const holdAtValue = (host: HostWatch, name: string) =>
  host.holdAt(({ kind, target }) => kind === 'registry.set' && target.endsWith(`KintsugiTest:${name}`));

/** Names of the fixture's values in the order in which they were set and removed again. */
const valuesOf = (host: HostWatch) =>
  host
    .repairs()
    .filter(({ kind, target }) => /^registry\.(set|removeValue)$/.test(kind) && target.includes('KintsugiTest:'))
    .map(({ kind, target }) => `${kind === 'registry.set' ? '+' : '-'}${target.split(':').at(-1)}`);

describe('runs by the command line', () => {
  let fleet: Fleet;
  let place: CliPlace;
  const healthy = { base: 'windows-11-24h2' } as const;
  const labOf = async (hosts: Parameters<Fleet['addLab']>[0] = { pc: healthy }): Promise<FleetLab> =>
    await fleet.addLab(hosts);
  const values = (lab: FleetLab, ...more: string[]) => ['values', '--hosts', 'lab', '-i', lab.inventory, ...more];
  beforeAll(async () => {
    fleet = await openFleet();
    place = placeOf(fleet);
    for (const name of ['w1', 'w2']) await fleet.startWorker(name);
  });
  afterAll(async () => {
    await fleet?.[Symbol.asyncDispose]();
  });

  it('run --yes ends with 0 when repaired, and status, logs and report tell of it', async () => {
    await using lab = await labOf();
    const result = await runCli(place, 'run', ...values(lab, '--yes'));
    expect(result.code, result.stdout + result.stderr).toBe(0);
    const run = runOf(result.stdout);
    expect(result.stdout).toMatch(/pc\s+repaired/);
    expect(valuesOf(lab.host())).toEqual(['+a1', '+a2', '+a3', '+a4', '+b1', '+b2', '+c1', '+c2', '+c3']);

    const status = JSON.parse((await runCli(place, 'status', run, '--json')).stdout) as { state: string };
    expect(status.state).toBe('ended');
    const logs = await runCli(place, 'logs', run, 'pc', '--follow', '--json');
    const events = logs.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as JournalEvent);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index));
    expect(events.at(-1)?.kind).toBe('hostRunEnded');
    const report = JSON.parse((await runCli(place, 'report', run, '--format', 'json')).stdout) as RunReport;
    expect(report.hosts[0]?.end?.end).toBe('repaired');
    expect(report.hosts[0]?.chain.ok).toBe(true);
    const html = (await runCli(place, 'report', run, '--format', 'html')).stdout;
    expect(html).toMatch(/^<!doctype html>/i);
    expect(html).not.toMatch(/(src|href)="?https?:/);
    expect((await runCli(place, 'report', run, '--format', 'text', '--lang', 'ja')).stdout).toContain('修復');
    expect((await runCli(place, 'status', 'no-such-run')).code).toBe(2);
  });

  it('run --json ends with 1 where one host ends otherwise, and prints one report', async () => {
    await using lab = await labOf({ pc: healthy, full: demoHosts()['w11-full'] ?? expect.unreachable() });
    const args = ['windows-update/file-not-found', '--hosts', 'lab', '-i', lab.inventory, '--yes', '--json'];
    const result = await runCli(place, 'run', ...args);
    expect(result.code, result.stderr).toBe(1);
    const report = JSON.parse(result.stdout) as RunReport;
    expect(report.figures.ends).toEqual({ unchanged: 1, blocked: 1 });
    const reason = report.hosts.find(({ host }) => host === 'full')?.end?.reason;
    expect(reason).toMatch(/4 GB.*0\.6 GB/);
    for (const host of lab.hosts.values()) expect(host.differences()).toEqual([]);
  });

  it('I5: --until too near ends deferred with 5 and nothing is begun; a past time is bad input', async () => {
    await using lab = await labOf();
    const near = await runCli(place, 'run', ...values(lab, '--yes', '--until', '1m', '--json'));
    expect(near.code, near.stderr).toBe(5);
    const report = JSON.parse(near.stdout) as RunReport;
    expect(report.hosts[0]?.end).toMatchObject({ end: 'deferred', host: 'untouched' });
    expect(lab.host().repairs()).toEqual([]);
    const past = await runCli(place, 'run', ...values(lab, '--yes', '--until', '2020-01-01T00:00:00Z'));
    expect(past.code).toBe(2);
    expect(past.stderr).toContain('in the past');
  });

  it('I8: cancel --rollback in mid-run undoes what was done and ends with 5', async () => {
    await using lab = await labOf();
    const host = lab.host();
    const hold = holdAtValue(host, 'b1');
    const running = startCli(place, 'run', ...values(lab, '--yes'));
    await hold.reached;
    const run = runOf(running.stdout());
    const cancelling = startCli(place, 'cancel', run, '--rollback');
    await fleet.untilEvent(run, '*', ({ kind }) => kind === 'orderGiven');
    hold.goOn();
    const [ran, cancelled] = [await running.ended, await cancelling.ended];
    expect([ran.code, cancelled.code], ran.stdout + cancelled.stderr).toEqual([5, 5]);
    // The step under way may not be interrupted: it is ended, no further one begins, and all is undone newest first.
    expect(valuesOf(host)).toEqual([
      '+a1',
      '+a2',
      '+a3',
      '+a4',
      '+b1',
      '+b2',
      '-b2',
      '-b1',
      '-a4',
      '-a3',
      '-a2',
      '-a1',
    ]);
    expect(host.unexpected()).toEqual([]);
    const end = (await fleet.untilRunEnded(run)).get('pc');
    expect(end).toMatchObject({ end: 'cancelled', host: 'as-before' });
  });

  it('I8: cancel --leave in mid-run keeps the finished steps and says so', async () => {
    await using lab = await labOf();
    const host = lab.host();
    const hold = holdAtValue(host, 'b1');
    const running = startCli(place, 'run', ...values(lab, '--yes'));
    await hold.reached;
    const run = runOf(running.stdout());
    const order = await runCli(place, 'cancel', run, '--leave', '--detach');
    expect(order.code, order.stderr).toBe(0);
    hold.goOn();
    expect((await running.ended).code).toBe(5);
    expect(valuesOf(host)).toEqual(['+a1', '+a2', '+a3', '+a4', '+b1', '+b2']);
    expect((await fleet.untilRunEnded(run)).get('pc')).toMatchObject({ end: 'cancelled', host: 'left' });
  });

  it('a first Ctrl-C detaches and says how to cancel, and the run goes on', async () => {
    await using lab = await labOf();
    const hold = holdAtValue(lab.host(), 'a1');
    const running = startCli(place, 'run', ...values(lab, '--yes'));
    await hold.reached;
    const run = runOf(running.stdout());
    running.process.kill('SIGINT');
    const { code, stderr } = await running.ended;
    expect(code).toBe(0);
    expect(stderr).toContain(`kintsugi cancel ${run} --rollback`);
    hold.goOn();
    expect((await fleet.untilRunEnded(run)).get('pc')?.end).toBe('repaired');
  });

  it('I4: two runs against one host never interleave their changes', async () => {
    await using lab = await labOf();
    const host = lab.host();
    const hold = holdAtValue(host, 'b1');
    const first = startCli(place, 'run', ...values(lab, '--yes'));
    await hold.reached;
    const second = startCli(place, 'run', ...values(lab, '--yes', '--param', 'wanted=newer'));
    const run = (await second.untilOutput(/\d{8}-\d{4}-[a-z0-9]{6}/))[0];
    // The second has found the host taken, by the queue's lease or by the claim on the host, before the first goes on.
    await fleet.untilEvent(run, 'pc', ({ kind }) => kind === 'machineBusy' || kind === 'claimRefused');
    hold.goOn();
    expect((await first.ended).code).toBe(0);
    expect((await second.ended).code).toBe(0);
    const written = host
      .repairs()
      .filter(({ kind, target }) => kind === 'registry.set' && target.includes('KintsugiTest:'));
    expect(written.map(({ after }) => after)).toEqual([...Array(9).fill('new'), ...Array(9).fill('newer')]);
  });
});
