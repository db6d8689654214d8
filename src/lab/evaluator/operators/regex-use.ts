import type { Task } from '../host.ts';
import { eachInSlices } from '../in-slices.ts';
import { affordable, spend, spendOn } from '../limit.ts';
import { findMatch, isNative } from '../matching/find-match.ts';
import type { RegexMatch } from '../matching/run-regex.ts';
import type { Session } from '../session.ts';
import type { Regex } from './regex.ts';
import { formFor } from './regex-unicode.ts';

/** One match of a regex from an offset. */
export const matchFrom = (regex: Regex, text: string, from: number): RegexMatch | null =>
  findMatch(formFor(regex.compiled, text), text, from);

/** All matches from an offset on, each found when it is asked for. */
export function* matchesIn(
  regex: Regex,
  text: string,
  limit = Number.POSITIVE_INFINITY,
  start = 0,
): Generator<RegexMatch> {
  const form = formFor(regex.compiled, text);
  spendOn(text);
  let from = start;
  for (let count = 0; count < limit && from <= text.length; count++) {
    const match = findMatch(form, text, from);
    if (!match) break;
    spend(8);
    yield match;
    from = match[0] === '' ? match.index + 1 : match.index + match[0].length;
  }
}

/** Expands `$1`, `${name}`, `$$`, `$&` of a .NET replacement. */
export const expandReplacement = (regex: Regex, match: RegexMatch, text: string, replacement: string): string =>
  replacement.replace(
    /\$(?:\$|&|`|'|_|\+|(\d+)|\{([^}]+)\})/g,
    (whole, number: string | undefined, name: string | undefined) => {
      const wanted = number ?? name;
      if (wanted === undefined) {
        if (whole === '$$') return '$';
        if (whole === '$&') return match[0];
        if (whole === '$`') return text.slice(0, match.index);
        if (whole === "$'") return text.slice(match.index + match[0].length);
        if (whole === '$_') return text;
        return match.at(-1) ?? '';
      }
      const group = groupOf(regex, wanted);
      return group === undefined ? whole : (match[group] ?? '');
    },
  );

/** JavaScript index of a group by .NET name or number; undefined if there is none. */
export const groupOf = (regex: Regex, name: string): number | undefined => {
  const byName = regex.groups.find((group) => group.name === name);
  if (byName) return byName.index;
  return /^\d+$/.test(name) ? regex.groups[Number(name)]?.index : undefined;
};

// The native engine gathers all matches before it hands out the first: it can't be held up meanwhile.
const replacedAtOnce = 500_000;

/** Replaces all matches by the same text. */
const replacePlain = (form: RegExp, text: string, replacement: string): string => {
  let size = text.length;
  spendOn(text);
  form.lastIndex = 0;
  return text.replace(form, () => {
    size += replacement.length;
    spend(6);
    if (size > text.length * 2) affordable(size, 2, 0);
    return replacement;
  });
};

/** Replaces matches by an expanded text, with pauses where they are many. */
export function* replaceAll(
  regex: Regex,
  text: string,
  replacement: string,
  session: Session,
  limit = Number.POSITIVE_INFINITY,
  start = 0,
): Task<string> {
  const form = formFor(regex.compiled, text);
  spend(16);
  if (
    limit === Number.POSITIVE_INFINITY &&
    start === 0 &&
    !replacement.includes('$') &&
    text.length <= replacedAtOnce &&
    isNative(form, text)
  )
    return replacePlain(form, text, replacement);
  let result = '';
  let last = 0;
  yield* eachInSlices(matchesIn(regex, text, limit, start), session, (match) => {
    const expanded = expandReplacement(regex, match, text, replacement);
    spend(8);
    spendOn(expanded);
    affordable(result.length + expanded.length, 2, 0);
    result += text.slice(last, match.index) + expanded;
    last = match.index + match[0].length;
  });
  return result + text.slice(last);
}

/** Splits at matches, with pauses where they are many; captured groups are kept in between, as .NET does. */
export function* splitAt(regex: Regex, text: string, session: Session, limit = 0, start = 0): Task<string[]> {
  const parts: string[] = [];
  let last = 0;
  const matches = matchesIn(regex, text, limit > 0 ? limit - 1 : undefined, start);
  yield* eachInSlices(matches, session, (match) => {
    parts.push(text.slice(last, match.index));
    for (const group of match.slice(1)) if (group !== undefined) parts.push(group);
    last = match.index + match[0].length;
  });
  parts.push(text.slice(last));
  return parts;
}
