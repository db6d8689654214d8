import { Failure } from '../../../kernel/failure.ts';
import { poolTarget, type Target } from '../../protocol/psrp/outbox.ts';
import { faultCodes, faultRemedyOf } from '../../protocol/wsman/fault-codes.ts';
import { powershellResource, signalCodes } from '../../protocol/wsman/namespaces.ts';
import type { WsmanReply } from '../../protocol/wsman/replies.ts';
import type { Carried, PoolCarrier } from '../pool/pool-carrier.ts';
import { failureOfFault } from './failure-of-fault.ts';
import { removeLeakedShells } from './leaked-shells.ts';
import { isAway, type Patience } from './resend.ts';
import { writeMark } from './session-mark.ts';
import { isPassing, ShellRecovery } from './shell-recovery.ts';
import { Terminations } from './terminations.ts';
import type { WinRmOptions } from './winrm-options.ts';
import type { CallOptions, WsmanSession } from './wsman-session.ts';

/** Envelope size of hosts with protocol 2.2 or later (PowerShell 3, Windows 8 and Server 2012). */
const modernEnvelopeBytes = 512_000;
/** How long the farewell to the host may take. */
const deleteTimeoutMs = 5_000;
/** Windows allows 1,000 commands per shell; the session is to be replaced well before, unless something else is asked for. */
const mostByDefault = 950;

/** Faults of a shell that the host takes for disconnected. */
const left: readonly number[] = [faultCodes.shellDisconnected, faultCodes.streamDisconnected];
const nothing: Carried = { pieces: [], ended: false };

/** Carries a runspace pool in a shell of WS-Management (MS-PSRP 1.4, MS-WSMV 3.1.4): one shell per pool, one command per pipeline. */
export class WinRmCarrier implements PoolCarrier {
  readonly host: string;
  readonly #poolId: string;
  readonly #session: WsmanSession;
  readonly #options: WinRmOptions;
  readonly #resourceUri: string;
  readonly #terminations: Terminations;
  readonly #recovery: ShellRecovery;
  #shellId: string | undefined;
  /** Pipelines that the host accepted, with the ids by which it knows them: old hosts choose their own. */
  readonly #commandIds = new Map<string, string>();
  #begun = 0;
  /** What came when a command was asked for whose acceptance had been lost. */
  #early: { readonly target: Target; readonly carried: Carried } | undefined;

