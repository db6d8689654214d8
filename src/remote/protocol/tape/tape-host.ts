import type { Guid } from '../psrp/guid.ts';
import { readPublicKey, writeSessionKey } from '../psrp/session-key.ts';
import { decodeRequest, type IncomingRequest } from '../wsman/decode-request.ts';
import { encodeReply } from '../wsman/encode-reply.ts';
import { makeFault } from '../wsman/fault.ts';
import { faultCodes } from '../wsman/fault-codes.ts';
import { resources } from '../wsman/namespaces.ts';
import type { WsmanReply } from '../wsman/replies.ts';
import type { WsmanRequest } from '../wsman/requests.ts';
import { escapeXml, fromBase64, toBase64 } from '../wsman/xml-text.ts';
import { HeaderWriter, readHeaderIds } from './message-headers.ts';
import { outcomeOf, type Tape, type TapeOutcome } from './tape.ts';
import { fillZeros, TapeIds } from './tape-ids.ts';

/** What a playing host needs from outside. */
export type TapeHostOptions = {
  /** A fresh GUID, for shells that the host must name. */
  readonly newGuid: () => Guid;
  readonly randomBytes: (count: number) => Uint8Array;
};

/** An answer, and which exchange of the tape it is; undefined where the tape has none and the host made one up. */
export type TapeAnswer = { readonly index: number | undefined; readonly outcome: TapeOutcome };

type Taped = { readonly incoming: IncomingRequest | undefined; readonly outcome: TapeOutcome; played: boolean };

const publicKey = /N="PublicKey">([A-Za-z0-9+/=\s]+)</u;

/**
 * Plays a tape as a host: each request gets the answer of the next exchange of its kind on the same shell and command, with the ids of the
 * listening client in the place of the recorded ones. A client need not send the same bytes, only do the same; what it sends beside that
 * (a second piece of input, a farewell) is answered as Windows would.
 */
export class TapeHost {
  readonly #options: TapeHostOptions;
  readonly #exchanges: readonly Taped[];
  readonly #ids = new TapeIds();
  /** Pools have ids of their own within the messages: some clients use the shell's, some don't. */
  readonly #pools = new TapeIds();
  readonly #lanes = new Map<string, HeaderWriter>();
  /** Ids in the headers of a pipeline's messages, by its live command. */
  readonly #pipelines = new Map<Guid, Guid>();
  #publicKey: string | undefined;

