import type { HostEndName } from '../journal/event-data.ts';
import { changeCounts, durationText, stageText } from './figures.ts';
import { oneLine } from './printable.ts';
import type { HostReport, RunReport } from './run-report.ts';
import { cutText, plainTable } from './table.ts';
import { reasonText, remedyText, shortReason } from './words/causes.ts';
import { type Language, type Words, wordsOf } from './words/words.ts';

/** Widest reason in the table; a longer one is cut there and stands below as a whole. */
const reasonColumns = 64;

/** Ends after which nobody asks for details. */
const goodEnds: readonly HostEndName[] = ['repaired', 'unchanged'];

/** A reason as text of one line, by the given way to say it. */
const reasonOf = ({ end, phase }: HostReport, say: typeof reasonText, words: Words): string => {
  if (end === null) return phase;
  const owed = end.rebootOwed ? `; ${words.rebootOwed}` : '';
  return oneLine(say(end.cause, end.reason, words.language) + owed);
};

const row = (host: HostReport, words: Words): readonly string[] => {
  const { made, undone } = changeCounts(host);
  return [
    host.host,
    host.end ? words.ends[host.end.end] : words.running,
    host.end ? words.conditions[host.end.host] : '-',
    stageText(host),
    undone > 0 ? `${made} (${words.undoneCount(undone)})` : String(made),
    durationText(host.durationMs),
    cutText(reasonOf(host, shortReason, words), reasonColumns),
  ];
};

const remarks = (host: HostReport, words: Words): readonly string[] => {
  const { end } = host;
  if (end === null) return [];
  const reason = reasonOf(host, reasonText, words);
  const shown = cutText(reasonOf(host, shortReason, words), reasonColumns) === reason;
  return [
    ...(shown || goodEnds.includes(end.end) ? [] : [`${host.host}: ${reason}`]),
    ...(end.remedy === '' ? [] : [oneLine(`${host.host}: ${words.nextStep}: ${remedyText(end, words.language)}`)]),
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
