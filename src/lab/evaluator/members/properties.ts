import type { CallContext } from '../host.ts';
import { registryOf } from '../registry-of.ts';
import type { Value } from '../value.ts';
import { allProperties, definitionOf, membersOf, stateOfValue } from './definitions.ts';

/** One property of an object as `.PSObject.Properties`, Select-Object * and ConvertTo-Json see it. */
export type PropertyView = {
  readonly name: string;
  readonly memberType: 'NoteProperty' | 'Property' | 'ScriptProperty' | 'AliasProperty';
  readonly settable: boolean;
  get(): Value;
  set(value: Value): void;
};

/** All visible properties of a value in order. */
export const propertiesOf = (value: Value, context: CallContext): PropertyView[] => {
  const views: PropertyView[] = [];
  const registry = registryOf(context);
  for (const [name, property] of allProperties(registry, value)) {
    if (property.hidden) continue;
    views.push({
      name,
      memberType: property.aliasOf === undefined ? 'Property' : 'AliasProperty',
      settable: property.set !== undefined,
      get: () => context.property(value, name),
      set: (next) =>
        property.set?.(
          stateOfValue(value),
          property.type === undefined ? next : context.convert(next, property.type),
          context,
        ),
    });
  }
  const dynamic = definitionOf(registry, value)?.dynamicProperties?.(stateOfValue(value));
  for (const name of dynamic?.names() ?? []) {
    views.push({
      name,
      memberType: 'Property',
      settable: dynamic?.set !== undefined,
      get: () => context.property(value, name),
      set: (next) => dynamic?.set?.(name, next),
    });
  }
  for (const member of membersOf(value)?.values() ?? []) {
    if (member.kind === 'scriptMethod') continue;
    const memberType =
      member.kind === 'note' ? 'NoteProperty' : member.kind === 'alias' ? 'AliasProperty' : 'ScriptProperty';
    views.push({
      name: member.name,
      memberType,
      settable: member.kind === 'note',
      get: () => context.property(value, member.name),
      set: (next) => {
        if (member.kind === 'note') member.value = next;
      },
    });
  }
  return views;
};
