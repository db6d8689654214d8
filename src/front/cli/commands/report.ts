import { reportPage } from '../../../report/html/report-page.ts';
import { textReport } from '../../../report/text-report.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-code.ts';

/** `kintsugi report`: the report of a run on standard output. */
export const reportCommand: Command = {
  name: 'report',
  summary: { en: 'print the report of a run', ja: '実行のレポートを出力' },
  usage: '<run> [--format html|json|text]',
  operands: [1, 1],
  options: {
    format: {
      kind: 'value',
      value: '<html|json|text>',
      choices: ['html', 'json', 'text'],
      help: { en: 'format (default text; json with --json)', ja: '形式(既定 text)' },
    },
  },
  examples: ['kintsugi report 20261121-0138-k7xq2m --format html > report.html'],
  async run({ services, terminal, args, json }) {
    await using installation = await services.connect();
    const report = await installation.report(args.operands[0] ?? '');
    const format = args.value('format') ?? (json ? 'json' : 'text');
    if (format === 'json') terminal.print(JSON.stringify(report, null, 2));
    else
      terminal.print(format === 'html' ? reportPage(report, terminal.language) : textReport(report, terminal.language));
    return exitCodes.good;
  },
};
