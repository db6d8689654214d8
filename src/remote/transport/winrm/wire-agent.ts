import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { formatDuration } from '../../../kernel/duration.ts';
import { Failure } from '../../../kernel/failure.ts';
import { checksChain } from './certificate-check.ts';
import type { WinRmProxy } from './tls-options.ts';
import type { WinRmOptions } from './winrm-options.ts';

const kept = { keepAlive: true, maxSockets: 1, maxFreeSockets: 1 };

/**
 * An agent that holds one socket at most, through a proxy if there is one.
 * @param showCertificate whether the client certificate is shown to the host
 */
export function makeAgent(options: WinRmOptions, showCertificate: boolean): http.Agent {
  const secure = options.tls && tlsOf(options.tls, showCertificate);
  const { proxy } = options;
  if (proxy) return new TunnelAgent(options, proxy, secure);
  return secure ? new https.Agent({ ...kept, ...secure, maxCachedSessions: 0 }) : new http.Agent(kept);
}

function tlsOf(given: NonNullable<WinRmOptions['tls']>, showCertificate: boolean): tls.ConnectionOptions {
  const { ca, servername, clientCertificate } = given;
  return {
    rejectUnauthorized: checksChain(given),
    ...(ca === undefined ? {} : { ca }),
    ...(servername === undefined ? {} : { servername }),
    // HTTP.sys asks for the certificate behind the handshake: by renegotiation, or in TLS 1.3 in a way that Node has not.
    ...(showCertificate && clientCertificate ? { ...clientCertificate, maxVersion: 'TLSv1.2' } : {}),
  };
}

/** Every connection goes through CONNECT (RFC 9110 9.3.6), also in clear text: a login belongs to one connection from end to end. */
class TunnelAgent extends http.Agent {
  readonly #options: WinRmOptions;
  readonly #proxy: WinRmProxy;
  readonly #secure: tls.ConnectionOptions | undefined;
  #ending = new AbortController();

  constructor(options: WinRmOptions, proxy: WinRmProxy, secure: tls.ConnectionOptions | undefined) {
    super(kept);
    this.#options = options;
    this.#proxy = proxy;
    this.#secure = secure;
    // Node refuses https requests over an agent that does not say so.
    if (secure) Object.assign(this, { protocol: 'https:', defaultPort: 443 });
  }

  override createConnection(_: unknown, done?: (error: Error | null, stream: Duplex) => void): undefined {
    const answer = done as ((error: Error | null, stream?: Duplex) => void) | undefined;
    openTunnel(this.#options, this.#proxy, this.#ending.signal).then(
      (socket) => {
        if (!this.#secure) return answer?.(null, socket);
        const { host } = this.#options;
        return answer?.(null, tls.connect({ servername: nameOf(host), ...this.#secure, socket, host }));
      },
      (error: unknown) => answer?.(error instanceof Error ? error : new Error(String(error))),
    );
  }

  /** Ends tunnels too that are still being dug. */
  override destroy(): void {
    super.destroy();
    this.#ending.abort();
    this.#ending = new AbortController();
  }
}

/** SNI knows no addresses. */
function nameOf(host: string): string {
  return /^[\d.]+$|:/u.test(host) ? '' : host;
}

async function openTunnel(
  { host, port, connectTimeoutMs }: WinRmOptions,
  proxy: WinRmProxy,
  signal: AbortSignal,
): Promise<Socket> {
  const { username, password } = proxy;
  const target = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const pair = username === undefined ? undefined : `${username}:${(await password?.()) ?? ''}`;
  const url = new URL(proxy.url);
  return await new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).request({
      host: url.hostname.replace(/^\[|\]$/gu, ''),
      port: url.port || (url.protocol === 'https:' ? 443 : 80),
      method: 'CONNECT',
      path: target,
      agent: false,
      signal,
      timeout: connectTimeoutMs,
      headers: {
        Host: target,
        ...(pair === undefined ? {} : { 'Proxy-Authorization': `Basic ${Buffer.from(pair).toString('base64')}` }),
      },
    });
    const fail = (reason: string, cause?: Error) =>
      reject(new Failure('unreachable', `The proxy ${url.host} opens no way to ${target}: ${reason}`, { cause }));
    request.once('connect', (response, socket) => {
      if (response.statusCode === 200 && !signal.aborted) return resolve(socket.setTimeout(0) as Socket);
      socket.destroy();
      const { statusCode = 0, statusMessage = '' } = response;
      const advice = statusCode === 407 ? ' Check proxy.credential.' : ' Check the rules of the proxy.';
      return fail(`HTTP ${statusCode} ${statusMessage}.${advice}`);
    });
    request.once('timeout', () => request.destroy(new Error(`no answer within ${formatDuration(connectTimeoutMs)}`)));
    request.on('error', (error) => fail(error.message, error));
    request.end();
  });
}
