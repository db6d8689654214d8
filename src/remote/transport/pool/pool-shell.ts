import { Failure } from '../../../kernel/failure.ts';
import type { InvokeOptions, RemoteCall, RemoteResult, RemoteShell, ShellInfo } from '../../powershell/remote-shell.ts';
import type { ConnectionCause } from '../connection-causes.ts';
import { leavesUnknown, requireUsable } from '../session-life.ts';
import { PipelineRun } from './pipeline-run.ts';
import type { Pool } from './pool.ts';

/** After these the session is of no more use, whatever the call's own failure was. */
const breakingCauses: readonly unknown[] = [
  'session-gone',
  'session-refused',
  'output-lost',
] satisfies ConnectionCause[];

/** A session on a runspace pool with one runspace, over any carrier; see `openPoolShell`. */
export class PoolShell implements RemoteShell {
  readonly #pool: Pool;
  readonly #way: () => ShellInfo;
  #queue: Promise<unknown> = Promise.resolve();
  /** Farewell to the last command, on its way beside the next call's preparation. */
  #farewell: Promise<void> = Promise.resolve();
  #broken: Failure | undefined;
  #closing: Promise<void> | undefined;

  /** @param way what is known of the session without its pool's own messages */
  constructor(pool: Pool, way: () => ShellInfo) {
    this.#pool = pool;
    this.#way = way;
  }

  get info(): ShellInfo {
    return { ...this.#way(), ...this.#pool.facts };
  }

  get exhausted(): boolean {
    return this.#pool.carrier.exhausted === true;
  }

  invoke(call: RemoteCall, options: InvokeOptions = {}): Promise<RemoteResult> {
    return this.#inTurn(() => this.#invokeNow(call, options));
  }

  describe(): Promise<ShellInfo> {
    return this.#inTurn(async () => {
      this.#check();
      await this.#pool.open();
      return this.info;
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work);
    // The next in turn needs to know that it is over, and keeps nothing of it.
    this.#queue = turn.then(ignore, ignore);
    return turn;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #invokeNow(call: RemoteCall, options: InvokeOptions): Promise<RemoteResult> {
    this.#check();
    await this.#farewell;
    const run = new PipelineRun(this.#pool, options);
    try {
      return await run.run(call);
    } catch (error) {
      if (error instanceof Failure && breaks(error)) this.#broken = error;
      throw error;
    } finally {
      if (run.accepted && !this.#broken && !this.#closing) this.#farewell = this.#finish(run);
    }
  }

  #check(): void {
    requireUsable(this.info.host, this.#closing !== undefined, this.#broken);
  }

  async #finish(run: PipelineRun): Promise<void> {
    // A lost connection shows at the next call.
    await run.finish().catch(() => undefined);
  }

  async #close(): Promise<void> {
    const { carrier } = this.#pool;
    // A lost session may still run a script that must not be cut in two: it is left to the host's idle time-out.
    if (this.#broken) return carrier.abandon();
    await this.#farewell;
    await carrier.close();
  }
}

const breaks = (failure: Failure): boolean => leavesUnknown(failure) || breakingCauses.includes(failure.facts['cause']);

const ignore = (): undefined => undefined;
