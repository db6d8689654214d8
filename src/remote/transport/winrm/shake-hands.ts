import type { Socket } from 'node:net';
import { Failure } from '../../../kernel/failure.ts';
import {
  encodeSealedBody,
  plainContentType,
  type SealProtocol,
  sealedContentType,
} from '../../protocol/wsman/sealed-body.ts';
import { remedyOf } from '../connection-causes.ts';
import { type HttpReply, SocketReplaced } from './http-wire.ts';
import type { Login, LoginLimits, LoginWork, Trial } from './login.ts';
import type { LoginHandshake, LoginStep } from './login-handshake.ts';
import { answerInClear, refusal } from './refused-reply.ts';

/** A login by tokens under one HTTP scheme. */
export type HandshakePlan = {
  readonly scheme: 'Kerberos' | 'Negotiate' | 'NTLM';
  /** Called when the socket is there, for tokens are bound to its certificate. */
  readonly make: (socket: Socket) => LoginHandshake | Promise<LoginHandshake>;
  /** Whether a refusal counts against the account; such a login has a second leg. */
  readonly risksLockout: boolean;
};

/** How a login by tokens ended. */
export type HandshakeEnd =
  | Extract<Trial, { kind: 'in' }>
  | { readonly kind: 'not-offered'; readonly offers: string }
  | { readonly kind: 'refused'; readonly cause?: Failure };

/** More legs than any mechanism has. */
const mostLegs = 6;

/**
 * Logs in by tokens (RFC 4559, MS-WSMV 2.2.9.1). The first message goes with the last leg if the host is known to take that, or if trying is
 * safe: a trial that fails is repeated without it. Over plain HTTP whoever stands between may hand a message on and answer that it was refused:
 * there only what may be done twice is tried, and only that is repeated.
 * @throws Failure `unreachable`, `dropped` (the first message may have run), `forbidden`, `protocol-error`; `unauthenticated` by the mechanism
 */
export async function shakeHands(work: LoginWork, plan: HandshakePlan): Promise<HandshakeEnd> {
  const { options, memory, wire, body } = work;
  const { host, port, tls, auth } = options;
  const name = JSON.stringify([host, port, tls !== undefined, plan.scheme, auth.username]);
  const leg = memory.bodyLegOf(name);
  const repeats = tls !== undefined || body.terms.harmless === true;
  const tries = leg === 'unknown' && repeats && (!plan.risksLockout || memory.isProven(name));
  const carries = leg === 'taken' || tries;
  const first = await tryHands(work, plan, carries);
  if (first.kind !== 'body-refused') {
    if (first.kind === 'in') memory.noteProven(name);
    if (first.kind === 'in' && first.reply) memory.noteBodyLeg(name, 'taken');
    return first;
  }
  wire.drop();
  if (!repeats) {
    memory.noteBodyLeg(name, 'unknown');
    throw answerInClear(first.reply, `${host}:${port}`);
  }
  const second = await tryHands(work, plan, false);
  if (second.kind === 'in') memory.noteBodyLeg(name, 'refused');
  return second.kind === 'body-refused' ? { kind: 'refused' } : second;
}

