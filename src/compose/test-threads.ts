import { Worker } from 'node:worker_threads';
import type { RunRequest, TestHosts, TestRun } from '../operations/playbook-test/run-on-machine.ts';
import { siblingModule } from './sibling-module.ts';

/** What a thread says when a run is over. */
export type ThreadAnswer =
  | { readonly kind: 'run'; readonly run: TestRun }
  /** A fault of the program itself. */
  | { readonly kind: 'error'; readonly text: string };

type Waiting = {
  readonly request: RunRequest;
  readonly resolve: (run: TestRun) => void;
  readonly reject: (error: Error) => void;
};

/** Memory for young objects (MB): scripts make many that die at once. */
const maxYoungGenerationSizeMb = 64;

/** Simulated hosts in threads of this process, so that runs use all processors. Threads are started when they are needed. */
export function openTestThreads(count: number): TestHosts & AsyncDisposable {
  const threads: Worker[] = [];
  const idle: Worker[] = [];
  const queue: Waiting[] = [];
  const start = (): Worker => {
    const thread = new Worker(siblingModule(import.meta.url, 'test-thread'), {
      resourceLimits: { maxYoungGenerationSizeMb },
    });
    threads.push(thread);
    return thread;
  };
  const work = (thread: Worker): void => {
    const next = queue.shift();
    if (next === undefined) {
      idle.push(thread);
      return;
    }
    const lost = (error: unknown): void =>
      next.reject(new Error(`the thread of a simulated host ended: ${String(error)}`));
    thread.once('error', lost);
    thread.once('message', (answer: ThreadAnswer) => {
      thread.off('error', lost);
      if (answer.kind === 'run') next.resolve(answer.run);
      else next.reject(new Error(`a run on a simulated host ended with a fault of the program: ${answer.text}`));
      work(thread);
    });
    thread.postMessage(next.request);
  };
  return {
    run: (request) =>
      new Promise((resolve, reject) => {
        queue.push({ request, resolve, reject });
        const thread = idle.pop() ?? (threads.length < count ? start() : undefined);
        if (thread !== undefined) work(thread);
      }),
    async [Symbol.asyncDispose]() {
      await Promise.all(threads.map((thread) => thread.terminate()));
    },
  };
}
