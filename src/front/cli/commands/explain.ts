import type { Command } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { explanationText } from '../explain-text.ts';
import { readCount } from '../read-count.ts';

/** Codes that are explained in full where nothing else is asked for. */
const defaultTop = 5;

/** `kintsugi explain`: what error codes mean, in a number, a message or a log; offline. 0 where a code is known, 1 where none is. */
export const explainCommand: Command = {
  name: 'explain',
  summary: {
    en: 'tell what error codes mean, in a message or a log',
    ja: 'エラーコード、メッセージ、ログの意味を説明',
  },
  usage: '<text|file|-> [--top <n>]',
  operands: [1, Number.POSITIVE_INFINITY],
  options: {
    top: {
      kind: 'value',
      value: '<n>',
      help: { en: 'codes to explain in full (default 5)', ja: '詳しく説明するコードの数(既定 5)' },
    },
  },
  examples: [
    'kintsugi explain 0x80070002-0x20007',
    'kintsugi explain -2147024894 --lang ja',
    'kintsugi explain CBS.log --top 3',
    'kintsugi explain - --json',
  ],
  async run({ services, terminal, args, json }) {
    const top = readCount('--top', args.value('top'), { least: 1, most: 500 }, defaultTop);
    const explanation = await services.explain(args.operands);
    terminal.print(json ? JSON.stringify(explanation) : explanationText(explanation, top, terminal.language));
    return explanation.codes.some(({ known }) => known) ? exitCodes.good : exitCodes.otherwise;
  },
};
