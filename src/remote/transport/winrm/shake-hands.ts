import type { Socket } from 'node:net';
import { Failure } from '../../../kernel/failure.ts';
import {
  encodeSealedBody,
  isSealedContentType,
  plainContentType,
  type SealProtocol,
  sealedContentType,
} from '../../protocol/wsman/sealed-body.ts';
import { remedyOf } from '../connection-causes.ts';
import { type HttpReply, SocketReplaced } from './http-wire.ts';
import type { Login, LoginWork, Trial } from './login.ts';
import { refused } from './login-by-header.ts';
import type { LoginHandshake, LoginStep } from './login-handshake.ts';
import { postLogin } from './post-login.ts';
import { isSoap, refusal, refusesForGood, unproven } from './refused-reply.ts';

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
 * there only what may be done twice goes with a login. Whatever ends TLS between could do so too: with other messages nothing is tried.
 * @throws Failure `unreachable`, `dropped` (the first message may have run), `forbidden`, `protocol-error`; `unauthenticated` by the mechanism
 */
export async function shakeHands(work: LoginWork, plan: HandshakePlan): Promise<HandshakeEnd> {
  const { options, memory, wire, body } = work;
  const { host, port, tls, auth } = options;
  const name = JSON.stringify([host, port, tls !== undefined, plan.scheme, auth.username]);
  const leg = memory.bodyLegOf(name);
  const harmless = body.terms.harmless === true;
  const tries = leg === 'unknown' && harmless && (!plan.risksLockout || memory.isProven(name));
  const known = leg === 'taken' && (harmless || tls !== undefined);
  const carries: Carries = known ? 'as known' : tries ? 'on trial' : 'nothing';
  const noteBody = (taken: boolean) => memory.noteBodyLeg(name, taken ? 'taken' : 'unknown');
  const first = await tryHands(work, plan, carries).catch((error: unknown) => {
    // Only the message itself can be lost.
    if (error instanceof Failure && error.code === 'dropped') noteBody(false);
    throw error;
  });
  if (first.kind === 'in') memory.noteProven(name);
  // Whatever it was that changed, the next login is no trial: a password that may be wrong is shown once.
  if (first.kind === 'refused' && carries === 'as known') memory.noteBodyLeg(name, 'refused');
  // Something between may have handed the message on: then it was processed, whatever is said of the login.
  if (carries !== 'nothing' && !harmless && first.kind !== 'in') throw unproven(refused(work));
  if (first.kind === 'in' && first.reply) return { ...first, noteBody };
  if (first.kind !== 'body-refused') return first;
  wire.drop();
  noteBody(false);
  // It may be the message that is denied, or the password: the next login after this one makes no trial before one was good again.
  if (first.reply.status === 401) memory.forgetProven(name);
  const second = await tryHands(work, plan, 'nothing');
  if (second.kind === 'in') memory.noteProven(name);
  if (second.kind === 'in' && refusesForGood(first.reply)) memory.noteBodyLeg(name, 'refused');
  return second.kind === 'body-refused' ? { kind: 'refused' } : second;
}

/** Whether the first message goes with the last leg of a login: as the host is known to take it, or to see whether it does. */
type Carries = 'nothing' | 'as known' | 'on trial';

