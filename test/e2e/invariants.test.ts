import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { streamKey } from '../../src/journal/journal-keys.ts';
import { isScriptChange } from '../../src/lab/windows/script-changes.ts';
import { readRunReport } from '../../src/operations/report.ts';
import { connectRedis } from '../../src/queue/connect-redis.ts';
import { demoHosts } from '../helpers/crash-plan.ts';
import { type Fleet, openFleet, until } from '../helpers/fleet.ts';

describe('what must hold of every run', () => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await openFleet();
  });
  afterAll(async () => {
    await fleet?.[Symbol.asyncDispose]();
  });

  it.each(['w11-cache', 'srv-2022'])('I2: %s is not changed before its protection exists', async (name) => {
    await using lab = await fleet.addLab({ [name]: demoHosts()[name] ?? expect.unreachable() });
    await using _worker = await fleet.startWorker('w1');
    await fleet.untilRunEnded(await fleet.launch(lab));
    const { changes } = lab.host();
    const protects = ['restore.create', 'shadow.create'];
    const protectedAt = changes.findIndex(({ kind }) => protects.includes(kind));
    // The value that lets Windows make a restart point so soon is set for it and removed again: it is part of the protection.
    const firstAt = changes.findIndex(
      (change) =>
        isScriptChange(lab.host().machine, change) &&
        !protects.includes(change.kind) &&
        !change.target.endsWith(':SystemRestorePointCreationFrequency'),
    );
    expect(protectedAt).toBeGreaterThan(0);
    expect(firstAt).toBeGreaterThan(protectedAt);
  });

  it('I9: a host whose worker is gone and which restarts puts its services right by itself, and the run ends there', async () => {
    await using lab = await fleet.addLab({ pc: demoHosts()['w11-cache'] ?? expect.unreachable() });
    const host = lab.host();
    const hold = host.holdAt(({ kind, target }) => kind === 'file.rename' && target.endsWith('SoftwareDistribution'));
    const run = await fleet.launch(lab);
    const former = await fleet.startWorker('former');
    await hold.reached;
    expect(host.machine.services.get('wuauserv').state).toBe('Stopped');
    former.process.kill('SIGKILL');
    await former.ended;
    host.machine.power.restart();
    const undone = () =>
      host.ledger(run).records.filter(({ kind, data }) => kind === 'undone' && data['by'] === 'deadman');
    const stopped = host
      .ledger(run)
      .records.filter(({ kind, data }) => kind === 'before' && data['weakens'] === 'services');
    expect(stopped.length).toBeGreaterThan(2);
    await until(() => undone().length === stopped.length);
    await using _successor = await fleet.startWorker('successor');
    const end = (await fleet.untilRunEnded(run)).get('pc');
    expect(end, end?.reason).toMatchObject({ end: 'rolled-back', host: 'as-before' });
    expect(host.unexpected().filter((path) => path !== 'power:boots')).toEqual([]);
  });

  it.each(['an event in the middle', 'the last event'])(
    'I10: %s that is removed from a journal is missed',
    async (which) => {
      await using lab = await fleet.addLab({ pc: { base: 'windows-11-24h2' } });
      await using _worker = await fleet.startWorker('w1');
      const run = await fleet.launch(lab, { playbook: 'values' });
      await fleet.untilRunEnded(run);
      const chain = async () => (await readRunReport(fleet.engine, run)).hosts[0]?.chain.ok;
      expect(await chain()).toBe(true);
      const redis = connectRedis(fleet.redis);
      const entries = await redis.xrange(streamKey(run, 'pc'), '-', '+');
      expect(entries.length).toBeGreaterThan(10);
      await redis.xdel(streamKey(run, 'pc'), entries.at(which === 'the last event' ? -1 : 5)?.[0] ?? '');
      redis.disconnect();
      expect(await chain()).toBe(false);
    },
  );
});
