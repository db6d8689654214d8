import { Failure } from '../../../kernel/failure.ts';
import { plainTable } from '../../../report/table.ts';
import { wordsOf } from '../../../report/words/words.ts';
import type { Command, CommandContext } from '../command.ts';
import { coverageText } from '../coverage-text.ts';
import { exitCodes } from '../exit-code.ts';
import { readCount } from '../read-count.ts';
import type { RunningLab } from '../services.ts';

const coverageUsage = 'coverage <script|action|playbook…>';

/** `kintsugi lab coverage`: what of scripts the lab can run, told without running them. */
async function tellCoverage(names: readonly string[], { services, terminal, json }: CommandContext): Promise<number> {
  if (names.length === 0)
    throw new Failure('bad-input', `kintsugi lab coverage needs a script.\nUsage: kintsugi lab ${coverageUsage}`);
  const scripts = await services.coverScripts(names);
  terminal.print(json ? JSON.stringify(scripts) : coverageText(scripts, terminal.language));
  return scripts.every(({ gaps }) => gaps.length === 0) ? exitCodes.good : exitCodes.otherwise;
}

/** Where service processors and XClarity Administrator answer; the addresses need no words. */
function hardwareLines({ hosts, hardware }: RunningLab): readonly string[] {
  if (!hardware) return [];
  const redfish = hosts.flatMap(({ name, redfish: url }) =>
    url === null ? [] : [`Redfish ${name}: ${url}/redfish/v1/`],
  );
  const xclarity = hardware.xclarity === null ? [] : [`XClarity Administrator: ${hardware.xclarity}`];
  return ['', ...redfish, ...xclarity, `CA: ${hardware.authorityFile}`];
}

/** What is told of disturbances: which came, and at the end which never did. */
const disturbanceWords = {
  en: {
    came: (host: string, what: string) => `${host}: ${what}`,
    missed: (host: string, what: string) => `${host}: did not come: ${what}`,
  },
  ja: {
    came: (host: string, what: string) => `${host}: ${what}`,
    missed: (host: string, what: string) => `${host}: 発生しませんでした: ${what}`,
  },
} as const;

/**
 * `kintsugi lab`: simulated Windows hosts with real WinRM endpoints, until it is stopped; `kintsugi lab coverage` tells what of scripts they
 * can run.
 */
export const labCommand: Command = {
  name: 'lab',
  summary: {
    en: 'start simulated Windows hosts; tell what of scripts they can run',
    ja: '模擬 Windows ホストを起動、スクリプトの対応状況を表示',
  },
  usage: `[lab.yaml] [--port <n>] [--engine <name>] | ${coverageUsage}`,
  operands: [0, Number.POSITIVE_INFINITY],
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
  examples: [
    'kintsugi lab',
    'kintsugi lab my-lab.yaml --port 15985',
    'kintsugi lab --engine pwsh',
    'kintsugi lab coverage fix.ps1 actions/own/restart-spooler',
    'kintsugi lab coverage windows-update/file-not-found --json',
  ],
  async run(context) {
    const { services, terminal, args, json } = context;
    const [first, ...rest] = args.operands;
    if (first === 'coverage') return tellCoverage(rest, context);
    if (rest.length > 0)
      throw new Failure(
        'bad-input',
        `${JSON.stringify(rest[0])} is one operand too many.\nUsage: kintsugi lab ${labCommand.usage}`,
      );
    const words = wordsOf(terminal.language);
    const port = readCount('--port', args.value('port'), { least: 1, most: 65_535 }, null);
    const engine = args.value('engine') === 'pwsh' ? 'pwsh' : 'simulator';
    const say = disturbanceWords[terminal.language];
    const onNotice = (host: string, what: string): void => {
      if (!json) terminal.print(say.came(host, what));
    };
    await using lab = await services.startLab({ file: first ?? null, port, engine, onNotice });
    if (json)
      terminal.print(JSON.stringify({ hosts: lab.hosts, hardware: lab.hardware, inventory: lab.inventoryFile }));
    else {
      terminal.print(
        plainTable(
          [words.host, terminal.language === 'ja' ? 'ポート' : 'Port', ''],
          lab.hosts.map((host) => [host.name, String(host.port), host.description]),
        ),
      );
      for (const line of hardwareLines(lab)) terminal.print(line);
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
    if (!json) for (const { host, what } of lab.pending()) terminal.print(say.missed(host, what));
    return exitCodes.good;
  },
};
