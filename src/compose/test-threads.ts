import { Worker } from 'node:worker_threads';
import type { RunRequest, TestHosts, TestRun } from '../operations/playbook-test/run-on-machine.ts';
import { siblingModule } from './sibling-module.ts';
import { defaultThreadLimits, type ThreadLimits, watchThread } from './watch-thread.ts';

/** What a thread is told. */
export type ThreadOrder =
  | { readonly kind: 'run'; readonly request: RunRequest }
  /** The run that it is at counts as stuck: it is given up, and answered as far as it came. */
  | { readonly kind: 'stop'; readonly why: string };

/** What a thread says when a run is over. */
export type ThreadAnswer =
  | { readonly kind: 'run'; readonly run: TestRun }
  /** A fault of the program itself. */
  | { readonly kind: 'error'; readonly text: string };

/** A run that is asked for, and who waits for it. */
type Job = {
  readonly request: RunRequest;
  readonly resolve: (run: TestRun) => void;
  readonly reject: (error: Error) => void;
};

/** Memory for young objects (MB): scripts make many that die at once. */
const maxYoungGenerationSizeMb = 64;

/** What else than the shipped thread and its limits there may be. */
export type ThreadOptions = {
  /** Path of the module that a thread runs. */
  readonly module?: string;
  readonly limits?: ThreadLimits;
};

/**
 * Simulated hosts in threads of this process, so that runs use all processors. Threads are started when they are needed. One that ends, or whose
 * run does not end, takes that run along and no other: it is replaced, and the run rejects with the reason.
 */
export function openTestThreads(
  count: number,
  { module = siblingModule(import.meta.url, 'test-thread'), limits = defaultThreadLimits }: ThreadOptions = {},
): TestHosts & AsyncDisposable {
  const threads = new Set<Worker>();
  const idle: Worker[] = [];
  /** What threads have failed with. */
  const faults = new WeakMap<Worker, string>();
  const queue: Job[] = [];
  const start = (): Worker => {
    const thread = new Worker(module, {
      resourceLimits: { maxYoungGenerationSizeMb, maxOldGenerationSizeMb: limits.memoryMb },
    });
    threads.add(thread);
    // Also one that is idle may fail (what a run left behind): without a listener that would end the program. Its end is told by 'exit'.
    thread.on('error', (error: unknown) => faults.set(thread, error instanceof Error ? error.message : String(error)));
    thread.once('exit', () => {
      threads.delete(thread);
      if (idle.includes(thread)) idle.splice(idle.indexOf(thread), 1);
      serve();
    });
    return thread;
  };
  const serve = (): void => {
    while (queue.length > 0 && (idle.length > 0 || threads.size < count)) work(idle.pop() ?? start());
  };
  const work = (thread: Worker): void => {
    const job = queue.shift();
    if (job === undefined) {
      idle.push(thread);
      return;
    }
    let why = '';
    const watch = watchThread(thread, limits, {
      stop: (reason) => thread.postMessage({ kind: 'stop', why: reason } satisfies ThreadOrder),
      end: (reason) => {
        why = reason;
        void thread.terminate();
      },
    });
    const left = (code: number): void => {
      watch.stop();
      job.reject(
        new Error(`the thread of the simulated host ended: ${faults.get(thread) ?? (why || `exit code ${code}`)}`),
      );
    };
    thread.once('exit', left);
    thread.once('message', (answer: ThreadAnswer) => {
      watch.stop();
      thread.off('exit', left);
      if (answer.kind === 'run') job.resolve(answer.run);
      else job.reject(new Error(`a fault of the program: ${answer.text}`));
      // What goes on in there would go on beside the next run.
      if (answer.kind === 'run' && !answer.run.goesOn) work(thread);
      else void thread.terminate();
    });
    thread.postMessage({ kind: 'run', request: job.request } satisfies ThreadOrder);
  };
  return {
    run: (request) =>
      new Promise((resolve, reject) => {
        queue.push({ request, resolve, reject });
        serve();
      }),
    async [Symbol.asyncDispose]() {
      queue.length = 0;
      await Promise.all([...threads].map((thread) => thread.terminate()));
    },
  };
}
