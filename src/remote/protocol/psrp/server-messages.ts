import { Failure } from '../../../kernel/failure.ts';
import type { PsValue } from '../clixml/values.ts';
import { readCommandMetadataRequest } from './command-metadata.ts';
import type { Guid } from './guid.ts';
import { readHostAnswer } from './host-calls.ts';
import type { Message } from './message.ts';
import type { MessageType } from './message-types.ts';
import { readPipeline } from './pipeline-definition.ts';
import type { ServerEvent } from './server-events.ts';
import { readKey, readPoolCall, readPoolRequest, readPoolSize, readSessionCapability } from './session-messages.ts';

/** A message to the server as read: an event, or one of the two that need the server's own state to become one. */
export type ServerMessage =
  | Exclude<ServerEvent, { kind: 'negotiated' | 'keySent' }>
  | { readonly kind: 'capability'; readonly poolId: Guid; readonly version: string }
  | { readonly kind: 'publicKey'; readonly text: string };

type ReadPool = (value: PsValue, poolId: Guid) => ServerMessage;
type ReadPipeline = (value: PsValue, pipelineId: Guid) => ServerMessage;

const callId = (value: PsValue): bigint => readPoolCall('plain', value).callId;
const size = (type: 'setMaxRunspaces' | 'setMinRunspaces', value: PsValue): { callId: bigint; count: number } => {
  const call = readPoolCall(type, value);
  return { callId: call.callId, count: call.count ?? 0 };
};

const poolReaders: Readonly<Partial<Record<MessageType, ReadPool>>> = {
  sessionCapability: (value, poolId) => ({
    kind: 'capability',
    poolId,
    version: readSessionCapability(value).protocolVersion,
  }),
  initRunspacePool: (value, poolId) => ({ kind: 'openRequested', poolId, ...readPoolRequest(value) }),
  connectRunspacePool: (value, poolId) => ({ kind: 'connectRequested', poolId, ...readPoolSize(value) }),
  publicKey: (value) => ({ kind: 'publicKey', text: readKey('publicKey', value) }),
  setMaxRunspaces: (value) => ({ kind: 'maxRunspacesRequested', ...size('setMaxRunspaces', value) }),
  setMinRunspaces: (value) => ({ kind: 'minRunspacesRequested', ...size('setMinRunspaces', value) }),
  getAvailableRunspaces: (value) => ({ kind: 'availabilityRequested', callId: callId(value) }),
  resetRunspaceState: (value) => ({ kind: 'resetRequested', callId: callId(value) }),
  runspacePoolHostResponse: (value) => ({ kind: 'hostAnswer', pipelineId: null, ...readHostAnswer(value) }),
};

const pipelineReaders: Readonly<Partial<Record<MessageType, ReadPipeline>>> = {
  createPipeline: (value, pipelineId) => ({ kind: 'pipelineCreated', pipelineId, definition: readPipeline(value) }),
  getCommandMetadata: (value, pipelineId) => ({
    kind: 'commandMetadataRequested',
    pipelineId,
    request: readCommandMetadataRequest(value),
  }),
  pipelineInput: (value, pipelineId) => ({ kind: 'input', pipelineId, value }),
  endOfPipelineInput: (_, pipelineId) => ({ kind: 'inputEnded', pipelineId }),
  pipelineHostResponse: (value, pipelineId) => ({ kind: 'hostAnswer', pipelineId, ...readHostAnswer(value) }),
};

/**
 * Reads the payload of a message to the server.
 * @throws Failure `protocol-error` if it is a message that only a server sends, or one of a pipeline without id
 */
export function readServerMessage(message: Message, value: PsValue): ServerMessage {
  const { type, pipelineId } = message;
  const ofPool = poolReaders[type];
  if (ofPool !== undefined) return ofPool(value, message.poolId);
  const ofPipeline = pipelineReaders[type];
  if (ofPipeline === undefined) throw new Failure('protocol-error', `PSRP: a client can't send a ${type} message`);
  if (pipelineId === null) throw new Failure('protocol-error', `PSRP: expected a pipeline's id in a ${type} message`);
  return ofPipeline(value, pipelineId);
}
