import { randomUUID } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { MessageSeal } from '../../remote/protocol/security/message-seal.ts';
import { encodeReply } from '../../remote/protocol/wsman/encode-reply.ts';
import { makeFault } from '../../remote/protocol/wsman/fault.ts';
import { faultCodes } from '../../remote/protocol/wsman/fault-codes.ts';
import {
  decodeSealedBody,
  encodeSealedBody,
  isSealedContentType,
  plainContentType,
  type SealProtocol,
  sealedContentType,
  sealProtocolOf,
} from '../../remote/protocol/wsman/sealed-body.ts';
import { type Caller, ConnectionLogin } from './connection-login.ts';
import { bindingsOf, certificateOf, secureOptions } from './endpoint-certificates.ts';
import { type WinRmEndpointOptions, windowsLimits } from './endpoint-options.ts';
import { IdleConnections } from './idle-connections.ts';
import { type Answer, ShellService } from './shell-service.ts';

/** A running WinRM endpoint. */
export type WinRmEndpoint = {
  readonly port: number;
  readonly url: string;
  /** HTTP requests that came so far, those of logins too. */
  readonly requests: number;
  /** False: connections are cut at once and new ones too, as when the host restarts; shells are not touched. */
  setReachable(reachable: boolean): void;
  /** Cuts all open connections, as a broken network would; shells live on. */
  cutConnections(): void;
  /** Forgets who is logged in on the open connections: the next request on each is answered with 401. */
  forgetLogins(): void;
  /** Ends all shells and connections, as when the service is restarted. */
  restart(): void;
  /** Shows another certificate from the next connection on. */
  setCertificate(tls: { readonly key: string; readonly cert: string }): void;
  /** Ends shells and connections and frees the port. */
  close(): Promise<void>;
};

/** How a body is sealed. */
type Seal = { readonly with: MessageSeal; readonly protocol: SealProtocol };

type Exchange = {
  readonly request: http.IncomingMessage;
  readonly response: http.ServerResponse;
  readonly seal: Seal | undefined;
};

/** Starts a WinRM endpoint: HTTP or HTTPS, NTLM logins, sealed bodies, shells. @throws if the port is taken */
export async function startWinRmEndpoint(options: WinRmEndpointOptions): Promise<WinRmEndpoint> {
  const endpoint = new Endpoint(options);
  await endpoint.listen();
  return endpoint;
}

class Endpoint implements WinRmEndpoint {
  readonly #options: WinRmEndpointOptions;
  readonly #server: http.Server;
  readonly #service: ShellService;
  #logins = new WeakMap<Socket, ConnectionLogin>();
  readonly #sockets = new Set<Socket>();
  readonly #idle: IdleConnections;
  #channelBindings: Buffer | undefined;
  #reachable = true;
  #requests = 0;

  constructor(options: WinRmEndpointOptions) {
    this.#options = options;
    this.#service = new ShellService(options);
    const { tls } = options;
    this.#channelBindings = tls && bindingsOf(tls);
    this.#server = tls ? https.createServer(secureOptions(tls)) : http.createServer();
    this.#idle = new IdleConnections(options.limits?.connectionIdleMs ?? windowsLimits.connectionIdleMs);
    this.#server.keepAliveTimeout = 0;
    this.#server.requestTimeout = 0;
    this.#server.on('connection', (socket: Socket) => this.#admit(socket));
    this.#server.on('request', (request, response) => void this.#serve(request, response));
  }

  get port(): number {
    const address: AddressInfo | string | null = this.#server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  get url(): string {
    return `${this.#options.tls ? 'https' : 'http'}://${this.#options.host}:${this.port}/wsman`;
  }

