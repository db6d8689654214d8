/** PIPELINE_STATE and RUNSPACEPOOL_STATE (MS-PSRP 2.2.2.21, 2.2.2.9). */
import { Failure } from '../../../kernel/failure.ts';
import { type PsObject, type PsValue, psProperty } from '../clixml/values.ts';
import { type PipelineState, type PoolState, pipelineStates, poolStates } from './codes.ts';
import { type ErrorRecord, readErrorRecord } from './error-record.ts';
import { intMember, payload } from './fields.ts';

/** A new state, with the error that led to it. */
export type StateReport<State> = { readonly state: State; readonly error: ErrorRecord | null };

function build(name: string, number: number, error: PsObject | null): PsObject {
  return payload({ [name]: number, ...(error === null ? {} : { ExceptionAsErrorRecord: error }) });
}

function read<State>(name: string, states: readonly State[], value: PsValue): StateReport<State> {
  const number = intMember(value, name);
  const state = states[number];
  if (state === undefined) throw new Failure('protocol-error', `PSRP: unknown state ${number} in ${name}`);
  const error = psProperty(value, 'ExceptionAsErrorRecord') ?? null;
  return { state, error: error === null ? null : readErrorRecord(error) };
}

/** Builds RUNSPACEPOOL_STATE. */
export const buildPoolState = (state: PoolState, error: PsObject | null = null): PsObject =>
  build('RunspaceState', poolStates.indexOf(state), error);
/** Reads RUNSPACEPOOL_STATE. */
export const readPoolState = (value: PsValue): StateReport<PoolState> => read('RunspaceState', poolStates, value);
/** Builds PIPELINE_STATE. */
export const buildPipelineState = (state: PipelineState, error: PsObject | null = null): PsObject =>
  build('PipelineState', pipelineStates.indexOf(state), error);
/** Reads PIPELINE_STATE. */
export const readPipelineState = (value: PsValue): StateReport<PipelineState> =>
  read('PipelineState', pipelineStates, value);
