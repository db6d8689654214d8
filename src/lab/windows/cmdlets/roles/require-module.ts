import { errorRecord, PowerShellError } from '../../../evaluator/define.ts';
import type { CmdletDefinition, CommandContext } from '../../../evaluator/host.ts';
import { exception } from '../../../evaluator/make.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import type { RoleModule } from './role-modules.ts';

/** The error of a command whose module this Windows does not have. */
const notRecognized = (context: CommandContext): never => {
  const name = context.commandName;
  const message = `The term '${name}' is not recognized as the name of a cmdlet, function, script file, or operable program. Check the spelling of the name, or if a path was included, verify that the path is correct and try again.`;
  throw new PowerShellError(
    errorRecord({
      id: 'CommandNotFoundException',
      message,
      category: 'ObjectNotFound',
      target: name,
      exception: exception('System.Management.Automation.CommandNotFoundException', message),
    }),
  );
};

/** Commands of a module that comes with a role or feature: without it, nobody knows them. */
export const withModule = (definitions: readonly CmdletDefinition[], module: RoleModule): CmdletDefinition[] =>
  definitions.map((definition) => ({
    ...definition,
    *begin(context, bound) {
      if (!module.isThere(actorOf(context).machine)) notRecognized(context);
      const begun = definition.begin?.(context, bound);
      if (begun) yield* begun;
    },
  }));
