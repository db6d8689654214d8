import { randomUUID } from 'node:crypto';
import { Failure, type FailureCode } from '../../../kernel/failure.ts';
import type {
  InvokeOptions,
  RemoteCall,
  RemoteResult,
  ScriptErrorFacts,
  ScriptErrorRecord,
} from '../../powershell/remote-shell.ts';
import { toPlain } from '../../protocol/clixml/to-plain.ts';
import type { RunspacePoolClient } from '../../protocol/psrp/client.ts';
import type { ClientEvent } from '../../protocol/psrp/client-events.ts';
import { remoteStreamOptions } from '../../protocol/psrp/codes.ts';
import type { ErrorRecord } from '../../protocol/psrp/error-record.ts';
import { poolTarget } from '../../protocol/psrp/outbox.ts';
import type { PipelineFields } from '../../protocol/psrp/pipeline-definition.ts';
import type { PoolCarrier } from './pool-carrier.ts';
import { inputToPs, toScriptError, toStreamRecord } from './ps-values.ts';

/** How long a pipeline may take to stop before the session is given up. */
const stopGraceMs = 30_000;

/** What a pipeline runs on. */
export type OpenPool = { readonly carrier: PoolCarrier; readonly psrp: RunspacePoolClient };

type Ending = { readonly state: 'completed' | 'failed' | 'stopped'; readonly error: ErrorRecord | null };

/** One pipeline from its creation to its end on the host. */
export class PipelineRun {
  readonly #pool: OpenPool;
  readonly #options: InvokeOptions;
  readonly #id: string = randomUUID();
  readonly #output: unknown[] = [];
  readonly #errors: ScriptErrorRecord[] = [];
  #accepted = false;
  /** The host's answer to a stop was all that comes from it. */
  #stopped = false;
  #ending: Ending | undefined;
  #stopReason: { readonly error: unknown; readonly keepsResult: boolean } | undefined;
  #graceTimer: NodeJS.Timeout | undefined;
  #silenceTimer: NodeJS.Timeout | undefined;

  constructor(pool: OpenPool, options: InvokeOptions) {
    this.#pool = pool;
    this.#options = options;
  }

  /** Whether the host accepted the command, so that it must be told when we are done with it. */
  get accepted(): boolean {
    return this.#accepted;
  }

