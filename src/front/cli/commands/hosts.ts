import { Failure } from '../../../kernel/failure.ts';
import { closest } from '../../../kernel/suggestion.ts';
import { plainTable } from '../../../report/table.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { pingHeader, pingRow } from '../ping-text.ts';
import { hostOptions } from '../plan-options.ts';

const deeds = ['ping'];

/** `kintsugi hosts ping`: opens a session on each host and tells what was negotiated. Changes nothing. */
export const hostsCommand: Command = {
  name: 'hosts',
  summary: { en: 'ask hosts how they are reached', ja: 'ホストへの接続を確認' },
  usage: 'ping --hosts <pattern>',
  operands: [1, 1],
  options: hostOptions,
  examples: ['kintsugi hosts ping --hosts all', 'kintsugi hosts ping --hosts web -i inventory.yaml --json'],
  async run({ services, terminal, args, json }) {
    const [deed = ''] = args.operands;
    if (!deeds.includes(deed)) throw unknownDeed(deed);
    const pings = await services.pingHosts(
      { hosts: args.value('hosts'), inventory: args.value('inventory') },
      () => undefined,
    );
    if (json) terminal.print(JSON.stringify(pings));
    else {
      const { language } = terminal;
      terminal.print(
        plainTable(
          pingHeader(language),
          pings.map((ping) => pingRow(ping, language)),
        ),
      );
      for (const ping of pings) if (!ping.ok) terminal.print(`\n${ping.host}: ${ping.fault.message}`);
    }
    return pings.every(({ ok }) => ok) ? exitCodes.good : exitCodes.otherwise;
  },
};

function unknownDeed(deed: string): Failure {
  const near = closest(deed, deeds);
  return new Failure(
    'bad-input',
    `kintsugi hosts does not know ${JSON.stringify(deed)}.${near === null ? '' : ` Did you mean \`kintsugi hosts ${near}\`?`}\nUsage: kintsugi hosts ${hostsCommand.usage}`,
  );
}
