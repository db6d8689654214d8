import { randomUUID } from 'node:crypto';
import { Failure, type FailureCode } from '../../../kernel/failure.ts';
import type { WsmanFault } from '../../protocol/wsman/fault.ts';
import { faultRemedyOf } from '../../protocol/wsman/fault-codes.ts';
import { decodeReply, type WsmanReply } from '../../protocol/wsman/replies.ts';
import { encodeRequest, type WsmanRequest } from '../../protocol/wsman/requests.ts';
import { WinRmConnection } from './winrm-connection.ts';
import { WinRmMemory } from './winrm-memory.ts';
import type { WinRmOptions } from './winrm-options.ts';

/** How long beyond the operation's own time-out an answer may take. */
const answerMarginMs = 30_000;

/** The connection to use: `receive` is taken by the long poll, so that signals and input pass beside it. */
export type Lane = 'control' | 'receive';

/** Settings of one call. */
export type CallOptions = {
  readonly lane?: Lane;
  readonly signal?: AbortSignal | undefined;
  /** Limit for the answer; default: the operation's time-out and a margin. */
  readonly timeoutMs?: number;
};

/** WS-Management requests and replies over two connections of one client session. */
export class WsmanSession {
  /** Bytes of an envelope that both sides take; grows when the host's version is known. */
  maxEnvelopeBytes = 153_600;
  readonly #options: WinRmOptions;
  readonly #sessionId = newUuid();
  readonly #lanes: Readonly<Record<Lane, WinRmConnection>>;

  constructor(given: WinRmOptions) {
    const options = { ...given, memory: given.memory ?? new WinRmMemory() };
    this.#options = options;
    this.#lanes = { control: new WinRmConnection(options), receive: new WinRmConnection(options) };
  }

  /** What proved who is who at the login; undefined before the first call. */
  get mechanism(): WinRmConnection['mechanism'] {
    return this.#lanes.control.mechanism;
  }

  /** Whether bodies are sealed. */
  get sealed(): boolean {
    return this.#lanes.control.sealed;
  }

  /** Bytes of payload that one request can carry: base64 and the envelope around it are taken off. */
  get maxPayloadBytes(): number {
    return Math.floor(((this.maxEnvelopeBytes - 4_000) * 3) / 4);
  }

  /**
   * Sends a request and gives its reply; faults come as data.
   * @throws Failure as `WinRmConnection.exchange`
   */
  async call(request: WsmanRequest, options: CallOptions = {}): Promise<WsmanReply> {
    const { host, port, tls, operationTimeoutMs } = this.#options;
    const messageId = newUuid();
    const soap = encodeRequest(request, {
      to: `${tls ? 'https' : 'http'}://${host}:${port}/wsman`,
      sessionId: this.#sessionId,
      messageId,
      operationTimeoutMs,
      maxEnvelopeBytes: this.maxEnvelopeBytes,
    });
    const text = await this.#exchange(soap, options);
    const { reply, relatesTo } = decodeReply(text);
    if (relatesTo !== undefined && relatesTo.toLowerCase() !== messageId.toLowerCase()) {
      throw new Failure('protocol-error', `Expected the answer to request ${messageId}, got one to ${relatesTo}.`);
    }
    return reply;
  }

  async #exchange(soap: string, { lane, timeoutMs, signal }: CallOptions): Promise<string> {
    const { operationTimeoutMs, onExchange } = this.#options;
    try {
      const text = await this.#lanes[lane ?? 'control'].exchange(soap, {
        timeoutMs: timeoutMs ?? operationTimeoutMs + answerMarginMs,
        signal,
      });
      onExchange?.({ request: soap, response: text });
      return text;
    } catch (error) {
      onExchange?.({ request: soap });
      throw error;
    }
  }

  /** Closes both connections. */
  close(): void {
    this.#lanes.control.close();
    this.#lanes.receive.close();
  }
}

/**
 * What a fault means to whoever asked.
 * @param mayHaveRun whether a script had been handed to the host before
 */
export function failureOfFault(fault: WsmanFault, host: string, mayHaveRun: boolean): Failure {
  const { code, subcode, location } = fault;
  const facts = { faultCode: code, subcode, ...(location === undefined ? {} : { location }) };
  const detail = fault.detail === undefined ? '' : ` ${fault.detail}`;
  const said = `${host} answered with fault ${code} (${subcode}): ${fault.reason}${detail}`;
  const unless = (otherwise: FailureCode): FailureCode => (mayHaveRun ? 'dropped' : otherwise);
  const [failure, advice] = ((): [FailureCode, string] => {
    switch (faultRemedyOf(code)) {
      case 'ask-rights':
        return ['forbidden', 'The account needs to be an administrator or a member of Remote Management Users.'];
      case 'open-shell':
        return ['dropped', 'The session has ended on the host.'];
      case 'own-session':
        return [unless('unreachable'), 'Another client holds this session, or this one was not left properly.'];
      case 'check-configuration':
        return ['unreachable', 'The host has no such session configuration, or allows no shells.'];
      case 'go-elsewhere':
        return [unless('unreachable'), `Another endpoint serves it: ${location ?? 'the host did not say which'}.`];
      case 'replace-shell':
        return [unless('unreachable'), 'Other sessions of this account must end first.'];
      case 'wait':
        return [unless('unreachable'), 'The host is short of something: try again later.'];
      case 'lower-version':
        return ['protocol-error', 'The host speaks an older version of the protocol.'];
      case 'send-less':
        return [unless('protocol-error'), 'The host takes smaller messages only: see its MaxEnvelopeSizekb.'];
      case 'receive-again':
        return [unless('protocol-error'), 'It did not answer within the time that the request allowed.'];
      case 'report':
        return [unless('protocol-error'), ''];
    }
  })();
  return new Failure(failure, `${said} ${advice}`.trim(), { facts });
}

/** An upper-case GUID. */
export function newGuid(): string {
  return randomUUID().toUpperCase();
}

function newUuid(): string {
  return `uuid:${newGuid()}`;
}
