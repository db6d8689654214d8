import type { HostEventBody } from '../journal/event.ts';
import type { Command } from './command.ts';
import type { HostRunState, Phase } from './state.ts';

/** What follows from an event: the new state and what is to be done now (one command, or none). */
export type Decision = { readonly state: HostRunState; readonly commands: readonly Command[] };

/** A decision that awaits the result of a command in a phase. */
export function ask(state: HostRunState, phase: Phase, command: Command): Decision {
  return { state: { ...state, phase }, commands: [command] };
}

/** A decision that an event be written at once, before the effect that it announces. */
export function record(state: HostRunState, phase: Phase, event: HostEventBody): Decision {
  return ask(state, phase, { kind: 'record', event });
}
