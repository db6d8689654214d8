import type { Command } from '../command.ts';
import { exitCodes } from '../exit-code.ts';

/** `kintsugi init`: lays a new project. */
export const initCommand: Command = {
  name: 'init',
  summary: { en: 'lay a new project', ja: '新しいプロジェクトを作成' },
  usage: '[folder]',
  operands: [0, 1],
  options: {},
  examples: ['kintsugi init', 'kintsugi init our-repairs'],
  async run({ services, terminal, args, json }) {
    const folder = args.operands[0] ?? '.';
    const files = await services.layProject(folder);
    if (json) terminal.print(JSON.stringify({ folder, files }));
    else {
      const shown = files.filter((name) => !name.startsWith('.vscode/schemas/'));
      terminal.print([...shown, '.vscode/schemas/*'].join('\n'));
      const go = folder === '.' ? '' : `cd ${folder}\n`;
      terminal.print(
        `\n${terminal.language === 'ja' ? '次に' : 'Next'}:\n${go}kintsugi test\nkintsugi validate inventory.yaml`,
      );
    }
    return exitCodes.good;
  },
};
