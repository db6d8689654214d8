import type { CmdletDefinition } from '../../../evaluator/host.ts';
import { type CommandFacts, command } from '../command-syntax.ts';

/** A command that is a function over CIM: its name is the second half of its error ids, and its first parameter set wins unless told otherwise. */
export const cimCommand = (name: string, facts: CommandFacts): CmdletDefinition =>
  command(name, { commandType: 'Function', className: name, defaultSet: 'Set1', ...facts });
