import { classOf } from '../classes/script-class.ts';
import type { CallContext } from '../host.ts';
import { allProperties } from '../members/definitions.ts';
import { registryOf } from '../registry-of.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';

/** A property as Get-Member, Select-Object * and ConvertTo-Json see it. */
export type ListedProperty = {
  readonly name: string;
  readonly value: Value;
  readonly kind: 'Property' | 'NoteProperty' | 'ScriptProperty' | 'AliasProperty';
};

const memberKinds = { note: 'NoteProperty', scriptProperty: 'ScriptProperty', alias: 'AliasProperty' } as const;

/** The properties of an object in their order: those of its type, found ones (CIM), added ones. Plain values have none. */
export function listProperties(value: Value, context: CallContext): readonly ListedProperty[] {
  if (!isBoxed(value)) return [];
  const listed: ListedProperty[] = [];
  if (value.kind === 'instance') {
    // A class of the script has what its bases have as well.
    const properties = classOf(value.type)
      ? allProperties(registryOf(context), value)
      : Object.entries(value.type.properties ?? {});
    for (const [name, property] of properties) {
      if (property.hidden === true) continue;
      listed.push({
        name,
        value: context.property(value, name),
        kind: property.aliasOf === undefined ? 'Property' : 'AliasProperty',
      });
    }
    const dynamic = value.type.dynamicProperties?.(value.state);
    for (const name of dynamic?.names() ?? [])
      listed.push({ name, value: context.property(value, name), kind: 'Property' });
  }
  if (value.kind === 'exception') {
    for (const name of ['Message', 'Data', 'InnerException', 'HResult', ...Object.keys(value.properties)])
      listed.push({ name, value: context.property(value, name), kind: 'Property' });
  }
  if (value.kind === 'error') {
    for (const name of [
      'Exception',
      'TargetObject',
      'CategoryInfo',
      'FullyQualifiedErrorId',
      'ErrorDetails',
      'InvocationInfo',
      'ScriptStackTrace',
    ])
      listed.push({ name, value: context.property(value, name), kind: 'Property' });
  }
  if ('members' in value && value.members) {
    for (const member of value.members.values()) {
      if (member.kind === 'scriptMethod') continue;
      listed.push({ name: member.name, value: context.property(value, member.name), kind: memberKinds[member.kind] });
    }
  }
  return listed;
}
