import type { Command } from '../command.ts';
import { launchOptions, launchPlan, readWorkers } from '../launch-plan.ts';
import { planInputs, planOptions } from '../plan-options.ts';

/** `kintsugi run`: plans, asks, launches and follows a run to its end. */
export const runCommand: Command = {
  name: 'run',
  summary: { en: 'run a playbook against hosts', ja: 'プレイブックをホストに対して実行' },
  usage: '<playbook> --hosts <pattern>',
  operands: [1, 1],
  options: {
    ...planOptions,
    ...launchOptions,
  },
  examples: [
    'kintsugi run windows-update/file-not-found --hosts lab --yes',
    'kintsugi run ./fix.yaml --hosts "tokyo:!canary" --batch 1,10%,50% --until 2026-12-01T05:00:00Z',
  ],
  async run(context) {
    const workers = readWorkers(context);
    return launchPlan(context, await context.services.prepare(planInputs(context.args)), workers);
  },
};
