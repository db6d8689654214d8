import type { Guid } from '../psrp/guid.ts';
import { readPublicKey, writeSessionKey } from '../psrp/session-key.ts';
import type { IncomingRequest } from '../wsman/decode-request.ts';
import type { WsmanRequest } from '../wsman/requests.ts';
import { escapeXml, fromBase64, toBase64 } from '../wsman/xml-text.ts';
import { makeUpAnswer, sayNothing } from './made-up-answer.ts';
import { HeaderWriter, readHeaderIds } from './message-headers.ts';
import { outcomeOf, type Tape, type TapeOutcome } from './tape.ts';
import { fillZeros, TapeIds } from './tape-ids.ts';
import { commandOf, dependencies, isCmd, psrpOf, resourceOf, shellOf, tryDecode } from './taped-requests.ts';

/** What a playing host needs from outside. */
export type TapeHostOptions = {
  /** A fresh GUID, for shells that the host must name. */
  readonly newGuid: () => Guid;
  readonly randomBytes: (count: number) => Uint8Array;
};

/** An answer, and which exchange of the tape it is; undefined where the tape has none and the host made one up. */
export type TapeAnswer = {
  readonly index: number | undefined;
  readonly outcome: TapeOutcome;
  /** The request was sent before and got this answer then. */
  readonly again: boolean;
};

/** A request that was understood. Its answer is given once; until then the host may be told that nobody waits for it any more. */
export type TapeTurn = {
  /** Whether all was asked that the recorded answer may have depended on. */
  readonly ready: () => boolean;
  readonly give: () => TapeAnswer;
  /** The answer of a host that has nothing to say for now; the next request of this kind gets the one on the tape. */
  readonly postpone: () => TapeAnswer;
  /** How long the client lets the host wait, in ms; undefined if it does not say. */
  readonly patienceMs: number | undefined;
};

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
  readonly #dependencies: (index: number) => number[];
  readonly #ids = new TapeIds();
  /** Pools have ids of their own within the messages: some clients use the shell's, some don't. */
  readonly #pools = new TapeIds();
  readonly #lanes = new Map<string, HeaderWriter>();
  /** Ids in the headers of a pipeline's messages, by its live command. */
  readonly #pipelines = new Map<Guid, Guid>();
  #publicKey: string | undefined;
  /** Answers by the ids of the requests: one that is sent again is no other request. */
  readonly #answers = new Map<string, TapeAnswer>();

  constructor(tape: Tape, options: TapeHostOptions) {
    this.#options = options;
    this.#exchanges = tape.messages.map((exchange) => ({
      incoming: tryDecode(exchange.request),
      outcome: outcomeOf(exchange),
      played: false,
    }));
    this.#dependencies = dependencies(
      tape.messages,
      this.#exchanges.map(({ incoming }) => incoming?.request),
    );
  }

  /** Indices of the exchanges that nobody has asked for. */
  get unplayed(): number[] {
    return this.#exchanges.flatMap(({ played }, index) => (played ? [] : [index]));
  }

  /** Answers a request in clear text at once. */
  answer(soap: string): TapeAnswer {
    return this.take(soap).give();
  }

  /** Takes a request in clear text. */
  take(soap: string): TapeTurn {
    const live = tryDecode(soap);
    const messageId = live?.header.messageId ?? '';
    const before = this.#answers.get(messageId);
    const index = this.#find(live, before);
    const exchange = this.#exchanges[index];
    if (exchange) exchange.played = true;
    if (live && exchange?.incoming) this.#learn(exchange.incoming.request, live.request);
    const done = (answer: TapeAnswer): TapeAnswer => {
      if (messageId !== '') this.#answers.set(messageId, answer);
      return answer;
    };
    return {
      ready: () => this.#dependencies(index).every((other) => this.#exchanges[other]?.played),
      give: () => done(!exchange && before ? { ...before, again: true } : this.#play(exchange, live)),
      postpone: () => {
        if (exchange) exchange.played = false;
        return done({ index: undefined, outcome: sayNothing(live), again: false });
      },
      patienceMs: live?.header.operationTimeoutMs,
    };
  }

  /** The exchange for a request; one that was answered before gets another answer only if it was taped more than once, too. */
  #find(live: IncomingRequest | undefined, before: TapeAnswer | undefined): number {
    const first = this.#exchanges[before?.index ?? -1]?.incoming?.header.messageId;
    const isRepetition = (id: string | undefined) => id !== undefined && id === first && !isZeros(id);
    return this.#exchanges.findIndex(
      (exchange) =>
        !exchange.played &&
        (before === undefined || isRepetition(exchange.incoming?.header.messageId)) &&
        this.#fits(exchange, live),
    );
  }

  #play(exchange: Taped | undefined, live: IncomingRequest | undefined): TapeAnswer {
    if (!exchange) return { index: undefined, outcome: makeUpAnswer(live), again: false };
    const { outcome } = exchange;
    const index = this.#exchanges.indexOf(exchange);
    if (outcome.kind !== 'reply') return { index, outcome, again: false };
    return { index, outcome: { ...outcome, body: this.#rewrite(outcome.body, live) }, again: false };
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

const isZeros = (id: string): boolean => /^(?:uuid:)?[0-]*$/iu.test(id);
