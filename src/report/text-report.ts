import { durationText, localText } from './figures.ts';
import type { HostReport, RunReport } from './run-report.ts';
import { summaryText } from './summary.ts';
import { type Language, type Words, wordsOf } from './words/words.ts';

const hostLines = (host: HostReport, words: Words): readonly string[] => {
  const lines = [`${host.host}: ${host.end ? words.ends[host.end.end] : words.running}`];
  if (host.protection) lines.push(`  ${words.protection}: ${host.protection.method} ${host.protection.id}`);
  for (const stage of host.stages) {
    const goal = stage.goal ? ` (${words.goal}: ${stage.goal.ok ? words.holds : words.holdsNot})` : '';
    lines.push(
      `  ${localText(stage.title, words.language)}${stage.reached ? goal : `: ${words.stepStates['not-reached']}`}`,
    );
    if (!stage.reached) continue;
    for (const step of stage.steps) {
      const detail = step.fault?.message ?? step.reason;
      lines.push(
        `    ${step.id} ${step.action}: ${words.stepStates[step.state]}${detail === '' ? '' : `, ${detail}`} (${durationText(step.durationMs)})`,
        ...step.changes.map((change) => `      ${change.seq} ${change.change} ${change.target}`),
      );
    }
  }
  if (host.undo) {
    lines.push(`  ${words.rollback}: ${host.undo.reason}`);
    lines.push(
      ...host.undo.changes.map(
        (change) =>
          `    ${change.ok ? '✓' : '✗'} ${change.seq} ${change.change} ${change.target}${change.reason === '' ? '' : `: ${change.reason}`}`,
      ),
    );
    if (host.undo.staying.length > 0) {
      lines.push(
        `    ${words.staying}:`,
        ...host.undo.staying.map((change) => `      ${change.target}: ${change.reason}`),
      );
    }
    const compared = host.undo.compared;
    if (compared) lines.push(`    ${words.asBefore(compared.count - compared.differences.length, compared.count)}`);
  }
  return lines;
};

/** The report of a run as plain text: head, summary table, then each host's steps, changes and rollback. */
export function textReport(report: RunReport, language: Language): string {
  const words = wordsOf(language);
  return [
    `${words.title} ${report.run}`,
    localText(report.playbook.title, language),
    `${words.launched}: ${report.launchedAt} ${words.by} ${report.launchedBy}`,
    `${words.digest}: ${report.planDigest}`,
    '',
    summaryText(report, language),
    '',
    ...report.hosts.flatMap((host) => [...hostLines(host, words), '']),
  ].join('\n');
}
