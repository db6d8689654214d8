import type { Source } from '../../../powershell/source.ts';
import type { Validator } from '../binding/signature.ts';
import type { Code } from '../compile/code.ts';
import type { TypeDefinition } from '../type-definition.ts';
import type { Exception, Instance, Value } from '../value.ts';

/** A property of a class; without `type` it takes any value. */
export type ClassProperty = {
  readonly name: string;
  readonly type: string | undefined;
  readonly isHidden: boolean;
  readonly initial: Code | undefined;
  readonly validators: readonly Validator[];
};

/** A method or constructor. */
export type ClassMethod = {
  readonly name: string;
  readonly parameters: readonly { readonly name: string; readonly type: string | undefined }[];
  /** Full name of the type that it returns; undefined: nothing. */
  readonly returns: string | undefined;
  readonly isHidden: boolean;
  readonly body: Code;
  /** Arguments of a constructor's `: base(…)`. */
  readonly base: readonly Code[];
  readonly source: Source;
};

/** A class of a script. Names are lower case in the maps. */
export type ScriptClass = {
  readonly name: string;
  readonly base: ScriptClass | undefined;
  /** The exception type at the root of its bases; undefined: System.Object. */
  readonly exception: string | undefined;
  readonly properties: readonly ClassProperty[];
  readonly staticProperties: readonly ClassProperty[];
  readonly methods: ReadonlyMap<string, readonly ClassMethod[]>;
  readonly staticMethods: ReadonlyMap<string, readonly ClassMethod[]>;
  readonly constructors: readonly ClassMethod[];
  readonly source: Source;
};

/** What an object of a class holds: values of its properties by lower-case name. */
export type ClassState = { readonly fields: Map<string, Value>; readonly self: Instance<ClassState> };

const classes = new WeakMap<TypeDefinition, ScriptClass>();
const equalities = new WeakMap<TypeDefinition, (a: ClassState, other: Value) => boolean>();

/** Remembers which class a definition stands for, and how its own `Equals` compares. */
export const bindClass = (
  definition: TypeDefinition,
  one: ScriptClass,
  equality: ((state: ClassState, other: Value) => boolean) | undefined,
): void => {
  classes.set(definition, one);
  if (equality) equalities.set(definition, equality);
};

/** The class that a definition stands for; undefined for simulated types. */
export const classOf = (definition: TypeDefinition | undefined): ScriptClass | undefined =>
  definition && classes.get(definition);

/** The `Equals` of a class that has its own. */
export const equalityOf = (definition: TypeDefinition): ((state: ClassState, other: Value) => boolean) | undefined =>
  equalities.get(definition);

const exceptionFields = new WeakMap<Exception, Map<string, Value>>();

/** The values of an object's properties. */
export const fieldsOf = (state: ClassState | Exception): Map<string, Value> => {
  if ('fields' in state) return state.fields;
  const known = exceptionFields.get(state);
  if (known) return known;
  const made = new Map<string, Value>();
  exceptionFields.set(state, made);
  return made;
};

/** The object behind a state. */
export const selfOf = (state: ClassState | Exception): Value => ('fields' in state ? state.self : state);

/** Overloads of a method, those of the class itself before those of its bases. */
export const overloadsOf = (one: ScriptClass, lower: string): ClassMethod[] => {
  const found: ClassMethod[] = [];
  for (let at: ScriptClass | undefined = one; at; at = at.base) {
    for (const method of at.methods.get(lower) ?? []) {
      const types = method.parameters.map(({ type }) => type).join();
      if (!found.some((other) => other.parameters.map(({ type }) => type).join() === types)) found.push(method);
    }
  }
  return found;
};

/** Overloads of a static method, found in the class or the nearest of its bases that has it. */
export const staticOverloadsOf = (one: ScriptClass, lower: string): readonly ClassMethod[] => {
  for (let at: ScriptClass | undefined = one; at; at = at.base) {
    const found = at.staticMethods.get(lower);
    if (found) return found;
  }
  return [];
};
