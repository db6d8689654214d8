import { Failure, type FailureCode } from '../../../kernel/failure.ts';
import type { InvokeOptions, RemoteCall, RemoteResult, RemoteShell, ShellInfo } from '../../powershell/remote-shell.ts';
import { type OpenPool, PipelineRun } from './pipeline-run.ts';

/** Windows allows 1000 commands per shell that were not terminated; we stop well before. */
const mostUnfinished = 900;
/** After these the state of the session's runspace is unknown. */
const breaking: readonly FailureCode[] = ['dropped', 'protocol-error'];

/** A session on a runspace pool with one runspace, over any carrier; see `openPoolShell`. */
export class PoolShell implements RemoteShell {
  readonly info: ShellInfo;
  readonly #pool: OpenPool;
  #queue: Promise<unknown> = Promise.resolve();
  /** Farewell to the last command, on its way beside the next call's preparation. */
  #farewell: Promise<void> = Promise.resolve();
  #unfinished = 0;
  #broken: Failure | undefined;
  #closing: Promise<void> | undefined;

  constructor(pool: OpenPool, info: ShellInfo) {
    this.#pool = pool;
    this.info = info;
  }

  invoke(call: RemoteCall, options: InvokeOptions = {}): Promise<RemoteResult> {
    const turn = this.#queue.then(() => this.#invokeNow(call, options));
    this.#queue = turn.catch(() => undefined);
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
      if (error instanceof Failure && (breaking.includes(error.code) || error.facts['stopped'] === false))
        this.#broken = error;
      throw error;
    } finally {
      if (run.accepted && !this.#broken && !this.#closing) this.#farewell = this.#finish(run);
    }
  }

  #check(): void {
    const { host } = this.info;
    if (this.#closing) throw new Failure('unreachable', `The session on ${host} was closed.`);
    if (this.#broken) {
      throw new Failure(
        'unreachable',
        `The session on ${host} was lost earlier: ${this.#broken.message} Open a new one.`,
        { cause: this.#broken },
      );
    }
    if (this.#unfinished >= mostUnfinished) {
      throw new Failure('unreachable', `The session on ${host} has used up its commands. Open a new one.`);
    }
  }

  async #finish(run: PipelineRun): Promise<void> {
    try {
      await run.finish();
    } catch {
      // The command still counts against the shell's limit; a lost connection shows at the next call.
      this.#unfinished++;
    }
  }

  async #close(): Promise<void> {
    const { carrier } = this.#pool;
    // A lost session may still run a script that must not be cut in two: it is left to the host's idle time-out.
    if (this.#broken) return carrier.abandon();
    await this.#farewell;
    await carrier.close();
  }
}
