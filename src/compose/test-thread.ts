import { parentPort } from 'node:worker_threads';
import { runOnMachine } from '../operations/playbook-test/run-on-machine.ts';
import { makeLabTestMachine } from './lab-test-machine.ts';
import type { ThreadAnswer, ThreadOrder } from './test-threads.ts';

// A thread that does runs on simulated hosts, one at a time, as `openTestThreads` asks for them.
let stop = new AbortController();
parentPort?.on('message', (order: ThreadOrder) => {
  if (order.kind === 'stop') {
    stop.abort(order.why);
    return;
  }
  stop = new AbortController();
  const answer = (text: ThreadAnswer): void => parentPort?.postMessage(text);
  runOnMachine(makeLabTestMachine, order.request, stop.signal).then(
    (run) => answer({ kind: 'run', run }),
    (error: unknown) =>
      answer({ kind: 'error', text: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
