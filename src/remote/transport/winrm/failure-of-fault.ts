import { Failure, type FailureCode } from '../../../kernel/failure.ts';
import type { WsmanFault } from '../../protocol/wsman/fault.ts';
import { type FaultRemedy, faultRemedyOf } from '../../protocol/wsman/fault-codes.ts';
import { type ConnectionCause, remedyOf } from '../connection-causes.ts';

type Meaning = { readonly code: FailureCode; readonly cause?: ConnectionCause };

const forbidden = 'The account needs to be an administrator or a member of Remote Management Users.';

/** What a fault means before a script was handed to the host; afterwards all but `forbidden` leave open what ran. */
const meanings: Readonly<Record<FaultRemedy, Meaning>> = {
  'ask-rights': { code: 'forbidden' },
  'open-shell': { code: 'unreachable', cause: 'session-gone' },
  'own-session': { code: 'unreachable', cause: 'session-gone' },
  'replace-shell': { code: 'unreachable', cause: 'quota' },
  wait: { code: 'unreachable', cause: 'service-away' },
  'check-configuration': { code: 'unreachable', cause: 'configuration' },
  'go-elsewhere': { code: 'unreachable', cause: 'configuration' },
  'lower-version': { code: 'protocol-error' },
  'send-less': { code: 'protocol-error' },
  'receive-again': { code: 'unreachable', cause: 'timeout' },
  report: { code: 'protocol-error' },
};

/**
 * What a fault means to whoever asked.
 * @param mayHaveRun whether a script had been handed to the host before
 */
export function failureOfFault(fault: WsmanFault, host: string, mayHaveRun: boolean): Failure {
  const { code, cause } = meanings[faultRemedyOf(fault.code)];
  const elsewhere = fault.location === undefined ? '' : ` It is at ${fault.location}.`;
  const advice = code === 'forbidden' ? ` ${forbidden}` : cause === undefined ? '' : ` ${remedyOf(cause)}`;
  const facts = { faultCode: fault.code, subcode: fault.subcode, ...(cause === undefined ? {} : { cause }) };
  return new Failure(
    mayHaveRun && code !== 'forbidden' ? 'dropped' : code,
    `${host} answered with fault ${fault.code} (${fault.subcode}): ${fault.reason}${elsewhere}${advice}`,
    { facts },
  );
}
