import { defineType, NetError, netError, PowerShellError } from '../define.ts';
import { enumText, parseEnum } from '../enum-text.ts';
import type { CallContext, Task } from '../host.ts';
import { enumValue, list, typedArray, typeLiteral } from '../make.ts';
import { outsideMember } from '../outside-member.ts';
import { runtimeError } from '../raise.ts';
import { frameOf, registryOf } from '../registry-of.ts';
import type { ScriptBlock } from '../script-block.ts';
import type { EnumDefinition, PropertyDefinition } from '../type-definition.ts';
import { genericParts, isOfType, resolveTypeText, typeChain } from '../type-names.ts';
import { isBoxed, shortName } from '../types-of.ts';
import type { EnumValue, Reference, TypeLiteral, Value } from '../value.ts';

/** Properties of a type that .NET has and the lab has not: one that gave nothing would look like an answer. */
const unsimulated = [
  'Assembly',
  'AssemblyQualifiedName',
  'Attributes',
  'ContainsGenericParameters',
  'CustomAttributes',
  'DeclaredMethods',
  'DeclaredProperties',
  'DeclaringType',
  'GUID',
  'GenericTypeArguments',
  'ImplementedInterfaces',
  'IsAbstract',
  'IsCOMObject',
  'IsGenericType',
  'IsInterface',
  'IsNested',
  'IsPublic',
  'IsSealed',
  'IsSerializable',
  'MetadataToken',
  'Module',
  'ReflectedType',
  'TypeHandle',
] as const;

const unsimulatedProperty = (name: string): PropertyDefinition<TypeLiteral> => ({
  get: (type, context) => context.unsupported(`[${type.name}].${name}`),
  hidden: true,
});

/** System.Type. */
export const typeType = defineType<TypeLiteral>({
  name: 'System.Type',
  aliases: ['type'],
  properties: {
    Name: {
      get: ({ name }) => {
        const generic = genericParts(name);
        return generic.args.length > 0 ? `${shortName(generic.name)}\`${generic.args.length}` : shortName(name);
      },
    },
    FullName: { get: ({ name }) => name },
    Namespace: { get: ({ name }) => name.slice(0, Math.max(0, genericParts(name).name.lastIndexOf('.'))) },
    BaseType: {
      get: ({ name }, context) => {
        const base = typeChain(registryOf(context), name)
          .slice(1)
          .find((type) => !/^I[A-Z][a-z]/.test(shortName(type)));
        return name === 'System.Object' || base === undefined ? null : typeLiteral(base);
      },
    },
    IsArray: { get: ({ name }) => name.endsWith(']') && !name.includes('`') },
    IsEnum: { get: ({ name }, context) => registryOf(context).enums.has(name.toLowerCase()) },
    IsPrimitive: {
      get: ({ name }) => /^System\.(Boolean|S?Byte|U?Int(16|32|64|Ptr)|Char|Double|Single)$/.test(name),
      hidden: true,
    },
    IsValueType: { get: ({ name }, context) => typeChain(registryOf(context), name).includes('System.ValueType') },
    IsClass: { get: ({ name }, context) => !typeChain(registryOf(context), name).includes('System.ValueType') },
    UnderlyingSystemType: { get: (type) => type, hidden: true },
    ...Object.fromEntries(unsimulated.map((name) => [name, unsimulatedProperty(name)])),
  },
  methods: {
    ToString: ({ name }) => name,
    GetEnumNames: (type, _args, context) => typedArray('System.String', Object.keys(enumNamed(type, context).values)),
    GetEnumValues: (type, _args, context) => {
      const definition = enumNamed(type, context);
      return Object.values(definition.values).map((value) => enumValue(definition, value));
    },
    GetElementType: ({ name }) => (name.endsWith('[]') ? typeLiteral(name.slice(0, -2)) : null),
    IsAssignableFrom: ({ name }, [other], context) =>
      isBoxed(other) && other.kind === 'type' && typeChain(registryOf(context), other.name).includes(name),
    IsInstanceOfType: ({ name }, [value], context) => isOfType(registryOf(context), value, name),
    IsSubclassOf: ({ name }, [other], context) =>
      isBoxed(other) &&
      other.kind === 'type' &&
      other.name !== name &&
      typeChain(registryOf(context), name).includes(other.name),
  },
  statics: {
    methods: {
      GetType: ([name], context) => {
        const found = resolveTypeText(registryOf(context), context.text(name));
        return found === undefined ? null : typeLiteral(found);
      },
      GetTypeFromProgID: outsideMember('[type]::GetTypeFromProgID()'),
    },
  },
});

const enumNamed = (type: Value, context: CallContext): EnumDefinition => {
  const name =
    isBoxed(type) && type.kind === 'type'
      ? type.name
      : (resolveTypeText(registryOf(context), context.text(type)) ?? '');
  const found = registryOf(context).enums.get(name.toLowerCase());
  if (!found) throw netError('System.ArgumentException', 'Type provided must be an Enum.\r\nParameter name: enumType');
  return found;
};

