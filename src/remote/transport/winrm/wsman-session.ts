import { randomUUID } from 'node:crypto';
import { Failure } from '../../../kernel/failure.ts';
import type { TapeExchange } from '../../protocol/tape/tape.ts';
import { type DecodedReply, decodeReply, type WsmanReply } from '../../protocol/wsman/replies.ts';
import { encodeRequest, type WsmanRequest } from '../../protocol/wsman/requests.ts';
import { longestResendMs } from '../../protocol/wsman/robust.ts';
import { warnOfProcess } from '../warn.ts';
import { Connections, type Use } from './connections.ts';
import { RecoveryWindow } from './recovery-window.ts';
import { unproven } from './refused-reply.ts';
import { Resend } from './resend.ts';
import type { ExchangeTerms, WinRmConnection } from './winrm-connection.ts';
import { WinRmMemory } from './winrm-memory.ts';
import type { WinRmOptions } from './winrm-options.ts';

/** How long beyond the operation's own time-out an answer may take unless something else is asked for. */
const defaultMarginMs = 30_000;
/** How long a lost session is looked for unless something else is asked for: as long as PowerShell itself does. */
const recoverByDefaultMs = 240_000;

/** Settings of one call. */
export type CallOptions = {
  /** `short` unless the host holds the request until there is output, or nobody waits for the answer. */
  readonly use?: Use;
  readonly signal?: AbortSignal | undefined;
  /** Limit for the answer; default: the operation's time-out and a margin. */
  readonly timeoutMs?: number;
  /** How long a lost request is sent again, where it can be; default: as long as the host keeps answers, or less by option. */
  readonly windowMs?: number;
  /** Whether a host that cannot be reached is waited for as long, or for seconds, even if the request never left. */
  readonly insists?: boolean | 'briefly';
  /** The time of the call that this request is a part of; its own by default. */
  readonly window?: RecoveryWindow;
  /** Ends what waits, and a login: what was sent is still waited for. */
  readonly leave?: AbortSignal | undefined;
};

/** A reply, and whether its request was sent more than once, so that an earlier one may have been processed by a host that has forgotten it. */
export type CallResult = { readonly reply: WsmanReply; readonly resent: boolean };

/**
 * Requests that change nothing more when they are done twice. A shell that is created twice harms nobody: the second one is refused, or left to
 * its idle time-out.
 */
const harmlessKinds: ReadonlySet<WsmanRequest['kind']> = new Set([
  'create',
  'signal',
  'delete',
  'reconnect',
  'enumerate',
  'get',
  'identify',
]);

/** One try of a request. */
type Sending = {
  readonly messageId: string;
  readonly operationId: string;
  readonly resent: boolean;
  /** As of `ExchangeTerms`. */
  readonly notAfterMs: number;
};

/** WS-Management requests and replies of one client session. An answer that is lost on its way is asked for again. */
export class WsmanSession {
  /** Bytes of an envelope that both sides take; grows when the host's version is known. */
  maxEnvelopeBytes = 153_600;
  /** How long a lost session is looked for, in ms. */
  readonly recoverMs: number;
  readonly #options: WinRmOptions;
  readonly #sessionId = newUuid();
  readonly #connections: Connections;
  readonly #closing = new AbortController();
  readonly #beganMs = performance.now();
  /** Whether the host keeps its answers; undefined before it has shown. */
  #keepsAnswers: boolean | undefined;

  constructor(given: WinRmOptions) {
    const options = { ...given, memory: given.memory ?? new WinRmMemory() };
    this.#options = options;
    this.recoverMs = options.recoverMs ?? recoverByDefaultMs;
    this.#connections = new Connections(options);
    if (options.robust === false) this.#keepsAnswers = false;
  }

  /** What proved who is who at the login; undefined before the first call. */
  get mechanism(): WinRmConnection['mechanism'] {
    return this.#connections.mechanism;
  }

  /** Whether bodies are sealed. */
  get sealed(): boolean {
    return this.#connections.sealed;
  }

  /** Whether a request could be sent now without a login and without a wait. */
  get spare(): boolean {
    return this.#connections.spare;
  }

  /** Bytes of payload that one request can carry: base64 and the envelope around it are taken off. */
  get maxPayloadBytes(): number {
    return Math.floor(((this.maxEnvelopeBytes - 4_000) * 3) / 4);
  }

  /** Whether the host has shown that it keeps its answers: then it is asked for one that was lost, and by nothing else. */
  get keepsAnswers(): boolean {
    return this.#keepsAnswers === true;
  }

