import { toText } from '../conversion/to-text.ts';
import { exceptionType } from '../dotnet/errors.ts';
import type { Frame } from '../frame.ts';
import { frameOf } from '../registry-of.ts';
import { runSync } from '../run-sync.ts';
import type { Session } from '../session.ts';
import type { MethodDefinition, PropertyDefinition, StaticProperty, TypeDefinition } from '../type-definition.ts';
import type { Exception, Value } from '../value.ts';
import type { ClassBases } from './define-class.ts';
import { convertToClass, makeObject, valueFor } from './make-object.ts';
import { runMethod } from './run-method.ts';
import type { ClassProperty, ClassState, ScriptClass } from './script-class.ts';
import { bindClass, fieldsOf, overloadsOf, selfOf, staticOverloadsOf } from './script-class.ts';

type State = ClassState | Exception;

const propertyOf = (property: ClassProperty): PropertyDefinition<State> => {
  const lower = property.name.toLowerCase();
  return {
    get: (state) => fieldsOf(state).get(lower) ?? null,
    set: (state, value, context) => void fieldsOf(state).set(lower, valueFor(property, value, frameOf(context))),
    ...(property.type === undefined ? {} : { type: property.type }),
    ...(property.isHidden ? { hidden: true } : {}),
  };
};

const staticProperty = (property: ClassProperty, statics: Map<string, Value>): StaticProperty => {
  const lower = property.name.toLowerCase();
  return {
    get: () => statics.get(lower) ?? null,
    set: (value, context) => void statics.set(lower, valueFor(property, value, frameOf(context))),
  };
};

const frameIn = (session: Session): Frame => {
  if (!session.frame) throw new Error('no pipeline runs in this runspace');
  return session.frame;
};

const basesOf = (one: ScriptClass, { interfaces }: ClassBases): string[] => {
  const names: string[] = [];
  for (let at = one.base; at; at = at.base) names.push(at.name);
  return [...names, ...(one.exception === undefined ? [] : [one.exception, 'System.Exception']), ...interfaces];
};

/** The definition by which the rest of the evaluator knows a class. */
export const describeClass = (
  one: ScriptClass,
  bases: ClassBases,
  statics: Map<string, Value>,
  session: Session,
): TypeDefinition => {
  const method =
    (lower: string, name: string): MethodDefinition<State> =>
    (state, args, context) =>
      runMethod(overloadsOf(one, lower), name, selfOf(state), args, frameOf(context));
  const methods: Record<string, MethodDefinition<State>> = {};
  for (const [lower, [first]] of one.methods) if (first) methods[first.name] = method(lower, first.name);
  const call = (lower: string, state: State, args: Value[]): Value =>
    runSync(runMethod(overloadsOf(one, lower), lower, selfOf(state), args, frameIn(session)));
  const has = (lower: string, count: number): boolean =>
    overloadsOf(one, lower).some(({ parameters }) => parameters.length === count);
  const definition: TypeDefinition<State> = {
    name: one.name,
    bases: basesOf(one, bases),
    properties: Object.fromEntries(one.properties.map((property) => [property.name, propertyOf(property)])),
    methods,
    statics: {
      properties: Object.fromEntries(
        one.staticProperties.map((property) => [property.name, staticProperty(property, statics)]),
      ),
      methods: Object.fromEntries(
        [...one.staticMethods].map(([lower, [first]]) => [
          first?.name ?? lower,
          (args: Value[], context) =>
            runMethod(staticOverloadsOf(one, lower), first?.name ?? lower, undefined, args, frameOf(context)),
        ]),
      ),
    },
    construct: (context, args) => makeObject(one, definition as TypeDefinition, args, frameOf(context)),
    convertFrom: (value, context) => convertToClass(one, definition as TypeDefinition, value, frameOf(context)),
    ...(has('tostring', 0) ? { toText: (state) => toText(call('tostring', state, []), session) } : {}),
    ...(has('compareto', 1) ? { compare: (a, b) => Number(toText(call('compareto', a, [selfOf(b)]), session)) } : {}),
    ...(one.exception === undefined
      ? {}
      : { dynamicProperties: (state) => exceptionType.dynamicProperties?.(state as Exception) }),
  };
  bindClass(
    definition as TypeDefinition,
    one,
    has('equals', 1) ? (state, other) => call('equals', state, [other]) === true : undefined,
  );
  return definition as TypeDefinition;
};
