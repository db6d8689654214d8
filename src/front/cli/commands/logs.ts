import { type JournalEvent, runChain } from '../../../journal/event.ts';
import { oneLine } from '../../../report/printable.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-code.ts';

const line = (event: JournalEvent): string =>
  oneLine(`${event.at}  ${event.host === runChain ? '-' : event.host}  ${event.kind}  ${JSON.stringify(event.data)}`);

/** `kintsugi logs`: the journal of a run, whole or of one host; `--follow` goes on until the run has ended. */
export const logsCommand: Command = {
  name: 'logs',
  summary: { en: "show a run's journal", ja: '実行のジャーナルを表示' },
  usage: '<run> [host] [--follow]',
  operands: [1, 2],
  options: {
    follow: { kind: 'flag', short: 'f', help: { en: 'go on until the run has ended', ja: '終了まで表示を続ける' } },
  },
  examples: ['kintsugi logs 20261121-0138-k7xq2m', 'kintsugi logs 20261121-0138-k7xq2m web01 --follow --json'],
  async run({ services, terminal, args, json }) {
    const [run = '', host = null] = args.operands;
    await using installation = await services.connect();
    const stop = new AbortController();
    using _interrupts = terminal.onInterrupt(() => stop.abort());
    const show = (event: JournalEvent) => terminal.print(json ? JSON.stringify(event) : line(event));
    await installation.follow(run, host, args.flag('follow'), show, stop.signal);
    return exitCodes.good;
  },
};
