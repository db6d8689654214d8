import type { Variable as VariableNode } from '../../../powershell/expression-tree.ts';
import { isScope } from '../../../powershell/variables.ts';
import type { Frame } from '../frame.ts';
import { raise } from '../raise.ts';
import type { Scope, Variable } from '../scope.ts';
import type { Value } from '../value.ts';
import type { Code } from './code.ts';
import { sync } from './code.ts';
import type { Compiler } from './compiler.ts';

const constants = new Map<string, Value>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

const undefinedVariable = (name: string, frame: Frame): Value => {
  if (frame.scope.strictVersion < 1) return null;
  return raise({
    id: 'VariableIsUndefined',
    message: `The variable '$${name}' cannot be retrieved because it has not been set.`,
    target: name,
  });
};

/** The scope that a qualifier means. */
export const scopeFor = (scope: Scope, qualifier: string): Scope => {
  if (qualifier === 'global') return scope.global;
  if (qualifier === 'script') return scope.script;
  return scope;
};

const readDrive = (qualifier: string, name: string, frame: Frame): Value => {
  const drive = frame.context.findDrive(`${qualifier}:${name}`);
  return drive?.provider.getContent(drive.path, frame.context, drive.drive) ?? null;
};

/** Reads a variable. */
export const compileVariable = (compiler: Compiler, node: VariableNode): Code => {
  const { name, scope: qualifier } = node;
  const lower = name.toLowerCase();
  if (qualifier !== undefined && !isScope(qualifier)) return sync((frame) => readDrive(qualifier, name, frame));
  if (qualifier === 'using') return compiler.unsupported('$using: variables', node.start);
  if (qualifier === undefined) {
    if (constants.has(lower)) {
      const value = constants.get(lower);
      return sync(() => value);
    }
    if (lower === '?') return sync((frame) => frame.session.ok);
    if (lower === 'psitem') return sync((frame) => frame.scope.find('_')?.value);
    return sync((frame) => {
      const variable = frame.scope.find(lower);
      return variable ? variable.value : undefinedVariable(name, frame);
    });
  }
  return sync((frame) => {
    const variable = scopeFor(frame.scope, qualifier).find(lower);
    return variable ? variable.value : undefinedVariable(`${qualifier}:${name}`, frame);
  });
};

const notWritable = (variable: Variable): never =>
  raise({
    id: 'VariableNotWritable',
    message: `Cannot overwrite variable ${variable.name} because it is read-only or constant.`,
    category: 'WriteError',
    target: variable.name,
    type: 'System.Management.Automation.SessionStateUnauthorizedAccessException',
  });

/** Assigns to a variable that exists, obeying its type and options. */
export const assignVariable = (variable: Variable, value: Value): void => {
  if (variable.option !== 'None') notWritable(variable);
  variable.value = variable.constraint ? variable.constraint(value) : value;
};

/** Sets a variable in the scope that a qualifier means. */
export const setVariable = (frame: Frame, qualifier: string | undefined, name: string, value: Value): void => {
  const lower = name.toLowerCase();
  if (qualifier !== undefined && !isScope(qualifier)) {
    const drive = frame.context.findDrive(`${qualifier}:${name}`);
    if (!drive)
      raise({
        id: 'DriveNotFound',
        message: `Cannot find drive. A drive with the name '${qualifier}' does not exist.`,
        category: 'ObjectNotFound',
      });
    drive?.provider.setContent(drive.path, value, frame.context, drive.drive);
    return;
  }
  if (constants.has(lower) || lower === '?') {
    if (lower === 'null') return;
    raise({
      id: 'VariableNotWritable',
      message: `Cannot overwrite variable ${name} because it is read-only or constant.`,
      category: 'WriteError',
      type: 'System.Management.Automation.SessionStateUnauthorizedAccessException',
    });
  }
  const scope = qualifier === undefined ? frame.scope : scopeFor(frame.scope, qualifier);
  const own = scope.own(lower);
  if (own) {
    assignVariable(own, value);
    return;
  }
  const outer = qualifier === undefined ? scope.find(lower) : undefined;
  if (outer && outer.option === 'Constant') notWritable(outer);
  const made: Variable = { name, value, option: 'None', isPrivate: qualifier === 'private' };
  scope.add(lower, made);
};
