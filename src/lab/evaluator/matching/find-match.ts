import { spend, spendOn } from '../limit.ts';
import { differsNatively } from './differs-natively.ts';
import { neededText, type RegexCost, regexCost, workAtMost, workOn } from './regex-cost.ts';
import { compileRegex, type RegexProgram } from './regex-program.ts';
import { readRegexTree } from './regex-tree.ts';
import { type Capture, type RegexMatch, runForCaptures, runRegex } from './run-regex.ts';

/** Work that the native engine does in some tenths of a second; most bounds are far above what is really done. */
const nativeWork = 3e8;

type Plan = {
  readonly cost: RegexCost;
  /** Whether .NET would give something else than the native engine. */
  readonly differs: boolean;
  readonly needed: ReturnType<typeof neededText>;
  program: RegexProgram | undefined;
  /** The long text that was looked at last, in lower case where case is ignored, and whether the native engine may have it. */
  last: { readonly text: string; readonly searched: string; readonly isNative: boolean } | undefined;
};

const plans = new WeakMap<RegExp, Plan>();

const planOf = (pattern: RegExp): Plan => {
  const known = plans.get(pattern);
  if (known) return known;
  const tree = readRegexTree(pattern);
  const { root } = tree;
  const plan: Plan = {
    cost: regexCost(root),
    differs: differsNatively(tree, pattern.ignoreCase),
    needed: neededText(root),
    program: undefined,
    last: undefined,
  };
  plans.set(pattern, plan);
  return plan;
};

/** What is known of a text that is too long for a bound by its length alone. */
const lookAt = (plan: Plan, text: string): NonNullable<Plan['last']> => {
  if (plan.last?.text === text) return plan.last;
  spendOn(text);
  const searched = plan.needed?.ignoreCase ? text.toLowerCase() : text;
  plan.last = { text, searched, isNative: workOn(plan.cost, text) <= nativeWork };
  return plan.last;
};

const isShort = (plan: Plan, text: string): boolean => workAtMost(plan.cost, text.length) <= nativeWork;

/** Whether the native engine may have this text: it can't be busy with it for long. */
export const isNative = (pattern: RegExp, text: string): boolean => {
  const plan = planOf(pattern);
  return !plan.differs && (isShort(plan, text) || lookAt(plan, text).isNative);
};

const programOf = (plan: Plan, pattern: RegExp): RegexProgram => {
  plan.program ??= compileRegex(readRegexTree(pattern));
  return plan.program;
};

/** Every place where a group captured in a match, in order, as offsets of beginning and end; by the number of the group. */
export const capturesOf = (pattern: RegExp, text: string, match: RegexMatch): readonly (readonly Capture[])[] =>
  runForCaptures(programOf(planOf(pattern), pattern), text, match.index);

/**
 * Finds the first match of a global expression from an offset on. Nothing can interrupt the native engine: where the expression could
 * keep it busy for long on this text, a matcher of our own runs it, which counts its steps.
 * @throws LimitReached if it takes too many
 */
export const findMatch = (pattern: RegExp, text: string, from: number): RegexMatch | null => {
  const plan = planOf(pattern);
  if (!isShort(plan, text)) {
    const { searched, isNative: mayBeNative } = lookAt(plan, text);
    const start = searched.length === text.length ? from : 0;
    if (plan.needed && !searched.includes(plan.needed.text, start)) return null;
    if (!mayBeNative) return runRegex(programOf(plan, pattern), text, from, plan.cost.explodes ? 4 : 1 / 4);
  }
  if (plan.differs) return runRegex(programOf(plan, pattern), text, from, plan.cost.explodes ? 4 : 1);
  pattern.lastIndex = from;
  const found = pattern.exec(text);
  spend(4 + (((found ? found.index + found[0].length : text.length) - from) >> 3));
  return found;
};
