import { defineCmdlet, defineType } from '../define.ts';
import { memberTypesEnum } from '../dotnet/member-types.ts';
import { methodsOf, signatureOf } from '../dotnet/ps-method.ts';
import { Hashtable } from '../hashtable.ts';
import type { CmdletDefinition, CommandContext } from '../host.ts';
import { enumValue, newObject, toValue, typeLiteral } from '../make.ts';
import { membersOf as addedMembersOf, allProperties } from '../members/definitions.ts';
import { registryOf } from '../registry-of.ts';
import type { TypeDefinition } from '../type-definition.ts';
import { genericParts } from '../type-names.ts';
import { isBoxed, typeNameOf } from '../types-of.ts';
import type { Member, Value } from '../value.ts';
import type { ListedProperty } from './properties.ts';
import { listProperties } from './properties.ts';

type ListedMember = {
  readonly typeName: string;
  readonly name: string;
  readonly memberType: string;
  /** Undefined: the lab does not know the signature. */
  readonly definition: string | undefined;
};

const memberDefinition: TypeDefinition<ListedMember> = defineType<ListedMember>({
  name: 'Microsoft.PowerShell.Commands.MemberDefinition',
  properties: {
    TypeName: { get: (state) => state.typeName },
    Name: { get: (state) => state.name },
    MemberType: { get: (state) => enumValue(memberTypesEnum, state.memberType) },
    Definition: {
      get: (state, context) =>
        state.definition ?? context.unsupported(`the definition of the method ${state.typeName}.${state.name}()`),
    },
  },
});

/** The type that Get-Member gives. */
export const memberTypes: readonly TypeDefinition<ListedMember>[] = [memberDefinition];

const shownType = (value: Value, context: CommandContext): string => {
  const name = typeNameOf(value);
  return name === undefined ? 'object' : context.text(typeLiteral(name));
};

const methodsIn = (value: Value, typeName: string, context: CommandContext): ListedMember[] =>
  methodsOf(value, context)
    .filter((method) => context.text(context.property(method, 'MemberType')) === 'Method')
    .map((method) => {
      const name = context.text(method);
      return { typeName, name, memberType: 'Method', definition: signatureOf(value, name, context) };
    });

/** What a dictionary or a collection has beside its contents. */
const propertiesOfCollection = (value: Value, context: CommandContext): ListedProperty[] => {
  const isOne =
    Array.isArray(value) ||
    value instanceof Uint8Array ||
    (isBoxed(value) && (value.kind === 'hashtable' || value.kind === 'list'));
  if (!isOne) return [];
  return allProperties(registryOf(context), value)
    .filter(([, property]) => property.hidden !== true)
    .map(([name]) => ({ name, value: context.property(value, name), kind: 'Property' as const }));
};

const membersOf = (value: Value, context: CommandContext): ListedMember[] => {
  const typeName = isBoxed(value) && value.kind === 'custom' ? (value.typeNames[0] ?? '') : (typeNameOf(value) ?? '');
  const isXml = typeName.startsWith('System.Xml.') && isBoxed(value) && value.kind === 'instance';
  // Of an XML node Get-Member shows its attributes and children alone.
  const dynamic = isXml ? value.type.dynamicProperties?.(value.state) : undefined;
  const shown = isXml ? (dynamic?.names() ?? []) : undefined;
  const listed = listProperties(value, context).filter(({ name }) => !shown || shown.includes(name));
  const properties = [...listed, ...propertiesOfCollection(value, context)].map((property) => ({
    typeName,
    name: property.name,
    memberType: property.kind,
    definition:
      property.kind === 'NoteProperty'
        ? `${shownType(property.value, context)} ${property.name}=${property.value === null ? 'null' : context.text(property.value)}`
        : property.name,
  }));
  if (typeof value === 'string')
    properties.push({ typeName, name: 'Length', memberType: 'Property', definition: 'int Length {get;}' });
  const added = isBoxed(value) && 'members' in value ? [...(value.members?.values() ?? [])] : [];
  const scriptMethods = added
    .filter((member) => member.kind === 'scriptMethod')
    .map(({ name }) => ({ typeName, name, memberType: 'ScriptMethod', definition: `System.Object ${name}();` }));
  return [...methodsIn(value, typeName, context), ...scriptMethods, ...properties];
};

