import { defineType } from '../define.ts';
import { newObject } from '../make.ts';
import type { TypeDefinition } from '../type-definition.ts';

/** DBNull: the one object that stands for a missing value of a database. It is not `$null`. */
export const dbNullType: TypeDefinition<null> = defineType<null>({
  name: 'System.DBNull',
  toText: () => '',
  statics: { properties: { Value: { get: () => dbNull } } },
});

const dbNull = newObject(dbNullType, null);
