import { isTask, run, sync } from '../compile/code.ts';
import { convert } from '../conversion/convert.ts';
import { toText } from '../conversion/to-text.ts';
import { PowerShellError } from '../define.ts';
import type { Frame } from '../frame.ts';
import type { Task } from '../host.ts';
import { exception } from '../make.ts';
import { construct } from '../members/construct.ts';
import { raise } from '../raise.ts';
import { runSync } from '../run-sync.ts';
import type { TypeDefinition } from '../type-definition.ts';
import { isOfType } from '../type-names.ts';
import { isBoxed, typeNameOf } from '../types-of.ts';
import type { Exception, Instance, Value } from '../value.ts';
import { chooseOverload, convertArguments, isWidening } from './choose-overload.ts';
import { insideMethod } from './run-method.ts';
import type { ClassMethod, ClassProperty, ClassState, ScriptClass } from './script-class.ts';
import { fieldsOf } from './script-class.ts';

const emptyOf = (type: string | undefined, frame: Frame): Value => {
  if (type === undefined) return null;
  if (/^System\.(U?Int\d+|S?Byte|Double|Single|Decimal|Boolean|Char|TimeSpan)$/.test(type))
    return convert(0, type, frame.session);
  if (type === 'System.DateTime') return { kind: 'datetime', ticks: 0n, zone: 'Unspecified' };
  const known = frame.session.registry.enums.get(type.toLowerCase());
  return known ? { kind: 'enum', type: known, value: 0 } : null;
};

/** A value as a property takes it: converted and checked. */
export const valueFor = ({ type, validators }: ClassProperty, value: Value, frame: Frame): Value => {
  const converted = type === undefined ? (value ?? null) : convert(value, type, frame.session);
  for (const validate of validators)
    validate(converted, frame, (reason) =>
      raise({
        id: 'RuntimeException',
        message: reason,
        category: 'MetadataError',
        type: 'System.Management.Automation.ValidationMetadataException',
      }),
    );
  return converted;
};

/** Gives properties what they have at first; the code that says it sees `$this`. */
export function* setInitial(
  owner: ScriptClass,
  properties: readonly ClassProperty[],
  fields: Map<string, Value>,
  self: Value,
  caller: Frame,
): Task<void> {
  for (const { name, type } of properties) fields.set(name.toLowerCase(), emptyOf(type, caller));
  const place = { name: owner.name, parameters: [], source: owner.source };
  yield* insideMethod(place, self, [], caller, function* (frame) {
    for (const property of properties) {
      if (!property.initial) continue;
      fields.set(property.name.toLowerCase(), valueFor(property, yield* run(property.initial, frame), frame));
    }
  });
}

const becomeException = (shell: Exception, made: Value): void => {
  if (!isBoxed(made) || made.kind !== 'exception') return;
  shell.message = made.message;
  shell.hresult = made.hresult;
  if (made.inner) shell.inner = made.inner;
  Object.assign(shell.properties, made.properties);
};

const implicit = (owner: ScriptClass): ClassMethod => ({
  name: owner.name,
  parameters: [],
  returns: undefined,
  isHidden: false,
  body: sync(() => undefined),
  base: [],
  source: owner.source,
});

const constructorsOf = (owner: ScriptClass): readonly ClassMethod[] =>
  owner.constructors.length > 0 ? owner.constructors : [implicit(owner)];

function* initialize(
  owner: ScriptClass,
  state: ClassState | Exception,
  self: Value,
  args: readonly Value[],
  caller: Frame,
): Task<void> {
  const chosen = chooseOverload(constructorsOf(owner), 'new', args, caller.session);
  const values = convertArguments(chosen, '.ctor', args, caller.session);
  yield* setInitial(owner, owner.properties, fieldsOf(state), self, caller);
  yield* insideMethod(chosen, self, values, caller, function* (frame) {
    const above: Value[] = [];
    for (const code of chosen.base) above.push(yield* run(code, frame));
    if (owner.base) yield* initialize(owner.base, state, self, above, frame);
    else if (owner.exception !== undefined && 'kind' in state && above.length > 0) {
      const made = construct(owner.exception, above, frame);
      becomeException(state, isTask(made) ? yield* made : made);
    }
    yield* run(chosen.body, frame);
  });
}

