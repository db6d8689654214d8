import { isPsObject, type PsValue, psProperty } from '../../../src/remote/protocol/clixml/values.ts';
import { writeClixml } from '../../../src/remote/protocol/clixml/write-clixml.ts';
import type { ClientEvent } from '../../../src/remote/protocol/psrp/client-events.ts';
import { pipelineStates, poolStates } from '../../../src/remote/protocol/psrp/codes.ts';
import type { ErrorRecord } from '../../../src/remote/protocol/psrp/error-record.ts';
import { hostMethods } from '../../../src/remote/protocol/psrp/host-methods.ts';
import type { MessageType } from '../../../src/remote/protocol/psrp/message-types.ts';
import type { Said } from './recorded-steps.ts';

/** Facts that an event must have, as pairs of what the recording says and what the event holds. */
type Facts = readonly (readonly [name: string, recorded: unknown, event: unknown])[];
type Reader = (value: PsValue, event: ClientEvent) => Facts | undefined;

/** Whether an event of the client holds all that a message of the recording says: what is missing, or undefined. */
export function missOf({ message, value = null }: Said, event: ClientEvent | undefined): string | undefined {
  const facts = event && readers[message.type]?.(value, event);
  if (facts === undefined) return `${message.type} became ${event?.kind ?? 'nothing'}`;
  const wrong = facts.find(([, recorded, held]) => same(recorded) !== same(held));
  return wrong && `${message.type}: ${wrong[0]} is ${same(wrong[1])}, the event has ${same(wrong[2])}`;
}

/** A fact as text that can be compared. Secrets are closed: the recorded key was never ours. */
function same(fact: unknown): string {
  if (fact === undefined || fact === null) return 'nothing';
  if (fact instanceof Uint8Array || isPsValueObject(fact)) return written(fact);
  return typeof fact === 'bigint' ? String(fact) : (JSON.stringify(fact) ?? 'nothing');
}

const written = (value: PsValue): string =>
  writeClixml(value, { encrypt: () => '' }).replace(/(<SS\b[^<>]*>)[^<]*/gu, '$1');

const isPsValueObject = (fact: unknown): fact is Exclude<PsValue, null> =>
  typeof fact === 'object' && fact !== null && 'kind' in fact;

const member = psProperty;
const number = (value: PsValue | undefined): number | undefined => {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  return isPsObject(value) && value.base?.kind === 'primitive' && typeof value.base.value === 'number'
    ? value.base.value
    : undefined;
};
const state = (names: readonly string[], value: PsValue | undefined): string | undefined => names[number(value) ?? -1];
const text = (value: PsValue | undefined): PsValue | undefined => value ?? '';

function errorFacts(value: PsValue | undefined, record: ErrorRecord | null): Facts {
  if (value === undefined || value === null) return [['error', undefined, record]];
  const exception = member(value, 'Exception') ?? null;
  const position = ['ScriptLineNumber', 'OffsetInLine', 'Line', 'ScriptName', 'PositionMessage'] as const;
  const at = (name: string) => member(value, `InvocationInfo_${name}`);
  const { invocation } = record ?? { invocation: null };
  const held = {
    ScriptLineNumber: invocation?.scriptLineNumber,
    OffsetInLine: invocation?.offsetInLine,
    Line: invocation?.line,
    ScriptName: invocation?.scriptName,
    PositionMessage: invocation?.positionMessage,
  };
  return [
    ['record', value, record?.object],
    ['id', text(member(value, 'FullyQualifiedErrorId')), record?.fullyQualifiedErrorId],
    ['message', member(exception, 'Message') ?? record?.exceptionMessage, record?.exceptionMessage],
    ['reason', text(member(value, 'ErrorCategory_Reason')), record?.reason],
    ['target', text(member(value, 'ErrorCategory_TargetName')), record?.targetName],
    ...position.flatMap((name) => (at(name) === undefined ? [] : [[name, text(at(name)), held[name] ?? ''] as const])),
  ];
}

const messageReader =
  (kind: 'debug' | 'verbose' | 'warning'): Reader =>
  (value, event) =>
    event.kind === kind ? [['message', member(value, 'InformationalRecord_Message'), event.record.message]] : undefined;

