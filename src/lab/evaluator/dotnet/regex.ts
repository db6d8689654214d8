import { defineType } from '../define.ts';
import type { CallContext, Task } from '../host.ts';
import { mapInSlices } from '../in-slices.ts';
import { enumValue, newObject, typedArray } from '../make.ts';
import { capturesOf } from '../matching/find-match.ts';
import type { Capture, RegexMatch } from '../matching/run-regex.ts';
import type { Regex, RegexOptions } from '../operators/regex.ts';
import { makeRegex } from '../operators/regex.ts';
import { formFor } from '../operators/regex-unicode.ts';
import { expandReplacement, groupOf, matchesIn, matchFrom, replaceAll, splitAt } from '../operators/regex-use.ts';
import { frameOf } from '../registry-of.ts';
import type { ScriptBlock } from '../script-block.ts';
import type { TypeDefinition } from '../type-definition.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';
import { intArgument } from './argument-values.ts';
import { type CaptureState, captureCollectionType, captureType, regexOptionsEnum } from './regex-parts.ts';

type MatchState = { readonly regex: Regex; readonly text: string; readonly match: RegexMatch | null };
type GroupState = {
  readonly name: string;
  readonly value: string | undefined;
  readonly captures: () => readonly CaptureState[];
};

/** Group. */
export const groupType: TypeDefinition<GroupState> = defineType<GroupState>({
  name: 'System.Text.RegularExpressions.Group',
  properties: {
    Success: { get: (group) => group.value !== undefined },
    Value: { get: (group) => group.value ?? '' },
    Index: { get: (group) => group.captures().at(-1)?.index ?? 0 },
    Length: { get: (group) => group.value?.length ?? 0 },
    Captures: {
      // The last one is the group itself.
      get: (group) =>
        newObject(captureCollectionType, [
          ...group
            .captures()
            .slice(0, -1)
            .map((capture) => newObject(captureType, capture)),
          ...(group.value === undefined ? [] : [newObject(groupType, group)]),
        ]),
    },
    Name: { get: (group) => group.name },
  },
  toText: (group) => group.value ?? '',
  isTrue: () => true,
});

const capturesIn = ({ regex, text, match }: MatchState): readonly (readonly Capture[])[] =>
  match ? capturesOf(formFor(regex.compiled, text), text, match) : [];

const groupsOf = (state: MatchState): GroupState[] => {
  // Where the groups are is asked for seldom.
  let known: readonly (readonly Capture[])[] | undefined;
  return state.regex.groups.map(({ name, index }) => ({
    name,
    value: state.match?.[index],
    captures: () => {
      known ??= capturesIn(state);
      return (known[index] ?? []).map(([from, to]) => ({ index: from, value: state.text.slice(from, to) }));
    },
  }));
};

/** GroupCollection. */
export const groupCollectionType: TypeDefinition<MatchState> = defineType<MatchState>({
  name: 'System.Text.RegularExpressions.GroupCollection',
  properties: { Count: { get: (state) => state.regex.groups.length } },
  enumerate: (state) =>
    groupsOf(state).map((group, i) =>
      i === 0 && state.match ? newObject(matchType, state) : newObject(groupType, group),
    ),
  getItem: (state, [index], context) => {
    const name = context.text(index);
    const at = groupOf(state.regex, name);
    const groups = groupsOf(state);
    const found =
      typeof index === 'number'
        ? groups[index]
        : (groups.find((group) => group.name === name) ?? (at === undefined ? undefined : groups[at]));
    return newObject(groupType, found ?? { name, value: undefined, captures: () => [] });
  },
});

const makeMatch = (regex: Regex, text: string, match: RegexMatch | null): Value =>
  newObject(matchType, { regex, text, match });

