import { classOf } from '../classes/script-class.ts';
import { psMethodType } from '../dotnet/ps-method.ts';
import type { Frame } from '../frame.ts';
import type { Task } from '../host.ts';
import { spendOn } from '../limit.ts';
import { enumValue, newObject, toValue } from '../make.ts';
import { equals } from '../operators/compare.ts';
import { raise } from '../raise.ts';
import type { TypeDefinition } from '../type-definition.ts';
import { genericParts } from '../type-names.ts';
import { isBoxed, typeNameOf } from '../types-of.ts';
import type { Value } from '../value.ts';
import { takesCount } from './arities.ts';
import { guarded, methodNotFound } from './call-method.ts';
import { construct } from './construct.ts';
import { takes } from './definitions.ts';
import { isFullyKnown, isUnsimulated } from './unsimulated.ts';

const lookUp = <T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined => {
  if (!record) return undefined;
  if (Object.hasOwn(record, name)) return record[name];
  const lower = name.toLowerCase();
  const key = Object.keys(record).find((candidate) => candidate.toLowerCase() === lower);
  return key === undefined ? undefined : record[key];
};

const definitionNamed = (type: string, frame: Frame): TypeDefinition | undefined =>
  frame.session.registry.types.get(genericParts(type).name.toLowerCase());

/** The type that stands left of `::`: a type literal, or the type of a value. */
const typeOf = (target: Value): string =>
  isBoxed(target) && target.kind === 'type' ? target.name : (typeNameOf(target) ?? '');

const staticMethodNamed = (type: string, name: string, frame: Frame): string | undefined => {
  const lower = name.toLowerCase();
  return Object.keys(definitionNamed(type, frame)?.statics?.methods ?? {}).find(
    (known) => known.toLowerCase() === lower,
  );
};

/** `[type]::name`. */
export const getStatic = (target: Value, name: string, frame: Frame): Value => {
  const type = typeOf(target);
  const found = lookUp(definitionNamed(type, frame)?.statics?.properties, name);
  if (found) return toValue(found.get(frame.context));
  // A method that is named but not called.
  const method = staticMethodNamed(type, name, frame);
  if (method !== undefined) return newObject(psMethodType, { target, name: method, isScript: false, isStatic: true });
  const definition = frame.session.registry.enums.get(type.toLowerCase());
  const number = lookUp(definition?.values, name);
  if (definition && number !== undefined) return enumValue(definition, number);
  if (isFullyKnown(type) || definition || classOf(definitionNamed(type, frame))) {
    if (frame.scope.strictVersion >= 2) {
      return raise({
        id: 'PropertyNotFoundStrict',
        message: `The property '${name}' cannot be found on this object. Verify that the property exists.`,
        category: 'NotSpecified',
      });
    }
    return null;
  }
  return frame.context.unsupported(`[${type}]::${name}`);
};

/** `[type]::name = value`. */
export const setStatic = (target: Value, name: string, value: Value, frame: Frame): void => {
  const type = typeOf(target);
  const found = lookUp(definitionNamed(type, frame)?.statics?.properties, name);
  if (found?.set) found.set(value, frame.context);
  else raise({ id: 'PropertyAssignmentException', message: `'${name}' is a ReadOnly property.` });
};

/** `[type]::name(args)`. */
export const callStatic = (target: Value, name: string, args: Value[], frame: Frame): Value | Task<Value> => {
  const type = typeOf(target);
  if (name.toLowerCase() === 'new') return construct(type, args, frame);
  const definition = definitionNamed(type, frame);
  const method = lookUp(definition?.statics?.methods, name);
  const own = classOf(definition);
  if (method && own) return method(args, frame.context);
  if (method) {
    if (!takes(method, args.length) || !takesCount(type, `::${name.toLowerCase()}`, args.length)) {
      return raise({
        id: 'MethodCountCouldNotFindBest',
        message: `Cannot find an overload for "${name}" and the argument count: "${args.length}".`,
        category: 'NotSpecified',
        type: 'System.Management.Automation.MethodException',
      });
    }
    for (const arg of args) spendOn(arg);
    return guarded(() => method(args, frame.context), name, args.length);
  }
  if (/^referenceequals$/i.test(name)) return args[0] === args[1];
  if (/^equals$/i.test(name) && args.length === 2)
    return equals(args[0], args[1], frame.session, { caseSensitive: true });
  const enumDefinition = frame.session.registry.enums.get(type.toLowerCase());
  if (enumDefinition) {
    const general = lookUp(frame.session.registry.types.get('system.enum')?.statics?.methods, name);
    if (general) return guarded(() => general([target, ...args], frame.context), name, args.length);
  }
  if (own || (isFullyKnown(type) && !isUnsimulated([type], name.toLowerCase()))) return methodNotFound(type, name);
  return frame.context.unsupported(`[${type}]::${name}()`);
};