/** Makes an object of a class. */
export function* makeObject(
  owner: ScriptClass,
  definition: TypeDefinition,
  args: readonly Value[],
  caller: Frame,
): Task<Value> {
  if (owner.exception !== undefined) {
    const made = exception(owner.name, `Exception of type '${owner.name}' was thrown.`, { properties: {} });
    yield* initialize(owner, made, made, args, caller);
    return made;
  }
  const self = { kind: 'instance', type: definition } as Instance<ClassState>;
  self.state = { fields: new Map(), self };
  yield* initialize(owner, self.state, self, args, caller);
  return self;
}

/** All properties of objects of a class, those of its bases last. */
export const propertiesOfClass = (owner: ScriptClass): ClassProperty[] => [
  ...owner.properties,
  ...(owner.base ? propertiesOfClass(owner.base) : []),
];

const creationError = (owner: ScriptClass, reason: string): never =>
  raise({
    id: 'ObjectCreationError',
    message: `Cannot create object of type "${owner.name}". ${reason}`,
    category: 'InvalidArgument',
  });

const fill = (owner: ScriptClass, made: Value, pairs: Iterable<readonly [Value, Value]>, frame: Frame): void => {
  const known = propertiesOfClass(owner);
  const state = (isBoxed(made) && made.kind === 'instance' ? made.state : made) as ClassState | Exception;
  for (const [key, value] of pairs) {
    const name = toText(key, frame.session);
    const property = known.find((one) => one.name.toLowerCase() === name.toLowerCase());
    if (!property) {
      const settable = known.map((one) => `[${one.name} <${one.type ?? 'System.Object'}>]`).join(', ');
      creationError(
        owner,
        `The property '${name}' was not found for the '${owner.name}' object. ${settable === '' ? 'There is no settable property available.' : `The settable properties are: ${settable}.`}`,
      );
      return;
    }
    try {
      fieldsOf(state).set(property.name.toLowerCase(), valueFor(property, value, frame));
    } catch (error) {
      if (!(error instanceof PowerShellError)) throw error;
      creationError(owner, error.message);
    }
  }
};

const takesOne = (owner: ScriptClass, value: Value, frame: Frame): boolean =>
  owner.constructors.some(({ parameters }) => {
    const [only] = parameters;
    if (!only || parameters.length !== 1) return false;
    if (only.type === undefined || only.type === 'System.Object') return true;
    // A cast takes what is of the type or a number that it holds; it parses no text.
    return isOfType(frame.session.registry, value, only.type) || isWidening(typeNameOf(value) ?? '', only.type);
  });

const made = (owner: ScriptClass, definition: TypeDefinition, args: Value[], value: Value, frame: Frame): Value => {
  try {
    return runSync(makeObject(owner, definition, args, frame));
  } catch (error) {
    if (!(error instanceof PowerShellError)) throw error;
    return raise({
      id: 'InvalidCastConstructorException',
      message: `Cannot convert value "${toText(value, frame.session)}" to type "${owner.name}". Error: "${error.message}"`,
      category: 'InvalidArgument',
      inner: error.record.exception,
    });
  }
};

/** `[Class]$value`: a constructor that takes the value, or a table whose keys are properties; undefined where neither fits. */
export const convertToClass = (owner: ScriptClass, definition: TypeDefinition, value: Value, frame: Frame): Value => {
  if (takesOne(owner, value, frame)) return made(owner, definition, [value], value, frame);
  if (!isBoxed(value) || (value.kind !== 'hashtable' && value.kind !== 'custom')) return undefined;
  if (owner.constructors.length > 0 && !owner.constructors.some(({ parameters }) => parameters.length === 0))
    return undefined;
  const object = made(owner, definition, [], value, frame);
  const pairs =
    value.kind === 'hashtable'
      ? value.entries()
      : [...value.members.values()].map((member) => [member.name, frame.context.property(value, member.name)] as const);
  fill(owner, object, pairs, frame);
  return object;
};