  get requests(): number {
    return this.#requests;
  }

  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#options.port, this.#options.host, () => resolve());
    });
  }

  setReachable(reachable: boolean): void {
    this.#reachable = reachable;
    if (!reachable) this.cutConnections();
  }

  cutConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  forgetLogins(): void {
    this.#logins = new WeakMap();
  }

  restart(): void {
    this.#service.close();
    this.cutConnections();
  }

  setCertificate(tls: { readonly key: string; readonly cert: string }): void {
    if (!(this.#server instanceof https.Server)) return;
    this.#server.setSecureContext(tls);
    this.#channelBindings = bindingsOf(tls);
  }

  close(): Promise<void> {
    this.#service.close();
    this.cutConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #admit(socket: Socket): void {
    if (!this.#reachable) {
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    this.#idle.watch(socket);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      this.#service.disconnect(socket);
    });
  }

  async #serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    this.#requests++;
    this.#idle.use(request, response);
    try {
      const body = await readBody(request, this.#options);
      const fate = await this.#options.onRequest?.();
      const answered = this.#answer(request, response, body);
      if (fate === 'lose') this.cutConnections();
      await answered;
    } catch {
      // A client that is gone, or a seal that does not match: there is nobody to tell.
      request.socket.destroy();
    }
  }

  async #answer(request: http.IncomingMessage, response: http.ServerResponse, body: Buffer): Promise<void> {
    if (request.method !== 'POST' || !/^\/wsman(?:[?/]|$)/iu.test(request.url ?? '')) {
      response.writeHead(404).end();
      return;
    }
    if (request.headers['wsmanidentify'] !== undefined) return this.#identify(response, request, body);
    const step = this.#loginOf(request.socket).judge(request.headers.authorization);
    if (step.kind === 'asked') {
      response.writeHead(401, { 'WWW-Authenticate': [...step.offers], 'Content-Length': 0 }).end();
      return;
    }
    const { caller, proof, fresh } = step;
    if (proof !== undefined) response.setHeader('WWW-Authenticate', proof);
    if (body.length === 0) {
      response.writeHead(200, { 'Content-Length': 0 }).end();
      return;
    }
    if (fresh && body.length > 0 && this.#options.bodyWithLogin === false) {
      response.writeHead(400, { 'Content-Length': 0 }).end();
      return;
    }
    const isSealed = isSealedContentType(request.headers['content-type']);
    // Windows refuses what anybody on the way could read, without saying why.
    if (!isSealed && !this.#options.tls && !this.#options.allowUnencrypted) {
      response.writeHead(500, { 'Content-Length': 0 }).end();
      return;
    }
    if (isSealed && !caller.seal) {
      response.writeHead(400, { 'Content-Length': 0 }).end();
      return;
    }
    const protocol = sealProtocolOf(request.headers['content-type']);
    const seal = isSealed && caller.seal ? { with: caller.seal, protocol } : undefined;
    const text = (seal ? unsealBody(seal.with, body) : body).toString('utf8');
    this.#reply(response, request, await this.#ask(text, caller, { request, response, seal }), seal);
  }

  #ask(text: string, caller: Caller, { request, response, seal }: Exchange): Promise<Answer> {
    const limit = this.#options.limits?.envelopeBytes ?? windowsLimits.envelopeBytes;
    if (Buffer.byteLength(text) > limit) {
      const reply = makeFault(
        faultCodes.envelopeTooLarge,
        `The request exceeds the largest envelope of ${limit} bytes.`,
      );
      return Promise.resolve({ relatesTo: undefined, reply });
    }
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const { socket } = request;
    return this.#service.answer(text, {
      caller,
      clientIp: socket.remoteAddress ?? '',
      url: this.url,
      gone: gone.signal,
      connection: socket,
      notify: (envelope) => notify(response, envelope, seal),
    });
  }

  #reply(response: http.ServerResponse, request: http.IncomingMessage, answer: Answer, seal: Seal | undefined): void {
    const { reply, relatesTo, operationId } = answer;
    if (!reply || request.socket.destroyed) {
      request.socket.destroy();
      return;
    }
    const text = encodeReply(reply, {
      messageId: `uuid:${randomUUID().toUpperCase()}`,
      relatesTo,
      machine: this.#options.computerName,
      operationId,
    });
    const bytes = toBody(text, seal);
    if (!response.headersSent)
      response.writeHead(reply.kind === 'fault' ? 500 : 200, { ...typeOf(seal), 'Content-Length': bytes.length });
    response.end(bytes);
  }

  /** Identify is answered to anybody who marks it so (MS-WSMV 3.1.4.1.26). */
  async #identify(response: http.ServerResponse, request: http.IncomingMessage, body: Buffer): Promise<void> {
    const nobody: Caller = { account: '', administrator: false, seal: undefined };
    const exchange = { request, response, seal: undefined };
    this.#reply(response, request, await this.#ask(body.toString('utf8'), nobody, exchange), undefined);
  }

  #loginOf(socket: Socket): ConnectionLogin {
    let login = this.#logins.get(socket);
    if (!login) {
      const channelBindings = this.#channelBindings;
      login = new ConnectionLogin(this.#options, { channelBindings, certificate: certificateOf(socket) });
      this.#logins.set(socket, login);
    }
    return login;
  }
}

/** Writes an envelope before the answer, each as a chunk of its own (MS-WSMV 3.2.4.2.1). */
function notify(response: http.ServerResponse, envelope: string, seal: Seal | undefined): void {
  if (response.destroyed) return;
  if (!response.headersSent) response.writeHead(200, { ...typeOf(seal), 'Transfer-Encoding': 'chunked' });
  response.write(toBody(envelope, seal));
}

const typeOf = (seal: Seal | undefined) => ({
  'Content-Type': seal ? sealedContentType(seal.protocol) : plainContentType,
});

function toBody(text: string, seal: Seal | undefined): Buffer {
  const plain = Buffer.from(text, 'utf8');
  return seal ? encodeSealedBody({ ...seal.with.seal(plain), length: plain.length }, seal.protocol) : plain;
}

async function readBody(request: http.IncomingMessage, options: WinRmEndpointOptions): Promise<Buffer> {
  const limit = 4 * (options.limits?.envelopeBytes ?? windowsLimits.envelopeBytes);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limit) throw new RangeError(`the body exceeds ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

function unsealBody(seal: MessageSeal, body: Buffer): Buffer {
  return Buffer.concat(decodeSealedBody(body).map((part) => seal.unseal(part.signature, part.sealed)));
}
