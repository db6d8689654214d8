import { classOf, overloadsOf } from '../classes/script-class.ts';
import { defineType } from '../define.ts';
import type { CallContext } from '../host.ts';
import { enumValue, newObject, typedArray, typeLiteral } from '../make.ts';
import { definitionOf, definitionsOf, membersOf } from '../members/definitions.ts';
import { registryOf } from '../registry-of.ts';
import type { TypeDefinition } from '../type-definition.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';
import { memberTypesEnum } from './member-types.ts';

/** A method of a value. */
export type MethodOf = {
  readonly target: Value;
  readonly name: string;
  readonly isScript: boolean;
  /** Of the type that the target is. */
  readonly isStatic?: boolean;
};

/** PSMethodInfo: a method as `.PSObject.Methods` gives it; ps-method-invoke.ts adds how it is called. */
export const psMethodType: TypeDefinition<MethodOf> = defineType<MethodOf>({
  name: 'System.Management.Automation.PSMethod',
  properties: {
    Name: { get: ({ name }) => name },
    MemberType: { get: ({ isScript }) => enumValue(memberTypesEnum, isScript ? 'ScriptMethod' : 'Method') },
    OverloadDefinitions: {
      get: ({ target, name, isStatic }, context) => {
        const signature = isStatic ? undefined : signatureOf(target, name, context);
        return signature === undefined
          ? context.unsupported(`the signatures of the method ${name}`)
          : typedArray('System.String', [signature]);
      },
    },
    IsInstance: { get: () => true },
  },
  toText: ({ name }) => name,
});

/** Methods of every object. */
const everyMethod: Readonly<Record<string, string>> = {
  Equals: 'bool Equals(System.Object obj)',
  GetHashCode: 'int GetHashCode()',
  GetType: 'type GetType()',
  ToString: 'string ToString()',
};

/** The signature of a method as far as the lab knows it: those of classes, and of what every object has. */
export const signatureOf = (value: Value, name: string, context: CallContext): string | undefined => {
  const own = classOf(definitionOf(registryOf(context), value));
  const overloads = own ? overloadsOf(own, name.toLowerCase()) : [];
  const shown = (type: string | undefined): string => context.text(typeLiteral(type ?? 'System.Object'));
  if (overloads.length === 0) return everyMethod[name];
  return overloads
    .map(
      (method) =>
        `${method.returns === undefined ? 'void' : shown(method.returns)} ${method.name}(${method.parameters.map((one) => `${shown(one.type)} ${one.name}`).join(', ')})`,
    )
    .join(', ');
};

/** The methods of a value: those of its type, of every object, and added ones. */
export const methodsOf = (value: Value, context: CallContext): Value[] => {
  const names = new Map<string, MethodOf>();
  const add = (name: string, isScript = false): void => {
    if (!names.has(name.toLowerCase())) names.set(name.toLowerCase(), { target: value, name, isScript });
  };
  for (const member of membersOf(value)?.values() ?? []) if (member.kind === 'scriptMethod') add(member.name, true);
  for (const definition of definitionsOf(registryOf(context), value))
    for (const name of Object.keys(definition.methods ?? {})) add(name);
  for (const name of ['Equals', 'GetHashCode', 'GetType', 'ToString']) add(name);
  if (isBoxed(value) && value.kind === 'exception') add('GetBaseException');
  return [...names.values()].map((state) => newObject(psMethodType, state));
};
