import type { LintReport } from '../../operations/lint.ts';
import { localText } from '../../report/figures.ts';
import { printable } from '../../report/printable.ts';
import type { Language } from '../../report/words/words.ts';

const words = {
  en: {
    severities: { error: 'error', warning: 'warning', note: 'note' },
    counted: (errors: number, warnings: number, allowed: number, actions: number) =>
      `${plural(actions, 'action')}: ${plural(errors, 'error')}, ${plural(warnings, 'warning')}, ${allowed} allowed`,
    grade: 'grade',
    allowed: 'Allowed',
  },
  ja: {
    severities: { error: 'エラー', warning: '警告', note: '注記' },
    counted: (errors: number, warnings: number, allowed: number, actions: number) =>
      `アクション ${actions} 件: エラー ${errors} 件、警告 ${warnings} 件、許可済み ${allowed} 件`,
    grade: '等級',
    allowed: '許可済み',
  },
} as const;

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** What linting gave, for people: each finding with its place, its line and what to do, what is allowed and why, grades, and a count. */
export function lintText({ findings, playbooks, actions }: LintReport, language: Language): string {
  const say = words[language];
  const lines: string[] = [];
  for (const each of findings.filter(({ allowed }) => allowed === null)) {
    const place = each.line === null ? each.file : `${each.file}:${each.line}:${each.column}`;
    lines.push(`${place}: ${say.severities[each.severity]} ${each.rule}: ${printable(each.message[language])}`);
    if (each.text !== null) lines.push(`  ${String(each.line).padStart(4)} | ${printable(each.text.trim())}`);
    lines.push(`  ${each.remedy[language]}`);
  }
  const allowed = findings.filter((each) => each.allowed !== null);
  if (allowed.length > 0) lines.push(`${say.allowed}:`);
  for (const each of allowed)
    lines.push(
      `  ${each.file}${each.line === null ? '' : `:${each.line}`}: ${each.rule} -- ${printable(each.allowed ?? '')}`,
    );
  const inPlaybooks = new Set(playbooks.flatMap(({ steps }) => steps.map(({ uses }) => uses)));
  for (const { action, grade, causes } of actions.filter((each) => !inPlaybooks.has(each.action) && each.grade !== 'A'))
    lines.push(`${action}: ${say.grade} ${grade} (${printable(causes.join('; '))})`);
  for (const { playbook, grade, steps } of playbooks) {
    lines.push(`${playbook}: ${say.grade} ${grade}`);
    for (const step of steps.filter((each) => each.grade !== 'A'))
      lines.push(
        `  ${step.step}: ${step.grade}${step.reason === null ? '' : ` (${localText(step.reason, language)})`}`,
      );
  }
  const count = (severity: string): number =>
    findings.filter((each) => each.severity === severity && each.allowed === null).length;
  lines.push(say.counted(count('error'), count('warning'), allowed.length, actions.length));
  return `${lines.join('\n')}\n`;
}
