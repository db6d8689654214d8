import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Verdict } from '../corpus.ts';
import type { RecordedScript } from './judge-script.ts';

/** A thread that is ready to judge. */
const startWorker = async (): Promise<Worker> => {
  const worker = new Worker(new URL('worker.ts', import.meta.url));
  await once(worker, 'message');
  return worker;
};

/**
 * Judges scripts in a thread of their own: one that does not end within `limitMs`, or takes its thread down, is a miss and no end of the
 * whole run.
 */
export async function* judgeScripts(scripts: readonly RecordedScript[], limitMs = 60_000): AsyncGenerator<Verdict> {
  let worker = await startWorker();
  for (const script of scripts) {
    const signal = AbortSignal.timeout(limitMs);
    worker.postMessage(script);
    try {
      const [verdict] = (await once(worker, 'message', { signal })) as [Verdict];
      yield verdict;
    } catch (error) {
      const reason = signal.aborted ? `did not end within ${limitMs / 1000} s` : String(error);
      yield { id: script.id, differences: [reason] };
      await worker.terminate();
      worker = await startWorker();
    }
  }
  await worker.terminate();
}
