import type { RunspacePoolClient } from '../../../src/remote/protocol/psrp/client.ts';
import type { Guid } from '../../../src/remote/protocol/psrp/guid.ts';
import type { HostCall } from '../../../src/remote/protocol/psrp/host-calls.ts';
import { type PoolTrigger, poolMachine } from '../../../src/remote/protocol/psrp/pool-machine.ts';
import { readServerMessage, type ServerMessage } from '../../../src/remote/protocol/psrp/server-messages.ts';
import type { RecordedStep, Said } from './recorded-steps.ts';

/** A command of a live shell; `id` is the host's. */
export type LiveCommand = { id: Guid; readonly pipelineId: Guid; readonly recordedPipelineId?: Guid | null };

/** A shell of our client that stands for a recorded one. */
export type LiveShell = {
  id: Guid;
  readonly psrp: RunspacePoolClient | undefined;
  /** By the ids of the recording. */
  readonly commands: Map<Guid, LiveCommand>;
  readonly hostCalls: HostCall[];
};

/** A command by its id on the recording; one that nobody began has that id here, too. */
export function commandOf(shell: LiveShell, recorded: Guid): LiveCommand {
  const key = recorded.toUpperCase();
  const command = shell.commands.get(key) ?? { id: key, pipelineId: recorded.toLowerCase() };
  shell.commands.set(key, command);
  return command;
}

/** Hands what the recorded client said to ours. */
export function say(shell: LiveShell, said: Said, pipelineId: Guid | undefined): void {
  const { psrp } = shell;
  const read = understand(said);
  if (!psrp) throw new Error('the recording speaks PSRP on a shell that nobody opened');
  switch (read.kind) {
    case 'pipelineCreated':
      return psrp.createPipeline(pipelineId ?? '', read.definition);
    case 'commandMetadataRequested':
      return psrp.getCommandMetadata(pipelineId ?? '', read.request);
    case 'input':
      return psrp.sendInput(pipelineId ?? '', read.value);
    case 'inputEnded':
      return psrp.endInput(pipelineId ?? '');
    case 'publicKey':
      return psrp.requestKey();
    case 'maxRunspacesRequested':
      return void psrp.callPool('setMaxRunspaces', read.count);
    case 'minRunspacesRequested':
      return void psrp.callPool('setMinRunspaces', read.count);
    case 'availabilityRequested':
      return void psrp.callPool('getAvailableRunspaces');
    case 'resetRequested':
      return void psrp.callPool('resetRunspaceState');
    case 'hostAnswer': {
      const call = shell.hostCalls.find((open) => open.callId === read.callId && open.method === read.method);
      if (!call) throw new Error(`the recording answers a host call (${read.method}) that our client did not see`);
      return psrp.answerHostCall(call, read.error ? { error: read.error.object } : { value: read.value });
    }
    case 'capability':
    case 'openRequested':
    case 'connectRequested':
      return;
  }
}

/** Takes over a command that runs, unless our client knows it. */
export function adopt(shell: LiveShell, recorded: Guid): void {
  const { id, pipelineId } = commandOf(shell, recorded);
  const state = shell.psrp?.pipelineState(pipelineId);
  if (state === undefined) shell.psrp?.adoptPipeline(pipelineId);
  else if (state === 'disconnected') shell.psrp?.advancePipeline(pipelineId, 'reconnect');
  shell.commands.set(recorded.toUpperCase(), { id, pipelineId });
}

/** The command that messages to the pool belong to: some clients send answers to host calls there. */
export const speaker = (shell: LiveShell, { begins: [said] }: RecordedStep): LiveCommand | undefined =>
  said?.message.pipelineId == null
    ? undefined
    : Array.from(shell.commands.values()).find((command) => command.recordedPipelineId === said.message.pipelineId);

/** A command by the id that the host gives it. */
export const findLive = (shell: LiveShell, id: Guid): LiveCommand | undefined =>
  Array.from(shell.commands.values()).find((command) => command.id.toUpperCase() === id.toUpperCase());

/** Moves a pool on where its table allows it: recorded clients also leave sessions that are broken or were left before. */
export function tryAdvance(psrp: RunspacePoolClient | undefined, trigger: PoolTrigger): void {
  if (psrp && poolMachine[psrp.phase][trigger] !== undefined) psrp.advance(trigger);
}

/** The client has left its shell. */
export function leave(shell: LiveShell, psrp: RunspacePoolClient): void {
  tryAdvance(psrp, 'disconnected');
  for (const { pipelineId } of shell.commands.values())
    if (psrp.pipelineState(pipelineId) === 'running') psrp.advancePipeline(pipelineId, 'disconnect');
}

/** The client has its shell again. */
export function rejoin(shell: LiveShell, psrp: RunspacePoolClient): void {
  tryAdvance(psrp, 'reconnected');
  for (const { pipelineId } of shell.commands.values())
    if (psrp.pipelineState(pipelineId) === 'disconnected') psrp.advancePipeline(pipelineId, 'reconnect');
}

/** What a message of the recorded client asks for. */
export const understand = ({ message, value }: Said): ServerMessage => readServerMessage(message, value ?? null);
