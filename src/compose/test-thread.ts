import { parentPort } from 'node:worker_threads';
import { type RunRequest, runOnMachine } from '../operations/playbook-test/run-on-machine.ts';
import { makeLabTestMachine } from './lab-test-machine.ts';
import type { ThreadAnswer } from './test-threads.ts';

// A thread that does runs on simulated hosts, one at a time, as `openTestThreads` asks for them.
parentPort?.on('message', (request: RunRequest) => {
  const answer = (text: ThreadAnswer): void => parentPort?.postMessage(text);
  runOnMachine(makeLabTestMachine, request).then(
    (run) => answer({ kind: 'run', run }),
    (error: unknown) =>
      answer({ kind: 'error', text: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
