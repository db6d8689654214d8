/** Typed access to the members of a payload object; names are looked up without regard to case, as PowerShell's server does. */
import { Failure } from '../../../kernel/failure.ts';
import {
  isPsObject,
  isPsTagged,
  type PsObject,
  type PsObjectFields,
  type PsValue,
  psEnum,
  psObject,
  psProperty,
} from '../clixml/values.ts';

const wrong = (name: string, expected: string): Failure =>
  new Failure('protocol-error', `PSRP: expected ${expected} in the member ${name} of a message`);

/** A payload object with extended members and no type names. */
export const payload = (members: PsObjectFields['extended'] & object): PsObject => psObject({ extended: members });

/** The number in an enum, in either of its forms or as a plain integer; undefined if it is something else. */
export function numberOf(value: PsValue | undefined): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (isPsObject(value) && value.base?.kind === 'primitive') return numberOf(value.base.value);
  if (isPsTagged(value) && 'value' in value && typeof value.value === 'number') return value.value;
  return undefined;
}

/** A member as an integer. */
export function intMember(object: PsValue, name: string): number {
  const value = numberOf(psProperty(object, name));
  if (value === undefined) throw wrong(name, 'an integer');
  return value;
}

/** A member as an integer, or the default if it is absent or null. */
export function intMemberOr(object: PsValue, name: string, absent: number): number {
  return (psProperty(object, name) ?? null) === null ? absent : intMember(object, name);
}

/** A member as an Int64. */
export function longMember(object: PsValue, name: string): bigint {
  const value = psProperty(object, name);
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return BigInt(value);
  throw wrong(name, 'a long integer');
}

/** A member as text: a string, or an object that is one; null if it is absent or null. */
export function textMember(object: PsValue, name: string): string | null {
  return textOf(psProperty(object, name));
}

/** A value as text where it has an obvious one, else null. */
export function textOf(value: PsValue | undefined): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (!isPsTagged(value)) return null;
  if (value.kind !== 'object') return 'text' in value ? value.text : null;
  if (value.base?.kind === 'primitive' && typeof value.base.value === 'string') return value.base.value;
  return value.text;
}

/** A member as a boolean; the default if it is absent or null. */
export function flagMember(object: PsValue, name: string, absent = false): boolean {
  const value = psProperty(object, name);
  if (typeof value === 'boolean') return value;
  if (isPsObject(value) && value.base?.kind === 'primitive' && typeof value.base.value === 'boolean')
    return value.base.value;
  if (value === undefined || value === null) return absent;
  throw wrong(name, 'a boolean');
}

/** The items of a member that is a list of any sort; none if it is absent or null. */
export function listMember(object: PsValue, name: string): readonly PsValue[] {
  const value = psProperty(object, name);
  if (value === undefined || value === null) return [];
  if (isPsObject(value) && value.base !== null && 'items' in value.base) return value.base.items;
  throw wrong(name, 'a list');
}

/** A member that is one of the names of an enum, given as object, number or name; the default if it is absent. */
export function enumMember<Name extends string>(
  object: PsValue,
  name: string,
  names: readonly Name[],
  absent: Name,
): Name {
  const value = psProperty(object, name);
  if (value === undefined || value === null) return absent;
  const number = numberOf(value);
  const text = typeof value === 'string' ? value.toLowerCase() : undefined;
  const found = number === undefined ? names.find((candidate) => candidate.toLowerCase() === text) : names[number];
  if (found === undefined) throw wrong(name, `one of ${names.join(', ')}`);
  return found;
}

/** How enums are written: with type names as PowerShell's own client does, or as bare integers. */
export type EnumForm = 'full' | 'compact';

/** An enum value from its list of names. */
export function enumValue(typeName: string, names: readonly string[], name: string, form: EnumForm = 'full'): PsValue {
  const number = names.indexOf(name);
  return form === 'full' ? psEnum(typeName, name, number) : number;
}
