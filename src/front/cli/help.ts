import { localText } from '../../report/figures.ts';
import { padText, textWidth } from '../../report/table.ts';
import type { Language } from '../../report/words/words.ts';
import type { Command, CommandOption } from './command.ts';
import { commonOptions } from './parse-arguments.ts';

const texts = {
  en: {
    about: 'Kintsugi repairs Windows fleets: it finds the cause, repairs, proves it, or puts everything back.',
    usage: 'Usage',
    synopsis: 'kintsugi <command> [options]',
    commands: 'Commands',
    options: 'Options',
    examples: 'Examples',
    more: 'More about a command: kintsugi <command> --help',
    exits: 'Exit codes',
    exitMeanings: [
      'all repaired or unchanged',
      'a host ended otherwise',
      'bad input',
      'set-up or Redis',
      'a host needs hands',
      'cancelled or deferred',
    ],
  },
  ja: {
    about:
      'Kintsugi は多数の Windows を修復します。原因を突き止めて修復し、直ったことを確かめます。直せなければすべて元に戻します。',
    usage: '使い方',
    synopsis: 'kintsugi <コマンド> [オプション]',
    commands: 'コマンド',
    options: 'オプション',
    examples: '例',
    more: 'コマンドの詳細: kintsugi <コマンド> --help',
    exits: '終了コード',
    exitMeanings: [
      'すべて修復済みまたは変更なし',
      'それ以外の結果のホストあり',
      '入力の誤り',
      '環境または Redis の問題',
      '手作業が必要なホストあり',
      '中止または延期',
    ],
  },
} as const;

const columns = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([left]) => textWidth(left)));
  return rows.map(([left, right]) => `  ${padText(left, width)}  ${right}`).join('\n');
};

const optionName = (name: string, option: CommandOption): string =>
  `${option.short === undefined ? '    ' : `-${option.short}, `}--${name}${option.value === undefined ? '' : ` ${option.value}`}`;

/** The help of the whole CLI. */
export function mainHelp(commands: readonly Command[], language: Language): string {
  const say = texts[language];
  return [
    say.about,
    '',
    `${say.usage}: ${say.synopsis}`,
    '',
    `${say.commands}:`,
    columns(commands.map((command) => [command.name, localText(command.summary, language)])),
    '',
    `${say.exits}:`,
    columns(say.exitMeanings.map((meaning, code) => [String(code), meaning])),
    '',
    say.more,
  ].join('\n');
}

/** The help of one command. */
export function commandHelp(command: Command, language: Language): string {
  const say = texts[language];
  const options = Object.entries({ ...command.options, ...commonOptions });
  return [
    localText(command.summary, language),
    '',
    `${say.usage}: kintsugi ${command.name} ${command.usage}`.trimEnd(),
    '',
    `${say.options}:`,
    columns(options.map(([name, option]) => [optionName(name, option), localText(option.help, language)])),
    '',
    `${say.examples}:`,
    ...command.examples.map((example) => `  ${example}`),
  ].join('\n');
}
