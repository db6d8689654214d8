import { spend } from '../limit.ts';
import { charSet, takes } from './char-set.ts';
import type { RegexProgram, RegexStep } from './regex-program.ts';

/** What an expression found: the whole, then the groups. */
export type RegexMatch = readonly (string | undefined)[] & { readonly 0: string; readonly index: number };

/** Offsets of beginning and end. */
export type Capture = readonly [from: number, to: number];

type Run = {
  readonly text: string;
  /** What a step costs, in units. */
  readonly price: number;
  readonly slots: Int32Array;
  /** Where to go on after a failure, in fours: number of the step, place, least place of a run (or old value of a slot), what it is. */
  readonly waiting: number[];
  /** All captures of each group, where they are asked for. */
  readonly captures: Capture[][] | undefined;
};

// What a waiting entry is.
const goOn = 0;
const giveBack = 1;
const takeMore = 2;
const restoreSlot = 3;
const forgetCaptures = 4;

const word = charSet('\\w', '');
const isWord = (text: string, at: number): boolean => at >= 0 && at < text.length && takes(word, text.charCodeAt(at));

const setSlot = (run: Run, slot: number, value: number): void => {
  run.waiting.push(slot, 0, run.slots[slot] ?? -1, restoreSlot);
  run.slots[slot] = value;
};

/** Keeps a capture when the second of a group's two slots is set: looking back, that is its beginning. */
const keepCapture = (run: Run, slot: number, at: number, direction: 1 | -1): void => {
  const group = slot >> 1;
  const all = run.captures?.[group];
  if (!all || slot % 2 !== (direction === 1 ? 1 : 0)) return;
  run.waiting.push(group, 0, all.length, forgetCaptures);
  const other = run.slots[slot ^ 1] ?? at;
  all.push(direction === 1 ? [other, at] : [at, other]);
};

/** Takes units of a run; the place behind them, or -1 if they are too few. */
const startRun = (run: Run, step: RegexStep, number: number, from: number): number => {
  const { set, direction, flag } = step;
  if (!set) return -1;
  const wanted = flag ? step.to : step.other;
  const { text } = run;
  let at = from;
  let taken = 0;
  for (; taken < wanted; taken++) {
    const place = direction === 1 ? at : at - 1;
    if (place < 0 || place >= text.length || !takes(set, text.charCodeAt(place))) break;
    at += direction;
  }
  spend(taken * run.price);
  if (taken < step.to) return -1;
  if (flag) run.waiting.push(number, at, step.other - step.to, takeMore);
  else if (taken > step.to) run.waiting.push(number + 1, at - direction, from + step.to * direction, giveBack);
  return at;
};

/** The place behind the text of a group if it stands here again, or -1. */
const repeatGroup = (run: Run, step: RegexStep, at: number): number => {
  const start = run.slots[step.to * 2] ?? -1;
  const end = run.slots[step.to * 2 + 1] ?? -1;
  // To a group that has not captured.
  if (start < 0 || end < 0) return -1;
  spend((end - start) * run.price);
  const from = step.direction === 1 ? at : at - (end - start);
  if (from < 0) return -1;
  const [wanted, found] = [run.text.slice(start, end), run.text.slice(from, from + end - start)];
  const same = wanted === found || (step.flag && wanted.toUpperCase() === found.toUpperCase());
  return same ? at + (end - start) * step.direction : -1;
};

const lookAround = (run: Run, step: RegexStep, at: number): boolean => {
  const before = run.slots.slice();
  const lengths = run.captures?.map((all) => all.length) ?? [];
  const found = step.part !== undefined && runSteps(run, step.part, at) >= 0;
  if (!found || step.to === 1) {
    run.slots.set(before);
    for (const [group, length] of lengths.entries()) run.captures?.[group]?.splice(length);
  } else {
    for (const [group, length] of lengths.entries()) run.waiting.push(group, 0, length, forgetCaptures);
    for (const [slot, value] of before.entries()) {
      if (run.slots[slot] !== value) run.waiting.push(slot, 0, value, restoreSlot);
    }
  }
  return found !== (step.to === 1);
};

/** Does one step that moves by no choice; the place behind it, or -1. */
const doStep = (run: Run, step: RegexStep, number: number, at: number): number => {
  const { text } = run;
  switch (step.kind) {
    case 'set': {
      const place = step.direction === 1 ? at : at - 1;
      if (place < 0 || place >= text.length || !step.set || !takes(step.set, text.charCodeAt(place))) return -1;
      return at + step.direction;
    }
    case 'run':
      return startRun(run, step, number, at);
    case 'save':
      setSlot(run, step.to, at);
      keepCapture(run, step.to, at, step.direction);
      return at;
    case 'moved':
      return run.slots[step.to] === at ? -1 : at;
    case 'look':
      return lookAround(run, step, at) ? at : -1;
    case 'back':
      return repeatGroup(run, step, at);
    case 'edge':
      return (isWord(text, at - 1) === isWord(text, at)) === (step.to === 1) ? at : -1;
    case 'textStart':
      return at === 0 ? at : -1;
    case 'textEnd':
      return at === text.length ? at : -1;
    default:
      return at;
  }
};

