import { variableType } from './cmdlets/variable-cmdlets.ts';
import { setVariable } from './compile/compile-variable.ts';
import { entryType } from './dotnet/tables.ts';
import type { CallContext, DriveProvider } from './host.ts';
import { newObject } from './make.ts';
import { frameOf } from './registry-of.ts';
import { commandValue } from './run/command-info.ts';
import { functionBlock } from './run/function-block.ts';
import type { ScriptBlock } from './script-block.ts';
import { isBoxed } from './types-of.ts';

const plain = (path: string): string => path.replace(/^[\\/]+/, '');

/** `Env:`. */
export const environmentDrive: DriveProvider = {
  drives: ['Env'],
  isFlat: true,
  provider: 'Environment',
  getContent: (path, { hooks }) => hooks.environment.get(plain(path)),
  setContent: (path, value, context) => {
    const text = value === null || value === undefined ? undefined : context.text(value);
    context.hooks.environment.set(plain(path), text === '' ? undefined : text);
  },
  exists: (path, { hooks }) => plain(path) === '' || hooks.environment.get(plain(path)) !== undefined,
  getItem: (path, { hooks }) =>
    newObject(entryType, { key: plain(path), value: hooks.environment.get(plain(path)) ?? null }),
  children: (_path, { hooks }) =>
    [...hooks.environment.entries()].map(([name, value]) => ({
      name,
      value: newObject(entryType, { key: name, value }),
    })),
  remove: (path, { hooks }) => hooks.environment.set(plain(path), undefined),
};

/** `Variable:`. */
export const variableDrive: DriveProvider = {
  drives: ['Variable'],
  isFlat: true,
  provider: 'Variable',
  getContent: (path, context) => context.getVariable(plain(path)),
  setContent: (path, value, context) => setVariable(frameOf(context), undefined, plain(path), value),
  exists: (path, context) => plain(path) === '' || frameOf(context).scope.find(plain(path).toLowerCase()) !== undefined,
  getItem: (path, context) => {
    const variable = frameOf(context).scope.find(plain(path).toLowerCase());
    return variable ? newObject(variableType, variable) : null;
  },
  children: (_path, context) =>
    [...frameOf(context).scope.global.variables.values()].map((variable) => ({
      name: variable.name,
      value: newObject(variableType, variable),
    })),
  remove: (path, context) => {
    const { scope } = frameOf(context);
    if (!scope.variables.delete(plain(path).toLowerCase())) scope.global.variables.delete(plain(path).toLowerCase());
  },
};

const findBlock = (path: string, context: CallContext): ScriptBlock | undefined => {
  const frame = frameOf(context);
  const definition = frame.scope.findFunction(plain(path).toLowerCase());
  return definition && functionBlock(definition, frame.session);
};

/** `Function:`. */
export const functionDrive: DriveProvider = {
  drives: ['Function'],
  isFlat: true,
  provider: 'Function',
  getContent: findBlock,
  setContent: (path, value, context) => {
    if (isBoxed(value) && value.kind === 'scriptblock') {
      const { scope } = frameOf(context);
      scope.putFunction({
        kind: 'script-function',
        name: plain(path).replace(/^(global|script|local):/i, ''),
        body: value.body,
        filter: false,
        module: scope.module,
      });
    }
  },
  exists: (path, context) => plain(path) === '' || findBlock(path, context) !== undefined,
  getItem: (path, context) => {
    const definition = frameOf(context).scope.findFunction(plain(path).toLowerCase());
    return definition ? commandValue({ kind: 'function', definition }) : null;
  },
  children: (_path, context) =>
    frameOf(context)
      .scope.allFunctions()
      .map((definition) => ({ name: definition.name, value: commandValue({ kind: 'function', definition }) })),
  remove: (path, context) => void frameOf(context).scope.removeFunction(plain(path).toLowerCase()),
};
