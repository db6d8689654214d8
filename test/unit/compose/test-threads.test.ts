import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openTestThreads } from '../../../src/compose/test-threads.ts';
import { defaultThreadLimits, type ThreadLimits } from '../../../src/compose/watch-thread.ts';
import type { RunRequest } from '../../../src/operations/playbook-test/run-on-machine.ts';
import { lateFault, type OddDeed } from '../../helpers/odd-thread.ts';

const module = join(import.meta.dirname, '../../helpers/odd-thread.ts');
const requestFor = (does: OddDeed): RunRequest => ({ does }) as unknown as RunRequest;

/** Gives the deeds to one thread, one after the other, and tells what came of each. */
const outcomes = async (deeds: readonly OddDeed[], limits: Partial<ThreadLimits> = {}): Promise<string[]> => {
  await using hosts = openTestThreads(1, { module, limits: { ...defaultThreadLimits, ...limits } });
  return await Promise.all(
    deeds.map((does) =>
      hosts.run(requestFor(does)).then(
        ({ stuck }) => stuck ?? 'a run',
        (error: Error) => error.message,
      ),
    ),
  );
};

test('a thread that fails or leaves takes its own run along, and another does the next', async () => {
  expect(await outcomes(['answers', 'throws', 'answers', 'leaves', 'answers', 'answers'])).toEqual([
    'a run',
    'the thread of the simulated host ended: a fault of the thread',
    'a run',
    'the thread of the simulated host ended: exit code 7',
    'a run',
    'a run',
  ]);
});

test('a thread that wants too much memory ends alone', async () => {
  expect(await outcomes(['eats', 'answers'], { memoryMb: 32 })).toEqual([
    expect.stringMatching(/^the thread of the simulated host ended: .*memory/),
    'a run',
  ]);
});

test('a run that waits for what never comes is given up, and tells how far it came', async () => {
  expect(await outcomes(['waits'], { realMs: 1, everyMs: 1 })).toEqual([
    'the run did not end within 0.001 s, although its waits are skipped',
  ]);
});

test('a thread in which nothing goes on does the next run, whatever became of the last', async () => {
  const [first, second] = await outcomes(['is stuck', 'is stuck']);
  expect(first).toMatch(/^stuck in thread \d+$/);
  expect(second).toBe(first);
});

test('a loop inside one operation, which hears nothing, is ended from outside', async () => {
  expect(await outcomes(['loops'], { busyMs: 50, graceMs: 1, everyMs: 1 })).toEqual([
    'the thread of the simulated host ended: the run did not end within 0.05 s of a processor’s time, although its waits are skipped',
  ]);
});

test('a thread that fails when its run is over does not take the program along', async () => {
  await using hosts = openTestThreads(1, { module });
  const channel = new BroadcastChannel(lateFault);
  const failed = new Promise((resolve) => {
    channel.onmessage = resolve;
  });
  expect((await hosts.run(requestFor('fails late'))).stuck).toBeNull();
  await failed;
  channel.close();
  // It may have got the next run before it was gone.
  await hosts.run(requestFor('answers')).catch(() => undefined);
  expect((await hosts.run(requestFor('answers'))).stuck).toBeNull();
});
