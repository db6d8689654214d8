import { Failure } from '../../../kernel/failure.ts';
import { netError } from '../define.ts';
import { affordable, spend, spendOn } from '../limit.ts';
import { findMatch, isNative } from '../matching/find-match.ts';
import type { RegexMatch } from '../matching/run-regex.ts';
import { formFor } from './regex-unicode.ts';

/** Options of a .NET regular expression that JavaScript needs to know. */
export type RegexOptions = {
  readonly ignoreCase?: boolean;
  readonly multiline?: boolean;
  readonly singleline?: boolean;
  readonly explicitCapture?: boolean;
  readonly ignoreWhitespace?: boolean;
};

/** A .NET regular expression turned into a JavaScript one. */
export type Regex = {
  /** The pattern as written. */
  readonly pattern: string;
  readonly options: RegexOptions;
  /** Sticky-less and global, with indices of no use. */
  readonly compiled: RegExp;
  /** Group names by .NET number: index 0 is the whole match; unnamed groups are named by their number. */
  readonly groups: readonly { readonly name: string; readonly index: number }[];
};

const inlineFlags = /^\(\?([imsnx]*)(?:-([imsnx]+))?\)/;

const fail = (pattern: string, reason: string): never => {
  throw netError('System.ArgumentException', `parsing "${pattern}" - ${reason}`, { hresult: 0x80070057 });
};

/** Ends the script: .NET would understand the pattern, the translation does not. */
const unknown = (pattern: string, what: string): never => {
  throw new Failure(
    'lab-unsupported',
    `The lab does not know ${what.replace(/\.$/, '')} in the regular expression '${pattern}'.`,
  );
};

// What .NET takes literally in a character class that JavaScript's `v`/`u` modes would not is no matter: we use no such mode.
const translateEscape = (pattern: string, at: number): { text: string; length: number } => {
  const c = pattern[at + 1] ?? '';
  switch (c) {
    case '':
      return fail(pattern, 'Illegal \\ at end of pattern.');
    case 'A':
      return { text: '(?<![\\s\\S])', length: 2 };
    case 'z':
      return { text: '(?![\\s\\S])', length: 2 };
    case 'Z':
      return { text: '(?=\\n?(?![\\s\\S]))', length: 2 };
    case 'a':
      return { text: '\\x07', length: 2 };
    case 'e':
      return { text: '\\x1b', length: 2 };
    case 'G':
      return unknown(pattern, 'the anchor \\G.');
    case 'p':
    case 'P': {
      const end = pattern.indexOf('}', at);
      const name = pattern.slice(at + 3, end);
      return {
        text: `\\${c}{${name.startsWith('Is') ? unknown(pattern, `the block ${name}.`) : name}}`,
        length: end + 1 - at,
      };
    }
    default:
      // The `u` flag refuses needless escapes, so they are dropped for characters that mean nothing special.
      if (/[dDwWsSbBtnrfv0-9xuck^$.*+?()[\]{}|/\\-]/.test(c)) return { text: `\\${c}`, length: 2 };
      return /[A-Za-z_]/.test(c) ? fail(pattern, `Unrecognized escape sequence \\${c}.`) : { text: c, length: 2 };
  }
};

type State = { readonly pattern: string; options: RegexOptions; out: string; names: (string | undefined)[] };

const readClass = (state: State, start: number): number => {
  const { pattern } = state;
  let at = start + 1;
  let text = '[';
  if (pattern[at] === '^') {
    text += '^';
    at++;
  }
  if (pattern[at] === ']') {
    text += '\\]';
    at++;
  }
  for (;;) {
    const c = pattern[at];
    if (c === undefined) fail(pattern, 'Unterminated [] set.');
    if (c === ']') {
      state.out += `${text}]`;
      return at + 1;
    }
    if (c === '\\') {
      const escape = translateEscape(pattern, at);
      text += escape.text;
      at += escape.length;
    } else if (c === '-' && pattern[at + 1] === '[') return unknown(pattern, 'character class subtraction.');
    else {
      text += c === '[' ? '\\[' : c;
      at++;
    }
  }
};

