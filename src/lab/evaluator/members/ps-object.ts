import { psObjectType } from '../dotnet/ps-object.ts';
import { newObject } from '../make.ts';
import type { Value } from '../value.ts';

/** `$value.PSObject`. */
export const psObjectOf = (value: Value): Value => newObject(psObjectType, { value });
