import type { Command } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { planInputs, planOptions } from '../plan-options.ts';
import { planText } from '../plan-text.ts';
import { probeText } from '../probe-text.ts';

/** `kintsugi plan`: what a run would do, without doing it; `--probe` asks the hosts. */
export const planCommand: Command = {
  name: 'plan',
  summary: { en: 'show what a run would do', ja: '実行すると何が起きるかを表示' },
  usage: '<playbook> --hosts <pattern> [--probe]',
  operands: [1, 1],
  options: {
    ...planOptions,
    probe: {
      kind: 'flag',
      help: { en: 'connect and run the read-only detect scripts', ja: '接続して読み取り専用の検出スクリプトを実行' },
    },
  },
  examples: [
    'kintsugi plan windows-update/file-not-found --hosts lab',
    'kintsugi plan windows-update/file-not-found --hosts web01 --probe --json',
  ],
  async run({ services, terminal, args, json }) {
    const prepared = await services.prepare(planInputs(args));
    const probe = args.flag('probe');
    if (!json) terminal.print(planText(prepared, terminal.language));
    if (!probe) {
      if (json)
        terminal.print(
          JSON.stringify({ digest: prepared.digest, plan: prepared.plan, description: prepared.description }),
        );
      return exitCodes.good;
    }
    const probes = await services.probe(prepared, (host) => {
      if (!json) terminal.print(probeText(host, terminal.language));
    });
    if (json)
      terminal.print(
        JSON.stringify({ digest: prepared.digest, plan: prepared.plan, description: prepared.description, probes }),
      );
    return probes.every((host) => host.fault === null) ? exitCodes.good : exitCodes.otherwise;
  },
};
