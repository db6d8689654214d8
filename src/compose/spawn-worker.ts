import { type ChildProcess, spawn } from 'node:child_process';
import { Failure } from '../kernel/failure.ts';
import { siblingModule } from './sibling-module.ts';
import type { WorkerConfig } from './worker-config.ts';

/** A worker process that this process has started. */
export interface WorkerProcess extends AsyncDisposable {
  readonly process: ChildProcess;
  /** Resolves when it has ended, however. */
  readonly ended: Promise<void>;
}

/**
 * Starts a worker process and waits until it takes work. It ends with this process; disposing of it stops it gracefully.
 * @param options another program than the product's own worker, and its environment
 * @throws Failure `redis-unavailable` where it ends before it is ready
 */
export async function spawnWorker(
  config: WorkerConfig,
  onLog: (line: string) => void = () => undefined,
  options: { readonly entry?: string; readonly environment?: NodeJS.ProcessEnv } = {},
): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [options.entry ?? siblingModule(import.meta.url, 'worker-process')], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: options.environment ?? process.env,
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  // A worker that was killed cannot be written to any more; its end is told by `ended`.
  child.stdin.on('error', () => undefined);
  child.stderr.on('data', (chunk: Buffer) => onLog(chunk.toString()));
  child.stdin.write(`${JSON.stringify(config)}\n`);
  const ready = new Promise<'ready'>((resolve) => child.stdout.once('data', () => resolve('ready')));
  if ((await Promise.race([ready, ended])) !== 'ready')
    throw new Failure(
      'redis-unavailable',
      `The worker process ended (${child.exitCode ?? child.signalCode}) before it took work.`,
    );
  return {
    process: child,
    ended,
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await ended;
    },
  };
}
