import { Failure } from '../../../kernel/failure.ts';
import {
  decodeSealedBody,
  encodeSealedBody,
  isSealedContentType,
  plainContentType,
  sealedContentType,
} from '../../protocol/wsman/sealed-body.ts';
import { remedyOf } from '../connection-causes.ts';
import { type HttpReply, HttpWire, SocketReplaced } from './http-wire.ts';
import { type Login, logIn } from './login.ts';
import { WinRmMemory } from './winrm-memory.ts';
import type { WinRmOptions } from './winrm-options.ts';

/** HTTP.sys closes connections after about 120 s of silence; ours are given up before, so that no request meets the closing. */
const longestIdleMs = 60_000;

/** Limits of one exchange. */
export type ExchangeLimits = { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined };

/**
 * A connection to a WinRM endpoint: SOAP text out, SOAP text back. It logs in when it must, and when its socket was replaced it drops the
 * old security context and logs in again. Exchanges queue up one behind the other.
 */
export class WinRmConnection {
  readonly #options: WinRmOptions;
  readonly #wire: HttpWire;
  readonly #memory: WinRmMemory;
  #login: Login | undefined;
  #lastUse = 0;
  #queue: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(options: WinRmOptions) {
    this.#options = options;
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
  exchange(soap: string, limits: ExchangeLimits): Promise<string> {
    const turn = this.#queue.then(() => this.#exchangeNow(soap, limits));
    // The next in turn needs to know that it is over, and keeps nothing of it.
    this.#queue = turn.then(ignore, ignore);
    return turn;
  }

  /** Closes the socket; exchanges under way fail `dropped`. */
  close(): void {
    this.#closed = true;
    this.#drop();
  }

  async #exchangeNow(soap: string, limits: ExchangeLimits): Promise<string> {
    for (let attempt = 1; ; attempt++) {
      if (this.#closed) throw new Failure('unreachable', remedyOf('closed'), { facts: { cause: 'closed' } });
      const { login, reply: early } = await this.#secure(soap, limits);
      if (this.#closed && early === undefined) {
        this.#drop();
        throw new Failure('unreachable', remedyOf('closed'), { facts: { cause: 'closed' } });
      }
      const reply = early ?? (await this.#send(login, soap, limits, attempt));
      if (reply === undefined) continue;
      this.#lastUse = Date.now();
      if (reply.status !== 401) return await this.#open(reply, login);
      // The host processed nothing: the connection's login had been lost, or the password is wrong.
      this.#drop();
      if (attempt > 1 || login.authorization !== undefined) {
        const { host, port, auth } = this.#options;
        throw new Failure(
          'unauthenticated',
          `${host}:${port} refused the login of ${auth.username}: check the name, the password and whether the account is locked.`,
        );
      }
    }
  }

  /** The reply; undefined if nothing was sent because the socket had been replaced. */
  async #send(login: Login, soap: string, limits: ExchangeLimits, attempt: number): Promise<HttpReply | undefined> {
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
        ...limits,
      });
    } catch (error) {
      // Whatever went wrong, the peer's stream position is unknown now.
      this.#drop();
      if (!(error instanceof SocketReplaced)) throw error;
      if (attempt <= 2) return undefined;
      throw new Failure('unreachable', 'The host closes its connections before they can be used.', {
        cause: error,
        facts: { cause: 'broken' },
      });
    }
  }

  /** The login that stands, or a fresh one; `reply` is there if the message went with the login. */
  async #secure(soap: string, limits: ExchangeLimits): Promise<{ login: Login; reply: HttpReply | undefined }> {
    const login = this.#login;
    const idle = Date.now() - this.#lastUse > longestIdleMs;
    if (login && !idle && (!login.socket || (login.socket === this.#wire.socket && !login.socket.destroyed)))
      return { login, reply: undefined };
    this.#drop();
    const { connectTimeoutMs } = this.#options;
    try {
      const fresh = await logIn({
        wire: this.#wire,
        options: this.#options,
        memory: this.#memory,
        limits: { timeoutMs: connectTimeoutMs, signal: limits.signal },
        body: { soap: Buffer.from(soap, 'utf8'), limits },
        warn: (text) => this.#warn(text),
      });
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

  async #open(reply: HttpReply, login: Login): Promise<string> {
    const { host, port } = this.#options;
    const type = reply.headers['content-type'];
    if (isSealedContentType(type)) {
      if (!login.seal)
        throw new Failure('protocol-error', `${host}:${port} sealed a reply to a request that was not sealed.`);
      try {
        const seal = login.seal;
        const parts: Buffer[] = [];
        for (const part of decodeSealedBody(reply.body)) parts.push(await seal.unseal(part.signature, part.sealed));
        return Buffer.concat(parts).toString('utf8');
      } catch (error) {
        this.#drop();
        throw error;
      }
    }
    const isSoap = type !== undefined && /\bxml\b/iu.test(type) && reply.body.length > 0;
    if (reply.status === 200 && login.seal) {
      this.#drop();
      throw new Failure(
        'protocol-error',
        `${host}:${port} answered a sealed request in clear; the answer is not trusted.`,
      );
    }
    if (isSoap && (reply.status === 200 || reply.status === 500)) return reply.body.toString('utf8');
    throw refusal(reply, `${host}:${port}`);
  }

  #drop(): void {
    this.#login = undefined;
    this.#wire.drop();
  }
}

function refusal(reply: HttpReply, where: string): Failure {
  if (reply.status === 403) return new Failure('forbidden', `${where} refused the account (HTTP 403).`);
  // HTTP.sys answers so for a service that is not there: nothing was processed.
  if (reply.status === 503 || reply.status === 404) {
    const said = `${where} cannot serve requests now (HTTP ${reply.status}). ${remedyOf('service-away')}`;
    return new Failure('unreachable', said, { facts: { cause: 'service-away' } });
  }
  // A relay between us says that it got no answer: the host may have got the request.
  if (reply.status === 502 || reply.status === 504) {
    const said = `Something between us and ${where} answered that it got no answer (HTTP ${reply.status}).`;
    return new Failure('dropped', said, { facts: { cause: 'broken' } });
  }
  if (reply.status === 500) {
    return new Failure(
      'protocol-error',
      `${where} refused the request without a reason (HTTP 500); Windows does so for bodies that are not sealed.`,
    );
  }
  const said = `Expected a SOAP reply from ${where}, got HTTP ${reply.status}. ${remedyOf('not-winrm')}`;
  return new Failure('protocol-error', said, { facts: { cause: 'not-winrm' } });
}

const ignore = (): undefined => undefined;
