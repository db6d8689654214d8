import { changeCounts, durationText, stageText } from './figures.ts';
import { oneLine } from './printable.ts';
import type { HostReport, RunReport } from './run-report.ts';
import { plainTable } from './table.ts';
import { reasonText, remedyText } from './words/causes.ts';
import { type Language, type Words, wordsOf } from './words/words.ts';

const reasonOf = (host: HostReport, words: Words): string => {
  const { end } = host;
  if (end === null) return host.phase;
  return `${reasonText(end.cause, end.reason, words.language)}${end.rebootOwed ? `; ${words.rebootOwed}` : ''}`;
};

/** The table that ends a run in the terminal: one row per host, then the remedies of those that need one. */
export function summaryText(report: RunReport, language: Language): string {
  const words = wordsOf(language);
  const rows = report.hosts.map((host) => {
    const { made, undone } = changeCounts(host);
    return [
      host.host,
      host.end ? words.ends[host.end.end] : words.running,
      host.end ? words.conditions[host.end.host] : '-',
      stageText(host),
      undone > 0 ? `${made} (${words.undone} ${undone})` : String(made),
      durationText(host.durationMs),
      reasonOf(host, words),
    ];
  });
  const header = [words.host, words.end, words.hostNow, words.stage, words.changes, words.duration, words.reason];
  const remedies = report.hosts.flatMap(({ host, end }) =>
    end === null || end.remedy === '' ? [] : [oneLine(`${host}: ${words.nextStep}: ${remedyText(end, language)}`)],
  );
  return [plainTable(header, rows), ...(remedies.length > 0 ? ['', ...remedies] : [])].join('\n');
}
