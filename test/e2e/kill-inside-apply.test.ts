import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Change } from '../../src/lab/windows/machine/change-feed.ts';
import { repeated, unaccounted } from '../helpers/change-timeline.ts';
import { demoHosts } from '../helpers/crash-plan.ts';
import { type Fleet, type FleetLab, openFleet } from '../helpers/fleet.ts';
import type { Hold, HostWatch } from '../helpers/lab-host-watch.ts';

const stops = (service: string) => (change: Change) => change.kind === 'service.stop' && change.target === service;

describe('a worker killed while the script of a step still has changes to make', () => {
  let fleet: Fleet;
  let lab: FleetLab;
  let host: HostWatch;
  const use = async (name: 'srv-2022' | 'w11-cache') => {
    lab = await fleet.addLab({ [name]: demoHosts()[name] ?? expect.unreachable() });
    host = lab.host();
  };
  beforeEach(async () => {
    fleet = await openFleet();
  });
  afterEach(async () => {
    await fleet[Symbol.asyncDispose]();
  });
  const expectAccounted = (run: string) => {
    const { records, broken } = host.ledger(run);
    expect(broken).toBe(false);
    expect(unaccounted(host.repairs(), records)).toEqual([]);
    expect(repeated(records)).toEqual([]);
  };

  const killAt = async (hold: Hold, inputs: { playbook?: string } = {}) => {
    const run = await fleet.launch(lab, inputs);
    const former = await fleet.startWorker('former');
    await hold.reached;
    former.process.kill('SIGKILL');
    await former.ended;
    await fleet.startWorker('successor');
    return run;
  };
  const endOf = async (run: string) => (await fleet.untilRunEnded(run)).get(host.name);

  it('I1: where the action allows it, the successor ends the former process, undoes its change and begins anew', async () => {
    await use('w11-cache');
    const hold = host.holdAt(stops('UsoSvc'));
    const run = await killAt(hold);
    const [formerPid] = host.repairs().flatMap(({ kind, pid }) => (kind === 'service.stop' ? [pid] : []));
    const seen = await fleet.untilEvent(run, host.name, ({ kind }) => kind === 'formerAttemptSeen');
    expect(seen.data).toMatchObject({ step: 'resetCache', alive: true, processId: formerPid });
    await fleet.untilEvent(run, host.name, ({ kind }) => kind === 'formerAttemptEnded');
    hold.goOn();
    const end = await endOf(run);
    expect(end?.end, end?.reason).toBe('repaired');
    // The former process was ended where it stood: one change, which was undone before the step began anew.
    const former = host.repairs().filter(({ pid, kind }) => pid === formerPid && kind !== 'registry.set');
    expect(former.map(({ target }) => target)).toEqual(['UsoSvc']);
    const uso = host.repairs().filter(({ target }) => target === 'UsoSvc');
    expect(uso.map(({ kind }) => kind)).toEqual(['service.stop', 'service.start', 'service.stop', 'service.start']);
    expectAccounted(run);
  });

  it('I1: where the action does not, the successor waits for the former process and counts what it has done', async () => {
    lab = await fleet.addLab({ pc: { base: 'windows-11-24h2' } });
    host = lab.host();
    const isValue = ({ kind, target }: Change) => kind === 'registry.set' && /KintsugiTest:/.test(target);
    const made = () => host.repairs().filter(isValue);
    const hold = host.holdAt(isValue);
    const run = await killAt(hold, { playbook: 'values' });
    // Of four values of the first step, three are still to be set.
    expect(made().map(({ target }) => target.split(':').at(-1))).toEqual(['a1']);
    const seen = await fleet.untilEvent(run, 'pc', ({ kind }) => kind === 'formerAttemptSeen');
    expect(seen.data).toMatchObject({ step: 'first', alive: true, processId: made()[0]?.pid });
    await fleet.untilEvent(run, 'pc', ({ kind }) => kind === 'waitBegun' || kind === 'waitEnded');
    expect(made()).toHaveLength(1);
    hold.goOn();
    const end = await endOf(run);
    expect(end?.end, end?.reason).toBe('repaired');
    const values = made().map(({ target }) => target.split(':').at(-1));
    expect(values).toEqual(['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1', 'c2', 'c3']);
    expect(
      new Set(
        made()
          .slice(0, 4)
          .map(({ pid }) => pid),
      ).size,
    ).toBe(1);
    const events = await fleet.engine.journal.read(run, 'pc');
    // The step was begun once: its outcome was read from the ledger, not made again.
    expect(events.filter((event) => event.kind === 'stepBegun' && event.data.step === 'first')).toHaveLength(1);
    expectAccounted(run);
  });

  it('I4: a worker that was only stopped comes back with a claim that no longer holds, and its change is refused', async () => {
    await use('srv-2022');
    const run = await fleet.launch(lab);
    const stale = await fleet.startWorker('stale', {
      freeze: { host: 'srv-2022', kind: 'stepBegun', step: 'resetCache' },
    });
    await fleet.untilEvent(run, 'srv-2022', (event) => event.kind === 'stepBegun' && event.data.step === 'resetCache');
    const hold = host.holdAt(stops('wuauserv'));
    await fleet.startWorker('successor');
    await hold.reached;
    const made = host.repairs().length;
    const refused = fleet.untilLog(/"name":"stale".*"msg":"host run"/);
    stale.process.kill('SIGCONT');
    await refused;
    expect(host.repairs()).toHaveLength(made);
    hold.goOn();
    const ends = await fleet.untilRunEnded(run);
    expect(ends.get('srv-2022')?.end, ends.get('srv-2022')?.reason).toBe('rolled-back');
    expect(host.unexpected()).toEqual([]);
    const { records } = host.ledger(run);
    expect(new Set(records.flatMap(({ kind, token }) => (kind === 'claim' ? [token] : [])))).toEqual(new Set([1, 2]));
    // After the second claim nothing more was recorded under the first, but what tells of the past.
    const second = records.findIndex(({ kind, token }) => kind === 'claim' && token === 2);
    expect(records.slice(second).filter(({ kind, token }) => token === 1 && kind !== 'outcome')).toEqual([]);
    expectAccounted(run);
  });
});