const readGroup = (state: State, at: number): number => {
  const { pattern } = state;
  const rest = pattern.slice(at);
  if (rest.startsWith('(?#')) return at + rest.indexOf(')') + 1;
  const named = /^\(\?(?:<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)')/.exec(rest);
  if (named) {
    const name = named[1] ?? named[2] ?? '';
    // .NET lets a name return; only the last capture counts, which JavaScript cannot say outside alternatives.
    state.out += `(?<${name}>`;
    state.names.push(name);
    return at + named[0].length;
  }
  if (/^\(\?(?:[=!:]|<[=!])/.test(rest)) {
    const head = /^\(\?(?:<?[=!]|:)/.exec(rest)?.[0] ?? '';
    state.out += head;
    return at + head.length;
  }
  if (rest.startsWith('(?>')) {
    // An atomic group: a look-ahead never backtracks into what it matched.
    return unknown(pattern, 'atomic groups (?>).');
  }
  if (rest.startsWith('(?(')) return unknown(pattern, 'conditional groups (?(…)).');
  const scoped = /^\(\?([imsnx]*)(?:-([imsnx]+))?:/.exec(rest);
  if (scoped) {
    state.out += `(?${scoped[1] ?? ''}${scoped[2] ? `-${scoped[2]}` : ''}:`;
    return at + scoped[0].length;
  }
  if (rest.startsWith('(?')) return fail(pattern, 'Unrecognized grouping construct.');
  if (state.options.explicitCapture) state.out += '(?:';
  else {
    state.out += '(';
    state.names.push(undefined);
  }
  return at + 1;
};

const applyInline = (state: State, at: number): number => {
  const match = inlineFlags.exec(state.pattern.slice(at));
  if (!match) return at;
  const on = match[1] ?? '';
  if (at !== 0 && on !== '') unknown(state.pattern, 'inline options behind the beginning of a pattern');
  const off = match[2] ?? '';
  const value = (flag: string, before: boolean | undefined): boolean =>
    on.includes(flag) ? true : off.includes(flag) ? false : (before ?? false);
  const { options } = state;
  state.options = {
    ignoreCase: value('i', options.ignoreCase),
    multiline: value('m', options.multiline),
    singleline: value('s', options.singleline),
    explicitCapture: value('n', options.explicitCapture),
    ignoreWhitespace: value('x', options.ignoreWhitespace),
  };
  return at + match[0].length;
};

const translateChar = (state: State, at: number): number => {
  const c = state.pattern[at] ?? '';
  const { options } = state;
  if (c === '\\') {
    const escape = translateEscape(state.pattern, at);
    state.out += escape.text;
    return at + escape.length;
  }
  if (c === '[') return readClass(state, at);
  if (c === '(') return readGroup(state, at);
  // .NET's dot leaves out only the line feed; its dollar also stands before a last line feed.
  if (c === '.') state.out += options.singleline ? '[\\s\\S]' : '[^\\n]';
  else if (c === '$') state.out += options.multiline ? '(?=\\n|(?![\\s\\S]))' : '(?=\\n?(?![\\s\\S]))';
  else if (c === '^') state.out += options.multiline ? '(?<=\\n|(?<![\\s\\S]))' : '(?<![\\s\\S])';
  else if (options.ignoreWhitespace && /\s/.test(c)) return at + 1;
  else if (options.ignoreWhitespace && c === '#')
    return state.pattern.includes('\n', at) ? state.pattern.indexOf('\n', at) + 1 : state.pattern.length;
  else state.out += c;
  return at + 1;
};

const cache = new Map<string, Regex>();

/**
 * Translates a .NET regular expression.
 * @throws NetError (System.ArgumentException) if the pattern is invalid or uses what the lab does not know
 */
export const makeRegex = (pattern: string, options: RegexOptions = {}): Regex => {
  const key = `${options.ignoreCase ?? ''}|${options.multiline ?? ''}|${options.singleline ?? ''}|${options.explicitCapture ?? ''}|${options.ignoreWhitespace ?? ''}|${pattern}`;
  const cached = cache.get(key);
  if (cached) return cached;
  const state: State = { pattern, options, out: '', names: [] };
  let at = applyInline(state, 0);
  while (at < pattern.length) at = translateChar(state, at);
  let compiled: RegExp;
  try {
    compiled = new RegExp(state.out, `g${state.options.ignoreCase ? 'i' : ''}${/\\[pP]\{/.test(state.out) ? 'u' : ''}`);
  } catch (error) {
    return fail(
      pattern,
      error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : 'invalid',
    );
  }
  // .NET numbers unnamed groups first, then the named ones.
  const groups: { name: string; index: number }[] = [{ name: '0', index: 0 }];
  let number = 0;
  for (const [i, name] of state.names.entries())
    if (name === undefined) groups.push({ name: String(++number), index: i + 1 });
  for (const [i, name] of state.names.entries()) if (name !== undefined) groups.push({ name, index: i + 1 });
  const regex = { pattern, options: state.options, compiled, groups };
  if (cache.size > 2000) cache.clear();
  cache.set(key, regex);
  return regex;
};

/** One match of a regex from an offset. */
export const matchFrom = (regex: Regex, text: string, from: number): RegexMatch | null =>
  findMatch(formFor(regex.compiled, text), text, from);

/** All matches. */
export const allMatches = (regex: Regex, text: string, limit = Number.POSITIVE_INFINITY): RegexMatch[] => {
  const form = formFor(regex.compiled, text);
  spendOn(text);
  const found: RegexMatch[] = [];
  let from = 0;
  while (found.length < limit && from <= text.length) {
    const match = findMatch(form, text, from);
    if (!match) break;
    found.push(match);
    spend(8);
    from = match[0] === '' ? match.index + 1 : match.index + match[0].length;
  }
  return found;
};

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
    spend(2);
    if (size > text.length * 2) affordable(size, 2, 0);
    return replacement;
  });
};

/** Replaces matches by an expanded text. */
export const replaceAll = (
  regex: Regex,
  text: string,
  replacement: string,
  limit = Number.POSITIVE_INFINITY,
): string => {
  const form = formFor(regex.compiled, text);
  if (
    limit === Number.POSITIVE_INFINITY &&
    !replacement.includes('$') &&
    text.length <= replacedAtOnce &&
    isNative(form, text)
  )
    return replacePlain(form, text, replacement);
  let result = '';
  let last = 0;
  for (const match of allMatches(regex, text, limit)) {
    const expanded = expandReplacement(regex, match, text, replacement);
    spendOn(expanded);
    affordable(result.length + expanded.length, 2, 0);
    result += text.slice(last, match.index) + expanded;
    last = match.index + match[0].length;
  }
  return result + text.slice(last);
};

/** Splits at matches; captured groups are kept in between, as .NET does. */
export const splitAt = (regex: Regex, text: string, limit = 0): string[] => {
  const parts: string[] = [];
  let last = 0;
  for (const match of allMatches(regex, text)) {
    if (limit > 0 && parts.length >= limit - 1) break;
    parts.push(text.slice(last, match.index));
    for (const group of match.slice(1)) if (group !== undefined) parts.push(group);
    last = match.index + match[0].length;
  }
  parts.push(text.slice(last));
  return parts;
};
