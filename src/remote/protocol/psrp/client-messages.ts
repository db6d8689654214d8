import { Failure } from '../../../kernel/failure.ts';
import type { PsValue } from '../clixml/values.ts';
import type { ClientEvent } from './client-events.ts';
import { readErrorRecord } from './error-record.ts';
import { readHostCall } from './host-calls.ts';
import type { Message } from './message.ts';
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

/**
 * Reads the payload of a message to the client.
 * @throws Failure `protocol-error` if it is a message that only a client sends, or one of a pipeline without id
 */
export function readClientMessage(message: Message, value: PsValue): ClientMessage {
  switch (message.type) {
    case 'sessionCapability':
      return { kind: 'capability', capability: readSessionCapability(value) };
    case 'encryptedSessionKey':
      return { kind: 'encryptedKey', text: readKey('encryptedSessionKey', value) };
    case 'publicKeyRequest':
      return { kind: 'keyRequested' };
    case 'runspaceAvailability':
      return { kind: 'runspaceAvailability', ...readRunspaceAvailability(value) };
    case 'runspacePoolState':
      return { kind: 'poolState', ...readPoolState(value) };
    case 'applicationPrivateData':
      return { kind: 'applicationPrivateData', data: readApplicationPrivateData(value) };
    case 'runspacePoolInitData':
      return { kind: 'poolSize', ...readPoolSize(value) };
    case 'userEvent':
      return { kind: 'userEvent', ...readUserEvent(value) };
    case 'runspacePoolHostCall':
      return { kind: 'hostCall', call: readHostCall(value, null), answered: false };
    default:
      return readPipelineMessage(message, value);
  }
}

function readPipelineMessage(message: Message, value: PsValue): ClientMessage {
  const { pipelineId, type } = message;
  if (pipelineId === null) throw new Failure('protocol-error', `PSRP: expected a pipeline's id in a ${type} message`);
  switch (type) {
    case 'pipelineOutput':
      return { kind: 'output', pipelineId, value };
    case 'errorRecord':
      return { kind: 'error', pipelineId, record: readErrorRecord(value) };
    case 'pipelineState':
      return { kind: 'pipelineState', pipelineId, ...readPipelineState(value) };
    case 'debugRecord':
      return { kind: 'debug', pipelineId, record: readMessageRecord(value) };
    case 'verboseRecord':
      return { kind: 'verbose', pipelineId, record: readMessageRecord(value) };
    case 'warningRecord':
      return { kind: 'warning', pipelineId, record: readMessageRecord(value) };
    case 'progressRecord':
      return { kind: 'progress', pipelineId, record: readProgressRecord(value) };
    case 'informationRecord':
      return { kind: 'information', pipelineId, record: readInformationRecord(value) };
    case 'pipelineHostCall':
      return { kind: 'hostCall', call: readHostCall(value, pipelineId), answered: false };
    default:
      throw new Failure('protocol-error', `PSRP: a server can't send a ${type} message`);
  }
}