  constructor(tape: Tape, options: TapeHostOptions) {
    this.#options = options;
    this.#exchanges = tape.messages.map((exchange) => ({
      incoming: tryDecode(exchange.request),
      outcome: outcomeOf(exchange),
      played: false,
    }));
  }

  /** Indices of the exchanges that nobody has asked for. */
  get unplayed(): number[] {
    return this.#exchanges.flatMap(({ played }, index) => (played ? [] : [index]));
  }

  /** Answers a request in clear text. */
  answer(soap: string): TapeAnswer {
    const live = tryDecode(soap);
    const index = this.#exchanges.findIndex((exchange) => !exchange.played && this.#fits(exchange, live));
    const exchange = this.#exchanges[index];
    if (!exchange) return { index: undefined, outcome: makeUp(live) };
    exchange.played = true;
    if (live && exchange.incoming) this.#learn(exchange.incoming.request, live.request);
    const { outcome } = exchange;
    if (outcome.kind !== 'reply') return { index, outcome };
    return { index, outcome: { ...outcome, body: this.#rewrite(outcome.body, live) } };
  }

  #fits(exchange: Taped, live: IncomingRequest | undefined): boolean {
    const taped = exchange.incoming?.request;
    const asked = live?.request;
    if (!taped || !asked) return taped === asked;
    if (taped.kind !== asked.kind || resourceOf(taped) !== resourceOf(asked)) return false;
    if (taped.kind === 'create' || taped.kind === 'create-cmd') return true;
    if (!this.#ids.same(shellOf(taped), shellOf(asked))) return false;
    if (taped.kind === 'command' || taped.kind === 'run') return true;
    // Some clients send answers to a pipeline's host calls to the pool.
    if (taped.kind === 'send' && asked.kind === 'send' && taped.stream === 'pr' && asked.stream === 'pr') return true;
    return this.#ids.same(commandOf(taped), commandOf(asked));
  }

  #learn(taped: WsmanRequest, live: WsmanRequest): void {
    this.#ids.learn(shellOf(taped), shellOf(live));
    this.#ids.learn(commandOf(taped), commandOf(live));
    const ids = readHeaderIds(psrpOf(live) ?? new Uint8Array());
    this.#pools.learn(readHeaderIds(psrpOf(taped) ?? new Uint8Array())?.poolId, ids?.poolId);
    if (live.kind === 'command' && ids) this.#pipelines.set(live.commandId.toUpperCase(), ids.pipelineId);
    if (live.kind === 'send' && live.commandId === undefined)
      this.#publicKey = publicKey.exec(Buffer.from(live.payload).toString('latin1'))?.[1] ?? this.#publicKey;
  }

  #rewrite(body: string, live: IncomingRequest | undefined): string {
    if (live === undefined) return body;
    const { request, header } = live;
    const named = request.kind === 'create' || request.kind === 'create-cmd';
    const shell = shellOf(request) || (named ? this.#options.newGuid() : undefined);
    const command = commandOf(request) ?? (request.kind === 'run' ? this.#options.newGuid() : undefined);
    const text = fillZeros(this.#ids.translate(body), { ShellId: shell, CommandId: command });
    const related = text.replace(
      /(<(?:[\w.-]+:)?RelatesTo[^<>]*>)[^<>]*/u,
      (_, tag: string) => `${tag}${escapeXml(header.messageId ?? '')}`,
    );
    if (isCmd(request)) return related;
    if (request.kind === 'command') this.#noteChosenId(request.commandId, related);
    return this.#rewriteStreams(related, shell ?? '');
  }

  /** Hosts before Windows 8 choose ids of their own for commands. */
  #noteChosenId(proposed: Guid, body: string): void {
    const chosen = /CommandId>\s*([^<\s]+)/u.exec(body)?.[1];
    const pipelineId = this.#pipelines.get(proposed.toUpperCase());
    if (chosen !== undefined && pipelineId !== undefined) this.#pipelines.set(chosen.toUpperCase(), pipelineId);
  }

  /** Ids within the messages that the reply carries. */
  #rewriteStreams(text: string, shell: Guid): string {
    return text.replace(
      /(<(?:[\w.-]+:)?(?:Stream|connectResponseXml)\b([^<>]*)>)([A-Za-z0-9+/=\s]+)(?=<)/gu,
      (_, tag: string, attributes: string, content: string) => {
        const command = /\bCommandId\s*=\s*["']([^"']*)/u.exec(attributes)?.[1]?.toUpperCase();
        const block = fromBase64(content);
        this.#laneOf(`${shell} ${/connectResponseXml/u.test(tag) ? 'connect' : (command ?? '')}`).write(block, {
          poolOf: (poolId) => this.#pools.liveOf(poolId),
          pipelineId: command === undefined ? undefined : (this.#pipelines.get(command) ?? command),
          sessionKey: () => this.#makeSessionKey(),
        });
        return `${tag}${toBase64(block)}`;
      },
    );
  }

  #laneOf(name: string): HeaderWriter {
    const lane = this.#lanes.get(name) ?? new HeaderWriter();
    this.#lanes.set(name, lane);
    return lane;
  }

  /** The recorded key was made for another client: nothing that it encrypted can be read, but the exchange itself can be played. */
  #makeSessionKey(): string | undefined {
    const { randomBytes } = this.#options;
    return this.#publicKey === undefined
      ? undefined
      : writeSessionKey(randomBytes(32), readPublicKey(this.#publicKey), randomBytes);
  }
}

function tryDecode(text: string): IncomingRequest | undefined {
  try {
    return decodeRequest(text);
  } catch {
    // It has no kind that could be compared: such requests are answered in the order of the tape.
    return undefined;
  }
}

const resourceOf = (request: WsmanRequest): string =>
  'resourceUri' in request ? request.resourceUri.toLowerCase() : '';
const isCmd = (request: WsmanRequest): boolean => resourceOf(request) === resources.cmd;
const shellOf = (request: WsmanRequest): Guid | undefined =>
  request.kind === 'enumerate' ? request.filter?.['ShellId'] : 'shellId' in request ? request.shellId : undefined;
const commandOf = (request: WsmanRequest): Guid | undefined => ('commandId' in request ? request.commandId : undefined);

function psrpOf(request: WsmanRequest): Uint8Array | undefined {
  if (request.kind === 'create') return request.creationXml;
  if (request.kind === 'connect') return request.connectXml;
  return request.kind === 'command' ? request.payload : undefined;
}

/** What Windows answers to requests that were not recorded. */
function makeUp(live: IncomingRequest | undefined): TapeOutcome {
  const reply: WsmanReply =
    live?.request.kind === 'send'
      ? { kind: 'sent' }
      : live?.request.kind === 'signal'
        ? { kind: 'signalled' }
        : live?.request.kind === 'delete'
          ? { kind: 'deleted' }
          : makeFault(faultCodes.aborted, 'The tape has no answer to this request.');
  const relatesTo = live?.header.messageId;
  const body = encodeReply(reply, {
    messageId: 'uuid:00000000-0000-0000-0000-000000000000',
    relatesTo,
    machine: 'tape',
  });
  return { kind: 'reply', status: reply.kind === 'fault' ? 500 : 200, body };
}
