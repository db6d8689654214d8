import type { Attribute } from '../../../powershell/syntax-tree.ts';
import { run } from '../compile/code.ts';
import type { Compiler } from '../compile/compiler.ts';
import { itemsOf } from '../conversion/items.ts';
import { toText } from '../conversion/to-text.ts';
import { isTrue } from '../conversion/truth.ts';
import { PowerShellError } from '../define.ts';
import type { Frame } from '../frame.ts';
import { compare } from '../operators/compare.ts';
import { makeRegex } from '../operators/regex.ts';
import { matchFrom } from '../operators/regex-use.ts';
import { runSync } from '../run-sync.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';
import type { Validator } from './signature.ts';

const isNull = (value: Value): boolean => value === null || value === undefined;

const each =
  (check: (value: Value, frame: Frame, fail: (reason: string) => never) => void): Validator =>
  (value, frame, fail) => {
    for (const item of itemsOf(value) ?? [value]) check(item, frame, fail);
  };

/** ValidateSet. */
export const validateSet = (allowed: readonly string[]): Validator =>
  each((value, frame, fail) => {
    const text = toText(value, frame.session);
    if (allowed.some((one) => one.toLowerCase() === text.toLowerCase())) return;
    fail(
      `The argument "${text}" does not belong to the set "${allowed.join(',')}" specified by the ValidateSet attribute. Supply an argument that is in the set and then try the command again.`,
    );
  });

/** ValidateRange. */
export const validateRange = (low: Value, high: Value): Validator =>
  each((value, frame, fail) => {
    const text = (shown: Value): string => toText(shown, frame.session);
    if (compare(value, low, frame.session) < 0) {
      fail(
        `The ${text(value)} argument is less than the minimum allowed range of ${text(low)}. Supply an argument that is greater than or equal to ${text(low)} and then try the command again.`,
      );
    }
    if (compare(value, high, frame.session) > 0) {
      fail(
        `The ${text(value)} argument is greater than the maximum allowed range of ${text(high)}. Supply an argument that is less than or equal to ${text(high)} and then try the command again.`,
      );
    }
  });

const validateLength = (low: number, high: number): Validator =>
  each((value, frame, fail) => {
    const { length } = toText(value, frame.session);
    if (length < low) {
      fail(
        `The character length (${length}) of the argument is too short. Specify an argument with a length that is greater than or equal to "${low}", and then try the command again.`,
      );
    }
    if (length > high) {
      fail(
        `The character length of the ${length} argument is too long. Shorten the character length of the argument so it is fewer than or equal to "${high}" characters, and then try the command again.`,
      );
    }
  });

const validateCount =
  (low: number, high: number): Validator =>
  (value, _frame, fail) => {
    const items = isBoxed(value) && value.kind === 'hashtable' ? value.entries() : itemsOf(value);
    const count = isNull(value) ? 0 : items?.length;
    if (count === undefined)
      fail(
        'The ValidateCount attribute cannot be applied to a non-array parameter. Either remove the attribute from the parameter or make the parameter an array parameter.',
      );
    else if ((count < low || count > high) && low === high)
      fail(`The parameter requires exactly ${low} value(s) - ${count} value(s) were provided.`);
    else if (count < low || count > high)
      fail(
        `The parameter requires at least ${low} value(s) and no more than ${high} value(s) - ${count} value(s) were provided.`,
      );
  };

const validatePattern = (pattern: string): Validator =>
  each((value, frame, fail) => {
    const text = toText(value, frame.session);
    if (matchFrom(makeRegex(pattern, { ignoreCase: true }), text, 0)) return;
    fail(
      `The argument "${text}" does not match the "${pattern}" pattern. Supply an argument that matches "${pattern}" and try the command again.`,
    );
  });

const validateNotNull: Validator = (value, _frame, fail) => {
  if (isNull(value))
    fail('The argument is null. Provide a valid value for the argument, and then try running the command again.');
};

const validateNotNullOrEmpty: Validator = (value, _frame, fail) => {
  if (isNull(value) || value === '') {
    fail(
      'The argument is null or empty. Provide an argument that is not null or empty, and then try the command again.',
    );
  }
  const items = isBoxed(value) && value.kind === 'hashtable' ? value.values() : itemsOf(value);
  if (items?.length === 0 || (items?.some((item) => isNull(item) || item === '') ?? false)) {
    fail(
      'The argument is null, empty, or an element of the argument collection contains a null value. Supply a collection that does not contain any null values and then try the command again.',
    );
  }
};

const validateScript = (script: Value): Validator =>
  each((value, frame, fail) => {
    if (!isBoxed(script) || script.kind !== 'scriptblock') return;
    let output: Value[];
    try {
      output = runSync(frame.context.invoke(script, [value], { underscore: value }));
    } catch (error) {
      if (!(error instanceof PowerShellError) || error.record.exception.type.startsWith('Kintsugi.')) throw error;
      return fail(error.message);
    }
    if (output.length === 0 || !isTrue(output.length > 1 ? output : output[0])) {
      fail(
        `The "${script.text}" validation script for the argument with value "${toText(value, frame.session)}" did not return a result of True. Determine why the validation script failed, and then try the command again.`,
      );
    }
  });

const numberOf = (value: Value): number => (typeof value === 'number' ? value : 0);

/** The validator that an attribute means; undefined if it is no validation attribute. Its arguments are evaluated when first used. */
export const compileValidator = (compiler: Compiler, attribute: Attribute): Validator | undefined => {
  const name = attribute.name
    .toLowerCase()
    .replace(/attribute$/, '')
    .replace(/^system\.management\.automation\./, '');
  const codes = attribute.positional.map((argument) => compiler.expression(argument));
  const argumentsOf = (frame: Frame): Value[] => codes.map((code) => runSync(run(code, frame)));
  const late =
    (make: (args: Value[], frame: Frame) => Validator): Validator =>
    (value, frame, fail) =>
      make(argumentsOf(frame), frame)(value, frame, fail);
  switch (name) {
    case 'validateset':
      return late((args, frame) => validateSet(args.map((argument) => toText(argument, frame.session))));
    case 'validaterange':
      return late(([low, high]) => validateRange(low, high));
    case 'validatelength':
      return late(([low, high]) => validateLength(numberOf(low), numberOf(high)));
    case 'validatecount':
      return late(([low, high]) => validateCount(numberOf(low), numberOf(high)));
    case 'validatepattern':
      return late(([pattern], frame) => validatePattern(toText(pattern, frame.session)));
    case 'validatenotnull':
      return validateNotNull;
    case 'validatenotnullorempty':
      return validateNotNullOrEmpty;
    case 'validatescript':
      return late(([script]) => validateScript(script));
    default:
      return undefined;
  }
};
