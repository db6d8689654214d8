import { parentPort, threadId } from 'node:worker_threads';
import type { ThreadAnswer } from '../../src/compose/test-threads.ts';

/** What the thread below does with an order. */
export type OddDeed = 'answers' | 'throws' | 'leaves' | 'eats' | 'loops' | 'waits' | 'fails late' | 'is stuck';

/** Where a thread tells that it fails, its run being over. */
export const lateFault = 'kintsugi-late-fault';

// A thread of simulated hosts that comes to the ends that no run of a test file comes to by itself.
const answer = (stuck: string | null, goesOn = false): void =>
  parentPort?.postMessage({ kind: 'run', run: { stuck, goesOn } } as unknown as ThreadAnswer);

parentPort?.on('message', (order: { kind: 'run'; request: { does: OddDeed } } | { kind: 'stop'; why: string }) => {
  if (order.kind === 'stop') {
    answer(order.why, true);
    return;
  }
  switch (order.request.does) {
    case 'answers':
      return answer(null);
    case 'is stuck':
      return answer(`stuck in thread ${threadId}`);
    case 'throws':
      throw new Error('a fault of the thread');
    case 'leaves':
      return process.exit(7);
    case 'eats': {
      const held: number[][] = [];
      while (held.length >= 0) held.push(Array.from({ length: 100_000 }, () => Math.random()));
      return undefined;
    }
    case 'fails late':
      setTimeout(() => {
        new BroadcastChannel(lateFault).postMessage('now');
        throw new Error('a late fault');
      });
      return answer(null);
    case 'loops':
      while (parentPort !== null);
      return undefined;
    case 'waits':
      return undefined;
  }
});
