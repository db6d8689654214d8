import { plainTable } from '../../../report/table.ts';
import { type Language, wordsOf } from '../../../report/words/words.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { followToEnd, printOutcome } from '../follow-to-end.ts';
import type { DemoHost } from '../services.ts';

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
    if (!json) terminal.print(`\n${judgementTable(hosts, terminal.language)}`);
    return hosts.every((host) => host.ok) ? exitCodes.good : exitCodes.otherwise;
  },
};

const words = {
  en: {
    expected: 'Expected',
    difference: 'Differences from before (whole state, told by the lab)',
    allowed: 'allowed',
  },
  ja: { expected: '期待', difference: '実行前との差(ラボによる全状態の比較)', allowed: '許容' },
} as const;

/** Differences that are named where they should not be there. */
const mostNamed = 3;

function judgementTable(hosts: readonly DemoHost[], language: Language): string {
  const say = words[language];
  const { host: name, ends } = wordsOf(language);
  const rows = hosts.map(({ host, expected, ok, difference: { rest, allowed } }) => {
    const more = allowed === 0 ? '' : ` (+ ${allowed} ${say.allowed})`;
    const named = ok || rest.length === 0 ? '' : `: ${rest.slice(0, mostNamed).join(', ')}`;
    return [host, ends[expected], ok ? '✓' : '✗', `${rest.length}${more}${named}`];
  });
  return plainTable([name, say.expected, '', say.difference], rows);
}