/** Match. */
export const matchType: TypeDefinition<MatchState> = defineType<MatchState>({
  name: 'System.Text.RegularExpressions.Match',
  bases: ['System.Text.RegularExpressions.Group'],
  properties: {
    Groups: { get: (state) => newObject(groupCollectionType, state) },
    Success: { get: (state) => state.match !== null },
    Value: { get: (state) => state.match?.[0] ?? '' },
    Index: { get: (state) => state.match?.index ?? 0 },
    Length: { get: (state) => state.match?.[0].length ?? 0 },
    Captures: {
      get: (state) => newObject(captureCollectionType, state.match ? [newObject(matchType, state)] : []),
    },
    Name: { get: () => '0', hidden: true },
  },
  methods: {
    NextMatch: ({ regex, text, match }) =>
      makeMatch(regex, text, match ? matchFrom(regex, text, match.index + Math.max(1, match[0].length)) : null),
    Result: ({ regex, text, match }, [replacement], context) =>
      match ? expandReplacement(regex, match, text, context.text(replacement)) : '',
  },
  toText: (state) => state.match?.[0] ?? '',
});

/** MatchCollection. */
export const matchCollectionType = defineType<readonly MatchState[]>({
  name: 'System.Text.RegularExpressions.MatchCollection',
  properties: { Count: { get: (matches) => matches.length } },
  enumerate: (matches) => matches.map((match) => newObject(matchType, match)),
});

const optionsOf = (value: Value, context: CallContext): RegexOptions => {
  if (value === undefined || value === null) return {};
  const converted = context.convert(value, regexOptionsEnum.name);
  const bits = isBoxed(converted) && converted.kind === 'enum' ? converted.value : 0;
  if ((bits & 64) !== 0) return context.unsupported('regular expressions from right to left');
  return {
    ignoreCase: (bits & 1) !== 0,
    multiline: (bits & 2) !== 0,
    explicitCapture: (bits & 4) !== 0,
    singleline: (bits & 16) !== 0,
    ignoreWhitespace: (bits & 32) !== 0,
  };
};

const optionBits = (options: RegexOptions): number =>
  (options.ignoreCase ? 1 : 0) |
  (options.multiline ? 2 : 0) |
  (options.explicitCapture ? 4 : 0) |
  (options.singleline ? 16 : 0) |
  (options.ignoreWhitespace ? 32 : 0);

function* replaceByScript(regex: Regex, text: string, script: ScriptBlock, context: CallContext): Task<Value> {
  let result = '';
  let last = 0;
  for (const match of matchesIn(regex, text)) {
    const output = yield* context.invoke(script, [makeMatch(regex, text, match)]);
    result += text.slice(last, match.index) + output.map((value) => context.text(value)).join(' ');
    last = match.index + match[0].length;
  }
  return result + text.slice(last);
}

const replace = (
  regex: Regex,
  text: Value,
  replacement: Value,
  context: CallContext,
  limit?: Value,
): Value | Task<Value> => {
  const input = context.text(text);
  if (isBoxed(replacement) && replacement.kind === 'scriptblock')
    return replaceByScript(regex, input, replacement, context);
  return replaceAll(
    regex,
    input,
    context.text(replacement),
    frameOf(context).session,
    typeof limit === 'number' && limit >= 0 ? limit : undefined,
  );
};

function* matches(regex: Regex, text: string, context: CallContext): Task<Value> {
  const { session } = frameOf(context);
  const found = yield* mapInSlices(matchesIn(regex, text), session, (match) => ({ regex, text, match }));
  return newObject(matchCollectionType, found);
}

function* split(regex: Regex, text: string, context: CallContext): Task<Value> {
  return typedArray('System.String', yield* splitAt(regex, text, frameOf(context).session));
}

