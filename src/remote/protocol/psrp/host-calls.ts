/** Host calls and their answers (MS-PSRP 2.2.2.15, .16, .27, .28). */
import { Failure } from '../../../kernel/failure.ts';
import { arrayListTypeNames, type PsObject, type PsValue, psEnum, psList, psProperty } from '../clixml/values.ts';
import { buildErrorRecord, type ErrorRecord, readErrorRecord } from './error-record.ts';
import { listMember, longMember, numberOf, payload } from './fields.ts';
import type { Guid } from './guid.ts';
import { type HostMethod, hostMethods, needsAnswer } from './host-methods.ts';

/** The call id of methods that give nothing back. */
const voidCallId = -100n;

/** A call that the server makes to the client's host. */
export type HostCall = {
  /** The pipeline that calls; null if it is the pool. */
  readonly pipelineId: Guid | null;
  readonly callId: bigint;
  readonly method: HostMethod;
  readonly parameters: readonly PsValue[];
  /** Whether the pipeline waits until the call is answered. */
  readonly needsAnswer: boolean;
};

/** An answer to a host call: a value, or an error. */
export type HostAnswer = {
  readonly callId: bigint;
  readonly method: HostMethod;
  readonly value: PsValue;
  readonly error: ErrorRecord | null;
};

const methodValue = (method: HostMethod): PsObject =>
  psEnum('System.Management.Automation.Remoting.RemoteHostMethodId', method, hostMethods.indexOf(method) + 1);

function readMethod(value: PsValue): HostMethod {
  const mi = psProperty(value, 'mi');
  const number = numberOf(mi);
  const method = number === undefined ? hostMethods.find((name) => name === mi) : hostMethods[number - 1];
  if (method === undefined) throw new Failure('protocol-error', `PSRP: unknown host method ${number}`);
  return method;
}

/** Builds a host call; `callId` counts only for methods that are answered. */
export function buildHostCall(method: HostMethod, parameters: readonly PsValue[], callId: bigint): PsObject {
  return payload({
    ci: needsAnswer(method) ? callId : voidCallId,
    mi: methodValue(method),
    mp: psList(parameters, arrayListTypeNames),
  });
}

/** Reads a host call. */
export function readHostCall(value: PsValue, pipelineId: Guid | null): HostCall {
  const callId = longMember(value, 'ci');
  return {
    pipelineId,
    callId,
    method: readMethod(value),
    parameters: listMember(value, 'mp'),
    needsAnswer: callId !== voidCallId,
  };
}

/** Builds the answer to a host call: `mr` for a value, `me` for an error. */
export function buildHostAnswer(
  call: Pick<HostCall, 'callId' | 'method'>,
  answer: { readonly value: PsValue } | { readonly error: PsObject },
): PsObject {
  return payload({
    ci: call.callId,
    mi: methodValue(call.method),
    ...('error' in answer ? { me: answer.error } : { mr: answer.value }),
  });
}

/** Reads the answer to a host call. */
export function readHostAnswer(value: PsValue): HostAnswer {
  const error = psProperty(value, 'me') ?? null;
  return {
    callId: longMember(value, 'ci'),
    method: readMethod(value),
    value: psProperty(value, 'mr') ?? null,
    error: error === null ? null : readErrorRecord(error),
  };
}

/** The error that answers a host call where there is no host. */
export function noHostAnswer(method: HostMethod): PsObject {
  return buildErrorRecord({
    exceptionMessage: `The script asked for ${method}, but nobody is there to answer.`,
    exceptionTypes: [
      'System.Management.Automation.Host.HostException',
      'System.Management.Automation.RuntimeException',
      'System.SystemException',
      'System.Exception',
      'System.Object',
    ],
    fullyQualifiedErrorId: 'NoHost',
    category: 'ResourceUnavailable',
    activity: method,
  });
}
