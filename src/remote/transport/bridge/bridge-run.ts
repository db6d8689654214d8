import { Failure } from '../../../kernel/failure.ts';
import type { InvokeOptions, RemoteCall, RemoteResult, ScriptErrorRecord } from '../../powershell/remote-shell.ts';
import { CallStop } from '../call-stop.ts';
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
  readonly #stop: CallStop;
  readonly #output: unknown[] = [];
  readonly #errors: ScriptErrorRecord[] = [];
  #end: BridgeEnd | undefined;
  /** Whether the next order is to stop the pipeline. */
  #isStopDue = false;
  #abandoned = false;

  constructor(bridge: CallBridge, host: string, options: InvokeOptions) {
    this.#bridge = bridge;
    this.#host = host;
    this.#options = options;
    this.#stop = new CallStop(
      {
        host,
        stopGraceMs,
        // Orders go one by one: it waits for the look that is under way.
        stop: async () => {
          this.#isStopDue = true;
          return 'asked';
        },
        abandon: () => void bridge.kill(),
      },
      options,
    );
  }

  /** Runs it. @throws as `RemoteShell.invoke` */
  async run(call: RemoteCall): Promise<RemoteResult> {
    this.#options.signal?.throwIfAborted();
    this.#stop.watch();
    try {
      return this.#conclude(await this.#follow(this.#startOrder(call)));
    } catch (error) {
      throw this.#stop.explain(error);
    } finally {
      this.#stop.end();
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
    this.#stop.begun();
    for (;;) {
      const quiet = performance.now() - heardAt > quietAfterMs;
      const frames = await this.#look(order, quiet ? lookMs.quiet : lookMs.lively);
      for (const frame of frames) this.#take(frame);
      if (this.#end) return this.#end;
      if (this.#abandoned) throw new Failure('dropped', `The session on ${this.#host} was closed under the script.`);
      if (frames.length > 0) {
        heardAt = performance.now();
        this.#stop.heard();
      }
      order = { Verb: this.#isStopDue ? 'stop' : 'read' };
      this.#isStopDue = false;
    }
  }

  /** Gives an order. A process that is gone has done nothing of it, but the script may have run as soon as one order came through. */
  async #look(order: BridgeOrder, waitMs: number): Promise<readonly BridgeFrame[]> {
    try {
      return await this.#bridge.ask(order, waitMs);
    } catch (error) {
      if (order.Verb === 'start' || !(error instanceof Failure) || error.code !== 'unreachable') throw error;
      throw new Failure('dropped', `The session on ${this.#host} was lost while the script ran: ${error.message}`, {
        cause: error,
        facts: error.facts,
      });
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
      this.#stop.now(error);
    }
  }

  #conclude(end: BridgeEnd): RemoteResult {
    const completed = end.state === 'Completed';
    if (isLoss(end)) {
      throw new Failure('dropped', `The session on ${this.#host} was lost while the script ran: ${end.error.message}`, {
        facts: { fqid: end.error.fqid },
      });
    }
    this.#stop.throwUnlessKept(completed);
    if (completed) return { output: this.#output, errors: this.#errors, hadErrors: this.#errors.length > 0 };
    if (end.state === 'Stopped')
      throw new Failure('dropped', `The pipeline was stopped on ${this.#host} by someone else.`);
    throw failureOfScript(this.#host, end.error, this.#errors);
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
