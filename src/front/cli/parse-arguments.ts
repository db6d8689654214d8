import { parseArgs } from 'node:util';
import { Failure } from '../../kernel/failure.ts';
import { closest } from '../../kernel/suggestion.ts';
import type { Arguments, Command, CommandOption } from './command.ts';

/** Options that every command has. */
export const commonOptions: { readonly [name: string]: CommandOption } = {
  help: { kind: 'flag', short: 'h', help: { en: 'show this help', ja: 'このヘルプを表示' } },
  json: { kind: 'flag', help: { en: 'print JSON', ja: 'JSON で出力' } },
  lang: {
    kind: 'value',
    value: '<en|ja>',
    choices: ['en', 'ja'],
    help: { en: 'language of the output', ja: '出力の言語' },
  },
};

const badUsage = (command: Command, text: string): Failure =>
  new Failure(
    'bad-input',
    `${text}\nUsage: kintsugi ${command.name} ${command.usage}\nSee: kintsugi ${command.name} --help`,
  );

/** A negative number is an operand or a value, never a row of short options; a mark in front of it keeps it from being read as one. */
const mark = '\0';
const markNumber = (text: string): string => (/^-\d+$/.test(text) ? mark + text : text);
const unmarked = (text: string): string => (text.startsWith(mark) ? text.slice(mark.length) : text);

/**
 * Reads the arguments behind a command's name.
 * @throws Failure `bad-input` naming the option or operand, what was expected and a likely correct spelling
 */
export function parseArguments(command: Command, argv: readonly string[]): Arguments {
  const table = { ...commonOptions, ...command.options };
  const options = Object.fromEntries(
    Object.entries(table).map(([name, { kind, short }]) => [
      name,
      {
        type: kind === 'flag' ? ('boolean' as const) : ('string' as const),
        ...(short === undefined ? {} : { short }),
        ...(kind === 'many' ? { multiple: true } : {}),
      },
    ]),
  );
  const { tokens } = parseArgs({
    args: argv.map(markNumber),
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const found = new Map<string, string[]>();
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(unmarked(token.value));
    if (token.kind !== 'option') continue;
    const option = table[token.name];
    if (!option) throw badUsage(command, unknownOption(token.rawName, Object.keys(table)));
    const value = token.value === undefined ? undefined : unmarked(token.value);
    checkValue(command, token.rawName, option, { value, inlineValue: token.inlineValue });
    if (option.kind === 'value' && found.has(token.name))
      throw badUsage(command, `Option ${token.rawName} is given twice.`);
    found.set(token.name, [...(found.get(token.name) ?? []), value ?? '']);
  }
  if (!found.has('help')) checkOperands(command, operands);
  return {
    operands,
    flag: (name) => found.has(name),
    value: (name) => found.get(name)?.at(-1) ?? null,
    values: (name) => found.get(name) ?? [],
  };
}

function unknownOption(raw: string, names: readonly string[]): string {
  const near = closest(raw.replace(/^-+/, ''), names);
  return `Unknown option ${raw}.${near === null ? '' : ` Did you mean --${near}?`}`;
}

function checkValue(
  command: Command,
  raw: string,
  option: CommandOption,
  { value, inlineValue }: { readonly value: string | undefined; readonly inlineValue: boolean | undefined },
): void {
  if (option.kind === 'flag') {
    if (value !== undefined)
      throw badUsage(command, `Option ${raw} takes no value, but ${JSON.stringify(value)} was given.`);
    return;
  }
  // What looks like an option is the next one, and the value was forgotten; `--name=--value` means it.
  if (value === undefined || value === '' || (inlineValue !== true && /^--./.test(value)))
    throw badUsage(command, `Option ${raw} needs a value: ${raw} ${option.value ?? '<value>'}.`);
  if (option.choices && !option.choices.includes(value))
    throw badUsage(
      command,
      `Option ${raw} takes ${option.choices.join(' or ')}, but ${JSON.stringify(value)} was given.`,
    );
}

function checkOperands(command: Command, operands: readonly string[]): void {
  const [fewest, most] = command.operands;
  if (operands.length < fewest) throw badUsage(command, `kintsugi ${command.name} needs ${command.usage}.`);
  if (operands.length > most) throw badUsage(command, `${JSON.stringify(operands[most])} is one operand too many.`);
}
