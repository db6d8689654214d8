import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { formatDuration } from '../../../kernel/duration.ts';
import { Failure } from '../../../kernel/failure.ts';
import { causeOfSocketError, remedyOf } from '../connection-causes.ts';
import { checkPin, failureOfTls } from './certificate-check.ts';
import type { WinRmOptions } from './winrm-options.ts';
import { makeAgent } from './wire-agent.ts';

/** A reply as it came over one socket. */
export type HttpReply = {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
  readonly socket: Socket;
};

/** A request that is ready to be written. */
type Prepared = { readonly headers: Readonly<Record<string, string>>; readonly body: Buffer };

/** One POST. */
export type HttpCall = {
  /** Called when the socket is ready, before the first byte is written; if it fails nothing is written. */
  readonly prepare: (socket: Socket) => Prepared | Promise<Prepared>;
  /** Limit for the answer; reaching the host has its own. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** The moment, as `performance.now()` tells it, from which on nothing must be written any more. */
  readonly notAfterMs?: number | undefined;
};

/** Larger than any envelope that a host may send us. */
const largestReplyBytes = 32 * 1024 * 1024;

/**
 * One kept TCP connection: an agent of its own that never holds more than one socket, so that a login and the sealed messages after it
 * stay together. Requests must not overlap.
 */
export class HttpWire {
  readonly #options: WinRmOptions;
  #agent: http.Agent;
  #showsCertificate = false;
  #socket: Socket | undefined;
  /** The request that is under way. */
  #request: http.ClientRequest | undefined;
  #closed = false;

  constructor(options: WinRmOptions) {
    this.#options = options;
    this.#agent = makeAgent(options, false);
  }

