import { defineType } from '../define.ts';
import { newObject } from '../make.ts';
import type { TypeDefinition } from '../type-definition.ts';

const names = [
  'Ordinal',
  'OrdinalIgnoreCase',
  'InvariantCulture',
  'InvariantCultureIgnoreCase',
  'CurrentCulture',
  'CurrentCultureIgnoreCase',
] as const;

/** System.StringComparer; its state is the name of the property that gave it. Dictionaries are made with one. */
export const stringComparerType: TypeDefinition<(typeof names)[number]> = defineType({
  name: 'System.StringComparer',
  toText: (name) => (name.startsWith('Ordinal') ? 'System.OrdinalComparer' : 'System.CultureAwareComparer'),
  statics: {
    properties: Object.fromEntries(names.map((name) => [name, { get: () => newObject(stringComparerType, name) }])),
  },
});
