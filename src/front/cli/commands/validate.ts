import type { Command } from '../command.ts';
import { exitCodes } from '../exit-code.ts';

/** `kintsugi validate`: checks playbooks (with their actions and their scripts), tests, actions, inventories, labs and settings. */
export const validateCommand: Command = {
  name: 'validate',
  summary: { en: 'check playbooks and other files', ja: 'プレイブックなどのファイルを検査' },
  usage: '<playbook|test|action|inventory|lab|folder…>',
  operands: [1, Number.POSITIVE_INFINITY],
  options: {},
  examples: [
    'kintsugi validate windows-update/file-not-found',
    'kintsugi validate playbooks/own/fix.yaml inventory.yaml',
    'kintsugi validate playbooks/actions/own/restart-spooler lab.yaml --json',
  ],
  async run({ services, terminal, args, json }) {
    const results = await services.validate(args.operands);
    if (json) terminal.print(JSON.stringify(results));
    else for (const result of results) terminal.print(result.ok ? `${result.file}: ok` : result.text);
    return results.every((result) => result.ok) ? exitCodes.good : exitCodes.badInput;
  },
};
