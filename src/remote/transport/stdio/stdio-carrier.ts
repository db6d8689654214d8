import { setTimeout as delay } from 'node:timers/promises';
import { formatDuration } from '../../../kernel/duration.ts';
import { Failure } from '../../../kernel/failure.ts';
import { poolTarget, type Target } from '../../protocol/psrp/outbox.ts';
import type { Acknowledgement } from '../../protocol/stdio/packet.ts';
import { StdioClient, type StdioClientEvent } from '../../protocol/stdio/stdio-client.ts';
import type { Carried, CarriedPiece, PoolCarrier } from '../pool/pool-carrier.ts';
import { type ProcessEnd, type Program, StdioProcess } from './stdio-process.ts';

/** Bytes in one line: the server takes one at a time, so few large ones are fast. */
const chunkBytes = 512 * 1024;
/** How long the server may take to accept what it was sent; it does so before it works on it. */
const acceptMs = 60_000;
/** How long the end of a pipeline, and of the session, may take. */
const closeMs = 5_000;

/** What the carrier knows when its process has ended before the session was open. */
export type EndBeforeOpen = {
  readonly end: ProcessEnd;
  /** The last of its standard error. */
  readonly errorText: string;
  /** What it wrote to standard output instead of packets. */
  readonly noise: string;
};

/** What a session over a process's streams is made from. */
export type StdioOptions = {
  /** Name of the host for messages. */
  readonly host: string;
  readonly program: Program;
  /** Limit from the start of the process to the open session, ms. */
  readonly connectTimeoutMs: number;
  /** Whether a line of its standard error belongs into messages; all do unless given. */
  readonly tellsOfFailure?: (line: string) => boolean;
  /** Says why the session could not be opened. */
  readonly explain: (end: EndBeforeOpen) => Failure;
};

type Waiter = { readonly key: string; readonly resolve: () => void; readonly reject: (error: unknown) => void };

/**
 * Carries a runspace pool over the standard streams of a process that speaks PSRP, such as `pwsh -s` or `ssh -s … powershell`. The
 * process is the session: if it ends, so does whatever runs in it.
 */
export class StdioCarrier implements PoolCarrier {
  readonly host: string;
  readonly maxChunkBytes = chunkBytes;
  readonly #poolId: string;
  readonly #options: StdioOptions;
  readonly #wire = new StdioClient();
  readonly #stopped = new Set<Target>();
  #process: StdioProcess | undefined;
  #pieces: CarriedPiece[] = [];
  #waiters: Waiter[] = [];
  #poolReaders = 0;
  #open = false;
  #openTimer: NodeJS.Timeout | undefined;
  /** Why nothing goes any more. */
  #gone: Failure | undefined;

  constructor(poolId: string, options: StdioOptions) {
    this.host = options.host;
    this.#poolId = poolId;
    this.#options = options;
  }

  /** The last of what the process wrote to standard error. */
  get errorText(): string {
    return this.#process?.errorText ?? '';
  }