/** The static members of a type that the lab has. */
const staticMembersOf = (typeName: string, context: CommandContext): ListedMember[] => {
  const { types, enums } = registryOf(context);
  const statics = types.get(genericParts(typeName).name.toLowerCase())?.statics;
  const methods = new Set([...Object.keys(statics?.methods ?? {}), 'Equals', 'ReferenceEquals']);
  const properties = [
    ...Object.entries(statics?.properties ?? {}).map(([name, property]) => ({
      name,
      type: shownType(toValue(property.get(context)), context),
    })),
    ...Object.keys(enums.get(typeName.toLowerCase())?.values ?? {}).map((name) => ({ name, type: typeName })),
  ];
  return [
    ...[...methods].map((name) => ({ typeName, name, memberType: 'Method', definition: undefined })),
    ...properties.map(({ name, type }) => ({
      typeName,
      name,
      memberType: 'Property',
      definition: `static ${type} ${name} {get;}`,
    })),
  ];
};

const getMember = defineCmdlet({
  name: 'Get-Member',
  aliases: ['gm'],
  className: 'Microsoft.PowerShell.Commands.GetMemberCommand',
  module: 'Microsoft.PowerShell.Utility',
  parameters: {
    Name: { type: 'string[]', position: 0 },
    InputObject: { type: 'object', pipeline: 'value' },
    MemberType: { type: 'PSMemberTypes', aliases: ['Type'] },
    View: { type: 'PSMemberViewTypes' },
    Static: { type: 'switch' },
    Force: { type: 'switch' },
  },
  outside: ['View', 'Force'],
  createState: (): Set<string> => new Set(),
  end(context) {
    if ((context.state as Set<string>).size === 0)
      context.writeError({
        id: 'NoObjectInGetMember',
        message: 'You must specify an object for the Get-Member cmdlet.',
        category: 'CloseError',
        target: null,
        exception: 'System.InvalidOperationException',
      });
  },
  process(context, bound) {
    const seen = context.state as Set<string>;
    const value = bound.get('InputObject');
    const isStatic = bound.flag('Static');
    const typeName = isStatic && isBoxed(value) && value.kind === 'type' ? value.name : (typeNameOf(value) ?? '');
    if (seen.has(typeName)) return;
    seen.add(typeName);
    const names = bound.texts('Name');
    const kinds = bound.texts('MemberType').flatMap((kind) => (/^Properties$/i.test(kind) ? ['*Property'] : [kind]));
    const wanted = (isStatic ? staticMembersOf(typeName, context) : membersOf(value, context))
      .filter((member) => names.length === 0 || names.some((name) => context.like(member.name, name)))
      .filter((member) => kinds.length === 0 || kinds.some((kind) => context.like(member.memberType, kind)));
    for (const member of wanted.toSorted((a, b) => context.compare(a.memberType + a.name, b.memberType + b.name)))
      context.write(newObject(memberDefinition, member));
  },
});

const madeMember = (context: CommandContext, kind: string, name: string, value: Value, second: Value): Member => {
  const script = isBoxed(value) && value.kind === 'scriptblock' ? value : undefined;
  switch (kind.toLowerCase()) {
    case 'noteproperty':
      return { kind: 'note', name, value };
    case 'scriptproperty': {
      if (!script) return context.unsupported('Add-Member ScriptProperty without a script block');
      const setter = isBoxed(second) && second.kind === 'scriptblock' ? second : undefined;
      return setter
        ? { kind: 'scriptProperty', name, get: script, set: setter }
        : { kind: 'scriptProperty', name, get: script };
    }
    case 'scriptmethod':
      return script
        ? { kind: 'scriptMethod', name, script }
        : context.unsupported('Add-Member ScriptMethod without a script block');
    case 'aliasproperty':
      return { kind: 'alias', name, target: context.text(value) };
    default:
      return context.unsupported(`Add-Member -MemberType ${kind}`);
  }
};

