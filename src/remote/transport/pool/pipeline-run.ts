import { randomUUID } from 'node:crypto';
import { Failure, type FailureCode } from '../../../kernel/failure.ts';
import type { InvokeOptions, RemoteCall, RemoteResult, ScriptErrorRecord } from '../../powershell/remote-shell.ts';
import { toPlain } from '../../protocol/clixml/to-plain.ts';
import type { ClientEvent } from '../../protocol/psrp/client-events.ts';
import { remoteStreamOptions } from '../../protocol/psrp/codes.ts';
import type { ErrorRecord } from '../../protocol/psrp/error-record.ts';
import { poolTarget } from '../../protocol/psrp/outbox.ts';
import type { PipelineFields } from '../../protocol/psrp/pipeline-definition.ts';
import { CallStop } from '../call-stop.ts';
import { failureOfScript } from '../script-failure.ts';
import type { Pool } from './pool.ts';
import { inputToPs, toScriptError, toStreamRecord } from './ps-values.ts';

type Ending = { readonly state: 'completed' | 'failed' | 'stopped'; readonly error: ErrorRecord | null };

/** One pipeline from its creation to its end on the host. */
export class PipelineRun {
  readonly #pool: Pool;
  readonly #options: InvokeOptions;
  readonly #id: string = randomUUID();
  readonly #output: unknown[] = [];
  readonly #errors: ScriptErrorRecord[] = [];
  readonly #stop: CallStop;
  #accepted = false;
  #ending: Ending | undefined;

  constructor(pool: Pool, options: InvokeOptions) {
    this.#pool = pool;
    this.#options = options;
    const { carrier, stopGraceMs } = pool;
    this.#stop = new CallStop(
      {
        host: carrier.host,
        stopGraceMs,
        stop: () => carrier.stop(this.#id),
        abandon: () => carrier.abandon(),
      },
      options,
    );
  }

  /** Whether the host accepted the command, so that it must be told when we are done with it. */
  get accepted(): boolean {
    return this.#accepted;
  }

  /** Runs it. @throws as `RemoteShell.invoke` */
  async run(call: RemoteCall): Promise<RemoteResult> {
    this.#options.signal?.throwIfAborted();
    this.#stop.watch();
    try {
      await this.#begin(call);
      while (!this.#ending) await this.#receiveOnce();
      return await this.#conclude(this.#ending);
    } catch (error) {
      throw this.#stop.explain(error);
    } finally {
      this.#stop.end();
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
    const bytes = await this.#prepare();
    this.#stop.throwIfAsked();
    const title = call.kind === 'command' ? call.name.slice(0, 255) : ' ';
    await carrier.begin(this.#id, title, bytes, this.#stop.unbegun);
    this.#accepted = true;
    this.#stop.begun();
    await this.#afterAccepting(() => this.#flush());
  }

  /** The first bytes of the pipeline. What goes wrong before they are sent has run nothing. */
  async #prepare(): Promise<Uint8Array> {
    const { psrp, carrier } = this.#pool;
    const waits = () => psrp.pendingTargets().includes(this.#id);
    try {
      // A secret needs the session key first: the client's half goes to the pool, the host's half comes from it.
      await this.#pool.until(waits, this.#stop.unbegun);
      const bytes = psrp.dataToSend(this.#id, carrier.maxChunkBytes)?.bytes ?? new Uint8Array();
      // What does not fit goes in larger pieces once the host's version is known.
      if (waits()) await this.#pool.open(this.#stop.unbegun);
      return bytes;
    } catch (error) {
      if (!(error instanceof Failure && error.code === 'dropped')) throw error;
      throw new Failure('unreachable', error.message, {
        cause: error,
        facts: { cause: 'session-gone', ...error.facts },
      });
    }
  }

  /** Sends whatever waits: the rest of the pipeline, keys, answers to host calls. */
  #flush(): Promise<void> {
    return this.#pool.flush((target) => target === poolTarget || (target === this.#id && this.#accepted));
  }

  async #receiveOnce(): Promise<void> {
    const { carrier, psrp } = this.#pool;
    const { events, ended, any } = await this.#afterAccepting(() => this.#pool.receive(this.#id));
    for (const event of events) this.#take(event);
    if (any) this.#stop.heard();
    if (ended && !this.#ending) {
      if (!this.#stop.confirmed)
        throw new Failure('dropped', `${carrier.host} closed the pipeline without saying how it ended.`);
      psrp.advancePipeline(this.#id, 'saysStopped');
      this.#ending = { state: 'stopped', error: null };
    }
    await this.#afterAccepting(() => this.#flush());
  }

  #take(event: ClientEvent): void {
    if ('pipelineId' in event && event.pipelineId !== this.#id) return;
    if (event.kind === 'output') this.#output.push(toPlain(event.value));
    if (event.kind === 'pipelineState' && isEnd(event.state)) this.#ending = { state: event.state, error: event.error };
    const record = toStreamRecord(event);
    if (!record) return;
    if (record.kind === 'error') this.#errors.push(record.error);
    try {
      this.#options.onStream?.(record);
    } catch (error) {
      this.#stop.now(error);
    }
  }

  async #conclude(ending: Ending): Promise<RemoteResult> {
    const { host } = this.#pool.carrier;
    this.#stop.throwUnlessKept(ending.state === 'completed');
    if (ending.state === 'stopped')
      throw new Failure('dropped', `The pipeline was stopped on ${host} by someone else.`, {
        facts: { cause: 'stopped-elsewhere' },
      });
    if (ending.state === 'failed') {
      await this.#hearWhy();
      const error = ending.error ? toScriptError(ending.error) : unknownError;
      throw failureOfScript(host, error, this.#errors);
    }
    return { output: this.#output, errors: this.#errors, hadErrors: this.#errors.length > 0 };
  }

  /** A pool that could not be opened fails its pipelines: then it says why, and nothing has run. */
  async #hearWhy(): Promise<void> {
    try {
      await this.#pool.open();
    } catch (error) {
      if (error instanceof Failure && error.facts['cause'] === 'session-refused') throw error;
    }
  }

  /** Once the host has accepted the command, any loss of the connection leaves open what ran. */
  async #afterAccepting<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!this.#accepted || !(error instanceof Failure) || !losing.includes(error.code)) throw error;
      throw new Failure('dropped', `The session was lost while the script ran: ${error.message}`, {
        cause: error,
        facts: error.facts,
      });
    }
  }
}

/** A session that can't be gone on with, for whatever reason. */
const losing: readonly FailureCode[] = ['unreachable', 'unauthenticated', 'forbidden', 'untrusted-host', 'clock-skew'];

const unknownError: ScriptErrorRecord = { message: 'no error was given', fqid: '', category: 'NotSpecified' };

/** Invocation info is asked for with errors alone: a report names script, line and column. */
function toFields(call: RemoteCall): PipelineFields {
  const parameters = Object.entries(call.parameters ?? {}).map(([name, value]) => ({ name, value: inputToPs(value) }));
  const command =
    call.kind === 'script'
      ? { text: call.text, isScript: true, useLocalScope: call.useLocalScope ?? false, parameters }
      : { text: call.name, parameters };
  return { statements: [[command]], remoteStreamOptions: remoteStreamOptions.error };
}

function isEnd(state: string): state is Ending['state'] {
  return state === 'completed' || state === 'failed' || state === 'stopped';
}
