import { Failure } from '../../../kernel/failure.ts';
import type { PsValue } from '../clixml/values.ts';
import type { ClientEvent } from './client-events.ts';
import { readErrorRecord } from './error-record.ts';
import type { Guid } from './guid.ts';
import { readHostCall } from './host-calls.ts';
import type { Message } from './message.ts';
import type { MessageType } from './message-types.ts';
import {
  readApplicationPrivateData,
  readKey,
  readPoolSize,
  readRunspaceAvailability,
  readSessionCapability,
  type SessionCapability,
} from './session-messages.ts';
import { readPipelineState, readPoolState } from './states.ts';
import { readInformationRecord, readMessageRecord, readProgressRecord } from './stream-records.ts';
import { readUserEvent } from './user-event.ts';

/** A message to the client as read: an event, or one of the two that need the client's own state to become one. */
export type ClientMessage =
  | Exclude<ClientEvent, { kind: 'negotiated' | 'sessionKey' }>
  | { readonly kind: 'capability'; readonly capability: SessionCapability }
  | { readonly kind: 'encryptedKey'; readonly text: string };

type ReadPool = (value: PsValue) => ClientMessage;
type ReadPipeline = (value: PsValue, pipelineId: Guid) => ClientMessage;

const poolReaders: Readonly<Partial<Record<MessageType, ReadPool>>> = {
  sessionCapability: (value) => ({ kind: 'capability', capability: readSessionCapability(value) }),
  encryptedSessionKey: (value) => ({ kind: 'encryptedKey', text: readKey('encryptedSessionKey', value) }),
  publicKeyRequest: () => ({ kind: 'keyRequested' }),
  runspaceAvailability: (value) => ({ kind: 'runspaceAvailability', ...readRunspaceAvailability(value) }),
  runspacePoolState: (value) => ({ kind: 'poolState', ...readPoolState(value) }),
  applicationPrivateData: (value) => ({ kind: 'applicationPrivateData', data: readApplicationPrivateData(value) }),
  runspacePoolInitData: (value) => ({ kind: 'poolSize', ...readPoolSize(value) }),
  userEvent: (value) => ({ kind: 'userEvent', ...readUserEvent(value) }),
  runspacePoolHostCall: (value) => ({ kind: 'hostCall', call: readHostCall(value, null), answered: false }),
};

const pipelineReaders: Readonly<Partial<Record<MessageType, ReadPipeline>>> = {
  pipelineOutput: (value, pipelineId) => ({ kind: 'output', pipelineId, value }),
  errorRecord: (value, pipelineId) => ({ kind: 'error', pipelineId, record: readErrorRecord(value) }),
  pipelineState: (value, pipelineId) => ({ kind: 'pipelineState', pipelineId, ...readPipelineState(value) }),
  debugRecord: (value, pipelineId) => ({ kind: 'debug', pipelineId, record: readMessageRecord(value) }),
  verboseRecord: (value, pipelineId) => ({ kind: 'verbose', pipelineId, record: readMessageRecord(value) }),
  warningRecord: (value, pipelineId) => ({ kind: 'warning', pipelineId, record: readMessageRecord(value) }),
  progressRecord: (value, pipelineId) => ({ kind: 'progress', pipelineId, record: readProgressRecord(value) }),
  informationRecord: (value, pipelineId) => ({ kind: 'information', pipelineId, record: readInformationRecord(value) }),
  pipelineHostCall: (value, pipelineId) => ({
    kind: 'hostCall',
    call: readHostCall(value, pipelineId),
    answered: false,
  }),
};

/**
 * Reads the payload of a message to the client.
 * @throws Failure `protocol-error` if it is a message that only a client sends, or one of a pipeline without id
 */
export function readClientMessage(message: Message, value: PsValue): ClientMessage {
  const { type, pipelineId } = message;
  const ofPool = poolReaders[type];
  if (ofPool !== undefined) return ofPool(value);
  const ofPipeline = pipelineReaders[type];
  if (ofPipeline === undefined) throw new Failure('protocol-error', `PSRP: a server can't send a ${type} message`);
  if (pipelineId === null) throw new Failure('protocol-error', `PSRP: expected a pipeline's id in a ${type} message`);
  return ofPipeline(value, pipelineId);
}
