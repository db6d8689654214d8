import type { Command } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { lintText } from '../lint-text.ts';

/** `kintsugi lint`: rules over playbooks, actions and their scripts, and how far each can be taken back. */
export const lintCommand: Command = {
  name: 'lint',
  summary: { en: 'find what makes scripts unsafe, and grade them', ja: 'スクリプトの危険な箇所を検出し等級を付ける' },
  usage: '[playbook|action|folder…]',
  operands: [0, Number.POSITIVE_INFINITY],
  options: {
    format: {
      kind: 'value',
      value: 'text|json|sarif',
      choices: ['text', 'json', 'sarif'],
      help: { en: 'how findings are written (sarif: 2.1.0)', ja: '検出結果の形式(sarif は 2.1.0)' },
    },
  },
  examples: [
    'kintsugi lint windows-update/file-not-found',
    'kintsugi lint playbooks actions',
    'kintsugi lint --format sarif > lint.sarif',
  ],
  async run({ services, terminal, args, json }) {
    const report = await services.lint(args.operands.length === 0 ? ['.'] : args.operands);
    const format = args.value('format') ?? (json ? 'json' : 'text');
    if (format === 'sarif') terminal.print(JSON.stringify(services.lintSarif(report), null, 2));
    else if (format === 'json') terminal.print(JSON.stringify(report));
    else terminal.print(lintText(report, terminal.language).trimEnd());
    const counts = report.findings.some(({ allowed, severity }) => allowed === null && severity !== 'note');
    return counts ? exitCodes.otherwise : exitCodes.good;
  },
};
