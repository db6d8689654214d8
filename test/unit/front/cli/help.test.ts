import { describe, expect, it } from 'vitest';
import { commandHelp, mainHelp } from '../../../../src/front/cli/help.ts';
import { commonOptions, parseArguments } from '../../../../src/front/cli/parse-arguments.ts';
import { commands } from '../../../../src/front/cli/run-cli.ts';
import { textWidth } from '../../../../src/report/table.ts';

const japanese = /[\u3040-\u30ff\u4e00-\u9fff]/;

/** A line of a shell as arguments; double quotes keep blanks together, a redirection is not the program's. */
const shellWords = (line: string): readonly string[] =>
  Array.from(line.replace(/\s*>.*$/, '').matchAll(/"([^"]*)"|(\S+)/g), ([, quoted, bare]) => quoted ?? bare ?? '');

describe('the main help', () => {
  it('names every command in both languages, with aligned columns', () => {
    for (const language of ['en', 'ja'] as const) {
      const help = mainHelp(commands, language);
      for (const { name, summary } of commands) expect(help).toContain(`  ${name.padEnd(8)}  ${summary[language]}`);
    }
  });

  it('explains every exit code', () => {
    const english = mainHelp(commands, 'en');
    expect(english).toMatch(/0 {2}all repaired.*\n {2}1 .*\n {2}2 .*\n {2}3 .*\n {2}4 .*\n {2}5 /);
    expect(mainHelp(commands, 'ja')).toMatch(/終了コード:\n {2}0 {2}すべて修復済み/);
  });
});

describe.each(commands)('the help of $name', (command) => {
  it('has every text in both languages', () => {
    for (const { en, ja } of [command.summary, ...Object.values(command.options).map(({ help }) => help)]) {
      expect(en).not.toMatch(japanese);
      expect(ja ?? '').toMatch(japanese);
    }
    const english = commandHelp(command, 'en');
    expect(english).not.toMatch(japanese);
    expect(english).toContain(`Usage: kintsugi ${command.name}`);
    expect(commandHelp(command, 'ja')).toContain(`使い方: kintsugi ${command.name}`);
  });

  it('shows every option, its value and the common ones', () => {
    const help = commandHelp(command, 'en');
    for (const [name, { value }] of Object.entries(command.options))
      expect(help).toContain(`--${name}${value === undefined ? '' : ` ${value}`}`);
    expect(help).toContain('-h, --help');
    expect(help).toContain('--lang <en|ja>');
    const starts = Object.values({ ...command.options, ...commonOptions }).map(({ help: { en } }) => {
      const line = help.split('\n').find((each) => each.endsWith(`  ${en}`)) ?? '';
      return textWidth(line) - textWidth(en);
    });
    expect(new Set(starts).size).toBe(1);
  });

  it('has examples, and each of them parses', () => {
    expect(command.examples.length).toBeGreaterThan(0);
    for (const example of command.examples) {
      const [program, name, ...argv] = shellWords(example);
      expect([program, name]).toEqual(['kintsugi', command.name]);
      expect(() => parseArguments(command, argv)).not.toThrow();
    }
  });

  it('names every option and operand of its usage truly', () => {
    for (const [, name = ''] of command.usage.matchAll(/--([a-z-]+)/g)) expect(command.options).toHaveProperty(name);
    // What stands first in the usage, and neither in brackets nor as an option, must be given.
    expect(/^[^-[]/.test(command.usage)).toBe(command.operands[0] > 0);
  });
});
