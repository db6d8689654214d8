import { Failure } from '../../../kernel/failure.ts';
import type { InvokeOptions, RemoteCall, RemoteResult, ScriptErrorRecord } from '../../powershell/remote-shell.ts';
import { failureOfScript } from '../script-failure.ts';
import type { Bridge, BridgeOrder } from './bridge.ts';
import type { BridgeFrame } from './bridge-frames.ts';
import { type BridgeEnd, endOf, outputOf, recordOf } from './bridge-records.ts';

/** How long a pipeline may take to stop before the session is given up. */
const stopGraceMs = 30_000;
/** How long one look waits for records. A stop waits for the look that is under way, so it is short as long as the script says something. */
const lookMs = { lively: 250, quiet: 1_000 } as const;
/** From here on a script counts as quiet. */
const quietAfterMs = 10_000;

/** What a call needs of a bridge. */
export type CallBridge = Pick<Bridge, 'ask' | 'value' | 'kill'>;

/** One call from its start to its end on the host. */
export class BridgeRun {
  readonly #bridge: CallBridge;
  readonly #host: string;
  readonly #options: InvokeOptions;
  readonly #output: unknown[] = [];
  readonly #errors: ScriptErrorRecord[] = [];
  #end: BridgeEnd | undefined;
  #stopReason: { readonly error: unknown; readonly keepsResult: boolean } | undefined;
  #stopSent = false;
  #abandoned = false;
  #graceTimer: NodeJS.Timeout | undefined;
  #silenceTimer: NodeJS.Timeout | undefined;

  constructor(bridge: CallBridge, host: string, options: InvokeOptions) {
    this.#bridge = bridge;
    this.#host = host;
    this.#options = options;
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
      this.#watchSilence();
      return this.#conclude(await this.#follow(this.#startOrder(call)));
    } catch (error) {
      throw this.#stopReason && error instanceof Failure && error.code === 'dropped' ? this.#unstopped(error) : error;
    } finally {
      for (const each of [timer, this.#graceTimer, this.#silenceTimer]) clearTimeout(each);
      signal?.removeEventListener('abort', abort);
    }
  }

  /** Looks after it no more: the call fails `dropped` when the look that is under way has ended. */
  abandon(): void {
    this.#abandoned = true;
  }

  #startOrder(call: RemoteCall): BridgeOrder {
    const what =
      call.kind === 'script' ? { Text: call.text, UseLocalScope: call.useLocalScope ?? false } : { Name: call.name };
    return { Verb: 'start', ...what, Parameters: this.#bridge.value(call.parameters ?? {}) };
  }

  /** Gives the order that starts the call, then looks after it until it has ended. */
  async #follow(start: BridgeOrder): Promise<BridgeEnd> {
    let order = start;
    let heardAt = performance.now();
    for (;;) {
      const quiet = performance.now() - heardAt > quietAfterMs;
      const frames = await this.#bridge.ask(order, quiet ? lookMs.quiet : lookMs.lively);
      for (const frame of frames) this.#take(frame);
      if (this.#end) return this.#end;
      if (this.#abandoned) throw new Failure('dropped', `The session on ${this.#host} was closed under the script.`);
      if (frames.length > 0) {
        heardAt = performance.now();
        this.#watchSilence();
      }
      const stops = this.#stopReason !== undefined && !this.#stopSent;
      if (stops) this.#beginGrace();
      order = { Verb: stops ? 'stop' : 'read' };
    }
  }

  #take(frame: BridgeFrame): void {
    if (frame.kind === 'output') this.#output.push(...outputOf(frame.value));
    if (frame.kind === 'end') this.#end = endOf(frame.value);
    const record = recordOf(frame);
    if (!record) return;
    if (record.kind === 'error') this.#errors.push(record.error);
    try {
      this.#options.onStream?.(record);
    } catch (error) {
      this.#stop(error, false);
    }
  }

  #conclude(end: BridgeEnd): RemoteResult {
    const reason = this.#stopReason;
    const completed = end.state === 'Completed';
    if (isLoss(end)) {
      throw new Failure('dropped', `The session on ${this.#host} was lost while the script ran: ${end.error.message}`, {
        facts: { fqid: end.error.fqid },
      });
    }
    if (reason && !(reason.keepsResult && completed)) throw reason.error;
    if (completed) return { output: this.#output, errors: this.#errors, hadErrors: this.#errors.length > 0 };
    if (end.state === 'Stopped')
      throw new Failure('dropped', `The pipeline was stopped on ${this.#host} by someone else.`);
    throw failureOfScript(this.#host, end.error, this.#errors);
  }

  #watchSilence(): void {
    const { silenceMs } = this.#options;
    if (silenceMs === undefined) return;
    clearTimeout(this.#silenceTimer);
    this.#silenceTimer = setTimeout(() => this.#stop(late('said nothing', silenceMs), true), silenceMs);
  }

  /** Has the pipeline stopped with the next order; it is over when the host says so. */
  #stop(error: unknown, keepsResult: boolean): void {
    this.#stopReason ??= { error, keepsResult };
  }

  /** A pipeline that does not stop in time holds the session's only runspace: the session is given up. */
  #beginGrace(): void {
    this.#stopSent = true;
    this.#graceTimer = setTimeout(() => void this.#bridge.kill(), stopGraceMs);
  }

  #unstopped(cause: Failure): unknown {
    const reason = this.#stopReason?.error;
    if (!(reason instanceof Failure)) {
      const said = `${cause.message} The script was to be stopped; that was not confirmed, and it may still be running.`;
      return new Failure('dropped', said, { cause: reason, facts: { stopped: false } });
    }
    return new Failure(reason.code, `${reason.message} It could not be stopped either and may still be running.`, {
      cause,
      facts: { ...reason.facts, stopped: false },
    });
  }
}

/** Whether the session went away under the call, so that nobody knows how far the script came. */
function isLoss(end: BridgeEnd): boolean {
  if (end.state === 'Completed' || end.state === 'Stopped') return false;
  return (
    end.state === 'Disconnected' ||
    (end.session !== '' && end.session !== 'Opened') ||
    end.type.startsWith('System.Management.Automation.Remoting.PSRemotingTransport')
  );
}

function late(what: string, ms: number): Failure {
  return new Failure('timed-out', `The script ${what} within ${ms} ms and was stopped.`, { facts: { stopped: true } });
}
