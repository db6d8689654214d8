import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifyChain } from '../../src/journal/hash-chain.ts';
import type { HostSpec } from '../../src/lab/faults/lab-spec.ts';
import { demoHosts } from '../helpers/crash-plan.ts';
import { type Fleet, openFleet } from '../helpers/fleet.ts';

let fleet: Fleet;
beforeAll(async () => {
  fleet = await openFleet();
});
afterAll(async () => {
  await fleet?.[Symbol.asyncDispose]();
});

const expected = {
  'w11-cache': 'repaired',
  'w11-clock': 'repaired',
  'srv-2022': 'rolled-back',
  'w11-healthy': 'unchanged',
  'w11-full': 'blocked',
} as const;

it('fifty hosts of five kinds end as they must, carried by two worker processes', async () => {
  const kinds = Object.entries(demoHosts());
  const hosts: Record<string, HostSpec> = {};
  for (const [kind, spec] of kinds)
    for (let number = 1; number <= 10; number += 1) hosts[`${kind}-${String(number).padStart(2, '0')}`] = spec;
  const lab = await fleet.addLab(hosts);
  // Longer leases than the crash tests: nobody is killed here, and the machine is busy.
  const times = { leaseMs: 10_000, heartbeatMs: 1_000, lockMs: 10_000, stalledMs: 5_000 };
  const workers = await Promise.all(['w1', 'w2'].map((name) => fleet.startWorker(name, { times })));
  const run = await fleet.launch(lab);
  const ends = await fleet.untilRunEnded(run);
  expect(ends.size).toBe(50);
  const wrong: string[] = [];
  const carriedBy = new Map<string, number>();
  for (const [host, { end, reason }] of ends) {
    const kind = host.slice(0, -3) as keyof typeof expected;
    if (end !== expected[kind]) wrong.push(`${host}: ${end}: ${reason}`);
    const watch = lab.host(host);
    const left =
      end === 'unchanged' || end === 'blocked' ? watch.differences().map(({ path }) => path) : watch.unexpected();
    if (end !== 'repaired' && left.length > 0) wrong.push(`${host}: ${left.join(', ')}`);
    const events = await fleet.engine.journal.read(run, host);
    const { hash: head } = await fleet.engine.journal.head(run, host);
    if (verifyChain(events, { run, host, head }) !== null) wrong.push(`${host}: broken chain`);
    const [first] = events;
    if (first?.kind === 'attemptStarted') carriedBy.set(first.data.worker, (carriedBy.get(first.data.worker) ?? 0) + 1);
  }
  expect(wrong).toEqual([]);
  // Both have worked, and neither has ended.
  expect([...carriedBy.keys()].toSorted()).toEqual(['w1', 'w2']);
  expect(workers.map(({ process }) => process.exitCode)).toEqual([null, null]);
  const counts = Object.fromEntries(Object.values(expected).map((end) => [end, 0]));
  for (const { end } of ends.values()) counts[end] = (counts[end] ?? 0) + 1;
  console.log(
    `${ends.size} hosts: ${JSON.stringify(counts)}; by worker: ${JSON.stringify(Object.fromEntries(carriedBy))}`,
  );
});
