import { classOf } from '../classes/script-class.ts';
import type { Registry } from '../registry.ts';
import type { MethodDefinition, PropertyDefinition, TypeDefinition } from '../type-definition.ts';
import { genericParts, typeChain } from '../type-names.ts';
import { isBoxed, typeNameOf } from '../types-of.ts';
import type { Members, Value } from '../value.ts';

type Index = {
  readonly properties: ReadonlyMap<string, readonly [string, PropertyDefinition<unknown>]>;
  readonly methods: ReadonlyMap<string, MethodDefinition<unknown>>;
};

const indexes = new WeakMap<TypeDefinition, Index>();

const indexOf = (type: TypeDefinition): Index => {
  const known = indexes.get(type);
  if (known) return known;
  const made: Index = {
    properties: new Map(
      Object.entries(type.properties ?? {}).map(([name, definition]) => [name.toLowerCase(), [name, definition]]),
    ),
    methods: new Map(Object.entries(type.methods ?? {}).map(([name, definition]) => [name.toLowerCase(), definition])),
  };
  indexes.set(type, made);
  return made;
};

const sharedDefinition = (registry: Registry, value: Value): string | undefined => {
  if (Array.isArray(value) || value instanceof Uint8Array) return 'system.array';
  if (!isBoxed(value)) return undefined;
  switch (value.kind) {
    case 'exception':
      return classOf(registry.types.get(value.type.toLowerCase())) ? value.type.toLowerCase() : 'system.exception';
    case 'hashtable':
      return value.type.toLowerCase();
    case 'list':
      return value.type.toLowerCase();
    case 'enum':
      return 'system.enum';
    case 'type':
      return 'system.type';
    case 'ref':
      return 'system.management.automation.psreference';
    default:
      return undefined;
  }
};

/** The definition whose members a value has; its state is the instance's own or the value itself. */
export const definitionOf = (registry: Registry, value: Value): TypeDefinition | undefined => {
  if (value === null || value === undefined) return undefined;
  if (isBoxed(value) && value.kind === 'instance')
    return registry.types.get(value.type.name.toLowerCase()) ?? value.type;
  const shared = sharedDefinition(registry, value);
  if (shared !== undefined) return registry.types.get(shared);
  return registry.types.get((typeNameOf(value) ?? '').toLowerCase());
};

/** What the members of a definition get as state. */
export const stateOfValue = (value: Value): unknown =>
  isBoxed(value) && value.kind === 'instance' ? value.state : value;

/** The chain of definitions of a value: its own, then those of its bases. */
export const definitionsOf = (registry: Registry, value: Value): TypeDefinition[] => {
  const own = definitionOf(registry, value);
  if (!own) return [];
  const chain = [own];
  for (const base of typeChain(registry, own.name).slice(1)) {
    const definition = registry.types.get(genericParts(base).name.toLowerCase());
    if (definition && definition !== own) chain.push(definition);
  }
  return chain;
};

/** Finds a property by lower-case name, with its written name. */
export const findProperty = (
  registry: Registry,
  value: Value,
  name: string,
): readonly [string, PropertyDefinition<unknown>] | undefined => {
  const own = definitionOf(registry, value);
  if (!own) return undefined;
  const direct = indexOf(own).properties.get(name);
  if (direct) return direct;
  if (!own.bases) return undefined;
  for (const definition of definitionsOf(registry, value)) {
    const found = indexOf(definition).properties.get(name);
    if (found) return found;
  }
  return undefined;
};

/** Finds a method by lower-case name. */
export const findMethod = (registry: Registry, value: Value, name: string): MethodDefinition<unknown> | undefined => {
  const own = definitionOf(registry, value);
  if (!own) return undefined;
  const direct = indexOf(own).methods.get(name);
  if (direct || !own.bases) return direct;
  for (const definition of definitionsOf(registry, value)) {
    const found = indexOf(definition).methods.get(name);
    if (found) return found;
  }
  return undefined;
};

/** All properties of a value's definitions with their written names, hidden ones included. */
export const allProperties = (registry: Registry, value: Value): (readonly [string, PropertyDefinition<unknown>])[] => {
  const found = new Map<string, readonly [string, PropertyDefinition<unknown>]>();
  for (const definition of definitionsOf(registry, value)) {
    for (const [name, entry] of indexOf(definition).properties) if (!found.has(name)) found.set(name, entry);
  }
  return [...found.values()];
};

const added = new WeakMap<object, Members>();

/** Members that were added to a value; `create` makes room for new ones. Text, numbers and booleans can carry none. */
export const membersOf = (value: Value, create = false): Members | undefined => {
  if (value === null || typeof value !== 'object') return undefined;
  if (isBoxed(value) && value.kind === 'custom') return value.members;
  const holder = value;
  const known = isBoxed(holder) && holder.kind === 'instance' ? holder.members : added.get(holder);
  if (known || !create) return known;
  const made: Members = new Map();
  if (isBoxed(holder) && holder.kind === 'instance') holder.members = made;
  else added.set(holder, made);
  return made;
};

const arities = new WeakMap<object, readonly [number, number]>();

/** Marks how many arguments a method takes, so that other counts are PowerShell's overload error. */
export const withArity = <F extends object>(least: number, most: number, method: F): F => {
  arities.set(method, [least, most]);
  return method;
};

/** Whether a method takes this many arguments. */
export const takes = (method: object, count: number): boolean => {
  const arity = arities.get(method);
  return !arity || (count >= arity[0] && count <= arity[1]);
};
