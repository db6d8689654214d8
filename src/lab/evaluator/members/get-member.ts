import { enumeratorType } from '../compile/enumerator.ts';
import { enumerate, itemsOf } from '../conversion/items.ts';
import { defineType, NetError } from '../define.ts';
import { psMethodType } from '../dotnet/ps-method.ts';
import type { Frame } from '../frame.ts';
import { list, newObject, toValue } from '../make.ts';
import { raise, runtimeError } from '../raise.ts';
import { runSync } from '../run-sync.ts';
import { typeChain } from '../type-names.ts';
import { isBoxed, shortName, typeNameOf } from '../types-of.ts';
import type { Member, Value } from '../value.ts';
import { definitionOf, findMethod, findProperty, membersOf, stateOfValue } from './definitions.ts';
import { psObjectOf } from './ps-object.ts';

/** Marks that a value has no such member. */
export const absent = Symbol('absent');

const readMember = (value: Value, member: Member, frame: Frame): Value => {
  switch (member.kind) {
    case 'note':
      return member.value;
    case 'alias':
      return getMember(value, member.target, frame);
    case 'scriptProperty': {
      const output = runSync(frame.context.invoke(member.get, [], { this: value }));
      return output.length > 1 ? output : output[0];
    }
    case 'scriptMethod':
      return null;
  }
};

const fromDefinition = (value: Value, name: string, lower: string, frame: Frame): Value | typeof absent => {
  const { registry } = frame.session;
  const found = findProperty(registry, value, lower);
  try {
    if (found) {
      const [, property] = found;
      if (property.aliasOf !== undefined) return getMember(value, property.aliasOf, frame);
      return toValue(property.get(stateOfValue(value), frame.context));
    }
    const dynamic = definitionOf(registry, value)?.dynamicProperties?.(stateOfValue(value));
    if (dynamic?.names().some((candidate) => candidate.toLowerCase() === lower)) return toValue(dynamic.get(name));
  } catch (error) {
    if (!(error instanceof NetError)) throw error;
    throw runtimeError({
      id: 'ExceptionWhenGetting',
      message: `Exception getting "${name}": "${error.exception.message}"`,
      category: 'NotSpecified',
      type: 'System.Management.Automation.GetValueInvocationException',
      inner: error.exception,
    });
  }
  return absent;
};

/** The type names that `.PSTypeNames` and Get-Member show. */
export const typeNamesOf = (value: Value, frame: Frame): string[] => {
  if (isBoxed(value)) {
    if (value.kind === 'custom') return value.typeNames;
    if (value.kind === 'instance' && value.typeNames) return value.typeNames;
  }
  const name = typeNameOf(value);
  return name === undefined
    ? []
    : typeChain(frame.session.registry, name).filter((type) => !/^I[A-Z][a-z]/.test(shortName(type)));
};

/** The type names of an object; changing them changes the object. */
const liveTypeNames = (value: Value, frame: Frame): string[] => {
  const names = typeNamesOf(value, frame);
  if (isBoxed(value) && value.kind === 'instance') value.typeNames ??= names;
  return names;
};

// The members of a dictionary apart from its keys.
const tableBaseType = defineType<{ value: Value; frame: Frame }>({
  name: 'System.Management.Automation.PSInternalMemberSet',
  dynamicProperties: ({ value, frame }) => ({
    names: () => ['IsReadOnly', 'IsFixedSize', 'IsSynchronized', 'Keys', 'Values', 'SyncRoot', 'Count'],
    get: (name) => {
      const found = fromDefinition(value, name, name.toLowerCase(), frame);
      return found === absent ? null : (found as Value);
    },
  }),
});

/** Members that every object has. */
const intrinsic = (value: Value, lower: string, frame: Frame): Value | typeof absent => {
  switch (lower) {
    case 'psobject':
      return psObjectOf(value);
    case 'pstypenames':
      return list(liveTypeNames(value, frame), 'System.Collections.ObjectModel.Collection', 'System.String');
    case 'psbase':
      return isBoxed(value) && value.kind === 'hashtable' ? newObject(tableBaseType, { value, frame }) : value;
    default:
      return absent;
  }
};

const own = (value: Value, name: string, lower: string, frame: Frame): Value | typeof absent => {
  const members = membersOf(value);
  const member = members?.get(lower);
  if (member) return readMember(value, member, frame);
  if (isBoxed(value) && value.kind === 'hashtable') {
    if (value.has(name)) return value.get(name);
    // `$table.1` finds the number's key.
    if (/^\d{1,9}$/.test(name) && value.has(Number(name))) return value.get(Number(name));
  }
  return fromDefinition(value, name, lower, frame);
};

const enumerateMember = (items: readonly Value[], name: string, frame: Frame): Value | typeof absent => {
  const found: Value[] = [];
  for (const item of items) {
    const value = findMember(item, name, frame, false);
    // Custom objects give null for what they have not, other objects nothing.
    if (value === absent) {
      if (!isBoxed(item) || item.kind !== 'custom') continue;
      if (frame.scope.strictVersion >= 2) return absent;
      found.push(null);
      continue;
    }
    for (const one of enumerate(value as Value)) found.push(one);
  }
  if (found.length === 0)
    return items.length === 0 || frame.session.frame?.scope.strictVersion === 0 ? undefined : absent;
  return found.length === 1 ? found[0] : found;
};

/** A property of a value, or `absent`. */
export const findMember = (value: Value, name: string, frame: Frame, withCount = true): Value | typeof absent => {
  const lower = name.toLowerCase();
  // Strict mode takes away the Count and Length that single values otherwise have.
  const counts = withCount && frame.scope.strictVersion < 2 && (lower === 'count' || lower === 'length');
  if (value === null || value === undefined) return counts ? 0 : absent;
  const found = own(value, name, lower, frame);
  if (found !== absent) return found;
  // An enumerator gives the property of what it gives: each single value counts one.
  if (isBoxed(value) && value.kind === 'instance' && value.type === enumeratorType) {
    const found = enumerate(value).map((item) => findMember(item, name, frame, withCount));
    const known = found.filter((one) => one !== absent) as Value[];
    return known.length === 0 ? absent : known.length === 1 ? known[0] : known;
  }
  const general = intrinsic(value, lower, frame);
  if (general !== absent) return general;
  // A method that is named but not called.
  if (findMethod(frame.session.registry, value, lower))
    return newObject(psMethodType, { target: value, name, isScript: false });
  const items = itemsOf(value);
  if (items) return enumerateMember(items, name, frame);
  if (counts && !(isBoxed(value) && value.kind === 'custom' && lower === 'length')) return 1;
  return absent;
};

/**
 * `$value.name`.
 * @throws PowerShellError PropertyNotFoundStrict in strict mode
 */
export const getMember = (value: Value, name: string, frame: Frame): Value => {
  const found = findMember(value, name, frame);
  if (found !== absent) return found;
  if (frame.scope.strictVersion >= 2) {
    return raise({
      id: 'PropertyNotFoundStrict',
      message: `The property '${name}' cannot be found on this object. Verify that the property exists.`,
      category: 'NotSpecified',
      type: 'System.Management.Automation.PropertyNotFoundException',
    });
  }
  return null;
};
