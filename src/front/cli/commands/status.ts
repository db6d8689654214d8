import { plainTable } from '../../../report/table.ts';
import { reasonText } from '../../../report/words/causes.ts';
import { wordsOf } from '../../../report/words/words.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-code.ts';

/** `kintsugi status`: all runs, or the hosts of one. */
export const statusCommand: Command = {
  name: 'status',
  summary: { en: 'show runs, or the hosts of a run', ja: '実行の一覧、または実行中のホストを表示' },
  usage: '[run]',
  operands: [0, 1],
  options: {},
  examples: ['kintsugi status', 'kintsugi status 20261121-0138-k7xq2m --json'],
  async run({ services, terminal, args, json }) {
    const words = wordsOf(terminal.language);
    await using installation = await services.connect();
    const run = args.operands[0];
    if (run === undefined) {
      const statuses = await installation.statuses();
      if (json) terminal.print(JSON.stringify(statuses));
      else
        terminal.print(
          plainTable(
            [words.run, words.playbook, words.state, words.hosts, words.launched],
            statuses.map((status) => [
              status.run,
              status.playbook.id,
              status.state === 'ended' ? words.ended : words.running,
              `${status.hosts.filter((host) => host.end !== null).length}/${status.hosts.length}`,
              `${status.launchedAt} ${words.by} ${status.launchedBy}`,
            ]),
          ),
        );
      return exitCodes.good;
    }
    const status = await installation.status(run);
    if (json) terminal.print(JSON.stringify(status));
    else
      terminal.print(
        plainTable(
          [words.host, words.end, words.step, words.reason],
          status.hosts.map((host) => [
            host.host,
            host.end === null ? words.running : words.ends[host.end.end],
            host.step ?? '-',
            host.end === null
              ? `${host.last} ${host.lastAt ?? ''}`.trimEnd()
              : reasonText(host.end.cause, host.end.reason, terminal.language),
          ]),
        ),
      );
    return exitCodes.good;
  },
};