const kinds =
  /^(\w*Property|\w*Method|\w*Set|\w*Properties|Methods|All|Event|Dynamic|InferredProperty|PropertySet|MemberSet|\d+)$/i;

const addMember = defineCmdlet({
  name: 'Add-Member',
  className: 'Microsoft.PowerShell.Commands.AddMemberCommand',
  module: 'Microsoft.PowerShell.Utility',
  defaultParameterSet: 'TypeNameSet',
  parameters: {
    InputObject: { type: 'object', mandatory: true, pipeline: 'value' },
    MemberType: {
      type: memberTypesEnum.name,
      aliases: ['Type'],
      sets: { MemberSet: { position: 0, mandatory: true } },
    },
    Name: { type: 'string', sets: { MemberSet: { position: 1, mandatory: true } } },
    Value: { type: 'object', sets: { MemberSet: { position: 2 } } },
    SecondValue: { type: 'object', sets: { MemberSet: { position: 3 } } },
    NotePropertyName: {
      type: 'string',
      refuses: kinds,
      sets: { NotePropertySingleMemberSet: { position: 0, mandatory: true } },
    },
    NotePropertyValue: {
      type: 'object',
      allowNull: true,
      sets: { NotePropertySingleMemberSet: { position: 1, mandatory: true } },
    },
    NotePropertyMembers: {
      type: 'System.Collections.IDictionary',
      sets: { NotePropertyMultiMemberSet: { position: 0, mandatory: true } },
    },
    TypeName: {
      type: 'string',
      sets: {
        TypeNameSet: { mandatory: true },
        MemberSet: {},
        NotePropertySingleMemberSet: {},
        NotePropertyMultiMemberSet: {},
      },
    },
    Force: { type: 'switch', sets: ['MemberSet', 'NotePropertySingleMemberSet', 'NotePropertyMultiMemberSet'] },
    PassThru: { type: 'switch' },
  },
  process(context, bound) {
    const value = bound.get('InputObject');
    const table = addedMembersOf(value, true);
    if (!table) return context.unsupported('Add-Member on a value that is no object');
    const added: Member[] = [];
    const kind = bound.text('MemberType') ?? '';
    if (bound.has('MemberType'))
      added.push(
        madeMember(
          context,
          kind,
          context.text(bound.get('Name')),
          bound.get('Value') ?? null,
          bound.get('SecondValue'),
        ),
      );
    if (bound.has('NotePropertyName'))
      added.push({
        kind: 'note',
        name: bound.text('NotePropertyName') ?? '',
        value: bound.get('NotePropertyValue') ?? null,
      });
    const many = bound.get('NotePropertyMembers');
    if (many instanceof Hashtable)
      for (const [key, each] of many.entries()) added.push({ kind: 'note', name: context.text(key), value: each });
    for (const member of added) {
      if (table.has(member.name.toLowerCase()) && !bound.flag('Force'))
        context.fail({
          id: 'MemberAlreadyExists',
          message: `Cannot add a member with the name "${member.name}" because a member with that name already exists. To overwrite the member anyway, add the Force parameter to your command.`,
          category: 'InvalidOperation',
          target: value,
          exception: 'System.InvalidOperationException',
        });
      table.set(member.name.toLowerCase(), member);
    }
    if (isBoxed(value) && value.kind === 'custom' && bound.has('TypeName'))
      value.typeNames.unshift(bound.text('TypeName') ?? '');
    if (bound.flag('PassThru')) context.write(value);
  },
});

/** Get-Member and Add-Member. */
export const memberCmdlets: readonly CmdletDefinition[] = [getMember, addMember];
