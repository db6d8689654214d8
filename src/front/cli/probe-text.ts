import type { HostProbe } from '../../operations/probe-state.ts';
import { oneLine } from '../../report/printable.ts';
import { cutText, plainTable } from '../../report/table.ts';
import { type Language, wordsOf } from '../../report/words/words.ts';
import { planWords } from './plan-words.ts';

/** Widest column of found values. */
const factColumns = 120;

const factText = (facts: unknown): string => {
  const text = JSON.stringify(facts) ?? '';
  return text === 'null' || text === '{}' ? '' : cutText(text, factColumns);
};

/** What the probe of one host found: goal, failed checks, and per step will change, already right or cannot tell. */
export function probeText(probe: HostProbe, language: Language): string {
  const words = wordsOf(language);
  const { verdicts } = planWords[language];
  if (probe.fault !== null) return oneLine(`${probe.host}: ${verdicts['cannot tell']}: ${probe.fault}`);
  const remark = (text: string) => (text === '' ? '' : ` (${text})`);
  const goal = probe.goal
    ? `${words.goal}: ${probe.goal.ok ? words.holds : words.holdsNot}${remark(probe.goal.reason)}`
    : '';
  const checks = probe.checks
    .filter((check) => !check.ok)
    .map((check) => oneLine(`  ${words.checks}: ✗ ${check.check}: ${check.reason}`));
  const parts = (probe.goal?.checks ?? []).filter((check, _, all) => all.length > 1 && !check.ok);
  const goals = parts.map((check) => oneLine(`  ${words.goal}: ✗ ${check.uses}: ${check.reason}`));
  const rows = probe.steps.map((step) => [step.step, verdicts[step.verdict], step.reason, factText(step.facts)]);
  const header = [words.step, words.end, words.reason, words.found];
  if (rows.length === 0) return [oneLine(`${probe.host}: ${goal}`), ...checks, ...goals].join('\n');
  return [oneLine(`${probe.host}: ${goal}`), ...checks, ...goals, plainTable(header, rows).replace(/^/gm, '  ')].join(
    '\n',
  );
}
