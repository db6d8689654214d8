import { Failure, type FailureCode } from '../../../kernel/failure.ts';
import type { WsmanFault } from '../../protocol/wsman/fault.ts';
import { type FaultRemedy, faultRemedyOf } from '../../protocol/wsman/fault-codes.ts';
import { type ConnectionCause, remedyOf } from '../connection-causes.ts';

/** What a fault means if no script was handed to the host before, and what to do. */
type Meaning = { readonly code: FailureCode; readonly advice: string; readonly cause?: ConnectionCause };

const because = (cause: ConnectionCause, code: FailureCode = 'unreachable'): Meaning => ({
  code,
  cause,
  advice: remedyOf(cause),
});

const meanings: Readonly<Record<FaultRemedy, Meaning>> = {
  'ask-rights': {
    code: 'forbidden',
    advice: 'The account needs to be an administrator or a member of Remote Management Users.',
  },
  'open-shell': because('session-gone'),
  'own-session': {
    ...because('session-gone'),
    advice: 'Another client holds this session, or this one was not left properly.',
  },
  'replace-shell': because('quota'),
  wait: { ...because('service-away'), advice: 'The host is short of something: try again later.' },
  'check-configuration': because('configuration'),
  'go-elsewhere': { ...because('configuration'), advice: 'Another endpoint serves it:' },
  'lower-version': { code: 'protocol-error', advice: 'The host speaks an older version of the protocol.' },
  'send-less': {
    code: 'protocol-error',
    advice: 'The host takes smaller messages only: see its MaxEnvelopeSizekb.',
  },
  'receive-again': because('timeout', 'protocol-error'),
  report: { code: 'protocol-error', advice: '' },
};

/**
 * What a fault means to whoever asked. Where a script may have been begun nothing that the host says later takes that back, not even that it
 * grants no access: the failure is then `dropped`, with the fault's own meaning as its cause.
 * @param mayHaveRun whether a script had been handed to the host before, be it by this request's own earlier try
 */
export function failureOfFault(fault: WsmanFault, host: string, mayHaveRun: boolean): Failure {
  const { code, subcode, location } = fault;
  const remedy = faultRemedyOf(code);
  const { code: failure, advice, cause } = meanings[remedy];
  const facts = {
    faultCode: code,
    subcode,
    ...(location === undefined ? {} : { location }),
    ...(cause === undefined ? {} : { cause }),
  };
  const detail = fault.detail === undefined ? '' : ` ${fault.detail}`;
  const where = remedy === 'go-elsewhere' ? ` ${location ?? 'the host did not say which'}.` : '';
  const said = `${host} answered with fault ${code} (${subcode}): ${fault.reason}${detail} ${advice}${where}`.trim();
  const meaning = new Failure(failure, said, { facts });
  return mayHaveRun ? new Failure('dropped', said, { cause: meaning, facts }) : meaning;
}
