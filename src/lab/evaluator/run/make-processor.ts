import { bodyOf } from '../compile/body.ts';
import { toText } from '../conversion/to-text.ts';
import { raise, runtimeError } from '../raise.ts';
import { Scope } from '../scope.ts';
import type { ScriptBlock } from '../script-block.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';
import { CmdletProcessor } from './cmdlet-processor.ts';
import type { Resolved } from './command-info.ts';
import { commandOf, commandValue, nameOf } from './command-info.ts';
import type { Processor, Setup } from './processor.ts';
import { ProgramProcessor } from './program-processor.ts';
import { resolveCommand } from './resolve-command.ts';
import { ScriptProcessor } from './script-processor.ts';

/** @throws PowerShellError CommandNotFoundException */
export const notFound = (name: string): never => {
  const message = `The term '${name}' is not recognized as the name of a cmdlet, function, script file, or operable program. Check the spelling of the name, or if a path was included, verify that the path is correct and try again.`;
  const error = runtimeError({
    id: 'CommandNotFoundException',
    message,
    category: 'ObjectNotFound',
    target: name,
    type: 'System.Management.Automation.CommandNotFoundException',
  });
  error.record.exception.properties['CommandName'] = name;
  throw error;
};

const closures = new WeakMap<object, Scope>();

/** The scope that a closure's variables live in. */
export const closureScope = (block: ScriptBlock, global: Scope): Scope | undefined => {
  if (!block.captured) return undefined;
  const known = closures.get(block.captured);
  if (known) return known;
  // What a closure keeps for itself is its `$script:` scope.
  const scope = new Scope(global, 'script');
  for (const [name, value] of block.captured) scope.put(name, value as Value);
  closures.set(block.captured, scope);
  return scope;
};

const fromBlock = (block: ScriptBlock, setup: Setup, dot: boolean): Processor => {
  const { frame } = setup;
  const parent = closureScope(block, frame.scope.global);
  return new ScriptProcessor(
    {
      body: bodyOf(block.body),
      name: '',
      command: block,
      filter: false,
      ...(dot ? { scope: frame.scope } : {}),
      ...(parent ? { parent } : {}),
    },
    setup,
  );
};

/** Sets up a command that was found. */
export const fromResolved = (command: Resolved, setup: Setup, dot: boolean): Processor => {
  const { frame } = setup;
  switch (command.kind) {
    case 'function': {
      const { definition } = command;
      // A function that comes from outside of the running module (or from inside of another one) sees its own surroundings only.
      const isHome = frame.scope.module === definition.module;
      const scope = dot ? { scope: frame.scope } : isHome ? {} : { parent: definition.module ?? frame.scope.global };
      return new ScriptProcessor(
        {
          body: bodyOf(definition.body),
          name: definition.name,
          command: commandValue(command),
          filter: definition.filter,
          ...scope,
        },
        setup,
      );
    }
    case 'cmdlet':
      return new CmdletProcessor(command.definition, setup);
    case 'script': {
      const body = bodyOf(frame.session.load(command.text, command.path));
      const scope = dot ? { scope: frame.scope } : { isScriptFile: true };
      return new ScriptProcessor(
        { body, name: nameOf(command), command: commandValue(command), filter: false, ...scope },
        setup,
      );
    }
    case 'program':
      return new ProgramProcessor(command.program, setup);
    case 'alias': {
      const target = resolveCommand(command.target, frame);
      return target ? fromResolved(target, setup, dot) : notFound(command.target);
    }
  }
};

/**
 * Sets up a command by its value: a script block, what Get-Command gave, or a name.
 * @param dot `.` instead of `&`: it runs in the caller's scope
 */
export const makeProcessor = (command: Value, setup: Setup, dot: boolean): Processor => {
  if (isBoxed(command) && command.kind === 'scriptblock') return fromBlock(command, setup, dot);
  const known = commandOf(command);
  if (known) return fromResolved(known, setup, dot);
  const name = toText(command, setup.frame.session);
  if (name === '') {
    return raise({
      id: 'BadExpression',
      message:
        "The expression after '&' in a pipeline element produced an object that was not valid. It must result in a command name, a script block, or a CommandInfo object.",
    });
  }
  const found = resolveCommand(name, setup.frame);
  if (found) return fromResolved(found, setup, dot);
  if (setup.frame.session.registry.isKnownCommand(name)) return setup.frame.context.unsupported(`the command ${name}`);
  return notFound(name);
};
