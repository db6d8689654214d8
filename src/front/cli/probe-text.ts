import type { HostProbe } from '../../operations/probe.ts';
import { plainTable } from '../../report/table.ts';
import type { Language } from '../../report/words/words.ts';
import { wordsOf } from '../../report/words/words.ts';

const verdicts = {
  en: { 'will change': 'will change', 'already right': 'already right', 'cannot tell': 'cannot tell' },
  ja: { 'will change': '変更する', 'already right': '対応不要', 'cannot tell': '判断できない' },
} as const;

const factText = (facts: unknown): string => {
  const text = JSON.stringify(facts) ?? '';
  return text === 'null' || text === '{}' ? '' : text.length > 120 ? `${text.slice(0, 119)}…` : text;
};

/** What the probe of one host found: goal, checks, and per step will change, already right or cannot tell. */
export function probeText(probe: HostProbe, language: Language): string {
  const words = wordsOf(language);
  if (probe.fault !== null) return `${probe.host}: ${verdicts[language]['cannot tell']}: ${probe.fault}`;
  const goal = probe.goal
    ? `${words.goal}: ${probe.goal.ok ? words.holds : words.holdsNot}${probe.goal.reason === '' ? '' : ` (${probe.goal.reason})`}`
    : '';
  const checks = probe.checks
    .filter((check) => !check.ok)
    .map((check) => `  ${words.checks}: ✗ ${check.check}: ${check.reason}`);
  const rows = probe.steps.map((step) => [
    `  ${step.step}`,
    verdicts[language][step.verdict],
    step.reason,
    factText(step.facts),
  ]);
  return [`${probe.host}: ${goal}`, ...checks, plainTable(['  step', '', words.reason, words.found], rows)].join('\n');
}
