import { plainTable } from '../../../report/table.ts';
import { wordsOf } from '../../../report/words/words.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { readCount } from '../read-count.ts';

/** `kintsugi lab`: simulated Windows hosts with real WinRM endpoints, until it is stopped. */
export const labCommand: Command = {
  name: 'lab',
  summary: { en: 'start simulated Windows hosts', ja: '模擬 Windows ホストを起動' },
  usage: '[lab.yaml] [--port <n>] [--engine <name>]',
  operands: [0, 1],
  options: {
    port: {
      kind: 'value',
      value: '<n>',
      help: { en: 'first port (default: free ones)', ja: '最初のポート(既定: 空きポート)' },
    },
    engine: {
      kind: 'value',
      value: '<name>',
      choices: ['simulator', 'pwsh'],
      help: {
        en: 'what evaluates scripts: simulator (default) or pwsh, a PowerShell 7 of this machine',
        ja: 'スクリプトの実行系: simulator(既定)または pwsh(このマシンの PowerShell 7)',
      },
    },
  },
  examples: ['kintsugi lab', 'kintsugi lab my-lab.yaml --port 15985', 'kintsugi lab --engine pwsh'],
  async run({ services, terminal, args, json }) {
    const words = wordsOf(terminal.language);
    const port = readCount('--port', args.value('port'), { least: 1, most: 65_535 }, null);
    await using lab = await services.startLab({
      file: args.operands[0] ?? null,
      port,
      engine: args.value('engine') === 'pwsh' ? 'pwsh' : 'simulator',
    });
    if (json) terminal.print(JSON.stringify({ hosts: lab.hosts, inventory: lab.inventoryFile }));
    else {
      terminal.print(
        plainTable(
          [words.host, terminal.language === 'ja' ? 'ポート' : 'Port', ''],
          lab.hosts.map((host) => [host.name, String(host.port), host.description]),
        ),
      );
      terminal.print(
        `\n${terminal.language === 'ja' ? 'インベントリ' : 'Inventory'}: ${lab.inventoryFile}\nkintsugi run windows-update/file-not-found -i ${lab.inventoryFile} --hosts lab`,
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
