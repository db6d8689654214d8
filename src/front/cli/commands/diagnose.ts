import { Failure } from '../../../kernel/failure.ts';
import type { Command } from '../command.ts';
import { diagnosisText } from '../diagnosis-text.ts';
import { exitCodes } from '../exit-code.ts';
import { hostOptions } from '../plan-options.ts';

/** `kintsugi diagnose`: finds why hosts fail, read-only: causes ranked by what speaks for and against them. */
export const diagnoseCommand: Command = {
  name: 'diagnose',
  summary: { en: 'find out why hosts fail', ja: '障害の原因を調べる' },
  usage: '<pattern> [--code <0x…>]',
  operands: [1, 1],
  options: {
    inventory: hostOptions.inventory,
    code: {
      kind: 'many',
      value: '<0x…>',
      help: { en: 'an error code that the hosts show', ja: '表示されているエラーコード' },
    },
  },
  examples: ['kintsugi diagnose lab', 'kintsugi diagnose web01 --code 0x80070002 --json'],
  async run({ services, terminal, args, json }) {
    const [hosts = ''] = args.operands;
    const codes = args.values('code').map(readCode);
    const diagnoses = await services.diagnose(
      { hosts, inventory: args.value('inventory'), limit: null },
      codes,
      (one) => {
        if (!json) terminal.print(diagnosisText(one, terminal.language));
      },
    );
    if (json) terminal.print(JSON.stringify(diagnoses));
    return diagnoses.every(({ fault, causes }) => fault === null && causes.length === 0)
      ? exitCodes.good
      : exitCodes.otherwise;
  },
};

function readCode(text: string): string {
  if (/^0x[0-9a-f]{8}$/i.test(text)) return `0x${text.slice(2).toUpperCase()}`;
  throw new Failure(
    'bad-input',
    `--code: ${JSON.stringify(text)} is no error code. Expected: eight hexadecimal digits, as 0x80070002.`,
  );
}
