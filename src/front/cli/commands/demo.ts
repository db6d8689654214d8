import { plainTable } from '../../../report/table.ts';
import { wordsOf } from '../../../report/words/words.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { followToEnd, printOutcome } from '../follow-to-end.ts';

/** `kintsugi demo`: own Redis, five simulated hosts, two workers, one run; 0 when every host ended as promised. */
export const demoCommand: Command = {
  name: 'demo',
  summary: { en: 'repair five simulated hosts', ja: '模擬ホスト 5 台を修復するデモ' },
  usage: '',
  operands: [0, 0],
  options: {},
  examples: ['kintsugi demo', 'kintsugi demo --lang ja'],
  async run(context) {
    const { services, terminal, json } = context;
    await using demo = await services.startDemo({ say: (text) => (json ? undefined : terminal.print(text)) });
    const status = await demo.installation.status(demo.run);
    const followed = await followToEnd(
      context,
      demo.installation,
      demo.run,
      status.hosts.map(({ host }) => host),
    );
    if (followed.kind === 'detached') {
      // Lab, Redis and workers of the demo end with this process: nothing goes on.
      terminal.warn(terminal.language === 'ja' ? 'デモを終了しました。' : 'The demo was stopped.');
      return exitCodes.cancelled;
    }
    printOutcome(context, followed.report);
    const hosts = await demo.judge(followed.report);
    const words = wordsOf(terminal.language);
    if (!json) {
      const header = [
        words.host,
        terminal.language === 'ja' ? '期待' : 'Expected',
        '',
        terminal.language === 'ja'
          ? '実行前との差(ラボによる全状態比較)'
          : 'Difference from before (whole state, by the lab)',
      ];
      const rows = hosts.map((host) => [host.host, words.ends[host.expected], host.ok ? '✓' : '✗', host.difference]);
      terminal.print(`\n${plainTable(header, rows)}`);
    }
    return hosts.every((host) => host.ok) ? exitCodes.good : exitCodes.otherwise;
  },
};