type Place = { number: number; at: number };

/** Takes back to the last choice; false if there is none above `base`. */
const goBack = (run: Run, steps: readonly RegexStep[], base: number, place: Place): boolean => {
  const { waiting } = run;
  while (waiting.length > base) {
    const what = waiting.pop();
    const least = waiting.pop() ?? 0;
    const at = waiting.pop() ?? 0;
    const number = waiting.pop() ?? 0;
    spend(run.price);
    if (what === forgetCaptures) {
      run.captures?.[number]?.splice(least);
      continue;
    }
    if (what === restoreSlot) {
      run.slots[number] = least;
      continue;
    }
    place.number = number;
    place.at = at;
    if (what === goOn) return true;
    if (what === giveBack) {
      const direction = steps[number - 1]?.direction ?? 1;
      if (at !== least) waiting.push(number, at - direction, least, giveBack);
      return true;
    }
    // One more unit of a lazy run.
    const step = steps[number];
    if (!step?.set || least <= 0) continue;
    const next = step.direction === 1 ? at : at - 1;
    if (next < 0 || next >= run.text.length || !takes(step.set, run.text.charCodeAt(next))) continue;
    place.number = number + 1;
    place.at = at + step.direction;
    waiting.push(number, place.at, least - 1, takeMore);
    return true;
  }
  return false;
};

/** Runs steps from a place; the place behind the match, or -1. What they left waiting is dropped. */
const runSteps = (run: Run, steps: readonly RegexStep[], from: number): number => {
  const base = run.waiting.length;
  const place: Place = { number: 0, at: from };
  for (;;) {
    const step = steps[place.number];
    spend(run.price);
    if (!step || step.kind === 'match') {
      run.waiting.length = base;
      return place.at;
    }
    if (step.kind === 'jump') place.number = step.to;
    else if (step.kind === 'split') {
      run.waiting.push(step.other, place.at, 0, goOn);
      place.number = step.to;
    } else {
      const next = doStep(run, step, place.number, place.at);
      place.at = next;
      place.number++;
      if (next < 0 && !goBack(run, steps, base, place)) return -1;
    }
  }
};

const toMatch = (run: Run, groups: number, from: number, end: number): RegexMatch => {
  const found: [string, ...(string | undefined)[]] = [run.text.slice(from, end)];
  for (let group = 1; group <= groups; group++) {
    const [start = -1, stop = -1] = [run.slots[group * 2], run.slots[group * 2 + 1]];
    found.push(start < 0 || stop < 0 ? undefined : run.text.slice(start, stop));
  }
  return Object.assign(found, { index: from });
};

/**
 * Finds the first match from an offset on, with backtracking as the native engine has it, but with a bound.
 * @param price units that a step costs: less than one where the steps are many, but not without end
 * @throws LimitReached when it takes too many steps
 */
export const runRegex = (program: RegexProgram, text: string, from: number, price = 1): RegexMatch | null => {
  const run: Run = {
    text,
    price,
    slots: new Int32Array(program.slots).fill(-1),
    waiting: [],
    captures: undefined,
  };
  const { heads } = program;
  let skipped = 0;
  const last = program.anchored ? 0 : text.length;
  for (let at = from; at <= last; at++) {
    if (heads) {
      const unit = at < text.length ? text.charCodeAt(at) : -1;
      if (unit < 0 || !heads.some((set) => takes(set, unit))) {
        skipped++;
        continue;
      }
    }
    spend((skipped >> 3) * price);
    skipped = 0;
    run.slots.fill(-1);
    const end = runSteps(run, program.steps, at);
    if (end >= 0) return toMatch(run, program.groups, at, end);
  }
  return null;
};

/** All captures of each group in the match that begins at a place; none where none does. */
export const runForCaptures = (program: RegexProgram, text: string, from: number): readonly (readonly Capture[])[] => {
  const captures = Array.from({ length: program.groups + 1 }, (): Capture[] => []);
  const run: Run = { text, price: 1, slots: new Int32Array(program.slots).fill(-1), waiting: [], captures };
  const end = runSteps(run, program.steps, from);
  if (end >= 0) captures[0] = [[from, end]];
  return captures;
};
