import { convert } from '../conversion/convert.ts';
import { toText } from '../conversion/to-text.ts';
import { PowerShellError } from '../define.ts';
import type { Language } from '../language.ts';
import { raise, runtimeError } from '../raise.ts';
import { isOfType } from '../type-names.ts';
import { isBoxed, typeNameOf } from '../types-of.ts';
import type { Value } from '../value.ts';
import type { ClassMethod } from './script-class.ts';

/** Numeric types from narrow to wide. */
const widths = ['Byte', 'SByte', 'Int16', 'UInt16', 'Int32', 'UInt32', 'Int64', 'UInt64', 'Single', 'Double'];
const widthOf = (type: string): number => widths.indexOf(type.replace(/^System\./, ''));
const isNumeric = (type: string): boolean => widthOf(type) >= 0 || type === 'System.Decimal';

/** Whether every number of a type is one of another, wider type. */
export const isWidening = (from: string, to: string): boolean =>
  widthOf(from) >= 0 && (to === 'System.Decimal' ? from !== 'System.Double' : widthOf(to) > widthOf(from));

const converts = (value: Value, type: string, language: Language): boolean => {
  try {
    convert(value, type, language);
    return true;
  } catch (error) {
    if (error instanceof PowerShellError) return false;
    throw error;
  }
};

/** How far a value is from a parameter's type; the smallest sum wins. Infinity: it does not convert. */
const distance = (value: Value, type: string | undefined, language: Language): number => {
  if (type === undefined || type === 'System.Object') return 20;
  if (value === null || value === undefined) return /^System\.(String|Boolean)$/.test(type) ? 40 : 35;
  const own = typeNameOf(value) ?? '';
  if (own === type) return 0;
  if (isBoxed(value) && value.kind === 'ref') return type.endsWith('Reference') ? 0 : Infinity;
  const from = isBoxed(value) && value.kind === 'char' ? widthOf('UInt16') : widthOf(own);
  if (from >= 0 && isNumeric(type)) {
    const to = type === 'System.Decimal' ? widths.length : widthOf(type);
    // A wider type takes it as it is; a narrower one comes after text.
    return to > from ? 1 + (to - from) : 60;
  }
  if (isOfType(language.registry, value, type)) return 15;
  if (!converts(value, type, language)) return Infinity;
  if (isNumeric(type))
    return own === 'System.Decimal' || own === 'System.Double' ? 60 : 40 - Math.max(0, widthOf(type)) / 10;
  if (type === 'System.String') return 50;
  if (type === 'System.Boolean') return 60;
  return type.endsWith(']') ? 55 : 45;
};

const wrongCount = (name: string, count: number): never =>
  raise({
    id: 'MethodCountCouldNotFindBest',
    message: `Cannot find an overload for "${name}" and the argument count: "${count}".`,
    category: 'NotSpecified',
    type: 'System.Management.Automation.MethodException',
  });

/**
 * The overload that fits the arguments best.
 * @throws PowerShellError MethodCountCouldNotFindBest where none takes this many
 */
export const chooseOverload = (
  overloads: readonly ClassMethod[],
  name: string,
  args: readonly Value[],
  language: Language,
): ClassMethod => {
  const fitting = overloads.filter(({ parameters }) => parameters.length === args.length);
  const [first] = fitting;
  if (!first) return wrongCount(name, args.length);
  if (fitting.length === 1) return first;
  const ranked = fitting.map((method) => ({
    method,
    far: method.parameters.reduce((sum, { type }, i) => sum + distance(args[i], type, language), 0),
  }));
  const least = ranked.reduce((best, next) => (next.far < best.far ? next : best));
  return least.method;
};

/**
 * The arguments as the parameters take them.
 * @param name as errors show it
 * @throws PowerShellError MethodArgumentConversionInvalidCastArgument
 */
export const convertArguments = (
  { parameters }: ClassMethod,
  name: string,
  args: readonly Value[],
  language: Language,
): Value[] =>
  parameters.map((parameter, i) => {
    const value = args[i] ?? null;
    if (parameter.type === undefined) return value;
    try {
      return convert(value, parameter.type, language);
    } catch (error) {
      if (!(error instanceof PowerShellError)) throw error;
      throw runtimeError({
        id: 'MethodArgumentConversionInvalidCastArgument',
        message: `Cannot convert argument "${parameter.name}", with value: "${toText(value, language)}", for "${name}" to type "${parameter.type}": "${error.message}"`,
        category: 'NotSpecified',
        type: 'System.Management.Automation.MethodException',
        inner: error.record.exception,
      });
    }
  });
