import { changeCounts, durationText, stageText } from './figures.ts';
import { oneLine } from './printable.ts';
import type { HostReport, RunReport } from './run-report.ts';
import { cutText, plainTable, textWidth } from './table.ts';
import { reasonText, remedyText } from './words/causes.ts';
import { type Language, type Words, wordsOf } from './words/words.ts';

/** Widest reason in the table; a longer one is cut there and stands below as a whole. */
const reasonColumns = 64;

const reasonOf = ({ end, phase }: HostReport, words: Words): string => {
  if (end === null) return phase;
  const owed = end.rebootOwed ? `; ${words.rebootOwed}` : '';
  return oneLine(reasonText(end.cause, end.reason, words.language) + owed);
};

const row = (host: HostReport, words: Words): readonly string[] => {
  const { made, undone } = changeCounts(host);
  return [
    host.host,
    host.end ? words.ends[host.end.end] : words.running,
    host.end ? words.conditions[host.end.host] : '-',
    stageText(host),
    undone > 0 ? `${made} (${words.undone} ${undone})` : String(made),
    durationText(host.durationMs),
    cutText(reasonOf(host, words), reasonColumns),
  ];
};

const remarks = (host: HostReport, words: Words): readonly string[] => {
  const reason = reasonOf(host, words);
  return [
    ...(textWidth(reason) > reasonColumns ? [`${host.host}: ${reason}`] : []),
    ...(host.end && host.end.remedy !== ''
      ? [oneLine(`${host.host}: ${words.nextStep}: ${remedyText(host.end, words.language)}`)]
      : []),
  ];
};

/** The table that ends a run in the terminal: one row per host, then long reasons and what to do. */
export function summaryText(report: RunReport, language: Language): string {
  const words = wordsOf(language);
  const header = [words.host, words.end, words.hostNow, words.stage, words.changes, words.duration, words.reason];
  const table = plainTable(
    header,
    report.hosts.map((host) => row(host, words)),
  );
  const lines = report.hosts.flatMap((host) => remarks(host, words));
  return [table, ...(lines.length > 0 ? ['', ...lines] : [])].join('\n');
}
