import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { Failure } from '../../../kernel/failure.ts';
import { hashChannelBindings } from '../../protocol/ntlm/channel-bindings.ts';
import { answerChallenge, splitUserName, startNtlm } from '../../protocol/ntlm/ntlm-client.ts';
import type { NtlmSeal } from '../../protocol/ntlm/ntlm-seal.ts';
import { hashPassword } from '../../protocol/ntlm/ntlmv2.ts';
import { plainContentType } from '../../protocol/wsman/sealed-body.ts';
import { remedyOf } from '../connection-causes.ts';
import { type HttpReply, type HttpWire, SocketReplaced } from './http-wire.ts';
import type { Mechanism, WinRmOptions } from './winrm-options.ts';

/** A logged-in connection. */
export type Login = {
  readonly mechanism: Mechanism;
  /** The socket that the login belongs to; undefined where every request carries the credentials. */
  readonly socket: Socket | undefined;
  /** Seals bodies; undefined over TLS and with Basic. */
  readonly seal: NtlmSeal | undefined;
  /** Header of every request; undefined where the connection itself is logged in. */
  readonly authorization: string | undefined;
};

/** Limits of a login. */
export type LoginLimits = { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined };

/**
 * Logs a connection in, by the first mechanism that the host offers.
 * @throws Failure `unauthenticated` or `unreachable`
 */
export async function logIn(wire: HttpWire, options: WinRmOptions, limits: LoginLimits): Promise<Login> {
  const refused: string[] = [];
  for (const mechanism of options.auth.mechanisms) {
    if (mechanism === 'basic') {
      if (options.tls || options.allowUnencrypted) return logInBasic(options);
      refused.push('basic (needs TLS)');
      continue;
    }
    const login = await logInNtlm(wire, mechanism, options, limits);
    if (typeof login !== 'string') return login;
    refused.push(`${mechanism} (the host offers ${login || 'nothing'})`);
    wire.drop();
  }
  const { host, port } = options;
  throw new Failure('unauthenticated', `No mechanism to log in at ${host}:${port} is left: ${refused.join(', ')}.`);
}

async function logInBasic(options: WinRmOptions): Promise<Login> {
  const pair = `${options.auth.username}:${await options.auth.password()}`;
  const authorization = `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
  return { mechanism: 'basic', socket: undefined, seal: undefined, authorization };
}

/** The login, or the schemes that the host offers instead. */
async function logInNtlm(
  wire: HttpWire,
  mechanism: 'negotiate' | 'ntlm',
  options: WinRmOptions,
  limits: LoginLimits,
): Promise<Login | string> {
  const scheme = mechanism === 'negotiate' ? 'Negotiate' : 'NTLM';
  const { host, port, auth } = options;
  const negotiate = startNtlm();
  const first = await sendToken(wire, `${scheme} ${negotiate.toString('base64')}`, limits);
  const offers = first.headers['www-authenticate'] ?? '';
  if (first.status !== 401) throw unexpected(first, `${host}:${port}`, 'a challenge');
  const challenge = new RegExp(`(?:^|,\\s*)${scheme} ([A-Za-z0-9+/=]+)`, 'iu').exec(offers)?.[1];
  if (challenge === undefined) return offers;
  const ntHash = hashPassword(await auth.password());
  const bindings = channelBindingsOf(first.socket);
  const { message, seal } = answerChallenge(
    negotiate,
    Buffer.from(challenge, 'base64'),
    { ...splitUserName(auth.username), ntHash },
    { nowMs: Date.now(), randomBytes, targetName: `HTTP/${host}`, ...(bindings ? { channelBindings: bindings } : {}) },
  );
  const second = await sendToken(wire, `${scheme} ${message.toString('base64')}`, limits, first.socket);
  if (second.status === 401) {
    throw new Failure(
      'unauthenticated',
      `${host}:${port} refused the login of ${auth.username}: check the name, the password and whether the account is locked.`,
    );
  }
  if (second.status !== 200) throw unexpected(second, `${host}:${port}`, 'the end of the login');
  return { mechanism, socket: first.socket, seal: options.tls ? undefined : seal, authorization: undefined };
}

async function sendToken(wire: HttpWire, authorization: string, limits: LoginLimits, on?: Socket): Promise<HttpReply> {
  try {
    return await wire.post({
      headers: { Authorization: authorization, 'Content-Type': plainContentType },
      makeBody: (socket) => {
        if (on && socket !== on) throw new SocketReplaced();
        return Buffer.alloc(0);
      },
      ...limits,
    });
  } catch (error) {
    // Nothing but empty requests was sent so far, so a broken connection has run nothing.
    const broken = error instanceof SocketReplaced || (error instanceof Failure && error.code === 'dropped');
    if (!broken) throw error;
    throw new Failure('unreachable', `The connection did not stay open during the login: ${error.message}`, {
      cause: error,
      facts: error instanceof Failure ? error.facts : { cause: 'broken' },
    });
  }
}

function unexpected(reply: HttpReply, where: string, what: string): Failure {
  if (reply.status === 403) return new Failure('forbidden', `${where} refused the account (HTTP 403).`);
  const cause = reply.status === 503 ? 'service-away' : 'not-winrm';
  return new Failure('unreachable', `Expected ${what} from ${where}, got HTTP ${reply.status}. ${remedyOf(cause)}`, {
    facts: { cause },
  });
}

function channelBindingsOf(socket: Socket): Buffer | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const { raw } = socket.getPeerCertificate(true);
  return raw ? hashChannelBindings(raw) : undefined;
}
