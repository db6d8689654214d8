import { spend } from '../limit.ts';
import { regexCost } from './regex-cost.ts';
import { compileRegex, type RegexProgram } from './regex-program.ts';
import { readRegexTree } from './regex-tree.ts';
import { type RegexMatch, runRegex } from './run-regex.ts';

/** Work that the native engine does in about a tenth of a second. */
const nativeWork = 1e8;

type Plan = {
  /** Up to which length of the text no match can take long. */
  readonly nativeUpTo: number;
  program: RegexProgram | undefined;
};

const plans = new WeakMap<RegExp, Plan>();

const planOf = (pattern: RegExp): Plan => {
  const known = plans.get(pattern);
  if (known) return known;
  const { explodes, degree, factor } = regexCost(readRegexTree(pattern).root);
  const nativeUpTo = explodes ? 0 : degree === 0 ? Infinity : (nativeWork / factor) ** (1 / degree);
  const plan: Plan = { nativeUpTo, program: undefined };
  plans.set(pattern, plan);
  return plan;
};

/** Whether the native engine may have a text of this length: it can't be busy with it for long. */
export const isNative = (pattern: RegExp, text: string): boolean => text.length <= planOf(pattern).nativeUpTo;

/**
 * Finds the first match of a global expression from an offset on. Nothing can interrupt the native engine: where the expression could
 * keep it busy for long on a text of this length, a matcher of our own runs it, which counts its steps.
 * @throws LimitReached if it takes too many
 */
export const findMatch = (pattern: RegExp, text: string, from: number): RegexMatch | null => {
  const plan = planOf(pattern);
  if (text.length <= plan.nativeUpTo) {
    pattern.lastIndex = from;
    const found = pattern.exec(text);
    spend(4 + (((found ? found.index + found[0].length : text.length) - from) >> 3));
    return found;
  }
  plan.program ??= compileRegex(readRegexTree(pattern));
  return runRegex(plan.program, text, from);
};
