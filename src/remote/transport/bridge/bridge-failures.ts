import { Failure, type FailureCode } from '../../../kernel/failure.ts';
import type { ScriptErrorRecord } from '../../powershell/remote-shell.ts';
import { causeOfSsh } from '../ssh/explain-ssh.ts';

type Meaning = readonly [code: FailureCode, advice: string];

const reach = 'Is the host on, the WinRM service running, and the port open in between?';
const account = 'Check the name, the password, and whether the account is locked or expired.';
const mechanism =
  'Kerberos needs the host by its name in a domain that is trusted; anything else needs HTTPS or an entry in the TrustedHosts of this machine.';
const certificate =
  "The authority of the host's certificate must be in this machine's store, and the certificate must bear the name by which the host is reached.";
const clocks = "Set the host's clock and this machine's by the domain's.";
const rights =
  'Wrong credentials look like this too; else the account must be allowed to use the session configuration.';

/** First part of the FullyQualifiedErrorId with which New-PSSession fails over WinRM: a name or the number of an error of Windows. */
const wsmanErrors: Readonly<Record<string, Meaning>> = {
  AccessDenied: ['forbidden', rights],
  RemoteSessionDisallowed: ['forbidden', rights],
  RemoteConnectionDisallowed: ['forbidden', rights],
  LogonFailure: ['unauthenticated', account],
  AuthenticationFailed: ['unauthenticated', account],
  CannotConnectRunAsFailed: ['unauthenticated', 'The account that the session configuration runs as cannot log on.'],
  InvalidAuthentication: ['unauthenticated', 'The host does not offer this mechanism, or this machine may not use it.'],
  ExplicitCredentialsRequired: ['unauthenticated', 'This mechanism needs a user name and a password.'],
  ClientKerberosDisabled: ['unauthenticated', mechanism],
  WorkgroupCannotUseKerberos: ['unauthenticated', mechanism],
  ServerNotTrusted: ['unauthenticated', mechanism],
  CannotUseIPAddress: ['unauthenticated', mechanism],
  TargetUnknown: ['unauthenticated', mechanism],
  // 0x8033809D: an error of Kerberos or NTLM that WinRM has no name for.
  '-2144108387': ['unauthenticated', mechanism],
  // ERROR_NO_LOGON_SERVERS, ERROR_ACCOUNT_DISABLED, ERROR_ACCOUNT_LOCKED_OUT
  '1311': ['unauthenticated', mechanism],
  '1331': ['unauthenticated', account],
  '1909': ['unauthenticated', account],
  // SEC_E_LOGON_DENIED, SEC_E_NO_AUTHENTICATING_AUTHORITY, SEC_E_WRONG_PRINCIPAL
  '-2146893044': ['unauthenticated', account],
  '-2146893039': ['unauthenticated', mechanism],
  '-2146893022': ['unauthenticated', mechanism],
  // ERROR_WINHTTP_SECURE_FAILURE
  '12175': ['untrusted-host', certificate],
  // SEC_E_TIME_SKEW
  '-2146893020': ['clock-skew', clocks],
  InvalidResourceUri: ['unreachable', 'The host has no such session configuration.'],
  ServerOutOfMemory: ['unreachable', 'The host is short of memory.'],
  ImproperResponse: ['protocol-error', 'What answers there is no WinRM service.'],
  IncorrectProtocolVersion: ['protocol-error', 'The versions of both sides do not fit.'],
};

/** What New-PSSession failed of. */
export type OpeningError = {
  readonly error: ScriptErrorRecord;
  /** What was printed beside it; `ssh` says there why it failed. */
  readonly noise: string;
};

/** WinRM has one number for all errors of Kerberos and puts theirs into the text, in hexadecimal in every language. */
const saysTimeSkew = /\b0x80090324\b/iu;

/** The failure of an opening, by the id of its error (over SSH by what `ssh` said); no script has run. */
export function failureOfOpening({ error, noise }: OpeningError, host: string): Failure {
  const facts = { fqid: error.fqid };
  const id = error.fqid.split(',')[0] ?? '';
  if (!error.fqid.endsWith('PSSessionOpenFailed')) {
    return new Failure('unreachable', `The local PowerShell cannot open a session on ${host}: ${error.message}`, {
      facts,
    });
  }
  const said = noise === '' ? error.message : `${error.message} (${noise})`;
  const ssh = causeOfSsh(noise);
  if (ssh) return new Failure(ssh.code, `${host} ${ssh.what}. ${ssh.remedy} (${noise})`, { facts });
  const [code, advice] =
    wsmanErrors[saysTimeSkew.test(error.message) ? '-2146893020' : id] ?? (['unreachable', reach] as const);
  return new Failure(code, `No session on ${host}: ${said} ${advice}`, { facts });
}
