import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { junitXml } from '../../../report/junit.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { coverageText, showTests, summaryText } from '../test-text.ts';

/** `kintsugi test`: runs the tests that lie beside playbooks on simulated Windows. */
export const testCommand: Command = {
  name: 'test',
  summary: { en: 'test playbooks on simulated Windows', ja: '模擬 Windows でプレイブックをテスト' },
  usage: '[test|playbook|folder…] [--junit <file>]',
  operands: [0, Number.POSITIVE_INFINITY],
  options: {
    junit: {
      kind: 'value',
      value: '<file>',
      help: { en: 'also write the results as JUnit XML', ja: '結果を JUnit XML でも書き出す' },
    },
  },
  examples: [
    'kintsugi test',
    'kintsugi test windows-update/file-not-found',
    'kintsugi test playbooks/own --junit results.xml',
  ],
  async run({ services, terminal, args, json }) {
    const junit = args.value('junit');
    // A place that cannot be written to is told before the tests are run, not after.
    if (junit !== null) mkdirSync(dirname(junit), { recursive: true });
    const report = await services.testPlaybooks(args.operands, json ? () => undefined : showTests(terminal));
    if (json) terminal.print(JSON.stringify(report));
    else terminal.print(`\n${coverageText(report, terminal.language)}\n\n${summaryText(report, terminal.language)}`);
    if (junit !== null) writeFileSync(junit, junitXml(report));
    return report.failed === 0 ? exitCodes.good : exitCodes.otherwise;
  },
};
