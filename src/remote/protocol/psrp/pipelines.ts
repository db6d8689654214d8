import { Failure } from '../../../kernel/failure.ts';
import type { PipelineState } from './codes.ts';
import type { Guid } from './guid.ts';
import { type PipelineTrigger, pipelineEnds, pipelineMachine, pipelineSays } from './pipeline-machine.ts';

/** A pipeline of a pool. */
export type Pipeline = {
  readonly state: PipelineState;
  /** Whether input may still come. */
  readonly takesInput: boolean;
  /** Bits of `remoteStreamOptions`: which records carry invocation info. */
  readonly remoteStreamOptions: number;
};

const refused = (text: string): Failure => new Failure('protocol-error', `PSRP: ${text}`);

/** The pipelines of one pool, on either side, and how far each has come. Ids are in lower case. */
export class Pipelines {
  readonly #known = new Map<Guid, Pipeline>();
  readonly #forgotten = new Set<Guid>();

  /** Adds a pipeline that runs from now on. */
  add(id: Guid, takesInput: boolean, remoteStreamOptions = 0): void {
    if (this.#known.has(id) || this.#forgotten.has(id)) throw refused(`pipeline ${id} exists already`);
    this.#known.set(id, { state: 'running', takesInput, remoteStreamOptions });
  }

  /** A pipeline, if it is known and not forgotten. */
  get(id: Guid): Pipeline | undefined {
    return this.#known.get(id);
  }

  /** A pipeline that must exist. */
  require(id: Guid): Pipeline {
    const pipeline = this.#known.get(id);
    if (pipeline === undefined) throw refused(`there is no pipeline ${id}`);
    return pipeline;
  }

  /** A pipeline that still takes input. */
  requireInput(id: Guid): Pipeline {
    const pipeline = this.require(id);
    if (!pipeline.takesInput || pipelineEnds.has(pipeline.state)) throw refused(`pipeline ${id} takes no input`);
    return pipeline;
  }

  /** A pipeline that has not ended. */
  requireLive(id: Guid): Pipeline {
    const pipeline = this.require(id);
    if (pipelineEnds.has(pipeline.state))
      throw refused(`pipeline ${id} is ${pipeline.state}, nothing more can be sent for it`);
    return pipeline;
  }

  /** Whether a pipeline is here and has not ended. */
  isLive(id: Guid): boolean {
    const pipeline = this.#known.get(id);
    return pipeline !== undefined && !pipelineEnds.has(pipeline.state);
  }

  /** Notes that no more input comes. */
  endInput(id: Guid): void {
    this.#known.set(id, { ...this.requireInput(id), takesInput: false });
  }

  /** Moves a pipeline on; false, and nothing changed, if the table does not allow it. */
  tryAdvance(id: Guid, trigger: PipelineTrigger | null): boolean {
    const pipeline = this.#known.get(id);
    const state = pipeline && trigger && pipelineMachine[pipeline.state][trigger];
    if (!pipeline || !state) return false;
    this.#known.set(id, { ...pipeline, state });
    return true;
  }

  /** Moves a pipeline on. */
  advance(id: Guid, trigger: PipelineTrigger): void {
    const { state } = this.require(id);
    if (!this.tryAdvance(id, trigger)) throw refused(`${trigger} is not possible while pipeline ${id} is ${state}`);
  }

  /** Takes on a state that the server reports or is about to report; false if it can't follow. */
  tryReport(id: Guid, state: PipelineState): boolean {
    return this.tryAdvance(id, pipelineSays[state]);
  }

  /** Forgets a pipeline; its id can't be used again. */
  forget(id: Guid): void {
    this.#known.delete(id);
    this.#forgotten.add(id);
  }

  /** Whether a pipeline was here and was forgotten. */
  wasForgotten(id: Guid): boolean {
    return this.#forgotten.has(id);
  }
}