  constructor(poolId: string, session: WsmanSession, options: WinRmOptions) {
    this.host = options.host;
    this.#poolId = poolId;
    this.#session = session;
    this.#options = options;
    this.#resourceUri = powershellResource(options.configurationName ?? 'Microsoft.PowerShell');
    this.#recovery = new ShellRecovery(session, this.host, () => this.#shell());
    this.#terminations = new Terminations({
      spare: () => session.spare,
      terminate: (commandId, leave) =>
        this.#signal(commandId, signalCodes.terminate, { use: 'background', windowMs: 0, leave }),
    });
  }

  get maxChunkBytes(): number {
    return this.#session.maxPayloadBytes;
  }

  get exhausted(): boolean {
    return this.#begun >= (this.#options.commandsPerSession ?? mostByDefault);
  }

  async open(opening: Uint8Array, signal: AbortSignal | undefined): Promise<string> {
    const how = { signal, windowMs: this.#options.connectTimeoutMs, window: this.#recovery.window };
    let reply = await this.#create(opening, how);
    // Room may be had from sessions that were left behind when a process of ours was killed.
    if (reply.kind === 'fault' && faultRemedyOf(reply.code) === 'replace-shell') {
      const removed = await removeLeakedShells(this.#session, this.#options.auth.username, how);
      if (removed > 0) reply = await this.#create(opening, how);
    }
    // Nobody else could have taken an id that we have just made: an earlier try has created it.
    const isOurs = reply.kind === 'fault' && reply.code === faultCodes.shellIdTaken;
    this.#shellId = isOurs ? this.#poolId : this.#expect(reply, 'created', false).shell.shellId;
    return this.#shellId;
  }

  async #create(creationXml: Uint8Array, how: CallOptions): Promise<WsmanReply> {
    const { idleTimeoutMs, mark } = this.#options;
    const { reply } = await this.#session.call(
      {
        kind: 'create',
        resourceUri: this.#resourceUri,
        shellId: this.#poolId,
        name: mark ?? writeMark(),
        creationXml,
        ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
      },
      how,
    );
    return reply;
  }

  agreed(serverVersion: string): void {
    if (Number.parseFloat(serverVersion) >= 2.2) this.#session.maxEnvelopeBytes = modernEnvelopeBytes;
  }

  async begin(pipelineId: string, title: string, payload: Uint8Array, leave?: AbortSignal): Promise<void> {
    this.#terminations.hold();
    this.#begun++;
    const commandId = pipelineId.toUpperCase();
    const request = { kind: 'command', ...this.#shell(), commandId, text: title, payload } as const;
    const { window } = this.#recovery;
    window.heard();
    const options = { insists: 'briefly', window, leave } as const;
    try {
      let { reply, resent } = await this.#session.call(request, options);
      const isFull = reply.kind === 'fault' && reply.code === faultCodes.tooManyCommands;
      // Sent as a new request only if no earlier try may have begun it.
      if (isFull && !resent && this.#terminations.count > 0) {
        await this.#terminations.all(leave);
        ({ reply, resent } = await this.#session.call(request, options));
      }
      // This session's share is used up, whatever it was: only a new one helps.
      if (reply.kind === 'fault' && faultRemedyOf(reply.code) === 'replace-shell')
        this.#begun = Number.POSITIVE_INFINITY;
      this.#commandIds.set(pipelineId, this.#expect(reply, 'command-accepted', resent).commandId || commandId);
    } catch (error) {
      // A host that keeps its answers has been asked for this one; where somebody must act first, nobody is asked.
      if (!(error instanceof Failure) || error.code !== 'dropped') throw error;
      if (!isAway(error) || this.#session.keepsAnswers) throw error;
      await this.#findCommand(pipelineId, commandId, error, leave);
    }
  }

  async send(target: Target, payload: Uint8Array, prompt: boolean): Promise<void> {
    const stream = prompt ? 'pr' : 'stdin';
    const commandId = this.#commandIds.get(target);
    const request = { kind: 'send', ...this.#shell(), commandId, stream, payload } as const;
    const { window } = this.#recovery;
    const { reply } = await this.#session.call(request, { insists: commandId !== undefined, window });
    this.#expect(reply, 'sent', commandId !== undefined);
  }

  async receive(target: Target): Promise<Carried> {
    const early = this.#early;
    if (early?.target === target) {
      this.#early = undefined;
      return early.carried;
    }
    // Nobody waits for a host that takes long to open a session; a script that runs is worth it.
    return this.#receive(target, this.#commandIds.size > 0 ? 'long' : 'none');
  }

  async #receive(target: Target, patience: Patience, leave?: AbortSignal): Promise<Carried> {
    const commandId = this.#commandIds.get(target);
    const isRunning = patience !== 'none';
    const request = { kind: 'receive', ...this.#shell(), commandId } as const;
    const { window } = this.#recovery;
    const insists = patience === 'brief' ? 'briefly' : isRunning;
    const receiving = this.#session.call(request, { use: 'long', insists, window, leave });
    if (target !== poolTarget) this.#terminations.beside();
    let reply: WsmanReply;
    try {
      ({ reply } = await receiving);
    } catch (error) {
      if (!(error instanceof Failure && isAway(error)) || !(isRunning || error.code === 'dropped')) throw error;
      await this.#recovery.reconnect(error, patience, leave);
      return { ...nothing, mayLack: true };
    }
    if (reply.kind === 'fault' && left.includes(reply.code)) {
      await this.#recovery.reconnect(failureOfFault(reply, this.host, true), patience, leave);
      return { ...nothing, mayLack: true };
    }
    if (isRunning && reply.kind === 'fault' && isPassing(reply)) {
      if (!(await this.#recovery.waitsOn())) throw failureOfFault(reply, this.host, true);
      return nothing;
    }
    window.heard();
    if (reply.kind === 'fault' && reply.code === faultCodes.operationTimedOut) return nothing;
    const { pieces, commandState } = this.#expect(reply, 'received', isRunning);
    return {
      pieces: pieces.map((piece) => ({
        target: piece.commandId === undefined ? poolTarget : target,
        bytes: piece.payload,
      })),
      ended: commandState?.state === 'done',
    };
  }

  async stop(pipelineId: string): Promise<'asked'> {
    const commandId = this.#commandIds.get(pipelineId) ?? pipelineId.toUpperCase();
    await this.#signal(commandId, signalCodes.stop, { insists: true });
    return 'asked';
  }

  async finish(pipelineId: string): Promise<void> {
    const commandId = this.#commandIds.get(pipelineId);
    this.#commandIds.delete(pipelineId);
    if (commandId !== undefined) this.#terminations.add(commandId);
  }

  /** Whether the shell could be deleted or not is no concern of the caller, since the host ends idle shells by itself. */
  async close(): Promise<void> {
    this.#terminations.close();
    await this.#session
      .call({ kind: 'delete', ...this.#shell() }, { timeoutMs: deleteTimeoutMs, windowMs: 0 })
      .catch(() => undefined);
    this.#session.close();
  }

  abandon(): void {
    this.#terminations.close();
    this.#session.close();
  }

  /** A command whose acceptance was lost, and whose host does not keep its answers: the host is asked for it by the id that we chose. */
  async #findCommand(pipelineId: string, commandId: string, loss: Failure, leave?: AbortSignal): Promise<void> {
    this.#commandIds.set(pipelineId, commandId);
    try {
      this.#early = { target: pipelineId, carried: await this.#receive(pipelineId, 'brief', leave) };
    } catch (error) {
      this.#commandIds.delete(pipelineId);
      // Not known there may mean that it was never begun, that it was begun by another id, or that it has just come.
      throw new Failure('dropped', loss.message, { cause: error, facts: loss.facts });
    }
  }

  async #signal(commandId: string, code: string, options?: CallOptions): Promise<void> {
    const { reply } = await this.#session.call({ kind: 'signal', ...this.#shell(), commandId, code }, options);
    // Gone already: that is what was wanted.
    if (reply.kind === 'fault' && reply.code === faultCodes.invalidSelectors) return;
    this.#expect(reply, 'signalled', true);
  }

  #shell(): { readonly resourceUri: string; readonly shellId: string } {
    return { resourceUri: this.#resourceUri, shellId: this.#shellId ?? this.#poolId };
  }

  #expect<K extends WsmanReply['kind']>(
    reply: WsmanReply,
    kind: K,
    mayHaveRun: boolean,
  ): Extract<WsmanReply, { kind: K }> {
    if (reply.kind === 'fault') throw failureOfFault(reply, this.host, mayHaveRun);
    if (isReply(reply, kind)) return reply;
    const said = `Expected the reply ${kind} from ${this.host}, got ${reply.kind}.`;
    throw new Failure(mayHaveRun || kind === 'command-accepted' ? 'dropped' : 'protocol-error', said);
  }
}

function isReply<K extends WsmanReply['kind']>(reply: WsmanReply, kind: K): reply is Extract<WsmanReply, { kind: K }> {
  return reply.kind === kind;
}