/** One pass over all legs. */
async function tryHands(
  work: LoginWork,
  plan: HandshakePlan,
  carries: Carries,
): Promise<HandshakeEnd | { readonly kind: 'body-refused'; readonly reply: HttpReply }> {
  const { options, body } = work;
  const where = `${options.host}:${options.port}`;
  let socket: Socket | undefined;
  let handshake: LoginHandshake | undefined;
  let step: LoginStep | undefined;
  for (let leg = 0; leg < mostLegs; leg++) {
    const oneLeg = options.tls !== undefined && !plan.risksLockout;
    const carrying = carries !== 'nothing' && (step ? step.seal !== undefined : oneLeg);
    const reply = await postLogin(work, carrying, async (now) => {
      if (socket && now !== socket) throw new SocketReplaced();
      socket = now;
      handshake ??= await plan.make(now);
      step ??= await handshake.start();
      const carried = carrying ? await sealFor(options.tls ? undefined : step, body.soap, protocolOf(plan)) : nothing;
      const authorization = `${plan.scheme} ${(step.token ?? Buffer.alloc(0)).toString('base64')}`;
      return { headers: { Authorization: authorization, 'Content-Type': carried.type }, body: carried.bytes };
    });
    if (!socket || !handshake || !step) throw new Failure('unreachable', `${where} was never written to.`);
    const isAnswer = options.tls ? isSoap(reply) : isSealedContentType(reply.headers['content-type']);
    // Where a body was taken before, 401 is about the login: one more could lock the account.
    if (carrying && !isAnswer && !(reply.status === 401 && carries === 'as known')) {
      if (body.terms.harmless === true || reply.status === 401) return { kind: 'body-refused', reply };
      throw refusal(reply, where, false);
    }
    try {
      const end = await takeAnswer(work, plan, { leg, carrying, socket, handshake, sent: step }, reply);
      if (end.kind !== 'next') return end;
      // It would go with the next token once more.
      if (carrying && body.terms.harmless !== true)
        throw new Failure('protocol-error', `${where} asks for one more token.`);
      ({ step } = end);
    } catch (error) {
      throw carrying ? asLost(error) : error;
    }
  }
  throw new Failure('protocol-error', `${where} asks for one more token again and again.`);
}

/** A leg of a login that was answered. */
type SentLeg = {
  readonly leg: number;
  readonly carrying: boolean;
  readonly socket: Socket;
  readonly handshake: LoginHandshake;
  readonly sent: LoginStep;
};

/** What the answer to a leg means: an end, or the next leg. */
async function takeAnswer(
  { options }: LoginWork,
  plan: HandshakePlan,
  { leg, carrying, socket, handshake, sent }: SentLeg,
  reply: HttpReply,
): Promise<HandshakeEnd | { readonly kind: 'next'; readonly step: LoginStep }> {
  const where = `${options.host}:${options.port}`;
  const offers = reply.headers['www-authenticate'] ?? '';
  const token = tokenOf(offers, plan.scheme);
  if (reply.status === 401 && token === undefined) {
    const known = new RegExp(`\\b${plan.scheme}\\b`, 'iu').test(offers) && !plan.risksLockout;
    return leg > 0 || known ? { kind: 'refused' } : { kind: 'not-offered', offers };
  }
  if (reply.status !== 401 && reply.status !== 200 && !carrying) throw unexpected(reply, where);
  if (token === undefined && sent.answer === 'needed') {
    throw new Failure('protocol-error', `${where} let us in without proving itself; it is not trusted.`);
  }
  let step: LoginStep;
  try {
    step = token === undefined ? { ...sent, token: undefined } : await handshake.proceed(token);
  } catch (error) {
    if (reply.status === 401 && error instanceof Failure && error.code !== 'protocol-error')
      return { kind: 'refused', cause: error };
    throw error;
  }
  if (reply.status === 401) return step.token === undefined ? { kind: 'refused' } : { kind: 'next', step };
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

/** The message was there when the login failed: whatever that means, nobody knows whether it was processed. */
function asLost(error: unknown): unknown {
  if (!(error instanceof Failure) || error.code === 'dropped') return error;
  const said = `${error.message} The request that went with the login may have been processed.`;
  return new Failure('dropped', said, { cause: error, facts: { cause: 'unproven', ...error.facts } });
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

function tokenOf(offers: string, scheme: string): Buffer | undefined {
  const found = new RegExp(`(?:^|,\\s*)${scheme} ([A-Za-z0-9+/=]+)`, 'iu').exec(offers)?.[1];
  return found === undefined ? undefined : Buffer.from(found, 'base64');
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
