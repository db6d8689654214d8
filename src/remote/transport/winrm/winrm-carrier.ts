import { Failure } from '../../../kernel/failure.ts';
import { poolTarget, type Target } from '../../protocol/psrp/outbox.ts';
import { faultCodes } from '../../protocol/wsman/fault-codes.ts';
import { powershellResource, signalCodes } from '../../protocol/wsman/namespaces.ts';
import type { WsmanReply } from '../../protocol/wsman/replies.ts';
import type { Carried, PoolCarrier } from '../pool/pool-carrier.ts';
import type { WinRmOptions } from './winrm-options.ts';
import { failureOfFault, type WsmanSession } from './wsman-session.ts';

/** Envelope size of hosts with protocol 2.2 or later (PowerShell 3, Windows 8 and Server 2012). */
const modernEnvelopeBytes = 512_000;
/** How long the farewell to the host may take. */
const deleteTimeoutMs = 5_000;

/** Carries a runspace pool in a shell of WS-Management (MS-PSRP 1.4, MS-WSMV 3.1.4): one shell per pool, one command per pipeline. */
export class WinRmCarrier implements PoolCarrier {
  readonly host: string;
  readonly #poolId: string;
  readonly #session: WsmanSession;
  readonly #options: WinRmOptions;
  readonly #resourceUri: string;
  #shellId: string | undefined;
  /** Pipelines that the host accepted, with the ids by which it knows them: old hosts choose their own. */
  readonly #commandIds = new Map<string, string>();

  constructor(poolId: string, session: WsmanSession, options: WinRmOptions) {
    this.host = options.host;
    this.#poolId = poolId;
    this.#session = session;
    this.#options = options;
    this.#resourceUri = powershellResource(options.configurationName ?? 'Microsoft.PowerShell');
  }

  get maxChunkBytes(): number {
    return this.#session.maxPayloadBytes;
  }

  async open(opening: Uint8Array, signal: AbortSignal | undefined): Promise<string> {
    const { idleTimeoutMs } = this.#options;
    const reply = await this.#session.call(
      {
        kind: 'create',
        resourceUri: this.#resourceUri,
        shellId: this.#poolId,
        name: 'Kintsugi',
        creationXml: opening,
        ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
      },
      { signal },
    );
    const { shell } = this.#expect(reply, 'created', false);
    this.#shellId = shell.shellId;
    return shell.shellId;
  }

  agreed(serverVersion: string): void {
    if (Number.parseFloat(serverVersion) >= 2.2) this.#session.maxEnvelopeBytes = modernEnvelopeBytes;
  }

  async begin(pipelineId: string, title: string, payload: Uint8Array): Promise<void> {
    const commandId = pipelineId.toUpperCase();
    const reply = await this.#session.call({ kind: 'command', ...this.#shell(), commandId, text: title, payload });
    this.#commandIds.set(pipelineId, this.#expect(reply, 'command-accepted', false).commandId || commandId);
  }

  async send(target: Target, payload: Uint8Array, prompt: boolean): Promise<void> {
    const stream = prompt ? 'pr' : 'stdin';
    const commandId = this.#commandIds.get(target);
    const reply = await this.#session.call({ kind: 'send', ...this.#shell(), commandId, stream, payload });
    this.#expect(reply, 'sent', commandId !== undefined);
  }

  async receive(target: Target, signal?: AbortSignal): Promise<Carried> {
    const commandId = this.#commandIds.get(target);
    const reply = await this.#session.call(
      { kind: 'receive', ...this.#shell(), commandId },
      { lane: 'receive', signal },
    );
    if (reply.kind === 'fault' && reply.code === faultCodes.operationTimedOut) return { pieces: [], ended: false };
    const { pieces, commandState } = this.#expect(reply, 'received', this.#commandIds.size > 0);
    return {
      pieces: pieces.map((piece) => ({
        target: piece.commandId === undefined ? poolTarget : target,
        bytes: piece.payload,
      })),
      ended: commandState?.state === 'done',
    };
  }

  async stop(pipelineId: string): Promise<'asked'> {
    await this.#signal(pipelineId, signalCodes.stop);
    return 'asked';
  }

  async finish(pipelineId: string): Promise<void> {
    await this.#signal(pipelineId, signalCodes.terminate);
    this.#commandIds.delete(pipelineId);
  }

  /** Whether the shell could be deleted or not is no concern of the caller, since the host ends idle shells by itself. */
  async close(): Promise<void> {
    await this.#session
      .call({ kind: 'delete', ...this.#shell() }, { timeoutMs: deleteTimeoutMs })
      .catch(() => undefined);
    this.#session.close();
  }

  abandon(): void {
    this.#session.close();
  }

  async #signal(pipelineId: string, code: string): Promise<void> {
    const commandId = this.#commandIds.get(pipelineId) ?? pipelineId.toUpperCase();
    const reply = await this.#session.call({ kind: 'signal', ...this.#shell(), commandId, code });
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
    throw new Failure('protocol-error', `Expected the reply ${kind} from ${this.host}, got ${reply.kind}.`);
  }
}

function isReply<K extends WsmanReply['kind']>(reply: WsmanReply, kind: K): reply is Extract<WsmanReply, { kind: K }> {
  return reply.kind === kind;
}
