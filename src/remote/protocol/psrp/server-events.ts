import type { PsValue } from '../clixml/values.ts';
import type { CommandMetadataRequest } from './command-metadata.ts';
import type { Guid } from './guid.ts';
import type { HostAnswer } from './host-calls.ts';
import type { PipelineDefinition } from './pipeline-definition.ts';
import type { PoolRequest } from './session-messages.ts';
import type { ProtocolVersion } from './versions.ts';

/** What the bytes of a client mean to the server. */
export type ServerEvent =
  | { readonly kind: 'negotiated'; readonly protocolVersion: ProtocolVersion; readonly clientVersion: string }
  | ({ readonly kind: 'openRequested'; readonly poolId: Guid } & PoolRequest)
  | {
      readonly kind: 'connectRequested';
      readonly poolId: Guid;
      readonly minRunspaces: number | null;
      readonly maxRunspaces: number | null;
    }
  | { readonly kind: 'keySent' }
  | {
      readonly kind: 'maxRunspacesRequested' | 'minRunspacesRequested';
      readonly callId: bigint;
      readonly count: number;
    }
  | { readonly kind: 'availabilityRequested' | 'resetRequested'; readonly callId: bigint }
  | { readonly kind: 'pipelineCreated'; readonly pipelineId: Guid; readonly definition: PipelineDefinition }
  | { readonly kind: 'commandMetadataRequested'; readonly pipelineId: Guid; readonly request: CommandMetadataRequest }
  | { readonly kind: 'input'; readonly pipelineId: Guid; readonly value: PsValue }
  | { readonly kind: 'inputEnded'; readonly pipelineId: Guid }
  | ({ readonly kind: 'hostAnswer'; readonly pipelineId: Guid | null } & HostAnswer);
