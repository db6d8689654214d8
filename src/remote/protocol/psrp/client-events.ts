import type { PsValue } from '../clixml/values.ts';
import type { PipelineState, PoolState } from './codes.ts';
import type { ErrorRecord } from './error-record.ts';
import type { Guid } from './guid.ts';
import type { HostCall } from './host-calls.ts';
import type { RunspaceAvailability } from './session-messages.ts';
import type { InformationRecord, MessageRecord, MessageStream, ProgressRecord } from './stream-records.ts';
import type { UserEvent } from './user-event.ts';
import type { ProtocolVersion } from './versions.ts';

/** What the bytes of a server mean to the client. `state: 'opened'` of `poolState` is the moment when the pool is open. */
export type ClientEvent =
  | { readonly kind: 'negotiated'; readonly protocolVersion: ProtocolVersion; readonly serverVersion: string }
  | { readonly kind: 'poolState'; readonly state: PoolState; readonly error: ErrorRecord | null }
  | { readonly kind: 'poolSize'; readonly minRunspaces: number | null; readonly maxRunspaces: number | null }
  | ({ readonly kind: 'runspaceAvailability' } & RunspaceAvailability)
  | { readonly kind: 'applicationPrivateData'; readonly data: PsValue }
  | { readonly kind: 'keyRequested' }
  | { readonly kind: 'sessionKey' }
  | ({ readonly kind: 'userEvent' } & UserEvent)
  | { readonly kind: 'hostCall'; readonly call: HostCall; readonly answered: boolean }
  | { readonly kind: 'output'; readonly pipelineId: Guid; readonly value: PsValue }
  | { readonly kind: 'error'; readonly pipelineId: Guid; readonly record: ErrorRecord }
  | { readonly kind: MessageStream; readonly pipelineId: Guid; readonly record: MessageRecord }
  | { readonly kind: 'information'; readonly pipelineId: Guid; readonly record: InformationRecord }
  | { readonly kind: 'progress'; readonly pipelineId: Guid; readonly record: ProgressRecord }
  | {
      readonly kind: 'pipelineState';
      readonly pipelineId: Guid;
      readonly state: PipelineState;
      readonly error: ErrorRecord | null;
    };
