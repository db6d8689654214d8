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
import type { Mechanism, WinRmOptions } from './winrm-options.ts';

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
  #login: Login | undefined;
  #lastUse = 0;
  #queue: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(options: WinRmOptions) {
    this.#options = options;
    this.#wire = new HttpWire(options);
  }

  /** How the connection is logged in; undefined before the first exchange. */
  get mechanism(): Mechanism | undefined {
    return this.#login?.mechanism;
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
    this.#queue = turn.catch(() => undefined);
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
      const login = await this.#secure(limits.signal);
      const reply = await this.#send(login, soap, limits, attempt);
      if (reply === undefined) continue;
      this.#lastUse = Date.now();
      if (reply.status !== 401) return this.#open(reply, login);
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
    const headers: Record<string, string> = { 'Content-Type': login.seal ? sealedContentType : plainContentType };
    if (login.authorization !== undefined) headers['Authorization'] = login.authorization;
    try {
      return await this.#wire.post({
        headers,
        makeBody: (socket) => {
          if (login.socket && socket !== login.socket) throw new SocketReplaced();
          const plain = Buffer.from(soap, 'utf8');
          return login.seal ? encodeSealedBody({ ...login.seal.seal(plain), length: plain.length }) : plain;
        },
        ...limits,
      });
    } catch (error) {
      // Whatever went wrong, the peer's stream position is unknown now.
      this.#drop();
      if (!(error instanceof SocketReplaced)) throw error;
      if (attempt <= 2) return undefined;
      throw new Failure('unreachable', 'The host closes its connections before they can be used.', { cause: error });
    }
  }

  async #secure(signal: AbortSignal | undefined): Promise<Login> {
    const login = this.#login;
    const idle = Date.now() - this.#lastUse > longestIdleMs;
    if (login && !idle && (!login.socket || (login.socket === this.#wire.socket && !login.socket.destroyed)))
      return login;
    this.#drop();
    const fresh = await logIn(this.#wire, this.#options, { timeoutMs: this.#options.connectTimeoutMs, signal });
    this.#login = fresh;
    this.#lastUse = Date.now();
    return fresh;
  }

  #open(reply: HttpReply, login: Login): string {
    const { host, port } = this.#options;
    const type = reply.headers['content-type'];
    if (isSealedContentType(type)) {
      if (!login.seal)
        throw new Failure('protocol-error', `${host}:${port} sealed a reply to a request that was not sealed.`);
      try {
        const seal = login.seal;
        return Buffer.concat(
          decodeSealedBody(reply.body).map((part) => seal.unseal(part.signature, part.sealed)),
        ).toString('utf8');
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
  if (reply.status === 500) {
    return new Failure(
      'protocol-error',
      `${where} refused the request without a reason (HTTP 500); Windows does so for bodies that are not sealed.`,
    );
  }
  const said = `Expected a SOAP reply from ${where}, got HTTP ${reply.status}. ${remedyOf('not-winrm')}`;
  return new Failure('protocol-error', said, { facts: { cause: 'not-winrm' } });
}