  /** Whether the next connection shows the client certificate; one that is open is closed if that changes. */
  showCertificate(shows: boolean): void {
    if (shows === this.#showsCertificate) return;
    this.drop();
    this.#showsCertificate = shows;
    this.#agent = makeAgent(this.#options, shows);
  }

  /** The open socket, if there is one. */
  get socket(): Socket | undefined {
    return this.#socket;
  }

  /** Closes the socket; the next request opens another. */
  drop(): void {
    this.#agent.destroy();
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  /** Closes the socket for good: a request under way fails, and whoever goes on with a login sends nothing more. */
  close(): void {
    this.#closed = true;
    // While its socket is still on the way, destroying the agent does not reach a request.
    this.#request?.destroy(new Error('closed'));
    this.drop();
  }

  /**
   * Sends one request and waits for its whole reply.
   * @throws Failure `unreachable` or `untrusted-host` if nothing was sent, `dropped` if it was; or the signal's reason
   */
  async post(call: HttpCall): Promise<HttpReply> {
    call.signal?.throwIfAborted();
    if (this.#closed) throw new Failure('unreachable', remedyOf('closed'), { facts: { cause: 'closed' } });
    return await new Promise((resolve, reject) => this.#post(call, resolve, reject));
  }

  #post(call: HttpCall, resolve: (reply: HttpReply) => void, reject: (error: unknown) => void): void {
    const { host, port, tls, connectTimeoutMs } = this.#options;
    const request = (tls ? https : http).request({
      host,
      port,
      path: '/wsman',
      method: 'POST',
      agent: this.#agent,
      headers: { 'User-Agent': 'Kintsugi', 'Accept-Encoding': 'identity', Connection: 'Keep-Alive' },
    });
    this.#request = request;
    let written = false;
    const limit = (ms: number) => setTimeout(() => request.destroy(this.#lateFailure(written, ms)), ms);
    let timer = limit(connectTimeoutMs);
    const abort = () => request.destroy(new Aborted(call.signal?.reason));
    call.signal?.addEventListener('abort', abort, { once: true });
    const settle = () => {
      if (this.#request === request) this.#request = undefined;
      clearTimeout(timer);
      call.signal?.removeEventListener('abort', abort);
    };
    const fail = (error: Error) => {
      settle();
      reject(error instanceof Aborted ? error.reason : this.#failureOf(error, written));
    };
    request.once('socket', (socket) => {
      this.#watch(socket);
      whenReady(socket, () => {
        this.#write(request, socket, call).then(
          (done) => {
            if (!done) return;
            written = true;
            if (request.destroyed) return;
            clearTimeout(timer);
            timer = limit(call.timeoutMs);
          },
          (error: unknown) => request.destroy(error instanceof Error ? error : new Error(String(error))),
        );
      });
    });
    // A second error of one request is nobody's concern, but must not end the process.
    request.on('error', fail);
    request.once('response', (response) => {
      const { socket } = response;
      collect(response)
        .then((body) => {
          settle();
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body, socket });
        })
        .catch(fail);
    });
  }

  /** Writes the request; false if it was given up meanwhile. A failure has written nothing. */
  async #write(request: http.ClientRequest, socket: Socket, { prepare, notAfterMs }: HttpCall): Promise<boolean> {
    const { host, port, tls } = this.#options;
    if (tls && socket instanceof TLSSocket) checkPin(socket, tls, `${host}:${port}`);
    const { headers, body } = await prepare(socket);
    if (request.destroyed) return false;
    if (notAfterMs !== undefined && performance.now() > notAfterMs) throw tooLate(`${host}:${port}`);
    for (const [name, value] of Object.entries(headers)) request.setHeader(name, value);
    request.setHeader('Content-Length', body.length);
    request.end(body);
    return true;
  }

  #watch(socket: Socket): void {
    if (socket === this.#socket) return;
    this.#socket = socket;
    // Requests are small and wait for each other: none may lie in a buffer.
    socket.setNoDelay(true);
    socket.once('close', () => {
      if (this.#socket === socket) this.#socket = undefined;
    });
  }

  #failureOf(error: Error, written: boolean): Error {
    if (error instanceof Failure || error instanceof SocketReplaced) return error;
    const { host, port, tls } = this.#options;
    const where = `${tls ? 'https' : 'http'}://${host}:${port}`;
    const untrusted = tls && failureOfTls(error, `${host}:${port}`);
    if (untrusted && !written) return untrusted;
    if (this.#closed && !written) return new Failure('unreachable', remedyOf('closed'), { facts: { cause: 'closed' } });
    if (written) {
      return new Failure('dropped', `The connection to ${where} broke before the answer was there: ${error.message}`, {
        cause: error,
        facts: { cause: 'broken' },
      });
    }
    const cause = causeOfSocketError(error);
    return new Failure('unreachable', `No connection to ${where}: ${error.message}. ${remedyOf(cause)}`, {
      cause: error,
      facts: { cause },
    });
  }

  #lateFailure(written: boolean, timeoutMs: number): Failure {
    const { host, port } = this.#options;
    return written
      ? new Failure(
          'dropped',
          `${host}:${port} took the request but did not answer within ${formatDuration(timeoutMs)}.`,
          {
            facts: { cause: 'timeout' },
          },
        )
      : new Failure(
          'unreachable',
          `No connection to ${host}:${port} within ${formatDuration(timeoutMs)}. ${remedyOf('timeout')}`,
          {
            facts: { cause: 'timeout' },
          },
        );
  }
}

function tooLate(where: string): Failure {
  const said = `${where} was not reached in time to send the request once more: it would no longer know that it had it before.`;
  return new Failure('unreachable', said, { facts: { cause: 'timeout' } });
}

/** Thrown by `makeBody` if the socket is not the one that was logged in: nothing was sent. */
export class SocketReplaced extends Error {
  constructor() {
    super('the connection was replaced by another one');
    this.name = 'SocketReplaced';
  }
}

class Aborted extends Error {
  readonly reason: unknown;

  constructor(reason: unknown) {
    super('aborted');
    this.reason = reason;
  }
}

function whenReady(socket: Socket, then: () => void): void {
  if (socket instanceof TLSSocket) {
    // Over a proxy's tunnel the socket below is connected from the start, and a protocol is told before the handshake is done.
    const isSecuring: unknown = Reflect.get(socket, 'secureConnecting');
    if (socket.connecting || isSecuring === true || socket.getProtocol() === null) socket.once('secureConnect', then);
    else then();
  } else if (socket.connecting) socket.once('connect', then);
  else then();
}

async function collect(response: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > largestReplyBytes)
      throw new Failure('protocol-error', `The host sent more than ${largestReplyBytes} bytes in one reply.`);
  }
  return Buffer.concat(chunks, length);
}