  /** The time to get over losses for requests that belong together. */
  openWindow(): RecoveryWindow {
    return new RecoveryWindow(this.#closing.signal);
  }

  /**
   * Sends a request and gives its reply; faults come as data. What surely was not processed is sent again at once. What may have been is sent
   * again only where the host answers it as before, or where doing it twice changes nothing.
   * @throws Failure `unreachable` (it was not processed), `dropped` (it may have been), `unauthenticated`, `forbidden`, `protocol-error`
   */
  async call(request: WsmanRequest, options: CallOptions = {}): Promise<CallResult> {
    const ids = { messageId: newUuid(), operationId: newUuid() };
    const { signal, leave, insists, windowMs, window } = options;
    const resend = new Resend({
      repeatable: () => this.#isRepeatable(request),
      patience: insists === 'briefly' ? 'brief' : insists === true ? 'long' : 'none',
      limitMs: windowMs ?? Math.min(this.recoverMs, longestResendMs),
      ...(harmlessKinds.has(request.kind) ? {} : { keptMs: longestResendMs }),
      window: window ?? this.openWindow(),
      leave: signal && leave ? AbortSignal.any([signal, leave]) : (signal ?? leave),
    });
    for (;;) {
      try {
        const notAfterMs = resend.begins();
        const reply = await this.#exchange(request, { ...ids, resent: resend.mayBeDone, notAfterMs }, options);
        return { reply, resent: resend.mayBeDone };
      } catch (error) {
        // A signal's reason may be a Failure too: it is the caller's word, no loss of ours.
        if (signal?.aborted === true) throw error;
        await resend.after(error);
        signal?.throwIfAborted();
      }
    }
  }

  /** Whether it was closed here. */
  get closed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** Closes all connections. */
  close(): void {
    this.#closing.abort();
    this.#connections.close();
  }

  async #exchange(
    request: WsmanRequest,
    { messageId, operationId, resent, notAfterMs }: Sending,
    options: CallOptions,
  ): Promise<WsmanReply> {
    const { host, port, tls, operationTimeoutMs } = this.#options;
    const soap = encodeRequest(request, {
      to: `${tls ? 'https' : 'http'}://${host}:${port}/wsman`,
      sessionId: this.#sessionId,
      messageId,
      operationTimeoutMs,
      maxEnvelopeBytes: this.maxEnvelopeBytes,
      ...(this.#keepsAnswers === false ? {} : { robust: { operationId, resent } }),
    });
    const harmless = harmlessKinds.has(request.kind);
    const text = await this.#carry(soap, { harmless, notAfterMs }, options);
    const { reply, operationId: kept } = readAnswer(text, messageId, harmless);
    if (this.#keepsAnswers !== false && reply.kind !== 'fault') this.#keepsAnswers = kept !== undefined;
    return reply;
  }

  async #carry(
    soap: string,
    sending: Pick<ExchangeTerms, 'harmless' | 'notAfterMs'>,
    { use, timeoutMs, signal, leave }: CallOptions,
  ): Promise<string> {
    const { operationTimeoutMs, answerMarginMs = defaultMarginMs } = this.#options;
    const terms = { timeoutMs: timeoutMs ?? operationTimeoutMs + answerMarginMs, signal, leave, ...sending };
    const sentMs = this.#sinceBegin();
    try {
      const text = await this.#connections.exchange(soap, use ?? 'short', terms);
      this.#tell({ request: soap, response: text, ms: [sentMs, this.#sinceBegin()] });
      return text;
    } catch (error) {
      this.#tell({ request: soap, ms: [sentMs, this.#sinceBegin()] });
      throw error;
    }
  }

  /** Whoever listens may fail: what the host has answered stands. */
  #tell(exchange: TapeExchange): void {
    const { onExchange, warn = warnOfProcess } = this.#options;
    try {
      onExchange?.(exchange);
    } catch (error) {
      warn(`An exchange could not be recorded: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Age of the session in ms, to the microsecond. */
  #sinceBegin(): number {
    return Math.round((performance.now() - this.#beganMs) * 1_000) / 1_000;
  }

  #isRepeatable(request: WsmanRequest): boolean {
    return this.#keepsAnswers === true || harmlessKinds.has(request.kind);
  }
}

/** @throws Failure `protocol-error`; `dropped` if the request may have been processed, and not twice */
function readAnswer(text: string, messageId: string, harmless: boolean): DecodedReply {
  try {
    const decoded = decodeReply(text);
    const { relatesTo } = decoded;
    if (relatesTo === undefined || relatesTo.toLowerCase() === messageId.toLowerCase()) return decoded;
    throw new Failure('protocol-error', `Expected the answer to request ${messageId}, got one to ${relatesTo}.`);
  } catch (error) {
    throw harmless || !(error instanceof Failure) ? error : unproven(error);
  }
}

/** An upper-case GUID. */
export function newGuid(): string {
  return randomUUID().toUpperCase();
}

function newUuid(): string {
  return `uuid:${newGuid()}`;
}