const hostCall: Reader = (value, event) => {
  if (event.kind !== 'hostCall') return undefined;
  const parameters = member(value, 'mp') ?? null;
  const items = isPsObject(parameters) && parameters.base && 'items' in parameters.base ? parameters.base.items : [];
  return [
    ['call id', member(value, 'ci'), event.call.callId],
    ['method', hostMethods[(number(member(value, 'mi')) ?? 0) - 1], event.call.method],
    ['number of parameters', items.length, event.call.parameters.length],
    ...items.map((item, index) => [`parameter ${index}`, item, event.call.parameters[index]] as const),
  ];
};

const readers: Readonly<Partial<Record<MessageType, Reader>>> = {
  sessionCapability: (value, event) => {
    const version = member(value, 'protocolversion');
    const stated = typeof version === 'object' && version !== null && 'text' in version ? version.text : version;
    return event.kind === 'negotiated' ? [['version', stated, event.serverVersion]] : undefined;
  },
  applicationPrivateData: (value, event) =>
    event.kind === 'applicationPrivateData'
      ? [['data', member(value, 'ApplicationPrivateData'), event.data]]
      : undefined,
  runspacePoolState: (value, event) =>
    event.kind === 'poolState'
      ? [
          ['state', state(poolStates, member(value, 'RunspaceState')), event.state],
          ...errorFacts(member(value, 'ExceptionAsErrorRecord'), event.error),
        ]
      : undefined,
  runspacePoolInitData: (value, event) =>
    event.kind === 'poolSize'
      ? [
          ['least', member(value, 'MinRunspaces'), event.minRunspaces],
          ['most', member(value, 'MaxRunspaces'), event.maxRunspaces],
        ]
      : undefined,
  runspaceAvailability: (value, event) =>
    event.kind === 'runspaceAvailability'
      ? [
          ['call id', member(value, 'ci'), event.callId],
          ['result', member(value, 'SetMinMaxRunspacesResponse'), event.result],
        ]
      : undefined,
  userEvent: (value, event) =>
    event.kind === 'userEvent'
      ? [
          ['identifier', member(value, 'PSEventArgs.EventIdentifier'), event.eventIdentifier],
          ['source', member(value, 'PSEventArgs.SourceIdentifier'), event.sourceIdentifier],
          ['sender', member(value, 'PSEventArgs.Sender'), event.sender],
          ['arguments', member(value, 'PSEventArgs.SourceArgs'), event.sourceArgs],
          ['data', member(value, 'PSEventArgs.MessageData'), event.messageData],
        ]
      : undefined,
  encryptedSessionKey: (_, event) => (event.kind === 'sessionKey' ? [] : undefined),
  publicKeyRequest: (_, event) => (event.kind === 'keyRequested' ? [] : undefined),
  runspacePoolHostCall: hostCall,
  pipelineHostCall: hostCall,
  pipelineOutput: (value, event) =>
    event.kind === 'output' ? [['value', written(value), written(event.value)]] : undefined,
  errorRecord: (value, event) => (event.kind === 'error' ? errorFacts(value, event.record) : undefined),
  pipelineState: (value, event) =>
    event.kind === 'pipelineState'
      ? [
          ['state', state(pipelineStates, member(value, 'PipelineState')), event.state],
          ...errorFacts(member(value, 'ExceptionAsErrorRecord'), event.error),
        ]
      : undefined,
  debugRecord: messageReader('debug'),
  verboseRecord: messageReader('verbose'),
  warningRecord: messageReader('warning'),
  progressRecord: (value, event) =>
    event.kind === 'progress'
      ? [
          ['activity', text(member(value, 'Activity')), event.record.activity],
          ['status', text(member(value, 'StatusDescription')), event.record.statusDescription],
          ['percent', member(value, 'PercentComplete') ?? -1, event.record.percentComplete],
        ]
      : undefined,
  informationRecord: (value, event) =>
    event.kind === 'information'
      ? [
          ['data', member(value, 'MessageData'), event.record.messageData],
          ['source', text(member(value, 'Source')), event.record.source],
        ]
      : undefined,
};
