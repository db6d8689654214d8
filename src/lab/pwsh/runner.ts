import type { PipelineCommand, RunningPipeline, Runspace, Sink } from '../evaluator/pipeline.ts';

/** Whatever runs pipelines: a runspace of this process, or a session with a host. */
export type Runner = {
  /** Starts one command; one at a time. */
  run(command: PipelineCommand, sink: Sink): Pick<RunningPipeline, 'done' | 'stop'>;
};

/** A runspace of this process. */
export const localRunner = (runspace: Runspace): Runner => ({ run: (command, sink) => runspace.run([command], sink) });
