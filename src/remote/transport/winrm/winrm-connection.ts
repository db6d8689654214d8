import { Failure } from '../../../kernel/failure.ts';
import {
  decodeSealedBody,
  encodeSealedBody,
  isSealedContentType,
  plainContentType,
  sealedContentType,
} from '../../protocol/wsman/sealed-body.ts';
import { remedyOf } from '../connection-causes.ts';
import { unlessAborted } from '../unless-aborted.ts';
import { type HttpReply, HttpWire, SocketReplaced } from './http-wire.ts';
import { type Login, logIn } from './login.ts';
import { refused } from './login-by-header.ts';
import { LoginLatch } from './login-latch.ts';
import { answerInClear, isSoap, loginDenied, refusal, unproven } from './refused-reply.ts';
import { WinRmMemory } from './winrm-memory.ts';
import type { WinRmOptions } from './winrm-options.ts';

/** HTTP.sys closes connections after about 120 s of silence; ours are given up before, so that no request meets the closing. */
const longestIdleMs = 60_000;

/** What holds for one exchange. */
export type ExchangeTerms = {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Whether the host may do the request twice without harm: only then is it sent again here after an answer that proves nothing. Default false. */
  readonly harmless?: boolean;
  /** The moment, as `performance.now()` tells it, from which on the request must not be sent any more, however long a login takes. Default: never. */
  readonly notAfterMs?: number;
  /** Ends a login that carries nothing of the request; what was sent is still waited for. */
  readonly leave?: AbortSignal | undefined;
};

/**
 * A connection to a WinRM endpoint: SOAP text out, SOAP text back. It logs in when it must, and when its socket was replaced it drops the
 * old security context and logs in again. Exchanges queue up one behind the other.
 */
export class WinRmConnection {
  readonly #options: WinRmOptions;
  readonly #wire: HttpWire;
  readonly #memory: WinRmMemory;
  readonly #latch: LoginLatch;
  #login: Login | undefined;
  #lastUse = 0;
  #queue: Promise<unknown> = Promise.resolve();
  readonly #closing = new AbortController();

  /** @param latch that of all connections of the session */
  constructor(options: WinRmOptions, latch = new LoginLatch()) {
    this.#options = options;
    this.#latch = latch;
    this.#wire = new HttpWire(options);
    this.#memory = options.memory ?? new WinRmMemory();
  }

  /** What proved who is who; undefined before the first exchange. */
  get mechanism(): Login['provenBy'] | undefined {
    return this.#login?.provenBy;
  }

  /** Whether bodies are sealed. */
  get sealed(): boolean {
    return this.#login?.seal !== undefined;
  }