  async open(opening: Uint8Array, signal: AbortSignal | undefined): Promise<string> {
    const { program, connectTimeoutMs } = this.#options;
    const started = new StdioProcess(program, (bytes) => this.#take(bytes));
    this.#process = started;
    void started.ended.then((end) => this.#lose(this.#explain(started, end)));
    // Until the pool is open, not only until its first bytes were taken: a process may take them and say nothing more.
    this.#openTimer = setTimeout(() => this.#lose(this.#late(connectTimeoutMs)), connectTimeoutMs);
    const abort = () => this.#lose(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    try {
      this.#wire.send(poolTarget, opening, 'default');
      await this.#settled('dataAck', poolTarget);
    } finally {
      signal?.removeEventListener('abort', abort);
    }
    return this.#poolId;
  }

  opened(): void {
    this.#open = true;
    clearTimeout(this.#openTimer);
  }

  /** All versions take lines of any length. */
  agreed(): void {}

  async begin(pipelineId: string, _title: string, bytes: Uint8Array): Promise<void> {
    this.#check();
    this.#wire.begin(pipelineId);
    try {
      await this.#settled('commandAck', pipelineId, acceptMs, () => this.#silent());
    } catch (error) {
      // The host has no byte of the pipeline yet.
      if (!(error instanceof Failure) || error.code !== 'dropped') throw error;
      throw new Failure('unreachable', error.message, { cause: error, facts: error.facts });
    }
    await this.send(pipelineId, bytes, false);
  }

  async send(target: Target, bytes: Uint8Array, prompt: boolean): Promise<void> {
    this.#check();
    const state = this.#wire.stateOf(target);
    // A pipeline that is being stopped takes nothing more, and misses nothing.
    if (state !== 'open' && state !== 'sending') return;
    this.#wire.send(target, bytes, prompt ? 'promptResponse' : 'default');
    await this.#settled('dataAck', target, acceptMs, () => this.#silent());
  }

  async receive(target: Target): Promise<Carried> {
    if (target === poolTarget) this.#poolReaders++;
    try {
      for (;;) {
        const pieces = this.#takeFor(target);
        const ended = this.#stopped.has(target);
        if (pieces.length > 0 || ended) return { pieces, ended };
        if (this.#gone) throw this.#gone;
        await this.#settled('data', target);
      }
    } finally {
      if (target === poolTarget) this.#poolReaders--;
    }
  }

  /** What came for a reader: its own, and for a pipeline also what is the pool's, unless that has a reader of its own. */
  #takeFor(target: Target): readonly CarriedPiece[] {
    const isMine = (piece: CarriedPiece) =>
      piece.target === target || (piece.target === poolTarget && this.#poolReaders === 0);
    const mine = this.#pieces.filter(isMine);
    this.#pieces = this.#pieces.filter((piece) => !isMine(piece));
    return mine;
  }

  async stop(pipelineId: string): Promise<'stopped'> {
    this.#check();
    this.#wire.signal(pipelineId);
    await this.#settled('signalAck', pipelineId);
    return 'stopped';
  }

  async finish(pipelineId: string): Promise<void> {
    this.#stopped.delete(pipelineId);
    this.#pieces = this.#pieces.filter(({ target }) => target !== pipelineId);
    if (this.#gone) return;
    this.#wire.close(pipelineId);
    await this.#settled('closeAck', pipelineId, closeMs, () => this.#silent());
  }

  async close(): Promise<void> {
    const started = this.#process;
    if (!started) return;
    try {
      if (!this.#gone) {
        // The server ends a session only when none of its pipelines is left.
        for (const pipelineId of this.#wire.pipelines()) this.#wire.close(pipelineId);
        this.#wire.close(poolTarget);
        await this.#settled('closeAck', poolTarget, closeMs, () => this.#silent());
      }
      started.endInput();
      started.hold(true);
      await Promise.race([started.ended, delay(closeMs, undefined, { ref: false })]);
    } catch {
      // The process ended by itself, or does not answer: it is ended below.
    }
    this.abandon();
  }

  /** There is no way to leave a script alone: it runs in the process, or behind its stream. */
  abandon(): void {
    this.#lose(new Failure('dropped', `The session on ${this.host} was given up.`));
  }

  #take(bytes: Buffer): void {
    try {
      for (const event of this.#wire.receive(bytes)) this.#handle(event);
      this.#flush();
    } catch (error) {
      this.#lose(error);
    }
  }

  #handle(event: StdioClientEvent): void {
    if (event.kind === 'remoteError') {
      throw new Failure('dropped', `${this.host} reports an error of its own: ${event.text}`);
    }
    if (event.kind === 'data') {
      // What a pipeline says that is done with concerns nobody.
      const state = this.#wire.stateOf(event.target);
      if (state === undefined || (state === 'closing' && event.target !== poolTarget)) return;
      this.#pieces.push({ target: event.target, bytes: event.bytes });
      this.#wakeReaders();
      return;
    }
    this.#settle(`${event.kind} ${event.target}`);
    if (event.kind === 'closeAck' || event.kind === 'signalAck') this.#settle(`dataAck ${event.target}`);
    if (event.kind !== 'signalAck') return;
    // Who waits for the acknowledgement hears of it before who waits for bytes.
    setImmediate(() => {
      this.#stopped.add(event.target);
      this.#wakeReaders();
    });
  }

  #flush(): void {
    const lines = this.#wire.linesToSend();
    if (lines !== '') this.#process?.write(lines);
  }

  /** Waits for an answer of the server; the process keeps this program alive meanwhile. */
  async #settled(
    kind: Acknowledgement | 'data',
    target: Target,
    limitMs?: number,
    late?: () => Failure,
  ): Promise<void> {
    if (this.#gone) throw this.#gone;
    const key = `${kind} ${target}`;
    let waiter: Waiter | undefined;
    let timer: NodeJS.Timeout | undefined;
    try {
      const answer = new Promise<void>((resolve, reject) => {
        waiter = { key, resolve, reject };
        this.#waiters.push(waiter);
      });
      this.#process?.hold(true);
      if (limitMs !== undefined && late) timer = setTimeout(() => this.#lose(late()), limitMs);
      this.#flush();
      await answer;
    } finally {
      clearTimeout(timer);
      this.#waiters = this.#waiters.filter((each) => each !== waiter);
      if (this.#waiters.length === 0) this.#process?.hold(false);
    }
  }

  #settle(key: string): void {
    const found = this.#waiters.find((waiter) => waiter.key === key);
    this.#waiters = this.#waiters.filter((each) => each !== found);
    found?.resolve();
  }

  /** Each looks for itself whether something came for it. */
  #wakeReaders(): void {
    const readers = this.#waiters.filter(({ key }) => key.startsWith('data '));
    this.#waiters = this.#waiters.filter((waiter) => !readers.includes(waiter));
    for (const { resolve } of readers) resolve();
  }

  /** Ends everything here. */
  #lose(reason: unknown): void {
    if (this.#gone) return;
    this.#gone = reason instanceof Failure ? reason : new Failure('dropped', String(reason), { cause: reason });
    clearTimeout(this.#openTimer);
    this.#process?.kill();
    for (const waiter of this.#waiters) waiter.reject(reason);
  }

  #check(): void {
    if (this.#gone) {
      throw new Failure('unreachable', `The session on ${this.host} is no more: ${this.#gone.message}`, {
        cause: this.#gone,
      });
    }
  }

  #explain(started: StdioProcess, end: ProcessEnd): Failure {
    const errorText = this.#told(started.errorText);
    if (!this.#open) return this.#options.explain({ end, errorText, noise: this.#wire.noise });
    const how = end.kind === 'exited' ? (end.signal ?? `exit code ${end.code}`) : end.error.message;
    const said = errorText.trim();
    return new Failure(
      'dropped',
      `The process that holds the session on ${this.host} ended (${how})${said === '' ? '.' : `: ${said}`}`,
    );
  }

  #told(errorText: string): string {
    return errorText
      .split(/\r?\n/u)
      .filter(this.#options.tellsOfFailure ?? (() => true))
      .join('\n');
  }

  #late(limitMs: number): Failure {
    const said = `${this.#told(this.errorText)}\n${this.#wire.noise}`.trim();
    return new Failure(
      'unreachable',
      `${this.#options.program.file} opened no session on ${this.host} within ${formatDuration(limitMs)}${said === '' ? '.' : `: ${said}`}`,
    );
  }

  #silent(): Failure {
    return new Failure('dropped', `The session on ${this.host} did not answer in time and was given up.`);
  }
}
