import type { Command } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { hostOptions } from '../plan-options.ts';

const marks = { ok: '✓', missing: '✗', warning: '!' } as const;

/** `kintsugi doctor`: what is installed, reachable or missing, and the command that mends it. */
export const doctorCommand: Command = {
  name: 'doctor',
  summary: { en: 'check this installation', ja: 'この環境を診断' },
  usage: '[--host <pattern>] [-i <file>]',
  operands: [0, 0],
  options: {
    host: {
      kind: 'value',
      value: '<pattern>',
      help: {
        en: 'check instead how these hosts are set up for remote work, over a session; nothing is changed',
        ja: '代わりに、これらのホストのリモート設定をセッション経由で診断(変更はしない)',
      },
    },
    inventory: hostOptions.inventory,
  },
  examples: [
    'kintsugi doctor',
    'kintsugi doctor -i .kintsugi/lab/inventory.yaml',
    'kintsugi doctor --host web01',
    'kintsugi doctor --json',
  ],
  async run({ services, terminal, args, json }) {
    const hosts = args.value('host');
    const inventory = args.value('inventory');
    const findings = await (hosts === null
      ? services.doctor(inventory)
      : services.doctorHosts({ hosts, inventory, option: '--host' }));
    if (json) terminal.print(JSON.stringify(findings));
    else
      for (const finding of findings)
        terminal.print(
          `${marks[finding.state]} ${finding.what}: ${finding.detail}${finding.remedy === '' ? '' : `\n  → ${finding.remedy}`}`,
        );
    if (findings.every((finding) => finding.state !== 'missing')) return exitCodes.good;
    // Exit code 3 is about this installation.
    return hosts === null ? exitCodes.setUp : exitCodes.otherwise;
  },
};
