import { randomUUID } from 'node:crypto';
import { Failure } from '../../kernel/failure.ts';
import type { PsValue } from '../../remote/protocol/clixml/values.ts';
import { RunspacePoolClient } from '../../remote/protocol/psrp/client.ts';
import type { ClientEvent } from '../../remote/protocol/psrp/client-events.ts';
import { remoteStreamOptions } from '../../remote/protocol/psrp/codes.ts';
import type { ErrorRecord } from '../../remote/protocol/psrp/error-record.ts';
import { poolTarget } from '../../remote/protocol/psrp/outbox.ts';
import type { PipelineFields } from '../../remote/protocol/psrp/pipeline-definition.ts';
import { generateSessionKeyPair } from '../../remote/protocol/psrp/session-key.ts';
import { Pool } from '../../remote/transport/pool/pool.ts';
import { describeEnd } from '../../remote/transport/stdio/describe-end.ts';
import { StdioCarrier } from '../../remote/transport/stdio/stdio-carrier.ts';
import { processesOfMachine } from './process-budget.ts';

/** How a pipeline of the session ended. */
export type SessionEnd = { readonly state: 'completed' | 'failed' | 'stopped'; readonly error: ErrorRecord | null };

const connectTimeoutMs = 120_000;
const stopGraceMs = 30_000;

/** A PowerShell process (`pwsh -s`) whose one runspace runs pipelines as they come, with every record as it was sent. */
export class PwshSession {
  readonly #pool: Pool;
  readonly #giveBack: () => void;
  #current: string | undefined;

  private constructor(pool: Pool, giveBack: () => void) {
    this.#pool = pool;
    this.#giveBack = giveBack;
  }

  /**
   * Starts the process and opens its runspace.
   * @throws Failure `unreachable` where it does not start, `lab-unsupported` where there are too many
   */
  static async open(host: string, file: string, env: Readonly<Record<string, string>>): Promise<PwshSession> {
    const giveBack = processesOfMachine.take();
    const id = randomUUID().toUpperCase();
    const carrier = new StdioCarrier(id, {
      host,
      connectTimeoutMs,
      program: {
        file,
        args: ['-s', '-NoLogo', '-NoProfile'],
        env: { ...env, POWERSHELL_TELEMETRY_OPTOUT: '1', POWERSHELL_UPDATECHECK: 'Off' },
      },
      explain: (end) => new Failure('unreachable', `${file} opened no session: it ${describeEnd(end)}`),
    });
    const psrp = new RunspacePoolClient({ id, keyPair: generateSessionKeyPair, form: 'full' });
    const pool = new Pool(carrier, psrp, stopGraceMs);
    try {
      psrp.open();
      await carrier.open(psrp.dataToSend(poolTarget, carrier.maxChunkBytes)?.bytes ?? new Uint8Array(), undefined);
      await pool.open();
      return new PwshSession(pool, giveBack);
    } catch (error) {
      carrier.abandon();
      giveBack();
      throw error;
    }
  }

  /** The version of the PowerShell, where it has told it. */
  get version(): string | undefined {
    return this.#pool.facts.psVersion;
  }

  /**
   * Runs a pipeline to its end.
   * @param take gets every record
   * @throws Failure where the process is lost
   */
  async run(
    statements: PipelineFields['statements'],
    input: AsyncIterable<PsValue> | undefined,
    take: (event: ClientEvent) => void,
  ): Promise<SessionEnd> {
    const { psrp, carrier } = this.#pool;
    const id = randomUUID();
    psrp.createPipeline(id, {
      statements,
      noInput: input === undefined,
      remoteStreamOptions: remoteStreamOptions.error,
    });
    await this.#pool.until(() => psrp.pendingTargets().includes(id));
    await carrier.begin(id, ' ', psrp.dataToSend(id, carrier.maxChunkBytes)?.bytes ?? new Uint8Array());
    this.#current = id;
    const flush = () => this.#pool.flush((target) => target === poolTarget || target === id);
    let end: SessionEnd | undefined;
    try {
      await flush();
      const feeding = input && this.#feed(id, input, flush, () => end !== undefined);
      feeding?.catch(() => undefined);
      while (!end) {
        const { events, ended } = await this.#pool.receive(id);
        for (const event of events) {
          if ('pipelineId' in event && event.pipelineId !== id) continue;
          if (event.kind === 'pipelineState') end ??= endOf(event.state, event.error);
          else take(event);
        }
        if (ended) end ??= { state: 'stopped', error: null };
        await flush();
      }
      return end;
    } finally {
      this.#current = undefined;
      await carrier.finish(id);
      psrp.forgetPipeline(id);
    }
  }

  async #feed(
    id: string,
    input: AsyncIterable<PsValue>,
    flush: () => Promise<void>,
    isOver: () => boolean,
  ): Promise<void> {
    for await (const value of input) {
      if (isOver()) return;
      this.#pool.psrp.sendInput(id, value);
      await flush();
    }
    if (isOver()) return;
    this.#pool.psrp.endInput(id);
    await flush();
  }

  /** Asks the pipeline that runs to stop; `run` then gives `stopped`. */
  stop(): void {
    if (this.#current !== undefined) this.#pool.carrier.stop(this.#current).catch(() => undefined);
  }

  /** Ends the process. */
  kill(): void {
    this.#pool.carrier.abandon();
    this.#giveBack();
  }
}

const endOf = (state: string, error: ErrorRecord | null): SessionEnd | undefined =>
  state === 'completed' || state === 'failed' || state === 'stopped' ? { state, error } : undefined;
