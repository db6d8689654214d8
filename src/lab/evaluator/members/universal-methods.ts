import { dotToString } from '../conversion/to-text.ts';
import { netError } from '../define.ts';
import type { Language } from '../language.ts';
import { typeLiteral } from '../make.ts';
import { compare, equals } from '../operators/compare.ts';
import { formatValue } from '../operators/format-text.ts';
import { raise } from '../raise.ts';
import { isBoxed, typeNameOf } from '../types-of.ts';
import type { Value } from '../value.ts';

/** "Cannot find an overload". */
export const overload = (name: string, count: number): never =>
  raise({
    id: 'MethodCountCouldNotFindBest',
    message: `Cannot find an overload for "${name}" and the argument count: "${count}".`,
    category: 'NotSpecified',
    type: 'System.Management.Automation.MethodException',
  });

const hashCode = (text: string): number => {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
};

/** What a format can be given to. */
const formattable: ReadonlySet<string> = new Set(['integer', 'float', 'decimal', 'datetime', 'timespan', 'enum']);

/** `ToString()`, of numbers, times and enums with a format. */
const toStringBy = (target: Value, args: Value[], language: Language): Value => {
  const [format] = args;
  // Only a string shows the properties of a custom object.
  if (args.length === 0) return isBoxed(target) && target.kind === 'custom' ? '' : dotToString(target, language);
  const isOwn = isBoxed(target) && target.kind === 'instance' && target.type.methods?.['ToString'] !== undefined;
  if (typeof target !== 'number' && !isOwn && !(isBoxed(target) && formattable.has(target.kind)))
    return overload('ToString', args.length);
  return typeof format === 'string' ? formatValue(target, format, language) : dotToString(target, language);
};

/** `CompareTo(value)`: unlike an operator it takes only what is of the same type. */
const orderTo = (target: Value, other: Value, language: Language): Value => {
  const type = typeNameOf(target) ?? 'System.Object';
  if (other !== null && other !== undefined && typeNameOf(other) !== type)
    throw netError('System.ArgumentException', `Object must be of type ${type.replace(/^.*\./, '')}.`);
  return Math.sign(compare(target, other, language, { caseSensitive: true }));
};

const methods: Readonly<Record<string, (target: Value, args: Value[], language: Language) => Value>> = {
  gettype: (target) => typeLiteral(typeNameOf(target) ?? 'System.Object'),
  tostring: toStringBy,
  equals: (target, [other], language) =>
    typeNameOf(target) === typeNameOf(other) && equals(target, other, language, { caseSensitive: true }),
  gethashcode: (target, _args, language) =>
    typeof target === 'number' ? target : hashCode(dotToString(target, language)),
  compareto: (target, [other], language) => orderTo(target, other, language),
};

/** Whether every value has a method. @param lower its name in lower case */
export const isUniversal = (lower: string): boolean => Object.hasOwn(methods, lower);

/** Calls a method that every value has. @throws NetError, PowerShellError */
export const callUniversal = (target: Value, lower: string, args: Value[], language: Language): Value =>
  methods[lower]?.(target, args, language);
