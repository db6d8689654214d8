import type { Socket } from 'node:net';
import { Failure } from '../../../kernel/failure.ts';
import type { SealProtocol } from '../../protocol/wsman/sealed-body.ts';
import type { HttpReply, HttpWire } from './http-wire.ts';
import { logInByCertificate, logInByPassword } from './login-by-header.ts';
import { logInByKerberos, logInByNegotiate, logInByNtlm } from './login-by-token.ts';
import type { BodySeal } from './login-handshake.ts';
import type { WinRmMemory } from './winrm-memory.ts';
import type { Mechanism, WinRmOptions } from './winrm-options.ts';

/** A logged-in connection. */
export type Login = {
  /** What proved who is who. */
  readonly provenBy: 'kerberos' | 'ntlm' | 'basic' | 'certificate';
  /** The socket that the login belongs to; undefined where every request carries the credentials. */
  readonly socket: Socket | undefined;
  /** Seals bodies; undefined over TLS and with Basic. */
  readonly seal: (BodySeal & { readonly protocol: SealProtocol }) | undefined;
  /** Header of every request; undefined where the connection itself is logged in. */
  readonly authorization: string | undefined;
};

/** Limits of a request, as of `HttpCall`. */
export type LoginLimits = {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly notAfterMs?: number | undefined;
};

/** What a login works with. */
export type LoginWork = {
  readonly wire: HttpWire;
  readonly options: WinRmOptions;
  readonly memory: WinRmMemory;
  readonly limits: LoginLimits;
  /** The first message, which goes with the login where that saves a request. */
  readonly body: { readonly soap: Buffer; readonly terms: LoginLimits & { readonly harmless?: boolean } };
  readonly warn: (text: string) => void;
};

/** How the trial of one mechanism ended. */
export type Trial =
  | {
      readonly kind: 'in';
      readonly login: Login;
      /** The answer to the first message, if it went with the login. */
      readonly reply: HttpReply | undefined;
      /** To be told whether that answer proved to be the host's own, so that its like goes with the login again. */
      readonly noteBody?: (taken: boolean) => void;
    }
  /** The next mechanism may be tried: `why` fits into a list. */
  | {
      readonly kind: 'passed';
      readonly why: string;
      readonly cause?: Failure;
      /** What the host offers instead, as it says so (WWW-Authenticate). */
      readonly offers?: string;
    };

const trials: Readonly<Record<Mechanism, (work: LoginWork) => Promise<Trial>>> = {
  kerberos: logInByKerberos,
  negotiate: logInByNegotiate,
  ntlm: logInByNtlm,
  basic: logInByPassword,
  certificate: logInByCertificate,
};

/**
 * Logs a connection in by the mechanisms that are allowed, in their order. A weaker one follows a stronger one only where the order says so,
 * and it is told.
 * @throws Failure `unauthenticated`, `unreachable`, `dropped` (the first message may have run), `untrusted-host`, `clock-skew`, `forbidden`
 */
export async function logIn(work: LoginWork): Promise<Extract<Trial, { kind: 'in' }>> {
  const { options, wire, warn } = work;
  const where = `${options.host}:${options.port}`;
  warnOfTls(work, where);
  const passed: Extract<Trial, { kind: 'passed' }>[] = [];
  for (const [index, mechanism] of options.auth.mechanisms.entries()) {
    wire.showCertificate(mechanism === 'certificate');
    const trial = await trials[mechanism](work);
    if (trial.kind === 'in') return trial;
    wire.drop();
    passed.push({ ...trial, why: `${mechanism} (${trial.why})` });
    const next = options.auth.mechanisms[index + 1];
    if (next !== undefined)
      warn(`${where}: ${mechanism} did not come about, ${next} is tried as configured: ${trial.why}.`);
  }
  throw noneLeft(where, options, passed);
}

function warnOfTls({ options: { tls }, warn }: LoginWork, where: string): void {
  if (tls?.rejectUnauthorized !== false || tls.pin) return;
  warn(
    `${where}: the host's certificate is not checked (tls.verify is false); whoever stands between can read and change everything.`,
  );
}

function noneLeft(
  where: string,
  options: WinRmOptions,
  passed: readonly Extract<Trial, { kind: 'passed' }>[],
): Failure {
  const [only] = passed;
  if (passed.length === 1 && only?.cause) return only.cause;
  const causes = passed.flatMap(({ cause }) => (cause ? [cause] : []));
  // Where every way failed only because something could not be reached, trying again later helps.
  const later = causes.length === passed.length && causes.every(({ code }) => code === 'unreachable');
  const list = passed.map(({ why }) => why).join(', ');
  const credSsp = passed.some(({ why }) => /credssp/iu.test(why)) ? ` ${noCredSsp}` : '';
  return new Failure(
    later ? 'unreachable' : 'unauthenticated',
    `No mechanism to log in at ${where} is left: ${list}.${adviceFor(options, passed.findLast((each) => each.offers !== undefined)?.offers)}${credSsp}`,
    {
      cause: causes.at(-1),
    },
  );
}

/** What to change, and where: offered is what the host says that it takes; undefined if it was never asked. */
function adviceFor({ auth: { mechanisms }, tls }: WinRmOptions, offered: string | undefined): string {
  const allowed = mechanisms.join(', ') || 'none';
  const takes = (scheme: string) => new RegExp(`\\b${scheme}\\b`, 'iu').test(offered ?? '');
  const fitting = Object.entries(schemesOf).flatMap(([mechanism, schemes]) =>
    schemes.some(takes) && (mechanism !== 'basic' || tls) ? [mechanism] : [],
  );
  const names = fitting.length === 0 ? 'none of ours' : fitting.join(', ');
  const said = offered === undefined ? '' : ` The host takes ${names}.`;
  return ` Allowed here: ${allowed}.${said} Allow a mechanism that the host takes (mechanisms of the host, its groups or the defaults in the inventory), or switch one of these on there (WSMan:\\localhost\\Service\\Auth).`;
}

/** The schemes of HTTP under which a host offers a mechanism; that it takes client certificates it does not say. */
const schemesOf = {
  kerberos: ['Kerberos', 'Negotiate'],
  negotiate: ['Negotiate'],
  ntlm: ['NTLM'],
  basic: ['Basic'],
} as const satisfies Partial<Record<Mechanism, readonly string[]>>;

/** Why CredSSP is not offered, and what to take. */
export const noCredSsp =
  'CredSSP is not offered, because it hands the password itself to the host, where whoever controls the host can take it. Use Kerberos; for a second hop, resource-based constrained delegation, a JEA endpoint with a group managed service account, or a copy of the files through the session.';