  /**
   * Sends a request and gives the reply's text; SOAP faults are replies.
   * @throws Failure `unreachable` (nothing was sent), `dropped` (it may have been processed), `unauthenticated`, `forbidden`, `protocol-error`
   */
  exchange(soap: string, terms: ExchangeTerms): Promise<string> {
    const before = this.#queue;
    const { signal, leave } = terms;
    // Whoever has left already makes a last try.
    const ends = [signal, leave?.aborted === true ? undefined : leave].filter((each) => each !== undefined);
    const turn = unlessAborted(before, AbortSignal.any(ends)).then(() => this.#exchangeNow(soap, terms));
    // The next in turn needs to know that it is over, and keeps nothing of it.
    this.#queue = Promise.allSettled([before, turn]).then(ignore);
    return turn;
  }

  /** Closes the socket; exchanges under way fail `dropped`. */
  close(): void {
    this.#closing.abort(new Failure('unreachable', remedyOf('closed'), { facts: { cause: 'closed' } }));
    this.#login = undefined;
    this.#wire.close();
  }

  async #exchangeNow(soap: string, terms: ExchangeTerms): Promise<string> {
    const harmless = terms.harmless === true;
    let denied = false;
    for (let attempt = 1; ; attempt++) {
      this.#closing.signal.throwIfAborted();
      const { login, reply: early, noteBody } = await this.#secure(soap, terms);
      const reply = early ?? (await this.#send(login, soap, terms, attempt));
      if (reply === undefined) continue;
      this.#lastUse = Date.now();
      if (reply.status === 401) {
        // The host has forgotten the login; or something between says so and has handed the request on, so that only a harmless one goes again here.
        this.#drop();
        if (login.authorization !== undefined) throw this.#deny(harmless);
        if (harmless && !denied) {
          denied = true;
          continue;
        }
      }
      return await this.#read(reply, login, harmless, noteBody);
    }
  }

  /** The password, or the certificate, was with the request itself: it does not go again with it. It was good before, so a later login may try. */
  #deny(harmless: boolean): Failure {
    const refusal = refused({ options: this.#options });
    return harmless ? refusal : unproven(refusal);
  }

  /** The reply; undefined if nothing was sent because the socket had been replaced. */
  async #send(
    login: Login,
    soap: string,
    { timeoutMs, signal, harmless, notAfterMs }: ExchangeTerms,
    attempt: number,
  ): Promise<HttpReply | undefined> {
    const { seal, socket: own, authorization } = login;
    const plain = Buffer.from(soap, 'utf8');
    try {
      return await this.#wire.post({
        prepare: async (socket) => {
          if (own && socket !== own) throw new SocketReplaced();
          return {
            headers: {
              'Content-Type': seal ? sealedContentType(seal.protocol) : plainContentType,
              ...(authorization === undefined ? {} : { Authorization: authorization }),
            },
            body: seal ? encodeSealedBody({ ...(await seal.seal(plain)), length: plain.length }, seal.protocol) : plain,
          };
        },
        timeoutMs,
        signal,
        notAfterMs,
      });
    } catch (error) {
      // Whatever went wrong, the peer's stream position is unknown now.
      this.#drop();
      // Nothing that the wire itself finds wrong in an answer means that the request was not processed.
      if (error instanceof Failure && error.code === 'protocol-error' && harmless !== true) throw unproven(error);
      if (!(error instanceof SocketReplaced)) throw error;
      if (attempt <= 2) return undefined;
      throw new Failure('unreachable', 'The host closes its connections before they can be used.', {
        cause: error,
        facts: { cause: 'broken' },
      });
    }
  }

  /** The login that stands, or a fresh one; `reply` is there if the message went with the login. */
  async #secure(
    soap: string,
    terms: ExchangeTerms,
  ): Promise<{ login: Login; reply: HttpReply | undefined; noteBody?: (taken: boolean) => void }> {
    const login = this.#login;
    const idle = Date.now() - this.#lastUse > longestIdleMs;
    if (login && !idle && (!login.socket || (login.socket === this.#wire.socket && !login.socket.destroyed)))
      return { login, reply: undefined };
    this.#drop();
    const { connectTimeoutMs } = this.#options;
    const closing = this.#closing.signal;
    const signal = AbortSignal.any([terms.signal, terms.leave, closing].filter((each) => each !== undefined));
    try {
      const work = {
        wire: this.#wire,
        options: this.#options,
        memory: this.#memory,
        limits: { timeoutMs: connectTimeoutMs, signal },
        body: { soap: Buffer.from(soap, 'utf8'), terms },
        warn: (text: string) => this.#warn(text),
      };
      const fresh = await this.#latch.run(() => logIn(work), signal);
      this.#login = fresh.login;
      this.#lastUse = Date.now();
      return fresh;
    } catch (error) {
      this.#drop();
      throw error;
    }
  }

  /** Each warning once: connections come and go. */
  #warn(text: string): void {
    const { warn = (said: string) => process.emitWarning(said, 'KintsugiWarning') } = this.#options;
    if (this.#memory.isNews(text)) warn(text);
  }

  /** @param noteBody told whether the host took the message with the last leg of its login, if it went with it */
  async #read(reply: HttpReply, login: Login, harmless: boolean, noteBody?: (taken: boolean) => void): Promise<string> {
    try {
      const text = await this.#open(reply, login, harmless);
      noteBody?.(true);
      return text;
    } catch (error) {
      noteBody?.(false);
      throw error;
    }
  }

  async #open(reply: HttpReply, { seal }: Login, harmless: boolean): Promise<string> {
    const where = `${this.#options.host}:${this.#options.port}`;
    if (seal) return await this.#unseal(reply, seal, where);
    if (isSoap(reply)) return reply.body.toString('utf8');
    throw reply.status === 401 ? loginDenied(where) : refusal(reply, where, harmless);
  }

  /** The clear text of a sealed reply. What the seal does not prove ends the connection: the streams of both sides no longer fit. */
  async #unseal(reply: HttpReply, seal: NonNullable<Login['seal']>, where: string): Promise<string> {
    try {
      if (!isSealedContentType(reply.headers['content-type'])) throw answerInClear(reply, where);
      const parts: Buffer[] = [];
      for (const part of decodeSealedBody(reply.body)) parts.push(await seal.unseal(part.signature, part.sealed));
      return Buffer.concat(parts).toString('utf8');
    } catch (error) {
      this.#drop();
      if (!(error instanceof Failure) || error.code === 'dropped') throw error;
      throw new Failure(
        'dropped',
        `The seal of an answer of ${where} does not hold: ${error.message} The request may have been processed. ${remedyOf('unproven')}`,
        { cause: error, facts: { cause: 'unproven' } },
      );
    }
  }

  #drop(): void {
    this.#login = undefined;
    this.#wire.drop();
  }
}

const ignore = (): undefined => undefined;
