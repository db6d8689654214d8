import { Failure } from '../../../kernel/failure.ts';
import { netError } from '../define.ts';

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

/** What holds in an open group: its end gives back the options, and ends the modifiers that were written in the middle of it. */
type OpenGroup = { readonly before: RegexOptions; modifiers: string[] };

type State = {
  readonly pattern: string;
  options: RegexOptions;
  out: string;
  names: (string | undefined)[];
  /** The whole pattern first. */
  open: OpenGroup[];
};

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
    openGroup(state);
    return at + named[0].length;
  }
  if (/^\(\?(?:[=!:]|<[=!])/.test(rest)) {
    const head = /^\(\?(?:<?[=!]|:)/.exec(rest)?.[0] ?? '';
    state.out += head;
    openGroup(state);
    return at + head.length;
  }
  if (rest.startsWith('(?>')) {
    // An atomic group: a look-ahead never backtracks into what it matched.
    return unknown(pattern, 'atomic groups (?>).');
  }
  if (rest.startsWith('(?(')) return unknown(pattern, 'conditional groups (?(…)).');
  const scoped = /^\(\?([imsnx]*)(?:-([imsnx]+))?:/.exec(rest);
  if (scoped) {
    openGroup(state);
    state.out += modifierOf(state, setOptions(state, scoped[1], scoped[2]));
    return at + scoped[0].length;
  }
  if (rest.startsWith('(?')) return fail(pattern, 'Unrecognized grouping construct.');
  openGroup(state);
  if (state.options.explicitCapture) state.out += '(?:';
  else {
    state.out += '(';
    state.names.push(undefined);
  }
  return at + 1;
};

/** Turns options on and off; gives those of before. */
const setOptions = (state: State, on = '', off = ''): RegexOptions => {
  const { options } = state;
  const value = (flag: string, before: boolean | undefined): boolean =>
    !off.includes(flag) && (on.includes(flag) || (before ?? false));
  state.options = {
    ignoreCase: value('i', options.ignoreCase),
    multiline: value('m', options.multiline),
    singleline: value('s', options.singleline),
    explicitCapture: value('n', options.explicitCapture),
    ignoreWhitespace: value('x', options.ignoreWhitespace),
  };
  return options;
};

/** The head of a JavaScript group in which case counts as it does now; all other options are translated away. */
const modifierOf = ({ options }: State, before: RegexOptions): string => {
  if ((options.ignoreCase ?? false) === (before.ignoreCase ?? false)) return '(?:';
  return options.ignoreCase ? '(?i:' : '(?-i:';
};

const openGroup = (state: State): void => {
  state.open.push({ before: state.options, modifiers: [] });
};

const closeGroup = (state: State): void => {
  const group = state.open.length > 1 ? state.open.pop() : undefined;
  state.out += `${')'.repeat(group?.modifiers.length ?? 0)})`;
  if (group) state.options = group.before;
};

/** Options in the middle of a pattern hold to the end of the group, in its other alternatives too. */
const applyInline = (state: State, at: number): number => {
  const match = inlineFlags.exec(state.pattern.slice(at));
  if (!match) return at;
  const before = setOptions(state, match[1], match[2]);
  if (at > 0) {
    const modifier = modifierOf(state, before);
    state.open.at(-1)?.modifiers.push(modifier);
    state.out += modifier;
  }
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
  if (c === '(') return inlineFlags.test(state.pattern.slice(at)) ? applyInline(state, at) : readGroup(state, at);
  if (c === ')') closeGroup(state);
  else if (c === '|') {
    const { modifiers = [] } = state.open.at(-1) ?? {};
    state.out += `${')'.repeat(modifiers.length)}|${modifiers.join('')}`;
  }
  // .NET's dot leaves out only the line feed; its dollar also stands before a last line feed.
  else if (c === '.') state.out += options.singleline ? '[\\s\\S]' : '[^\\n]';
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
  const state: State = { pattern, options, out: '', names: [], open: [{ before: options, modifiers: [] }] };
  let at = applyInline(state, 0);
  const { ignoreCase } = state.options;
  while (at < pattern.length) at = translateChar(state, at);
  state.out += ')'.repeat(state.open[0]?.modifiers.length ?? 0);
  let compiled: RegExp;
  try {
    compiled = new RegExp(state.out, `g${ignoreCase ? 'i' : ''}${/\\[pP]\{/.test(state.out) ? 'u' : ''}`);
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
  const regex = { pattern, options, compiled, groups };
  if (cache.size > 2000) cache.clear();
  cache.set(key, regex);
  return regex;
};
