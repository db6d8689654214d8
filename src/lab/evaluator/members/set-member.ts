import { NetError, PowerShellError } from '../define.ts';
import type { Frame } from '../frame.ts';
import { exception } from '../make.ts';
import { raise, runtimeError } from '../raise.ts';
import { runSync } from '../run-sync.ts';
import { isBoxed } from '../types-of.ts';
import type { Member, Value } from '../value.ts';
import { definitionOf, findProperty, membersOf, stateOfValue } from './definitions.ts';
import { entryPart } from './index-access.ts';

const writeMember = (target: Value, member: Member, value: Value, frame: Frame): void => {
  if (member.kind === 'note') member.value = value ?? null;
  else if (member.kind === 'alias') setMember(target, member.target, value, frame);
  else if (member.kind === 'scriptProperty' && member.set)
    runSync(frame.context.invoke(member.set, [value], { this: target }));
  else
    raise({
      id: 'SetterNotDefined',
      message: `The script property '${member.name}' cannot be set.`,
      category: 'NotSpecified',
    });
};

const whenSetting = (name: string, message: string): never =>
  raise({
    id: 'ExceptionWhenSetting',
    message: `Exception setting "${name}": "${message}"`,
    category: 'NotSpecified',
    type: 'System.Management.Automation.SetValueInvocationException',
    inner: exception('System.Management.Automation.RuntimeException', message),
  });

const notFound = (target: Value, name: string): never => {
  const message = `The property '${name}' cannot be found on this object. Verify that the property exists and can be set.`;
  if (isBoxed(target) && target.kind === 'custom') return whenSetting(name, message);
  // An XML node takes the name and fails only when the value comes.
  if (isBoxed(target) && target.kind === 'instance' && target.type.name.startsWith('System.Xml.Xml'))
    return whenSetting(name, message);
  return raise({ id: 'PropertyAssignmentException', message });
};

const writeDefined = (target: Value, name: string, value: Value, frame: Frame): boolean => {
  const { registry } = frame.session;
  const found = findProperty(registry, target, name.toLowerCase());
  const state = stateOfValue(target);
  if (found) {
    const [written, property] = found;
    if (property.aliasOf !== undefined) {
      setMember(target, property.aliasOf, value, frame);
      return true;
    }
    if (!property.set) raise({ id: 'PropertyAssignmentException', message: `'${written}' is a ReadOnly property.` });
    try {
      property.set?.(
        state,
        property.type === undefined ? value : frame.context.convert(value, property.type),
        frame.context,
      );
    } catch (error) {
      // What does not convert, or is refused by a validation attribute, is a fault of the assignment.
      if (!(error instanceof PowerShellError) || !/InvalidArgument|MetadataError/.test(error.record.category))
        throw error;
      throw runtimeError({
        id: 'ExceptionWhenSetting',
        message: `Exception setting "${written}": "${error.message}"`,
        category: 'NotSpecified',
        type: 'System.Management.Automation.SetValueInvocationException',
        inner: error.record.exception,
      });
    }
    return true;
  }
  const dynamic = definitionOf(registry, target)?.dynamicProperties?.(state);
  if (!dynamic?.names().some((candidate) => candidate.toLowerCase() === name.toLowerCase())) return false;
  if (!dynamic.set) raise({ id: 'PropertyAssignmentException', message: `'${name}' is a ReadOnly property.` });
  dynamic.set?.(name, value);
  return true;
};

/** `$target.name = value`. */
export const setMember = (target: Value, name: string, value: Value, frame: Frame): void => {
  if (target === null || target === undefined) {
    raise({
      id: 'PropertyNotFound',
      message: `The property '${name}' cannot be found on this object. Verify that the property exists and can be set.`,
    });
    return;
  }
  const member = membersOf(target)?.get(name.toLowerCase());
  if (member) {
    writeMember(target, member, value, frame);
    return;
  }
  try {
    if (isBoxed(target) && target.kind === 'hashtable') {
      if (findProperty(frame.session.registry, target, name.toLowerCase()) && !target.has(name)) notFound(target, name);
      target.set(name, entryPart(target, value, 1, frame.session));
      return;
    }
    if (isBoxed(target) && target.kind === 'ref' && name.toLowerCase() === 'value') {
      target.set(value);
      return;
    }
    if (writeDefined(target, name, value, frame)) return;
  } catch (error) {
    if (!(error instanceof NetError)) throw error;
    throw runtimeError({
      id: 'ExceptionWhenSetting',
      message: `Exception setting "${name}": "${error.exception.message}"`,
      category: 'NotSpecified',
      type: 'System.Management.Automation.SetValueInvocationException',
      inner: error.exception,
    });
  }
  notFound(target, name);
};
