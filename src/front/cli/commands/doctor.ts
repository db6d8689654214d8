import type { Command } from '../command.ts';
import { exitCodes } from '../exit-code.ts';

const marks = { ok: '✓', missing: '✗', warning: '!' } as const;

/** `kintsugi doctor`: what is installed, reachable or missing, and the command that mends it. */
export const doctorCommand: Command = {
  name: 'doctor',
  summary: { en: 'check this installation', ja: 'この環境を診断' },
  usage: '',
  operands: [0, 0],
  options: {},
  examples: ['kintsugi doctor', 'kintsugi doctor --json'],
  async run({ services, terminal, json }) {
    const findings = await services.doctor();
    if (json) terminal.print(JSON.stringify(findings));
    else
      for (const finding of findings)
        terminal.print(
          `${marks[finding.state]} ${finding.what}: ${finding.detail}${finding.remedy === '' ? '' : `\n  → ${finding.remedy}`}`,
        );
    return findings.some((finding) => finding.state === 'missing') ? exitCodes.setUp : exitCodes.good;
  },
};
