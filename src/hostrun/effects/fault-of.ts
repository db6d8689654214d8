import type { Fault } from '../../journal/event-data.ts';
import { Failure, type FailureCode } from '../../kernel/failure.ts';
import type { ScriptFault } from '../../remote/powershell/host-kit.ts';
import type { ScriptErrorRecord } from '../../remote/powershell/remote-shell.ts';

const connectionCodes: readonly FailureCode[] = [
  'unreachable',
  'unauthenticated',
  'untrusted-host',
  'clock-skew',
  'forbidden',
  'dropped',
  'protocol-error',
  'claim-lost',
];

/**
 * Whether an error says that the session is gone (what was asked may or may not have been done), or that the claim is:
 * either way the host is taken up anew.
 */
export function isConnectionFailure(error: unknown): boolean {
  return error instanceof Failure && connectionCodes.includes(error.code);
}

/** Codes of failures that concern this worker and not the host: they end the attempt, and another one goes on. */
const ownCodes: readonly FailureCode[] = [
  'lease-lost',
  'journal-conflict',
  'journal-unavailable',
  'journal-broken',
  'redis-unavailable',
];

/** Whether an error concerns the worker itself. */
export function isOwnFailure(error: unknown): boolean {
  return error instanceof Failure && ownCodes.includes(error.code);
}

/** A host that is there and lets no further session in (subcode `QuotaLimit` of DSP0226, with the fault's own words) is not one that is away. */
const isRefusedForQuota = ({ code, facts }: Failure): boolean =>
  code === 'unreachable' && (facts['subcode'] === 'QuotaLimit' || facts['cause'] === 'quota');

/** An error as the journal holds it. Anything that is no `Failure` is a fault of this program and is thrown on. */
export function faultOf(error: unknown): Fault {
  if (!(error instanceof Failure)) throw error;
  const { message } = error;
  const code = isRefusedForQuota(error) ? 'quota' : error.code;
  const record = scriptErrorOf(error);
  if (record === null) return { code, message, fqid: '', hresult: null, script: '', line: null };
  return {
    code,
    message: record.message,
    fqid: record.fqid,
    hresult: record.hresult === undefined ? null : `0x${record.hresult.toString(16).toUpperCase().padStart(8, '0')}`,
    script: record.position?.scriptName ?? '',
    line: record.position?.line ?? null,
  };
}

/** A script's fault as the journal holds it. */
export function faultOfScript(fault: ScriptFault): Fault {
  return { code: 'script-error', ...fault };
}

/** The error that a script or the kit's door told. */
function scriptErrorOf(error: Failure): ScriptErrorRecord | null {
  const record = error.facts['error'];
  const isRecord = (value: unknown): value is ScriptErrorRecord =>
    typeof value === 'object' && value !== null && 'message' in value && 'fqid' in value;
  return isRecord(record) ? record : null;
}
