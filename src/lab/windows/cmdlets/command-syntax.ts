import { describeCommand, type SyntaxFacts } from '../../evaluator/binding/describe-command.ts';
import type { CmdletDefinition, CmdletStep, CommandContext } from '../../evaluator/host.ts';
import { Win32Fault, win32 } from '../machine/win32-fault.ts';
import bindings from './command-bindings.json' with { type: 'json' };
import syntaxes from './command-syntax.json' with { type: 'json' };
import { denied } from './denied.ts';
import { elevated } from './elevation.ts';

/** What the syntax text of a command does not tell. */
export type CommandFacts = SyntaxFacts & {
  /** Full .NET class name: the second half of error ids. */
  readonly className?: string;
  readonly module?: string;
  readonly commandType?: 'Cmdlet' | 'Function';
  readonly aliases?: readonly string[];
  readonly begin?: CmdletStep;
  readonly process?: CmdletStep;
  readonly end?: CmdletStep;
  readonly createState?: () => unknown;
  readonly outsideCall?: CmdletDefinition['outsideCall'];
};

const known: Readonly<Record<string, { readonly module: string; readonly syntax: string }>> = syntaxes;

const kinds = ['value', 'name', 'both'] as const;

/** How parameters are bound from the pipeline and their aliases, for commands that PowerShell 7 still has and tells of (`kind alias…`). */
const bound: Readonly<Record<string, Readonly<Record<string, string>>>> = bindings;

const bindingsOf = (name: string): Pick<SyntaxFacts, 'pipeline' | 'parameterAliases'> => {
  const rows = Object.entries(bound[name] ?? {}).map(([parameter, words]) => [parameter, ...words.split(' ')] as const);
  if (rows.length === 0) return {};
  return {
    pipeline: Object.fromEntries(
      rows.flatMap(([parameter, kind]) => {
        const known = kinds.find((one) => one === kind);
        return known === undefined ? [] : [[parameter, known]];
      }),
    ),
    parameterAliases: Object.fromEntries(
      rows.flatMap(([parameter, , ...aliases]) => (aliases.length === 0 ? [] : [[parameter, aliases]])),
    ),
  };
};

/** A step that tells a refusal by Windows as an error. */
const guarded = (step: CmdletStep): CmdletStep =>
  function* (context: CommandContext, bound) {
    try {
      const task = step(context, bound);
      if (task) yield* task;
    } catch (error) {
      if (!(error instanceof Win32Fault && error.code === win32.accessDenied)) throw error;
      context.writeError(denied(error));
    }
  };

/**
 * Defines a cmdlet from the syntax text that `Get-Command -Syntax` of Windows PowerShell 5.1 shows for it (command-syntax.json), so that
 * positions, sets and types are those of Windows. What is not simulated is refused by name.
 */
export const command = (name: string, facts: CommandFacts): CmdletDefinition => {
  const { syntax, module } = known[name] ?? { syntax: '', module: '' };
  return {
    name,
    module,
    ...describeCommand(syntax, { ...facts, ...bindingsOf(name) }),
    ...(facts.className ? { className: facts.className } : {}),
    ...(facts.commandType ? { commandType: facts.commandType } : {}),
    ...(facts.aliases ? { aliases: facts.aliases } : {}),
    ...(facts.begin ? { begin: guarded(elevated(name, facts.begin)) } : {}),
    ...(facts.process ? { process: guarded(elevated(name, facts.process)) } : {}),
    ...(facts.end ? { end: guarded(elevated(name, facts.end)) } : {}),
    ...(facts.createState ? { createState: facts.createState } : {}),
    ...(facts.outsideCall ? { outsideCall: facts.outsideCall } : {}),
  };
};
