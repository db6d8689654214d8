import type { StateDifference } from './test-machine.ts';

/** Most lines of a list that are shown. */
const mostLines = 20;

/** Longest value of a difference that is shown, in characters. */
const longestValue = 80;

/** Differences as lines: what was there before and what is now. What lies in a folder that is new or gone is not told again. */
export function differenceLines(differences: readonly StateDifference[]): readonly string[] {
  const whole = new Set(differences.flatMap((each) => (isWhole(each) ? [each.path] : [])));
  return shortened(differences.filter((each) => !isWhole(each) || !whole.has(parentOf(each.path))).map(differenceText));
}

/** A list of which the first lines are shown. */
export const shortened = (lines: readonly string[]): readonly string[] =>
  lines.length <= mostLines ? lines : [...lines.slice(0, mostLines), `… and ${lines.length - mostLines} more`];

const isWhole = ({ before, after }: StateDifference): boolean => before === undefined || after === undefined;

const parentOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('\\'), 0));

function differenceText({ path, before, after }: StateDifference): string {
  if (before === undefined || after === undefined) return `${path} (${before === undefined ? 'new' : 'gone'})`;
  const [was, is] = membersThatDiffer(before, after);
  return `${path} (was ${cut(was)}, is ${cut(is)})`;
}

const cut = (text: string): string => (text.length > longestValue ? `${text.slice(0, longestValue)}…` : text);

/** Of values with members only those that are not the same. */
function membersThatDiffer(before: string, after: string): readonly [string, string] {
  if (!before.startsWith('{') || !after.startsWith('{')) return [before, after];
  const was = JSON.parse(before) as Readonly<Record<string, unknown>>;
  const is = JSON.parse(after) as Readonly<Record<string, unknown>>;
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
    (name) => JSON.stringify(was[name]) !== JSON.stringify(is[name]),
  );
  const shownOf = (of: Readonly<Record<string, unknown>>): string =>
    names.map((name) => `${name} ${JSON.stringify(of[name]) ?? 'absent'}`).join(', ');
  return [shownOf(was), shownOf(is)];
}
