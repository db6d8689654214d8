import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HostSpec } from '../../src/lab/faults/lab-spec.ts';
import { kitFolder } from '../../src/lab/windows/kit-ledger.ts';
import { systemPid } from '../../src/lab/windows/machine/change-feed.ts';
import type { RunReport } from '../../src/report/run-report.ts';
import { type CliPlace, placeOf, runCli } from '../helpers/cli.ts';
import { type Fleet, type FleetLab, openFleet } from '../helpers/fleet.ts';
import type { HostWatch } from '../helpers/lab-host-watch.ts';

/** Paths of what differs from before on a host, by what it is. */
const leftOn = (host: HostWatch) => {
  const paths = host.differences().map(({ path }) => path);
  return {
    setAside: paths.filter((path) => /\.kintsugi-/.test(path)),
    captures: paths.filter((path) => path.startsWith(`file:${kitFolder}`) && path.includes('captures')),
    restorePoints: paths.filter((path) => path.startsWith('restore:point:')),
    shadowCopies: paths.filter((path) => path.startsWith('shadow:')),
  };
};

/** One host that makes restore points, and one that can only be protected by a shadow copy; both with a corrupt cache. */
const sick = [{ kind: 'update-cache-corrupt' }] as const;
const hosts: { readonly [name: string]: HostSpec } = {
  point: { base: 'windows-11-24h2', faults: sick },
  shadow: { base: 'windows-11-24h2', faults: [...sick, { kind: 'restore-disabled' }] },
};

describe('after a run that repaired its hosts', () => {
  let fleet: Fleet;
  let place: CliPlace;
  beforeAll(async () => {
    fleet = await openFleet();
    place = placeOf(fleet);
    await fleet.startWorker('w1');
  });
  afterAll(async () => {
    await fleet?.[Symbol.asyncDispose]();
  });
  const repaired = async (lab: FleetLab): Promise<string> => {
    const run = await fleet.launch(lab);
    const ends = await fleet.untilRunEnded(run);
    // By name: which host ends first is chance.
    expect(
      Object.fromEntries([...ends].map(([host, { end, reason }]) => [host, end === 'repaired' ? end : reason])),
    ).toEqual(Object.fromEntries(Object.keys(hosts).map((host) => [host, 'repaired'])));
    return run;
  };

  it('I3: rollback puts every host back as it was', async () => {
    await using lab = await fleet.addLab(hosts);
    const run = await repaired(lab);
    for (const host of lab.hosts.values()) expect(host.unexpected()).not.toEqual([]);
    const result = await runCli(place, 'rollback', run);
    expect(result.code, result.stdout + result.stderr).toBe(1);
    expect(result.stdout).toMatch(/point +rolled back/);
    for (const host of lab.hosts.values()) expect(host.unexpected()).toEqual([]);
    const again = await runCli(place, 'rollback', run);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('was rolled back already');
    for (const host of lab.hosts.values()) expect(host.unexpected()).toEqual([]);
  });

  it('a rollback is proven by every fact, and one that somebody has changed meanwhile calls people and is named', async () => {
    await using lab = await fleet.addLab(hosts);
    const run = await repaired(lab);
    // Somebody's own change to what the run touches: no rollback of ours may claim that all is as before.
    await lab.host('point').machine.services.configure('DoSvc', { start: 'Disabled' }, systemPid);
    expect((await runCli(place, 'rollback', run)).code).toBe(4);
    const said = async (...options: readonly string[]) => (await runCli(place, 'report', run, ...options)).stdout;
    const [text, ja] = [await said(), await said('--lang', 'ja')];
    expect(text).toMatch(/shadow: rolled back\n[^]*as before: (\d{2}) of \1 facts\n/);
    const [, same = '', count = ''] = /point: needs hands\n[^]*?as before: (\d+) of (\d+) facts\n/.exec(text) ?? [];
    expect(Number(count)).toBe(Number(same) + 1);
    expect(text).toMatch(/≠ service:DoSvc:start: \w+ → Disabled/);
    expect(ja).toContain(`実行前と同じ: ${count} 項目中 ${same} 項目`);
    const report = JSON.parse(await said('--json')) as RunReport;
    const [point] = report.hosts.filter(({ host }) => host === 'point');
    expect(point?.captured).toBe(Number(count));
    expect(point?.end).toMatchObject({ end: 'needs-hands', host: 'unknown', cause: 'undo-incomplete' });
    expect(point?.undo?.compared?.differences.map(({ name }) => name)).toEqual(['service:DoSvc:start']);
  });

  it('commit removes what was set aside, captures and shadow copies, keeps restore points, and rollback is refused', async () => {
    await using lab = await fleet.addLab(hosts);
    const run = await repaired(lab);
    const [point, shadow] = [lab.host('point'), lab.host('shadow')];
    expect(leftOn(point).setAside.length).toBeGreaterThan(0);
    expect(leftOn(point).captures.length).toBeGreaterThan(0);
    expect(leftOn(point).restorePoints).toHaveLength(1);
    expect(leftOn(shadow).shadowCopies).toHaveLength(1);
    const result = await runCli(place, 'commit', run);
    expect(result.code, result.stdout + result.stderr).toBe(0);
    for (const host of lab.hosts.values())
      expect(leftOn(host)).toMatchObject({ setAside: [], captures: [], shadowCopies: [] });
    expect(leftOn(point).restorePoints).toHaveLength(1);
    const committed = (await fleet.engine.journal.read(run, 'point')).flatMap((event) =>
      event.kind === 'changesCommitted' ? event.data.removed : [],
    );
    expect(committed.some(({ bytes }) => bytes > 0)).toBe(true);
    const refused = await runCli(place, 'rollback', run);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('was committed');
    expect(point.unexpected()).not.toEqual([]);
  });
});
