import type { ClassDefinition, ClassMember } from '../../../powershell/syntax-tree.ts';
import { compileValidator } from '../binding/validation.ts';
import type { Compiler } from '../compile/compiler.ts';
import type { Frame } from '../frame.ts';
import { raise } from '../raise.ts';
import type { Registry } from '../registry.ts';
import { genericParts } from '../type-names.ts';
import type { ClassMethod, ClassProperty, ScriptClass } from './script-class.ts';
import { classOf } from './script-class.ts';

type Member<K extends ClassMember['kind']> = Extract<ClassMember, { kind: K }>;

/** Interfaces that a class may name without the lab looking at them. */
const interfaces = new Set([
  'System.IDisposable',
  'System.IComparable',
  'System.IEquatable',
  'System.ICloneable',
  'System.IFormattable',
]);

const readProperty = (compiler: Compiler, member: Member<'property'>, frame: Frame): ClassProperty => ({
  name: member.name,
  type: member.type && compiler.type(member.type)(frame),
  isHidden: member.isHidden,
  initial: member.value && compiler.expression(member.value),
  validators: member.attributes
    .map((attribute) => compileValidator(compiler, attribute))
    .filter((one) => one !== undefined),
});

const readMethod = (compiler: Compiler, member: Member<'method'>, frame: Frame): ClassMethod => {
  const returns = member.type && compiler.type(member.type)(frame);
  return {
    name: member.name,
    parameters: member.parameters.map(({ name, types }) => {
      const [type] = types.slice(-1);
      return { name, type: type && compiler.type(type)(frame) };
    }),
    returns: returns === 'System.Void' ? undefined : returns,
    isHidden: member.isHidden,
    body: compiler.block(member.body),
    base: (member.base ?? []).map((argument) => compiler.expression(argument)),
    source: compiler.source,
  };
};

const byName = (methods: readonly ClassMethod[]): Map<string, ClassMethod[]> => {
  const grouped = new Map<string, ClassMethod[]>();
  for (const method of methods) {
    const key = method.name.toLowerCase();
    grouped.set(key, [...(grouped.get(key) ?? []), method]);
  }
  return grouped;
};

/** Bases of a class: the one that it derives from and the interfaces. */
export type ClassBases = {
  readonly base: ScriptClass | undefined;
  readonly exception: string | undefined;
  readonly interfaces: readonly string[];
};

/** Whether a class of a script may derive from a simulated type. */
export const isDerivable = (registry: Registry, name: string): boolean =>
  name === 'System.Object' || registry.exceptions.has(name.toLowerCase()) || interfaces.has(genericParts(name).name);

/** Finds what a class derives from; other types than classes, exceptions and well-known interfaces are outside of the lab. */
export const readBases = (compiler: Compiler, node: ClassDefinition, frame: Frame): ClassBases => {
  const { registry } = frame.session;
  let base: ScriptClass | undefined;
  let exception: string | undefined;
  const others: string[] = [];
  for (const type of node.bases) {
    const name = compiler.type(type)(frame);
    const own = classOf(registry.types.get(name.toLowerCase()));
    if (own) {
      base = own;
      exception = own.exception;
    } else if (registry.exceptions.has(name.toLowerCase())) exception = name;
    else if (interfaces.has(genericParts(name).name)) others.push(name);
    else if (registry.enums.has(name.toLowerCase()) || name === 'System.String')
      raise({
        id: 'SealedBaseClass',
        message: `Base type '${name}' of type '${node.name}' is sealed.`,
        category: 'ParserError',
        type: 'System.Management.Automation.ParseException',
      });
    else if (!isDerivable(registry, name)) compiler.unsupported(`a class that derives from [${name}]`, type.start);
  }
  return { base, exception, interfaces: others };
};

/** Compiles a class; the types that it names are defined already. */
export const readClass = (
  compiler: Compiler,
  node: ClassDefinition,
  { base, exception }: ClassBases,
  frame: Frame,
): ScriptClass => {
  const lower = node.name.toLowerCase();
  const properties = node.members.filter((member) => member.kind === 'property');
  const methods = node.members.filter((member) => member.kind === 'method');
  const pick = (isStatic: boolean): Map<string, ClassMethod[]> =>
    byName(
      methods
        .filter((method) => method.isStatic === isStatic && method.name.toLowerCase() !== lower)
        .map((method) => readMethod(compiler, method, frame)),
    );
  const pickProperties = (isStatic: boolean): ClassProperty[] =>
    properties
      .filter((property) => property.isStatic === isStatic)
      .map((property) => readProperty(compiler, property, frame));
  return {
    name: node.name,
    base,
    exception,
    properties: pickProperties(false),
    staticProperties: pickProperties(true),
    methods: pick(false),
    staticMethods: pick(true),
    constructors: methods
      .filter((method) => !method.isStatic && method.name.toLowerCase() === lower)
      .map((method) => readMethod(compiler, method, frame)),
    source: compiler.source,
  };
};
