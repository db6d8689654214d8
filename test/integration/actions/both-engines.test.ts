import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FaultSpec } from '../../../src/lab/faults/faults.ts';
import type { HostSpec } from '../../../src/lab/faults/lab-spec.ts';
import type { Machine } from '../../../src/lab/windows/machine/machine.ts';
import { diffSnapshots, type Snapshot, takeSnapshot } from '../../../src/lab/windows/machine/snapshot.ts';
import { findRealPwsh } from '../../helpers/pwsh-programs.ts';
import { failingPlaces } from './failing-places.ts';
import { type HostUnderRepair, repairHost, shippedActions } from './host-under-repair.ts';

const pwsh = findRealPwsh();

const base: HostSpec['base'] = 'windows-11-24h2';
// One host with as many causes as go together, so that most actions have something to do.
const faults: readonly FaultSpec[] = [
  { kind: 'update-cache-corrupt' },
  { kind: 'component-store-corrupt' },
  { kind: 'disk-low', freeGB: 11, reclaimableGB: 6 },
  { kind: 'service-disabled', name: 'BITS' },
];
const values: Readonly<Record<string, { readonly [name: string]: string | boolean }>> = {
  'service/state': { name: 'Spooler', state: 'Stopped', startType: 'Disabled' },
};
const engines: HostUnderRepair[] = [];
const starts: Snapshot[] = [];

/** What times, and sizes and hashes of files with times in them, say differs between any two hosts. */
const unclocked = (text: string): string =>
  text
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?/g, '<time>')
    .replaceAll(/"(sizeBytes|sha256)":(?:"[^"]*"|\d+)/g, '"$1":"<content>"')
    // A busy machine makes a tenth of a second look like a difference of clocks.
    .replaceAll(/("skew\w*Seconds"):-?0\.\d+/g, '$1:0')
    .replaceAll(/\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}/gi, '{<id>}');

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  // Hashtables of .NET and of the simulator have no order.
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, each]) => [name, sorted(each)]),
  );
};

/** What a piece of work comes to in each engine. */
const inBoth = async (work: (host: HostUnderRepair) => Promise<unknown>): Promise<string[]> => {
  const told: string[] = [];
  for (const host of engines) {
    const result: unknown = await work(host).catch((error: unknown) => ({ fault: String(error) }));
    told.push(unclocked(JSON.stringify(sorted(result))));
  }
  return told;
};

const since = (start: Snapshot, machine: Machine): string[] =>
  diffSnapshots(start, takeSnapshot(machine), machine)
    .differences.map(({ path, after }) => unclocked(`${path} ${after ?? 'gone'}`))
    .toSorted();

const expectSame = ([simulator, real]: readonly unknown[]): void => expect(real).toEqual(simulator);

describe.skipIf(pwsh === undefined)('The simulator and a real PowerShell as engine of the lab', () => {
  beforeAll(async () => {
    for (const executable of [undefined, pwsh]) {
      const host = await repairHost(base, faults, 'en-US', executable);
      Object.assign(host.machine.components.durations, { restoreMs: 20_000, sfcMs: 20_000, cleanupMs: 20_000 });
      // Services that come back by themselves would have to be stopped once more wherever an engine took longer than they.
      for (const service of host.machine.services.all()) Object.assign(service, { wantedAfterMs: undefined });
      engines.push(host);
      starts.push(takeSnapshot(host.machine));
    }
  }, 120_000);

  afterAll(async () => {
    for (const host of engines) await host[Symbol.asyncDispose]();
  });

  test.each(shippedActions('check'))(
    'judge the same by %s',
    async (id) => {
      const told = await inBoth((host) => host.verify(id, values[id]));
      expectSame(told);
      expect(told[0]).toContain('"ok"');
    },
    120_000,
  );

  test.each(shippedActions('change'))(
    'find the same by %s',
    async (id) => {
      const told = await inBoth((host) => host.detect(id, values[id]));
      expectSame(told);
      expect(told[0]).toContain('"needed"');
    },
    120_000,
  );

  test.each(shippedActions('change'))(
    'change the same by %s',
    async (id) => {
      const told = await inBoth(async (host) => [
        await host.apply(id, values[id]),
        await host.verify(id, values[id]).catch((error: unknown) => String(error)),
      ]);
      expectSame(told);
      expectSame(engines.map(({ machine }, at) => since(starts[at] as Snapshot, machine)));
    },
    120_000,
  );

  test.each(failingPlaces)('tell a failure in %s at its own line', async (_, lines, line) => {
    const told = await inBoth(async (host) => (await host.faultOf(lines))?.line);
    expect(told).toEqual([String(line), String(line)]);
  });

  test('undo the same', async () => {
    expectSame(await inBoth((host) => host.undo()));
    expectSame(engines.map(({ machine }, at) => since(starts[at] as Snapshot, machine)));
  }, 120_000);
});
