import { Failure } from '../../../kernel/failure.ts';
import { toPlain } from '../../protocol/clixml/to-plain.ts';
import type { RunspacePoolClient } from '../../protocol/psrp/client.ts';
import type { ClientEvent } from '../../protocol/psrp/client-events.ts';
import { poolTarget, type Target } from '../../protocol/psrp/outbox.ts';
import { remedyOf } from '../connection-causes.ts';
import { unlessAborted } from '../unless-aborted.ts';
import type { PoolCarrier } from './pool-carrier.ts';

/** What one look for bytes meant. */
type Heard = {
  readonly events: readonly ClientEvent[];
  /** Whether anything came. */
  readonly any: boolean;
  readonly ended: boolean;
};

/** A runspace pool on a host: its protocol and its carrier, and what the host has said about itself. */
export class Pool {
  readonly carrier: PoolCarrier;
  readonly psrp: RunspacePoolClient;
  /** How long a pipeline may take to stop before the session is given up, in ms. */
  readonly stopGraceMs: number;
  #psVersion: string | undefined;
  #serverVersion: string | undefined;
  /** A look at the pool's own stream that is under way. */
  #listening: Promise<unknown> | undefined;
  /** Whether an answer with something of the pool may have been lost. */
  #inDoubt = false;

  constructor(carrier: PoolCarrier, psrp: RunspacePoolClient, stopGraceMs: number) {
    this.carrier = carrier;
    this.psrp = psrp;
    this.stopGraceMs = stopGraceMs;
  }

  /** Whether the pool's first messages have been read, which say that it is open. */
  get opened(): boolean {
    return this.psrp.phase === 'opened';
  }

  /** What the pool's first messages said; nothing before they were read. */
  get facts(): { readonly psVersion?: string; readonly protocolVersion?: string } {
    return {
      ...(this.#psVersion === undefined ? {} : { psVersion: this.#psVersion }),
      ...(this.#serverVersion === undefined ? {} : { protocolVersion: this.psrp.protocolVersion }),
    };
  }

  /** Reads the pool's first messages, if that was not done yet. @throws Failure `unreachable` if the host ended the pool; as the carrier */
  open(signal?: AbortSignal): Promise<void> {
    return this.until(() => this.opened, signal);
  }

  /**
   * Sends what waits for the pool itself and hears what it says until something is so. A signal that is aborted ends the waiting, while what
   * was asked of the host goes on: the next to wait takes its answer.
   */
  async until(isSo: () => boolean, signal?: AbortSignal): Promise<void> {
    while (!isSo()) {
      signal?.throwIfAborted();
      await this.flush((target) => target === poolTarget);
      await unlessAborted(this.#listen(), signal);
    }
  }

  #listen(): Promise<unknown> {
    this.#listening ??= this.receive(poolTarget).finally(() => {
      this.#listening = undefined;
    });
    return this.#listening;
  }

  /**
   * Waits for bytes of a target and gives what they mean.
   * @throws Failure as the carrier; `dropped` if a part of the output was lost; `unreachable` if the host ended the pool
   */
  async receive(target: Target): Promise<Heard> {
    const { pieces, ended, mayLack } = await this.carrier.receive(target);
    if (mayLack === true) await this.#expectNoGap(target);
    else if (target === poolTarget) this.#judgeSilence(pieces.length > 0);
    const events = pieces.flatMap((piece) => this.psrp.receive(piece.bytes, piece.target));
    events.forEach((event) => this.#note(event));
    return { events, ended, any: pieces.length > 0 };
  }

  /** Sends what waits for the targets that are wanted. */
  async flush(isWanted: (target: Target) => boolean): Promise<void> {
    const next = () => this.psrp.pendingTargets().find(isWanted);
    for (let target = next(); target !== undefined; target = next()) {
      const chunk = this.psrp.dataToSend(target, this.carrier.maxChunkBytes);
      if (!chunk) return;
      await this.carrier.send(target, chunk.bytes, chunk.stream === 'promptResponse');
    }
  }

  /** What the pool itself has said must be known, since objects are numbered across all streams. */
  async #expectNoGap(target: Target): Promise<void> {
    if (target === poolTarget) this.#inDoubt = true;
    else await this.open();
    this.psrp.mayLack(target);
  }

  /** A pool speaks only when it opens or is asked something, and then at once: if it says nothing more, the lost answer held it. */
  #judgeSilence(said: boolean): void {
    if (this.#inDoubt && !said) {
      const { host } = this.carrier;
      throw new Failure('dropped', `An answer of ${host} was lost. ${remedyOf('session-gone')}`, {
        facts: { cause: 'output-lost' },
      });
    }
    this.#inDoubt = false;
  }

  #note(event: ClientEvent): void {
    if (event.kind === 'negotiated') {
      this.#serverVersion = event.serverVersion;
      this.carrier.agreed(event.serverVersion);
    }
    if (event.kind === 'applicationPrivateData') this.#psVersion = readPsVersion(toPlain(event.data));
    if (event.kind === 'poolState' && event.state === 'opened') this.carrier.opened?.();
    if (event.kind === 'poolState' && (event.state === 'broken' || event.state === 'closed')) {
      const { host } = this.carrier;
      const said = event.error?.message ?? event.state;
      throw new Failure('unreachable', `${host} ended the session: ${said} ${remedyOf('session-refused')}`, {
        facts: { cause: 'session-refused' },
      });
    }
  }
}

function readPsVersion(data: unknown): string | undefined {
  const version = member(member(data, 'PSVersionTable'), 'PSVersion');
  return typeof version === 'string' ? version : undefined;
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value ? Reflect.get(value, name) : undefined;
}
