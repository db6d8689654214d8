import { defineType } from '../define.ts';
import type { CallContext } from '../host.ts';
import { enumValue, newObject, typeLiteral } from '../make.ts';
import { like } from '../matching/wildcard.ts';
import type { PropertyView } from '../members/properties.ts';
import { propertiesOf } from '../members/properties.ts';
import type { TypeDefinition } from '../type-definition.ts';
import { typeNameOf } from '../types-of.ts';
import type { Value } from '../value.ts';
import { memberTypesEnum } from './member-types.ts';
import { methodsOf } from './ps-method.ts';

/** One entry of `.PSObject.Properties`. */
export const psPropertyType = defineType<PropertyView>({
  name: 'System.Management.Automation.PSPropertyInfo',
  properties: {
    Name: { get: (view) => view.name },
    Value: { get: (view) => view.get(), set: (view, value) => view.set(value) },
    MemberType: { get: (view) => enumValue(memberTypesEnum, view.memberType) },
    TypeNameOfValue: { get: (view) => typeNameOf(view.get()) ?? 'System.Object' },
    IsSettable: { get: (view) => view.settable },
    IsGettable: { get: () => true },
    IsInstance: { get: (view) => view.memberType !== 'Property' },
  },
  toText: (view) => `${view.memberType} ${view.name}`,
});

/** `.PSObject.Properties`. */
const collectionType = defineType<{ value: Value; context: CallContext }>({
  name: 'System.Management.Automation.PSMemberInfoIntegratingCollection',
  enumerate: ({ value, context }) => propertiesOf(value, context).map((view) => newObject(psPropertyType, view)),
  getItem: ({ value, context }, [name]) => {
    const wanted = context.text(name).toLowerCase();
    const found = propertiesOf(value, context).find((view) => view.name.toLowerCase() === wanted);
    return found ? newObject(psPropertyType, found) : null;
  },
  properties: { Count: { get: ({ value, context }) => propertiesOf(value, context).length } },
  methods: {
    Match: ({ value, context }, [pattern]) =>
      propertiesOf(value, context)
        .filter((view) => like(view.name, context.text(pattern)))
        .map((view) => newObject(psPropertyType, view)),
    Remove: ({ value, context }, [name]) => removeMember(value, context.text(name)),
    Add: ({ value }, [property]) => addProperty(value, property),
  },
});

const removeMember = (value: Value, name: string): Value => {
  if (value !== null && typeof value === 'object' && 'kind' in value && value.kind === 'custom')
    value.members.delete(name.toLowerCase());
  return undefined;
};

const addProperty = (value: Value, property: Value): Value => {
  const isCustom = value !== null && typeof value === 'object' && 'kind' in value && value.kind === 'custom';
  const isNote =
    property !== null && typeof property === 'object' && 'kind' in property && property.kind === 'instance';
  if (isCustom && isNote && property.type === notePropertyType) {
    const note = property.state as { name: string; value: Value };
    value.members.set(note.name.toLowerCase(), { kind: 'note', name: note.name, value: note.value });
  }
  return undefined;
};

/** `[PSNoteProperty]::new(name, value)`. */
export const notePropertyType: TypeDefinition<{ name: string; value: Value }> = defineType<{
  name: string;
  value: Value;
}>({
  name: 'System.Management.Automation.PSNoteProperty',
  aliases: ['psnoteproperty'],
  properties: { Name: { get: (note) => note.name }, Value: { get: (note) => note.value } },
  construct: (context, [name, value]) => newObject(notePropertyType, { name: context.text(name), value }),
});

/** `.PSObject.Methods`. */
const methodCollectionType = defineType<{ value: Value; context: CallContext }>({
  name: 'System.Management.Automation.PSMemberInfoIntegratingCollection',
  enumerate: ({ value, context }) => methodsOf(value, context),
  getItem: ({ value, context }, [name]) => {
    const wanted = context.text(name).toLowerCase();
    return methodsOf(value, context).find((method) => context.text(method).toLowerCase() === wanted) ?? null;
  },
  properties: { Count: { get: ({ value, context }) => methodsOf(value, context).length } },
  methods: {
    Match: ({ value, context }, [pattern]) =>
      methodsOf(value, context).filter((method) => like(context.text(method), context.text(pattern))),
  },
});

const membersOf = (value: Value, context: CallContext): Value[] => [
  ...propertiesOf(value, context).map((view) => newObject(psPropertyType, view)),
  ...methodsOf(value, context),
];

/** `.PSObject.Members`: properties and methods. */
const memberCollectionType = defineType<{ value: Value; context: CallContext }>({
  name: 'System.Management.Automation.PSMemberInfoIntegratingCollection',
  enumerate: ({ value, context }) => membersOf(value, context),
  getItem: ({ value, context }, [name]) => {
    const wanted = context.text(name).toLowerCase();
    return (
      membersOf(value, context).find(
        (member) => context.text(context.property(member, 'Name')).toLowerCase() === wanted,
      ) ?? null
    );
  },
  methods: {
    Match: ({ value, context }, [pattern]) =>
      membersOf(value, context).filter((member) =>
        like(context.text(context.property(member, 'Name')), context.text(pattern)),
      ),
    Remove: ({ value, context }, [name]) => removeMember(value, context.text(name)),
    Add: ({ value }, [property]) => addProperty(value, property),
  },
});

/** The view behind `.PSObject`. */
export const psObjectType = defineType<{ value: Value }>({
  name: 'System.Management.Automation.PSMemberSet',
  properties: {
    Properties: { get: ({ value }, context) => newObject(collectionType, { value, context }) },
    TypeNames: { get: ({ value }, context) => context.property(value, 'PSTypeNames') },
    BaseObject: { get: ({ value }) => value },
    ImmediateBaseObject: { get: ({ value }) => value },
    Methods: { get: ({ value }, context) => newObject(methodCollectionType, { value, context }) },
    Members: { get: ({ value }, context) => newObject(memberCollectionType, { value, context }) },
  },
  methods: {
    Copy: ({ value }) => copyOf(value),
    GetType: () => typeLiteral('System.Management.Automation.PSObject'),
  },
});

/** A shallow copy of a custom object; other values are themselves. */
export const copyOf = (value: Value): Value => {
  if (!(value !== null && typeof value === 'object' && 'kind' in value && value.kind === 'custom')) return value;
  return {
    ...value,
    typeNames: [...value.typeNames],
    members: new Map([...value.members].map(([key, member]) => [key, { ...member }])),
  };
};
