import type { Command } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { readCount } from '../read-count.ts';

/** `kintsugi worker`: works on host runs until it is stopped. */
export const workerCommand: Command = {
  name: 'worker',
  summary: { en: 'work on runs', ja: '実行を処理するワーカーを起動' },
  usage: '[--concurrency <n>] [--until-idle]',
  operands: [0, 0],
  options: {
    concurrency: {
      kind: 'value',
      value: '<n>',
      help: { en: 'host runs at the same time', ja: '同時に処理するホスト数' },
    },
    'until-idle': { kind: 'flag', help: { en: 'end when nothing is left to do', ja: '作業がなくなれば終了' } },
  },
  examples: ['kintsugi worker --concurrency 20'],
  async run({ services, terminal, args }) {
    const concurrency = readCount('--concurrency', args.value('concurrency'), { least: 1, most: 1000 }, null);
    const stop = new AbortController();
    using _interrupts = terminal.onInterrupt(() => stop.abort());
    await services.work({
      concurrency,
      untilIdle: args.flag('until-idle'),
      signal: stop.signal,
    });
    return exitCodes.good;
  },
};