  /** Runs it. @throws as `RemoteShell.invoke` */
  async run(call: RemoteCall): Promise<RemoteResult> {
    const { signal, timeoutMs } = this.#options;
    signal?.throwIfAborted();
    const abort = () => this.#stop(signal?.reason, false);
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => this.#stop(late('was not done', timeoutMs), true), timeoutMs);
    signal?.addEventListener('abort', abort, { once: true });
    try {
      await this.#begin(call);
      while (!this.#ending) await this.#receiveOnce(this.#id);
      return this.#conclude(this.#ending);
    } catch (error) {
      throw this.#stopReason && isLoss(error) ? this.#unstopped(error) : error;
    } finally {
      for (const each of [timer, this.#graceTimer, this.#silenceTimer]) clearTimeout(each);
      signal?.removeEventListener('abort', abort);
      this.#pool.psrp.forgetPipeline(this.#id);
    }
  }

  /** Tells the host that the command is done with, so that it counts no more against the session's limit. */
  async finish(): Promise<void> {
    if (this.#accepted) await this.#pool.carrier.finish(this.#id);
  }

  async #begin(call: RemoteCall): Promise<void> {
    const { psrp, carrier } = this.#pool;
    psrp.createPipeline(this.#id, toFields(call));
    await this.#exchangeKeys();
    const bytes = psrp.dataToSend(this.#id, carrier.maxChunkBytes)?.bytes ?? new Uint8Array();
    await carrier.begin(this.#id, call.kind === 'command' ? call.name.slice(0, 255) : ' ', bytes);
    this.#accepted = true;
    this.#watchSilence();
    if (this.#stopReason) this.#sendStop();
    await this.#afterAccepting(() => this.#flush());
  }

  /** A secret needs the session key first: the client's half goes to the pool, the host's half comes from it. */
  async #exchangeKeys(): Promise<void> {
    while (!this.#pool.psrp.pendingTargets().includes(this.#id)) {
      await this.#flush();
      await this.#receiveOnce(poolTarget);
    }
  }

  /** Sends whatever waits: the rest of the pipeline, keys, answers to host calls. */
  async #flush(): Promise<void> {
    const { psrp, carrier } = this.#pool;
    const wanted = () =>
      psrp.pendingTargets().find((target) => target === poolTarget || (target === this.#id && this.#accepted));
    for (let target = wanted(); target !== undefined; target = wanted()) {
      const chunk = psrp.dataToSend(target, carrier.maxChunkBytes);
      if (!chunk) return;
      await carrier.send(target, chunk.bytes, chunk.stream === 'promptResponse');
    }
  }

  async #receiveOnce(target: string): Promise<void> {
    const { carrier, psrp } = this.#pool;
    const { pieces, ended } = await this.#afterAccepting(() => carrier.receive(target));
    for (const piece of pieces) for (const event of psrp.receive(piece.bytes, piece.target)) this.#take(event);
    if (pieces.length > 0) this.#watchSilence();
    if (target === this.#id && ended && !this.#ending) {
      if (!this.#stopped)
        throw new Failure('dropped', `${carrier.host} closed the pipeline without saying how it ended.`);
      psrp.advancePipeline(this.#id, 'saysStopped');
      this.#ending = { state: 'stopped', error: null };
    }
    await this.#afterAccepting(() => this.#flush());
  }

  #take(event: ClientEvent): void {
    if (event.kind === 'poolState' && (event.state === 'broken' || event.state === 'closed')) {
      throw new Failure(
        'dropped',
        `${this.#pool.carrier.host} closed the session: ${event.error?.message ?? event.state}`,
      );
    }
    if ('pipelineId' in event && event.pipelineId !== this.#id) return;
    if (event.kind === 'output') this.#output.push(toPlain(event.value));
    if (event.kind === 'pipelineState' && isEnd(event.state)) this.#ending = { state: event.state, error: event.error };
    const record = toStreamRecord(event);
    if (!record) return;
    if (record.kind === 'error') this.#errors.push(record.error);
    try {
      this.#options.onStream?.(record);
    } catch (error) {
      this.#stop(error, false);
    }
  }

  #conclude(ending: Ending): RemoteResult {
    const { host } = this.#pool.carrier;
    const reason = this.#stopReason;
    if (reason && !(reason.keepsResult && ending.state === 'completed')) throw reason.error;
    if (ending.state === 'stopped')
      throw new Failure('dropped', `The pipeline was stopped on ${host} by someone else.`);
    if (ending.state === 'failed') {
      const error = ending.error ? toScriptError(ending.error) : unknownError;
      const facts: ScriptErrorFacts = { error, errors: this.#errors };
      const at = error.position ? ` (line ${error.position.line}, column ${error.position.offset})` : '';
      throw new Failure('script-error', `The script failed on ${host}: ${error.message}${at}`, { facts });
    }
    return { output: this.#output, errors: this.#errors, hadErrors: this.#errors.length > 0 };
  }

  #watchSilence(): void {
    const { silenceMs } = this.#options;
    if (silenceMs === undefined) return;
    clearTimeout(this.#silenceTimer);
    this.#silenceTimer = setTimeout(() => this.#stop(late('said nothing', silenceMs), true), silenceMs);
  }

  /** Asks the host to stop; the pipeline is over when the host says so. */
  #stop(error: unknown, keepsResult: boolean): void {
    if (this.#stopReason) return;
    this.#stopReason = { error, keepsResult };
    if (this.#accepted) this.#sendStop();
  }

  #sendStop(): void {
    // A host that does not stop in time holds the session's only runspace: the session is given up.
    this.#graceTimer = setTimeout(() => this.#pool.carrier.abandon(), stopGraceMs);
    // If the request is lost, the waiting receive finds out or the grace time ends it.
    this.#pool.carrier.stop(this.#id).then(
      (answer) => {
        this.#stopped = answer === 'stopped';
      },
      () => undefined,
    );
  }

  /** Once the host has accepted the command, any loss of the connection leaves open what ran. */
  async #afterAccepting<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const loses: readonly FailureCode[] = ['unreachable', 'unauthenticated'];
      if (!this.#accepted || !(error instanceof Failure) || !loses.includes(error.code)) throw error;
      throw new Failure('dropped', `The session was lost while the script ran: ${error.message}`, {
        cause: error,
        facts: error.facts,
      });
    }
  }

  #unstopped(cause: unknown): unknown {
    const reason = this.#stopReason?.error;
    if (!(reason instanceof Failure)) return reason;
    return new Failure(reason.code, `${reason.message} It could not be stopped either and may still be running.`, {
      cause,
      facts: { ...reason.facts, stopped: false },
    });
  }
}

const unknownError: ScriptErrorRecord = { message: 'no error was given', fqid: '', category: 'NotSpecified' };

function toFields(call: RemoteCall): PipelineFields {
  const parameters = Object.entries(call.parameters ?? {}).map(([name, value]) => ({ name, value: inputToPs(value) }));
  const command =
    call.kind === 'script'
      ? { text: call.text, isScript: true, useLocalScope: call.useLocalScope ?? false, parameters }
      : { text: call.name, parameters };
  return { statements: [[command]], remoteStreamOptions: remoteStreamOptions.error };
}

function late(what: string, ms: number): Failure {
  return new Failure('timed-out', `The script ${what} within ${ms} ms and was stopped.`, { facts: { stopped: true } });
}

function isEnd(state: string): state is Ending['state'] {
  return state === 'completed' || state === 'failed' || state === 'stopped';
}

function isLoss(error: unknown): boolean {
  return error instanceof Failure && (error.code === 'dropped' || error.code === 'unreachable');
}
