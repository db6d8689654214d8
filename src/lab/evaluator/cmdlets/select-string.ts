import { describeCommand } from '../binding/describe-command.ts';
import { defineCmdlet, defineType } from '../define.ts';
import { matchValue } from '../dotnet/regex.ts';
import type { CommandContext } from '../host.ts';
import { integer, newObject, typedArray } from '../make.ts';
import type { RegexMatch } from '../matching/run-regex.ts';
import type { Regex } from '../operators/regex.ts';
import { makeRegex } from '../operators/regex.ts';
import { matchesIn } from '../operators/regex-use.ts';
import type { TypeDefinition } from '../type-definition.ts';
import type { Instance, Value } from '../value.ts';
import syntaxes from './command-syntax.json' with { type: 'json' };

type MatchInfo = {
  readonly line: string;
  readonly number: number;
  readonly pattern: string;
  readonly regex: Regex;
  readonly matches: RegexMatch[];
  readonly isPlain: boolean;
  /** The lines around the match, if they were asked for. */
  readonly around:
    | { readonly before: readonly string[]; readonly after: string[]; readonly wanted: number }
    | undefined;
};

type Search = {
  /** The last lines, as many as a match shows before it. */
  readonly lines: string[];
  count: number;
  found: boolean;
  /** Matches that wait for the lines behind them. */
  readonly open: Instance<MatchInfo>[];
};

const contextType = defineType<NonNullable<MatchInfo['around']>>({
  name: 'Microsoft.PowerShell.Commands.MatchInfoContext',
  properties: {
    PreContext: { get: ({ before }) => typedArray('System.String', [...before]) },
    PostContext: { get: ({ after }) => typedArray('System.String', [...after]) },
    DisplayPreContext: { get: ({ before }) => typedArray('System.String', [...before]) },
    DisplayPostContext: { get: ({ after }) => typedArray('System.String', [...after]) },
  },
});

/** MatchInfo. */
export const matchInfoType: TypeDefinition<MatchInfo> = defineType<MatchInfo>({
  name: 'Microsoft.PowerShell.Commands.MatchInfo',
  properties: {
    IgnoreCase: { get: (info) => info.regex.options.ignoreCase ?? false },
    LineNumber: { get: (info) => integer('UInt64', info.number) },
    Line: { get: (info) => info.line },
    Filename: { get: () => 'InputStream' },
    Path: { get: () => 'InputStream' },
    Pattern: { get: (info) => info.pattern },
    Context: { get: ({ around }) => (around ? newObject(contextType, around) : null) },
    // A plain text is looked for without the regex engine, which alone tells matches.
    Matches: {
      get: (info): Value => (info.isPlain ? [] : info.matches.map((match) => matchValue(info.regex, info.line, match))),
    },
  },
  toText: ({ line, around }) =>
    around
      ? [...around.before.map((one) => `  ${one}`), `> ${line}`, ...around.after.map((one) => `  ${one}`)].join('\r\n')
      : line,
});

/** Gives a new line to the matches that wait for what follows them; those that have all go out. */
const followed = ({ open }: Search, line: string, context: CommandContext): void => {
  for (const info of open) info.state.around?.after.push(line);
  while (open[0]?.state.around && open[0].state.around.after.length >= open[0].state.around.wanted)
    context.write(open.shift());
};

/** Select-String on text; files are read with Get-Content first. */
export const selectString = defineCmdlet({
  name: 'Select-String',
  aliases: ['sls'],
  module: 'Microsoft.PowerShell.Utility',
  className: 'Microsoft.PowerShell.Commands.SelectStringCommand',
  ...describeCommand(syntaxes['Select-String'], {
    sets: ['File', 'Object', 'LiteralFile'],
    defaultSet: 'File',
    pipeline: { InputObject: 'value', Path: 'name', LiteralPath: 'name' },
    parameterAliases: { LiteralPath: ['PSPath'] },
    allowNull: ['InputObject'],
    allowEmpty: ['InputObject'],
    simulated: ['Pattern', 'InputObject', 'SimpleMatch', 'CaseSensitive', 'Quiet', 'NotMatch', 'AllMatches', 'Context'],
  }),
  createState: (): Search => ({ lines: [], count: 0, found: false, open: [] }),
  process(context, bound) {
    const state = context.state as Search;
    // Once a match is found there is nothing more to tell; that there is none is told of files only.
    if (bound.flag('Quiet') && state.found) return;
    const isPlain = bound.flag('SimpleMatch');
    const line = context.text(context.expectsInput ? context.input : bound.get('InputObject'));
    state.count++;
    const [before = 0, after = before] = context.enumerate(bound.get('Context')).map(Number);
    followed(state, line, context);
    for (const pattern of bound.texts('Pattern')) {
      const source = isPlain ? pattern.replace(/[\\^$.*+?()[\]{}|#\s]/g, String.raw`\$&`) : pattern;
      const regex = makeRegex(source, { ignoreCase: !bound.flag('CaseSensitive') });
      const matches = [...matchesIn(regex, line, bound.flag('AllMatches') ? undefined : 1)];
      if (matches.length > 0 === bound.flag('NotMatch')) continue;
      state.found = true;
      const around = bound.has('Context')
        ? { before: state.lines.slice(-before), after: [], wanted: after }
        : undefined;
      const info = newObject(matchInfoType, { line, number: state.count, pattern, regex, matches, isPlain, around });
      if (bound.flag('Quiet')) context.write(true);
      else if (after > 0) state.open.push(info);
      else context.write(info);
      break;
    }
    state.lines.push(line);
    if (state.lines.length > before) state.lines.splice(0, state.lines.length - before);
  },
  end(context) {
    for (const info of (context.state as Search).open) context.write(info);
  },
});

/** Tee-Object into a variable. */
export const teeObject = defineCmdlet({
  name: 'Tee-Object',
  aliases: ['tee'],
  module: 'Microsoft.PowerShell.Utility',
  parameters: {
    InputObject: { type: 'object', pipeline: 'value', allowNull: true },
    Variable: { type: 'string', sets: { Variable: { mandatory: true } } },
    FilePath: { type: 'string', sets: { File: { position: 0, mandatory: true } } },
    LiteralPath: { type: 'string', aliases: ['PSPath'], sets: { LiteralFile: { mandatory: true } } },
    Append: { type: 'switch', sets: ['File'] },
  },
  defaultParameterSet: 'File',
  outside: ['FilePath', 'LiteralPath', 'Append'],
  createState: (): Value[] => [],
  process(context) {
    (context.state as Value[]).push(context.input);
    context.write(context.input);
  },
  end(context, bound) {
    const kept = context.state as Value[];
    context.setVariable(bound.text('Variable') ?? '', kept.length === 1 ? kept[0] : kept);
  },
});
