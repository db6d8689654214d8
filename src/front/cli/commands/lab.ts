import { plainTable } from '../../../report/table.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { readCount } from './run.ts';

/** `kintsugi lab`: simulated Windows hosts with real WinRM endpoints, until it is stopped. */
export const labCommand: Command = {
  name: 'lab',
  summary: { en: 'start simulated Windows hosts', ja: '模擬 Windows ホストを起動' },
  usage: '[lab.yaml]',
  operands: [0, 1],
  options: {
    port: {
      kind: 'value',
      value: '<n>',
      help: { en: 'first port (default: free ones)', ja: '最初のポート(既定: 空きポート)' },
    },
  },
  examples: ['kintsugi lab', 'kintsugi lab my-lab.yaml --port 15985'],
  async run({ services, terminal, args, json }) {
    const port = args.value('port');
    await using lab = await services.startLab({
      file: args.operands[0] ?? null,
      port: port === null ? null : readCount(port, 0),
    });
    if (json) terminal.print(JSON.stringify({ hosts: lab.hosts, inventory: lab.inventoryFile }));
    else {
      terminal.print(
        plainTable(
          ['host', 'port', ''],
          lab.hosts.map((host) => [host.name, String(host.port), host.description]),
        ),
      );
      terminal.print(
        `\ninventory: ${lab.inventoryFile}\nkintsugi run windows-update/file-not-found -i ${lab.inventoryFile} --hosts lab`,
      );
    }
    await new Promise<void>((resolve) => {
      const interrupts = terminal.onInterrupt(() => {
        interrupts[Symbol.dispose]();
        resolve();
      });
    });
    return exitCodes.good;
  },
};