/** One pass over all legs. */
async function tryHands(
  work: LoginWork,
  plan: HandshakePlan,
  carries: boolean,
): Promise<HandshakeEnd | { readonly kind: 'body-refused'; readonly reply: HttpReply }> {
  const { options, body, limits } = work;
  const where = `${options.host}:${options.port}`;
  let socket: Socket | undefined;
  let handshake: LoginHandshake | undefined;
  let step: LoginStep | undefined;
  for (let leg = 0; leg < mostLegs; leg++) {
    const oneLeg = options.tls !== undefined && !plan.risksLockout;
    const carrying = carries && (step ? step.seal !== undefined : oneLeg);
    const reply = await send(work, carrying ? body.terms : limits, carrying, async (now) => {
      if (socket && now !== socket) throw new SocketReplaced();
      socket = now;
      handshake ??= await plan.make(now);
      step ??= await handshake.start();
      const carried = carrying ? await sealFor(options.tls ? undefined : step, body.soap, protocolOf(plan)) : nothing;
      const authorization = `${plan.scheme} ${(step.token ?? Buffer.alloc(0)).toString('base64')}`;
      return { headers: { Authorization: authorization, 'Content-Type': carried.type }, body: carried.bytes };
    });
    if (!socket || !handshake || !step) throw new Failure('unreachable', `${where} was never written to.`);
    if (carrying && refusesBody(reply)) return { kind: 'body-refused', reply };
    if (carrying && reply.status !== 200 && reply.status !== 500)
      throw options.tls ? refusal(reply, where) : answerInClear(reply, where);
    const offers = reply.headers['www-authenticate'] ?? '';
    const token = tokenOf(offers, plan.scheme);
    if (reply.status === 401 && token === undefined) {
      const known = new RegExp(`\\b${plan.scheme}\\b`, 'iu').test(offers) && !plan.risksLockout;
      return leg > 0 || known ? { kind: 'refused' } : { kind: 'not-offered', offers };
    }
    if (reply.status !== 401 && reply.status !== 200 && !carrying) throw unexpected(reply, where);
    if (token === undefined && step.answer === 'needed') {
      throw new Failure('protocol-error', `${where} let us in without proving itself; it is not trusted.`);
    }
    const sent: LoginStep = step;
    try {
      step = token === undefined ? { ...sent, token: undefined } : await handshake.proceed(token);
    } catch (error) {
      if (reply.status === 401 && error instanceof Failure && error.code !== 'protocol-error')
        return { kind: 'refused', cause: error };
      throw carrying ? asLost(error) : error;
    }
    if (reply.status === 401) {
      if (step.token === undefined) return { kind: 'refused' };
      continue;
    }
    const seal = step.seal ?? sent.seal;
    if (step.token !== undefined || !seal) {
      throw new Failure('protocol-error', `${where} ended the login by ${plan.scheme} before it was complete.`);
    }
    const sealing = { protocol: protocolOf(plan), seal: seal.seal.bind(seal), unseal: seal.unseal.bind(seal) };
    const login: Login = {
      provenBy: handshake.provenBy,
      socket,
      seal: options.tls ? undefined : sealing,
      authorization: undefined,
    };
    return { kind: 'in', login, reply: carrying ? reply : undefined };
  }
  throw new Failure('protocol-error', `${where} asks for one more token again and again.`);
}

/** The message was there when the login failed: nobody knows whether it was processed. */
function asLost(error: unknown): unknown {
  if (!(error instanceof Failure) || error.code === 'protocol-error') return error;
  return new Failure('dropped', error.message, { cause: error, facts: error.facts });
}

const nothing = { type: plainContentType, bytes: Buffer.alloc(0) };

async function sealFor(
  step: LoginStep | undefined,
  soap: Buffer,
  protocol: SealProtocol,
): Promise<{ type: string; bytes: Buffer }> {
  if (!step?.seal) return { type: plainContentType, bytes: soap };
  const sealed = await step.seal.seal(soap);
  return { type: sealedContentType(protocol), bytes: encodeSealedBody({ ...sealed, length: soap.length }, protocol) };
}

function protocolOf({ scheme }: HandshakePlan): SealProtocol {
  return scheme === 'Kerberos' ? 'kerberos' : 'spnego';
}

/**
 * A host that takes no body with the last token says so by its status, or lets us in without a word; in each case it has run nothing. A
 * relay between that answers with 502 or 504 is something else: it may have handed the body on.
 */
function refusesBody({ status, body }: HttpReply): boolean {
  return (status >= 400 && status < 500) || ((status === 200 || status === 500) && body.length === 0);
}

function tokenOf(offers: string, scheme: string): Buffer | undefined {
  const found = new RegExp(`(?:^|,\\s*)${scheme} ([A-Za-z0-9+/=]+)`, 'iu').exec(offers)?.[1];
  return found === undefined ? undefined : Buffer.from(found, 'base64');
}

async function send(
  { wire }: LoginWork,
  limits: LoginLimits,
  carrying: boolean,
  prepare: Parameters<LoginWork['wire']['post']>[0]['prepare'],
): Promise<HttpReply> {
  try {
    return await wire.post({ prepare, timeoutMs: limits.timeoutMs, signal: limits.signal });
  } catch (error) {
    // Where nothing but empty requests was sent, a broken connection has run nothing.
    const broken =
      error instanceof SocketReplaced || (error instanceof Failure && error.code === 'dropped' && !carrying);
    if (!broken) throw error;
    throw new Failure('unreachable', `The connection did not stay open during the login: ${error.message}`, {
      cause: error,
      facts: error instanceof Failure ? error.facts : { cause: 'broken' },
    });
  }
}

function unexpected(reply: HttpReply, where: string): Failure {
  if (reply.status === 403) return new Failure('forbidden', `${where} refused the account (HTTP 403).`);
  const cause = reply.status === 503 ? 'service-away' : 'not-winrm';
  return new Failure(
    'unreachable',
    `Expected the next step of the login from ${where}, got HTTP ${reply.status}. ${remedyOf(cause)}`,
    { facts: { cause } },
  );
}
