import { defineType } from '../define.ts';
import type { CallContext, Task } from '../host.ts';
import { mapInSlices } from '../in-slices.ts';
import { enumValue, newObject, typedArray } from '../make.ts';
import { capturesOf } from '../matching/find-match.ts';
import type { Capture, RegexMatch } from '../matching/run-regex.ts';
import type { Regex } from '../operators/regex.ts';
import { makeRegex } from '../operators/regex.ts';
import { formFor } from '../operators/regex-unicode.ts';
import { expandReplacement, groupOf, matchesIn, matchFrom, replaceAll, splitAt } from '../operators/regex-use.ts';
import { frameOf } from '../registry-of.ts';
import type { ScriptBlock } from '../script-block.ts';
import type { TypeDefinition } from '../type-definition.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';
import { intArgument } from './argument-values.ts';
import { limitOf, optionBits, optionsOf, type Part, pieceAt, startIn, unescapeRegex } from './regex-arguments.ts';
import { type CaptureState, captureCollectionType, captureType, itemAt, regexOptionsEnum } from './regex-parts.ts';

type MatchState = {
  readonly regex: Regex;
  readonly text: string;
  readonly match: RegexMatch | null;
  /** Where the searched text begins in the one that was given, where only a piece of it was searched. */
  readonly shift?: number | undefined;
};
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
      return (known[index] ?? []).map(([from, to]) => ({
        index: (state.shift ?? 0) + from,
        value: state.text.slice(from, to),
      }));
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
    const groups = groupsOf(state);
    return itemAt(index, (one) => {
      const name = context.text(one);
      const at = groupOf(state.regex, name);
      const found =
        typeof one === 'number'
          ? groups.at(one)
          : (groups.find((group) => group.name === name) ?? (at === undefined ? undefined : groups[at]));
      return newObject(groupType, found ?? { name, value: undefined, captures: () => [] });
    });
  },
});

const makeMatch = (regex: Regex, text: string, match: RegexMatch | null, shift?: number): Value =>
  newObject(matchType, { regex, text, match, shift });

/** Match. */
export const matchType: TypeDefinition<MatchState> = defineType<MatchState>({
  name: 'System.Text.RegularExpressions.Match',
  bases: ['System.Text.RegularExpressions.Group'],
  properties: {
    Groups: { get: (state) => newObject(groupCollectionType, state) },
    Success: { get: (state) => state.match !== null },
    Value: { get: (state) => state.match?.[0] ?? '' },
    Index: { get: ({ match, shift = 0 }) => (match ? shift + match.index : 0) },
    Length: { get: (state) => state.match?.[0].length ?? 0 },
    Captures: {
      get: (state) => newObject(captureCollectionType, state.match ? [newObject(matchType, state)] : []),
    },
    Name: { get: () => '0', hidden: true },
  },
  methods: {
    NextMatch: ({ regex, text, match, shift }) =>
      makeMatch(regex, text, match ? matchFrom(regex, text, match.index + Math.max(1, match[0].length)) : null, shift),
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

function* replaceByScript(
  regex: Regex,
  text: string,
  script: ScriptBlock,
  context: CallContext,
  { limit, start }: Part,
): Task<Value> {
  let result = '';
  let last = 0;
  for (const match of matchesIn(regex, text, limit, start)) {
    const output = yield* context.invoke(script, [makeMatch(regex, text, match)]);
    result += text.slice(last, match.index) + output.map((value) => context.text(value)).join(' ');
    last = match.index + match[0].length;
  }
  return result + text.slice(last);
}

const replace = (
  regex: Regex,
  text: string,
  replacement: Value,
  context: CallContext,
  part: Part = {},
): Value | Task<Value> => {
  if (isBoxed(replacement) && replacement.kind === 'scriptblock')
    return replaceByScript(regex, text, replacement, context, part);
  return replaceAll(regex, text, context.text(replacement), frameOf(context).session, part.limit, part.start);
};

function* matches(regex: Regex, text: string, context: CallContext, start?: number): Task<Value> {
  const { session } = frameOf(context);
  const found = matchesIn(regex, text, undefined, start);
  const states = yield* mapInSlices(found, session, (match) => ({ regex, text, match }));
  return newObject(matchCollectionType, states);
}

function* split(regex: Regex, text: string, context: CallContext, { limit, start }: Part = {}): Task<Value> {
  return typedArray('System.String', yield* splitAt(regex, text, frameOf(context).session, limit, start));
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
    Match: (regex, [value, from, length], context) => {
      const text = context.text(value);
      const start = startIn(text, from, context);
      if (length === undefined) return makeMatch(regex, text, matchFrom(regex, text, start));
      const piece = pieceAt(text, start, length, context);
      return makeMatch(regex, piece, matchFrom(regex, piece, 0), start);
    },
    Matches: (regex, [value, from], context) => {
      const text = context.text(value);
      return matches(regex, text, context, startIn(text, from, context));
    },
    IsMatch: (regex, [value, from], context) => {
      const text = context.text(value);
      return matchFrom(regex, text, startIn(text, from, context)) !== null;
    },
    Replace: (regex, [value, replacement, count, from], context) => {
      const text = context.text(value);
      const limit = limitOf(count, context, -1);
      return replace(regex, text, replacement, context, { limit, start: startIn(text, from, context) });
    },
    Split: (regex, [value, count, from], context) => {
      const text = context.text(value);
      const limit = limitOf(count, context, 0);
      return split(regex, text, context, { limit, start: startIn(text, from, context) });
    },
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
        replace(
          makeRegex(context.text(pattern), optionsOf(options, context)),
          context.text(text),
          replacement,
          context,
        ),
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

/** The regex of a [regex] value. */
export const regexOf = (value: Value): Regex | undefined =>
  isBoxed(value) && value.kind === 'instance' && value.type.name === regexType.name
    ? (value.state as Regex)
    : undefined;

/** A Match value for other cmdlets (Select-String). */
export const matchValue = makeMatch;