/** [regex]. */
export const regexType: TypeDefinition<Regex> = defineType<Regex>({
  name: 'System.Text.RegularExpressions.Regex',
  aliases: ['regex', 'Text.RegularExpressions.Regex'],
  properties: {
    Options: { get: (regex) => enumValue(regexOptionsEnum, optionBits(regex.options)) },
    RightToLeft: { get: () => false },
  },
  methods: {
    Match: (regex, [text, from], context) =>
      makeMatch(regex, context.text(text), matchFrom(regex, context.text(text), typeof from === 'number' ? from : 0)),
    Matches: (regex, [text], context) => matches(regex, context.text(text), context),
    IsMatch: (regex, [text], context) => matchFrom(regex, context.text(text), 0) !== null,
    Replace: (regex, [text, replacement, limit], context) => replace(regex, text, replacement, context, limit),
    Split: (regex, [text], context) => split(regex, context.text(text), context),
    GetGroupNumbers: (regex) =>
      typedArray(
        'System.Int32',
        regex.groups.map((_group, number) => number),
      ),
    GroupNumberFromName: (regex, [name], context) =>
      regex.groups.findIndex((group) => group.name === context.text(name)),
    GroupNameFromNumber: (regex, [number], context) => regex.groups[intArgument(number, context)]?.name ?? '',
    GetGroupNames: (regex) =>
      typedArray(
        'System.String',
        regex.groups.map((group) => group.name),
      ),
  },
  toText: (regex) => regex.pattern,
  construct: (context, [pattern, options]) =>
    newObject(regexType, makeRegex(context.text(pattern), optionsOf(options, context))),
  convertFrom: (value, context) =>
    typeof value === 'string' ? newObject(regexType, makeRegex(value, optionsOf(undefined, context))) : undefined,
  statics: {
    methods: {
      Match: ([text, pattern, options], context) => {
        const regex = makeRegex(context.text(pattern), optionsOf(options, context));
        return makeMatch(regex, context.text(text), matchFrom(regex, context.text(text), 0));
      },
      Matches: ([text, pattern, options], context) =>
        matches(makeRegex(context.text(pattern), optionsOf(options, context)), context.text(text), context),
      IsMatch: ([text, pattern, options], context) =>
        matchFrom(makeRegex(context.text(pattern), optionsOf(options, context)), context.text(text), 0) !== null,
      Replace: ([text, pattern, replacement, options], context) =>
        replace(makeRegex(context.text(pattern), optionsOf(options, context)), text, replacement, context),
      Split: ([text, pattern, options], context) =>
        split(makeRegex(context.text(pattern), optionsOf(options, context)), context.text(text), context),
      Escape: ([text], context) =>
        context
          .text(text)
          .replace(/[\\*+?|{[()^$.#\s]/g, (c) =>
            c === '\n' ? String.raw`\n` : c === '\r' ? String.raw`\r` : c === '\t' ? String.raw`\t` : `\\${c}`,
          ),
      Unescape: ([text], context) => unescapeRegex(context.text(text)),
    },
  },
});

const escapes: Readonly<Record<string, string>> = {
  t: '\t',
  n: '\n',
  r: '\r',
  f: '\f',
  v: '\v',
  a: '\u0007',
  b: '\b',
  e: '\u001B',
};

/** Regex.Unescape. */
export const unescapeRegex = (text: string): string =>
  text.replace(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|c([A-Z])|([0-7]{2,3})|([\s\S]))/gi, (_all, x, u, c, octal, one) => {
    const code: unknown = x ?? u;
    if (typeof code === 'string') return String.fromCharCode(Number.parseInt(code, 16));
    if (typeof c === 'string') return String.fromCharCode(c.toUpperCase().charCodeAt(0) - 64);
    if (typeof octal === 'string') return String.fromCharCode(Number.parseInt(octal, 8));
    const letter = String(one);
    return escapes[letter] ?? letter;
  });

/** The regex of a [regex] value. */
export const regexOf = (value: Value): Regex | undefined =>
  isBoxed(value) && value.kind === 'instance' && value.type.name === regexType.name
    ? (value.state as Regex)
    : undefined;

/** A Match value for other cmdlets (Select-String). */
export const matchValue = makeMatch;
