import { describeCommand } from '../binding/describe-command.ts';
import { defineCmdlet, defineType } from '../define.ts';
import { matchValue } from '../dotnet/regex.ts';
import { integer, newObject } from '../make.ts';
import type { RegexMatch } from '../matching/run-regex.ts';
import type { Regex } from '../operators/regex.ts';
import { allMatches, makeRegex } from '../operators/regex.ts';
import type { TypeDefinition } from '../type-definition.ts';
import type { Value } from '../value.ts';
import syntaxes from './command-syntax.json' with { type: 'json' };

type MatchInfo = {
  readonly line: string;
  readonly number: number;
  readonly pattern: string;
  readonly regex: Regex;
  readonly matches: RegexMatch[];
};

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
    Context: { get: () => null },
    Matches: { get: (info): Value => info.matches.map((match) => matchValue(info.regex, info.line, match)) },
  },
  toText: (info) => info.line,
});

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
    simulated: ['Pattern', 'InputObject', 'SimpleMatch', 'CaseSensitive', 'Quiet', 'NotMatch', 'AllMatches'],
  }),
  createState: () => ({ count: 0, found: false }),
  process(context, bound) {
    const state = context.state as { count: number; found: boolean };
    const line = context.text(context.expectsInput ? context.input : bound.get('InputObject'));
    state.count++;
    for (const pattern of bound.texts('Pattern')) {
      const source = bound.flag('SimpleMatch') ? pattern.replace(/[\\^$.*+?()[\]{}|#\s]/g, String.raw`\$&`) : pattern;
      const regex = makeRegex(source, { ignoreCase: !bound.flag('CaseSensitive') });
      const matches = allMatches(regex, line, bound.flag('AllMatches') ? undefined : 1);
      if (matches.length > 0 === bound.flag('NotMatch')) continue;
      state.found = true;
      if (!bound.flag('Quiet'))
        context.write(newObject(matchInfoType, { line, number: state.count, pattern, regex, matches }));
      return;
    }
  },
  end(context, bound) {
    if (bound.flag('Quiet')) context.write((context.state as { found: boolean }).found);
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
