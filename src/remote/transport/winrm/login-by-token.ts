import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { Failure } from '../../../kernel/failure.ts';
import { KerberosClient } from '../../protocol/kerberos/kerberos-client.ts';
import { hashChannelBindings } from '../../protocol/ntlm/channel-bindings.ts';
import { NtlmClient, splitUserName } from '../../protocol/ntlm/ntlm-client.ts';
import { hashPassword } from '../../protocol/ntlm/ntlmv2.ts';
import { SpnegoClient } from '../../protocol/spnego/spnego-client.ts';
import { originOf, serviceOf } from '../kerberos/kerberos-settings.ts';
import { accountOf, startSspi } from '../kerberos/sspi.ts';
import type { KeptTicket } from '../kerberos/ticket-keeper.ts';
import type { TicketOrigin } from '../kerberos/ticket-origin.ts';
import { refusedBy } from '../kerberos/tool-failure.ts';
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
    return kerberosTrial(work, ticket, await shakeHands(work, kerberosPlan(work, ticket, 'Negotiate')));
  }
  return kerberosTrial(work, ticket, end);
}

/**
 * SPNEGO. Kerberos is offered alone if the host's settings have a section for it and a ticket is had: so nobody on the way can turn the choice
 * to NTLM. Else NTLM is offered alone.
 */
export async function logInByNegotiate(work: LoginWork): Promise<Trial> {
  const { host, port, kerberos } = work.options;
  if (kerberos !== undefined && work.memory.sspi) {
    work.warn(
      `${host}:${port}: negotiate goes on with NTLM, for it has no Kerberos on Windows; put kerberos before it.`,
    );
    return passwordTrial(work, await shakeHands(work, await ntlmPlan(work, 'Negotiate')));
  }
  const ticket = kerberos === undefined ? undefined : await tryTicket(work);
  if (ticket instanceof Failure) {
    work.warn(`${host}:${port}: negotiate goes on with NTLM, for there is no Kerberos ticket: ${ticket.message}`);
  } else if (ticket)
    return kerberosTrial(work, ticket, await shakeHands(work, kerberosPlan(work, ticket, 'Negotiate')));
  return passwordTrial(work, await shakeHands(work, await ntlmPlan(work, 'Negotiate')));
}

/** NTLM without SPNEGO, under the scheme of its own name. */
export async function logInByNtlm(work: LoginWork): Promise<Trial> {
  return passwordTrial(work, await shakeHands(work, await ntlmPlan(work, 'NTLM')));
}

/** A password that was refused ends it: one more try, by whatever mechanism, could lock the account. */
function passwordTrial(work: LoginWork, end: HandshakeEnd): Trial {
  if (end.kind === 'in') return end;
  if (end.kind === 'not-offered') return notOffered(end);
  // What the mechanism says of a refusal names neither the account nor what to do.
  throw end.cause && end.cause.code !== 'unauthenticated' ? end.cause : refused(work, end.cause);
}

function kerberosTrial({ options, memory }: LoginWork, ticket: Ticket, end: HandshakeEnd): Trial {
  if (end.kind === 'in') {
    if (ticket.kind === 'kept') memory.tickets.accept(ticket.ticket);
    return end;
  }
  if (end.kind === 'not-offered') return notOffered(end);
  const { host, port } = options;
  const service = serviceOf(host, options.kerberos ?? {});
  // The next attempt takes a new ticket: the host's key may have changed. Clocks that differ are no fault of the ticket.
  if (ticket.kind === 'kept' && end.cause?.code !== 'clock-skew')
    memory.tickets.refuse(ticket.ticket, end.cause !== undefined);
  const cause =
    end.cause ??
    new Failure(
      'unauthenticated',
      `${host}:${port} refused the Kerberos ticket for ${service} without a reason. Look whether another account bears this name too (setspn -Q ${service}), and whether the host's clock is right.`,
    );
  return { kind: 'passed', why: `the host refused the ticket: ${cause.message}`, cause };
}

const notOffered = ({ offers }: { readonly offers: string }): Trial => ({
  kind: 'passed',
  why: `the host offers ${offers || 'nothing'}`,
  offers,
});

/** A ticket of ours, or one that Windows holds: then `next` begins a login with it. */
type Ticket =
  | { readonly kind: 'kept'; readonly ticket: KeptTicket }
  | { readonly kind: 'system'; readonly next: () => LoginHandshake | Promise<LoginHandshake> };

/** A ticket, or why there is none. @throws Failure if the domain has refused the password or its account */
async function tryTicket(work: LoginWork): Promise<Ticket | Failure> {
  const { host, auth, kerberos = {} } = work.options;
  const { tickets, sspi } = work.memory;
  let origin: TicketOrigin | undefined;
  try {
    const service = serviceOf(host, kerberos);
    if (sspi) return await systemTicket(work, service, sspi);
    origin = originOf(kerberos, auth.username, auth.password);
    return { kind: 'kept', ticket: await tickets.ticket(service, origin, work.limits) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    // What the domain has refused, the next mechanism would show to the host: that only helps to lock the account.
    if (origin?.kind !== 'keytab' && origin?.kind !== 'cache' && refusedBy(error) !== undefined) throw error;
    return error;
  }
}

async function systemTicket(
  { options, warn }: LoginWork,
  service: string,
  sspi: NonNullable<LoginWork['memory']['sspi']>,
): Promise<Ticket> {
  const { host, port, tls, kerberos = {}, auth } = options;
  const account = await accountOf(kerberos, auth);
  let begun: LoginHandshake | undefined = await startSspi(service, account, sspi);
  if (tls && tls.channelBinding !== false) {
    warn(
      `${host}:${port}: Kerberos through Windows is not bound to the host's certificate, for the package kerberos sends no channel bindings: somebody between could hand the login on, and a host with CbtHardeningLevel Strict refuses it. Take HTTP there, where each message is sealed, or transport: bridge. tls.channelBinding: false says that this is known.`,
    );
  }
  const next = () => {
    const first = begun;
    begun = undefined;
    return first ?? startSspi(service, account, sspi);
  };
  return { kind: 'system', next };
}

function kerberosPlan({ options }: LoginWork, ticket: Ticket, scheme: 'Kerberos' | 'Negotiate'): HandshakePlan {
  const make = (socket: Socket): LoginHandshake | Promise<LoginHandshake> => {
    if (ticket.kind === 'system') return ticket.next();
    const client = new KerberosClient(ticket.ticket, {
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
