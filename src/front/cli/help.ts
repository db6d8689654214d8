import type { LocalText } from '../../kernel/words.ts';
import { localText } from '../../report/figures.ts';
import { padText, textWidth } from '../../report/table.ts';
import type { Language } from '../../report/words/words.ts';
import type { Command, CommandOption } from './command.ts';
import { commonOptions } from './parse-arguments.ts';

const texts: { readonly [name: string]: LocalText } = {
  about: {
    en: 'Kintsugi repairs Windows fleets: it finds the cause, repairs, proves it, or puts everything back.',
    ja: 'Kintsugi は Windows 群を修復します。原因を突き止め、修復し、証明し、できなければすべて元に戻します。',
  },
  usage: { en: 'Usage', ja: '使い方' },
  commands: { en: 'Commands', ja: 'コマンド' },
  options: { en: 'Options', ja: 'オプション' },
  examples: { en: 'Examples', ja: '例' },
  more: { en: 'More about a command: kintsugi <command> --help', ja: 'コマンドの詳細: kintsugi <コマンド> --help' },
  exits: {
    en: 'Exit codes: 0 all repaired or unchanged, 1 a host ended otherwise, 2 bad input, 3 set-up or Redis, 4 needs-hands, 5 cancelled or deferred',
    ja: '終了コード: 0 すべて修復済みまたは変更なし、1 それ以外で終わったホストあり、2 入力の誤り、3 セットアップまたは Redis、4 手作業が必要、5 中止または延期',
  },
};

const text = (name: string, language: Language): string => localText(texts[name] ?? { en: name }, language);

const columns = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([left]) => textWidth(left)));
  return rows.map(([left, right]) => `  ${padText(left, width)}  ${right}`).join('\n');
};

const optionName = (name: string, option: CommandOption): string =>
  `${option.short === undefined ? '    ' : `-${option.short}, `}--${name}${option.value === undefined ? '' : ` ${option.value}`}`;

/** The help of the whole CLI. */
export function mainHelp(commands: readonly Command[], language: Language): string {
  return [
    text('about', language),
    '',
    `${text('usage', language)}: kintsugi <command> [options]`,
    '',
    `${text('commands', language)}:`,
    columns(commands.map((command) => [command.name, localText(command.summary, language)])),
    '',
    text('more', language),
    text('exits', language),
  ].join('\n');
}

/** The help of one command. */
export function commandHelp(command: Command, language: Language): string {
  const options = Object.entries({ ...command.options, ...commonOptions });
  return [
    localText(command.summary, language),
    '',
    `${text('usage', language)}: kintsugi ${command.name} ${command.usage}`.trimEnd(),
    '',
    `${text('options', language)}:`,
    columns(options.map(([name, option]) => [optionName(name, option), localText(option.help, language)])),
    ...(command.examples.length === 0
      ? []
      : ['', `${text('examples', language)}:`, ...command.examples.map((example) => `  ${example}`)]),
  ].join('\n');
}
