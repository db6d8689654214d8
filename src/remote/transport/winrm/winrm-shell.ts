import { Failure, type FailureCode } from '../../../kernel/failure.ts';
import type { InvokeOptions, RemoteCall, RemoteResult, RemoteShell, ShellInfo } from '../../powershell/remote-shell.ts';
import { type OpenPool, PipelineRun } from './pipeline-run.ts';

/** Windows allows 1000 commands per shell that were not terminated; we stop well before. */
const mostUnterminated = 900;
/** How long the farewell to the host may take. */
const deleteTimeoutMs = 5_000;
/** After these the state of the session's runspace is unknown. */
const breaking: readonly FailureCode[] = ['dropped', 'protocol-error'];

/** A session over WinRM; see `openWinRmShell`. */
export class WinRmShell implements RemoteShell {
  readonly info: ShellInfo;
  readonly #pool: OpenPool;
  #queue: Promise<unknown> = Promise.resolve();
  /** Farewell to the last command, on its way beside the next call's preparation. */
  #farewell: Promise<void> = Promise.resolve();
  #unterminated = 0;
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
      if (run.accepted && !this.#broken && !this.#closing) this.#farewell = this.#terminate(run);
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
    if (this.#unterminated >= mostUnterminated) {
      throw new Failure('unreachable', `The session on ${host} has used up its commands. Open a new one.`);
    }
  }

  async #terminate(run: PipelineRun): Promise<void> {
    try {
      await run.terminate();
    } catch {
      // The command still counts against the shell's limit; a lost connection shows at the next call.
      this.#unterminated++;
    }
  }

  async #close(): Promise<void> {
    if (!this.#broken) {
      await this.#farewell;
      await deleteShell(this.#pool);
    }
    // A lost session may still run a script that must not be cut in two: it is left to the host's idle time-out.
    this.#pool.session.close();
  }
}

/** Ends the shell on the host; whether that worked or not is no concern of the caller, since the host ends idle shells by itself. */
export async function deleteShell({ session, resourceUri, shellId }: OpenPool): Promise<void> {
  await session.call({ kind: 'delete', resourceUri, shellId }, { timeoutMs: deleteTimeoutMs }).catch(() => undefined);
}
