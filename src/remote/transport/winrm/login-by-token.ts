import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { Failure } from '../../../kernel/failure.ts';
import { KerberosClient, type ServiceTicket } from '../../protocol/kerberos/kerberos-client.ts';
import { hashChannelBindings } from '../../protocol/ntlm/channel-bindings.ts';
import { NtlmClient, splitUserName } from '../../protocol/ntlm/ntlm-client.ts';
import { hashPassword } from '../../protocol/ntlm/ntlmv2.ts';
import { SpnegoClient } from '../../protocol/spnego/spnego-client.ts';
import { originOf, serviceOf } from '../kerberos/kerberos-settings.ts';
import { startSspi } from '../kerberos/sspi.ts';
import type { LoginWork, Trial } from './login.ts';
import { refused } from './login-by-header.ts';
import type { LoginHandshake } from './login-handshake.ts';
import { type HandshakeEnd, type HandshakePlan, shakeHands } from './shake-hands.ts';
import type { WinRmOptions } from './winrm-options.ts';

/** Kerberos alone: under its own scheme, or within SPNEGO where a host has only that. */
export async function logInByKerberos(work: LoginWork): Promise<Trial> {
  const { options, memory } = work;
  const place = `${options.host}:${options.port}`;
  const ticket = await tryTicket(work);
  if (ticket instanceof Failure) return { kind: 'passed', why: ticket.message, cause: ticket };
  const scheme = memory.schemeOf(place);
  const end = await shakeHands(work, kerberosPlan(work, ticket, scheme));
  if (end.kind === 'not-offered' && scheme === 'Kerberos' && /\bnegotiate\b/iu.test(end.offers)) {
    work.wire.drop();
    memory.noteScheme(place, 'Negotiate');
    return kerberosTrial(work, await shakeHands(work, kerberosPlan(work, ticket, 'Negotiate')));
  }
  return kerberosTrial(work, end);
}

/**
 * SPNEGO. Kerberos is offered alone if the host's settings have a section for it and a ticket is had: so nobody on the way can turn the choice
 * to NTLM. Else NTLM is offered alone.
 */
export async function logInByNegotiate(work: LoginWork): Promise<Trial> {
  const { host, port, kerberos } = work.options;
  const ticket = kerberos === undefined ? undefined : await tryTicket(work);
  if (ticket instanceof Failure) {
    work.warn(`${host}:${port}: negotiate goes on with NTLM, for there is no Kerberos ticket: ${ticket.message}`);
  } else if (ticket === 'system') {
    work.warn(
      `${host}:${port}: negotiate goes on with NTLM, for it has no Kerberos on Windows; put kerberos before it.`,
    );
  } else if (ticket) return kerberosTrial(work, await shakeHands(work, kerberosPlan(work, ticket, 'Negotiate')));
  return passwordTrial(work, await shakeHands(work, await ntlmPlan(work, 'Negotiate')));
}

/** NTLM without SPNEGO, under the scheme of its own name. */
export async function logInByNtlm(work: LoginWork): Promise<Trial> {
  return passwordTrial(work, await shakeHands(work, await ntlmPlan(work, 'NTLM')));
}

/** A password that was refused ends it: one more try, by whatever mechanism, could lock the account. */
function passwordTrial(work: LoginWork, end: HandshakeEnd): Trial {
  if (end.kind === 'in') return end;
  if (end.kind === 'not-offered') return { kind: 'passed', why: `the host offers ${end.offers || 'nothing'}` };
  // What the mechanism says of a refusal names neither the account nor what to do.
  throw end.cause && end.cause.code !== 'unauthenticated' ? end.cause : refused(work, end.cause);
}

function kerberosTrial({ options, memory }: LoginWork, end: HandshakeEnd): Trial {
  if (end.kind === 'in') return end;
  if (end.kind === 'not-offered') return { kind: 'passed', why: `the host offers ${end.offers || 'nothing'}` };
  const { host, port } = options;
  const service = serviceOf(host, options.kerberos ?? {});
  // The next attempt takes a new ticket: the host's key may have changed.
  memory.tickets.forget(service);
  const cause =
    end.cause ??
    new Failure(
      'unauthenticated',
      `${host}:${port} refused the Kerberos ticket for ${service} without a reason. Look whether another account bears this name too (setspn -Q ${service}), and whether the host's clock is right.`,
    );
  return { kind: 'passed', why: `the host refused the ticket: ${cause.message}`, cause };
}

/** A ticket, `system` where Windows has its own, or why there is none. */
async function tryTicket({ options, memory, limits }: LoginWork): Promise<ServiceTicket | 'system' | Failure> {
  const { host, auth, kerberos = {} } = options;
  try {
    const service = serviceOf(host, kerberos);
    if (process.platform === 'win32') return 'system';
    return await memory.tickets.ticket(service, originOf(kerberos, auth.username, auth.password), limits);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

function kerberosPlan(
  { options }: LoginWork,
  ticket: ServiceTicket | 'system',
  scheme: 'Kerberos' | 'Negotiate',
): HandshakePlan {
  const make = (socket: Socket): LoginHandshake | Promise<LoginHandshake> => {
    if (ticket === 'system') return startSspi(serviceOf(options.host, options.kerberos ?? {}));
    const client = new KerberosClient(ticket, {
      nowMs: Date.now(),
      randomBytes,
      channelBindings: channelBindingsOf(socket, options),
    });
    return scheme === 'Negotiate' ? new SpnegoClient([client]) : client;
  };
  return { scheme, make, risksLockout: false };
}

async function ntlmPlan({ options }: LoginWork, scheme: 'Negotiate' | 'NTLM'): Promise<HandshakePlan> {
  const { host, auth } = options;
  const ntHash = hashPassword(await auth.password());
  const make = (socket: Socket): LoginHandshake => {
    const client = new NtlmClient(
      { ...splitUserName(auth.username), ntHash },
      {
        nowMs: Date.now(),
        randomBytes,
        targetName: `HTTP/${host}`,
        channelBindings: channelBindingsOf(socket, options),
      },
    );
    return scheme === 'Negotiate' ? new SpnegoClient([client]) : client;
  };
  return { scheme, make, risksLockout: true };
}

function channelBindingsOf(socket: Socket, { tls }: WinRmOptions): Buffer | undefined {
  if (!(socket instanceof TLSSocket) || tls?.channelBinding === false) return undefined;
  const { raw } = socket.getPeerCertificate(true);
  return raw ? hashChannelBindings(raw) : undefined;
}
