/** The life of a pipeline, the same on both sides (MS-PSRP 3.1.1.3), as a table: state → trigger → next state. */
import type { PipelineState } from './codes.ts';

/** What moves a pipeline on: what its owner does, then the states that the server reports. */
export type PipelineTrigger =
  | 'start'
  | 'stop'
  | 'disconnect'
  | 'reconnect'
  | 'saysRunning'
  | 'saysStopping'
  | 'saysStopped'
  | 'saysCompleted'
  | 'saysFailed'
  | 'saysDisconnected';

type Row = Readonly<Partial<Record<PipelineTrigger, PipelineState>>>;

const ends: Row = { saysStopped: 'stopped', saysCompleted: 'completed', saysFailed: 'failed' };

/** The table. What is not in it is not allowed. */
export const pipelineMachine: Readonly<Record<PipelineState, Row>> = {
  notStarted: { ...ends, start: 'running', saysRunning: 'running', stop: 'stopping' },
  running: {
    ...ends,
    stop: 'stopping',
    disconnect: 'disconnected',
    saysRunning: 'running',
    saysStopping: 'stopping',
    saysDisconnected: 'disconnected',
  },
  stopping: { ...ends, stop: 'stopping', saysStopping: 'stopping' },
  disconnected: { ...ends, reconnect: 'running', saysRunning: 'running', saysStopping: 'stopping', stop: 'stopping' },
  stopped: { stop: 'stopped' },
  completed: { stop: 'completed' },
  failed: { stop: 'failed' },
};

/** States that nothing follows. */
export const pipelineEnds: ReadonlySet<PipelineState> = new Set(['stopped', 'completed', 'failed']);

/** The trigger of a reported state. */
export const pipelineSays: Readonly<Record<PipelineState, PipelineTrigger | null>> = {
  notStarted: null,
  running: 'saysRunning',
  stopping: 'saysStopping',
  stopped: 'saysStopped',
  completed: 'saysCompleted',
  failed: 'saysFailed',
  disconnected: 'saysDisconnected',
};