const parseValue = (args: Value[], context: CallContext): EnumValue => {
  const type = enumNamed(args[0], context);
  const text = context.text(args[1]);
  const number = parseEnum(type, text);
  if (number === undefined) throw netError('System.ArgumentException', `Requested value '${text}' was not found.`);
  return enumValue(type, number);
};

/** System.Enum: members of all enum values. */
export const enumType = defineType<EnumValue>({
  name: 'System.Enum',
  aliases: ['enum'],
  properties: { value__: { get: (one) => one.value } },
  methods: {
    HasFlag: (one, [flag], context) => {
      const other = context.convert(flag, one.type.name);
      return isBoxed(other) && other.kind === 'enum' && (one.value & other.value) === other.value;
    },
  },
  statics: {
    methods: {
      GetNames: ([type], context) => typedArray('System.String', Object.keys(enumNamed(type, context).values)),
      GetValues: ([type], context) => {
        const definition = enumNamed(type, context);
        return Object.values(definition.values).map((value) => enumValue(definition, value));
      },
      Parse: parseValue,
      TryParse: (args, context) => {
        const [type, text] = args;
        const reference = args.find((arg): arg is Reference => isBoxed(arg) && arg.kind === 'ref');
        const definition = enumNamed(type, context);
        const number = parseEnum(definition, context.text(text));
        if (number !== undefined) reference?.set(enumValue(definition, number));
        return number !== undefined;
      },
      IsDefined: ([type, value], context) => {
        const definition = enumNamed(type, context);
        return typeof value === 'string'
          ? value in definition.values
          : Object.values(definition.values).includes(Number(value));
      },
      GetName: ([type, value], context) =>
        enumText(enumNamed(type, context), Number(context.convert(value, 'System.Int32'))),
      ToObject: ([type, value], context) =>
        enumValue(enumNamed(type, context), Number(context.convert(value, 'System.Int32'))),
    },
  },
});

/** Makes a script block of text, as [scriptblock]::Create does. */
export const createScriptBlock = (text: string, context: CallContext): ScriptBlock => {
  const { session } = frameOf(context);
  return { kind: 'scriptblock', text, body: session.load(text), home: session };
};

function* invokeReturning(block: ScriptBlock, args: Value[], context: CallContext): Task<Value> {
  const output: Value[] = [];
  try {
    output.push(...(yield* context.invoke(block, args)));
  } catch (error) {
    if (!(error instanceof PowerShellError) || error.record.exception.type.startsWith('Kintsugi.')) throw error;
    const message = `Exception calling "Invoke" with "${args.length}" argument(s): "${error.message}"`;
    throw runtimeError({
      id: shortName(error.record.exception.type),
      message,
      category: 'NotSpecified',
      type: 'System.Management.Automation.MethodInvocationException',
      inner: error.record.exception,
    });
  }
  return list(output, 'System.Collections.ObjectModel.Collection', 'System.Management.Automation.PSObject');
}

function* invokeOne(block: ScriptBlock, args: Value[], context: CallContext): Task<Value> {
  const output = yield* context.invoke(block, args);
  return output.length > 1 ? output : output[0];
}

const closureOf = (block: ScriptBlock, context: CallContext): ScriptBlock => {
  const { scope } = frameOf(context);
  const captured = new Map<string, Value>();
  for (const source of [scope])
    for (const variable of source.variables.values()) captured.set(variable.name, variable.value);
  return { ...block, captured };
};

/** ScriptBlock. */
export const scriptBlockType = defineType<ScriptBlock>({
  name: 'System.Management.Automation.ScriptBlock',
  aliases: ['scriptblock'],
  properties: {
    Ast: { get: outsideMember('the syntax tree of a script block'), hidden: true },
    File: { get: () => null },
    Module: { get: () => null },
  },
  methods: {
    Invoke: (block, args, context) => invokeReturning(block, args, context),
    InvokeReturnAsIs: (block, args, context) => invokeOne(block, args, context),
    GetNewClosure: (block, _args, context) => closureOf(block, context),
    ToString: (block) => block.text,
  },
  statics: {
    methods: {
      Create: ([text], context) => {
        try {
          return createScriptBlock(context.text(text), context);
        } catch (error) {
          if (error instanceof PowerShellError)
            throw new NetError({ ...error.record.exception, properties: { ErrorId: error.record.id } });
          throw error;
        }
      },
    },
  },
});

/** `[ref]`. */
export const referenceType = defineType<Reference>({
  name: 'System.Management.Automation.PSReference',
  properties: { Value: { get: (reference) => reference.get(), set: (reference, value) => reference.set(value) } },
});

/** SwitchParameter. */
export const switchType = defineType<{ readonly isPresent: boolean }>({
  name: 'System.Management.Automation.SwitchParameter',
  aliases: ['switch'],
  properties: { IsPresent: { get: (one) => one.isPresent } },
  methods: { ToBool: (one) => one.isPresent },
  statics: { properties: { Present: { get: () => ({ kind: 'switch', isPresent: true }) } } },
});
