import { describe, expect, it } from 'vitest';
import type { Command } from '../../../../src/front/cli/command.ts';
import { parseArguments } from '../../../../src/front/cli/parse-arguments.ts';

const text = { en: 'x', ja: 'x' };
const command: Command = {
  name: 'mend',
  summary: text,
  usage: '<thing> [--how <way>]',
  operands: [1, 2],
  options: {
    how: { kind: 'value', short: 'w', value: '<way>', help: text },
    colour: { kind: 'value', value: '<red|blue>', choices: ['red', 'blue'], help: text },
    param: { kind: 'many', short: 'p', value: '<name=value>', help: text },
    quick: { kind: 'flag', short: 'q', help: text },
  },
  examples: [],
  run: async () => 0,
};
const parse = (...argv: string[]) => parseArguments(command, argv);
const faultOf = (...argv: string[]): string => {
  try {
    parse(...argv);
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  }
  throw new Error('a fault was expected');
};

describe('options and operands', () => {
  it('are read in any order, long and short, with = and without', () => {
    const args = parse('-q', 'cup', '--how=gold', '-p', 'a=1', '--param', 'b=2', '--param=c=3=4');
    expect(args.operands).toEqual(['cup']);
    expect([args.flag('quick'), args.flag('json')]).toEqual([true, false]);
    expect([args.value('how'), args.value('colour')]).toEqual(['gold', null]);
    expect(args.values('param')).toEqual(['a=1', 'b=2', 'c=3=4']);
    expect(parse('cup', '-wgold').value('how')).toBe('gold');
  });

  it('what stands behind -- is an operand', () => expect(parse('--', '--how').operands).toEqual(['--how']));

  it('a value may begin with a dash, and with two where it is meant', () => {
    expect(parse('cup', '--how', '-5').value('how')).toBe('-5');
    expect(parse('cup', '--how=--5').value('how')).toBe('--5');
  });

  it('--help needs no operands', () => expect(parse('--help').flag('help')).toBe(true));
});

describe('faults', () => {
  it.each([
    [['cup', '--hwo', 'x'], 'Unknown option --hwo. Did you mean --how?'],
    [['cup', '--quikc'], 'Unknown option --quikc. Did you mean --quick?'],
    [['cup', '--zebra'], 'Unknown option --zebra.'],
    [['cup', '-x'], 'Unknown option -x.'],
    [['cup', '--no-quick'], 'Unknown option --no-quick.'],
    [['cup', '--how'], 'Option --how needs a value: --how <way>.'],
    [['cup', '--how='], 'Option --how needs a value: --how <way>.'],
    [['cup', '--how', '--quick'], 'Option --how needs a value: --how <way>.'],
    [['cup', '--quick=yes'], 'Option --quick takes no value, but "yes" was given.'],
    [['cup', '--colour', 'green'], 'Option --colour takes red or blue, but "green" was given.'],
    [['cup', '--how', 'a', '-w', 'b'], 'Option -w is given twice.'],
    [['cup', '--lang', 'fr'], 'Option --lang takes en or ja, but "fr" was given.'],
    [[], 'kintsugi mend needs <thing> [--how <way>].'],
    [['a', 'b', 'c'], '"c" is one operand too many.'],
  ])('%j: %s', (argv, message) => expect(faultOf(...argv)).toBe(message));

  it('come as bad input with the usage and where to read more', () => {
    expect(() => parse('cup', '--zebra')).toThrow(
      expect.objectContaining({
        code: 'bad-input',
        message: expect.stringContaining('\nUsage: kintsugi mend <thing> [--how <way>]\nSee: kintsugi mend --help'),
      }),
    );
  });
});
