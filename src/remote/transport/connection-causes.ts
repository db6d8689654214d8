/** One kind of trouble with a session: what to do about it. */
type CauseRow = { readonly remedy: string };

/**
 * Why a session could not be opened, or was lost: fact `cause` of a Failure `unreachable`, `dropped`, `protocol-error`, `unauthenticated` or `timed-out`. A closed table;
 * `docs/remoting.md#causes` says the same (held in step by a test).
 */
export const connectionCauses = {
  name: { remedy: 'The name cannot be resolved: check the inventory and the name servers.' },
  refused: { remedy: 'Nothing listens there: run winrm quickconfig on the host, or check the port.' },
  timeout: { remedy: 'Is the host on, not overloaded, and the port open in every firewall between?' },
  broken: { remedy: 'Is the host restarting, or the network between disturbed?' },
  'service-away': { remedy: 'The WinRM service is stopped, starting or overloaded: look at it on the host.' },
  'not-winrm': { remedy: 'Something else than WinRM answers there: check the port, and proxies between.' },
  unproven: {
    remedy:
      'An answer came in clear, or under a seal that does not hold: look for what stands between and changes it, or use HTTPS.',
  },
  'session-gone': {
    remedy:
      'The session has ended on the host: its process was ended, or WinRM or the host was restarted. Open a new one.',
  },
  'session-refused': {
    remedy: 'The host could not start the session: look at the start-up script of its configuration.',
  },
  'session-exhausted': { remedy: 'The session has used up its share of commands. Open a new one.' },
  quota: { remedy: 'Other sessions of this account must end first, or its limits on the host must be raised.' },
  configuration: {
    remedy: 'The host has no such session configuration: check configurationName and Get-PSSessionConfiguration.',
  },
  'output-lost': { remedy: 'The script went on, but a part of its output was lost with a connection.' },
  'not-stopped': { remedy: 'The script may still be running on the host: look there before it is started again.' },
  'stopped-elsewhere': { remedy: 'Somebody else stopped the script on the host.' },
  closed: { remedy: 'The session was closed on this side.' },
} as const satisfies Record<string, CauseRow>;

/** A kind of trouble with a session. */
export type ConnectionCause = keyof typeof connectionCauses;

/** The sentence that says what to do. */
export const remedyOf = (cause: ConnectionCause): string => connectionCauses[cause].remedy;

/** The kind of trouble behind an error of Node's sockets. */
export function causeOfSocketError(error: Error): ConnectionCause {
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'ECONNREFUSED') return 'refused';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'name';
  if (code === 'ETIMEDOUT' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return 'timeout';
  return 'broken';
}
