import type { HostDiagnosis } from '../../operations/diagnose/diagnose-hosts.ts';
import type { FoundCause } from '../../operations/diagnose/judge-causes.ts';
import { oneLine } from '../../report/printable.ts';
import type { Language } from '../../report/words/words.ts';

const diagnosisWords = {
  en: {
    none: (asked: number) => `no cause found (${asked} probes)`,
    unasked: 'could not be asked',
    for: 'for',
    against: 'against',
    playbook: 'playbook',
    advice: 'do',
    unanswered: 'not known',
    since: (at: string, fresh: string, gone: string) =>
      `since ${at}:${fresh === '' ? '' : ` new: ${fresh}`}${gone === '' ? '' : `${fresh === '' ? '' : ';'} gone: ${gone}`}`,
  },
  ja: {
    none: (asked: number) => `原因は見つかりませんでした(調査 ${asked} 件)`,
    unasked: '調査できませんでした',
    for: '根拠',
    against: '反証',
    playbook: 'プレイブック',
    advice: '対応',
    unanswered: '不明',
    since: (at: string, fresh: string, gone: string) =>
      `${at} 以降:${fresh === '' ? '' : ` 新規: ${fresh}`}${gone === '' ? '' : `${fresh === '' ? '' : '、'} 解消: ${gone}`}`,
  },
} as const;

/** What was found out about one host: causes, best first, with what speaks for and against each. */
export function diagnosisText(diagnosis: HostDiagnosis, language: Language): string {
  const say = diagnosisWords[language];
  const { host, fault, causes, undecided, unanswered, asked } = diagnosis;
  if (fault !== null) return oneLine(`${host}: ${say.unasked}: ${fault}`);
  const found = causes.map((cause, index) => causeText(cause, index + 1, language));
  const open = unanswered.map(({ probe, reason }) => oneLine(`  ${say.unanswered}: ${probe}: ${reason}`));
  // What a probe did not answer leaves the rest undecided, too: then that says it all.
  if (unanswered.length === 0)
    open.push(...undecided.map(({ cause, reason }) => oneLine(`  ${say.unanswered}: ${cause}: ${reason}`)));
  const change = changeText(diagnosis, language);
  if (change !== null) open.push(oneLine(`  ${change}`));
  return [causes.length === 0 ? `${host}: ${say.none(asked)}` : `${host}:`, ...found, ...open].join('\n');
}

/** What is new and what is gone since the last diagnosis, or null where nothing has changed. */
function changeText({ since, causes }: HostDiagnosis, language: Language): string | null {
  if (since === null || since.fresh.length + since.gone.length === 0) return null;
  const titles = (list: readonly Pick<FoundCause, 'title'>[]): string =>
    list.map(({ title }) => title[language] ?? title.en).join(', ');
  const fresh = causes.filter(({ id }) => since.fresh.includes(id));
  return diagnosisWords[language].since(since.at.slice(0, 16), titles(fresh), titles(since.gone));
}

function causeText(cause: FoundCause, rank: number, language: Language): string {
  const say = diagnosisWords[language];
  const width = Math.max(...[say.for, say.against, say.playbook, say.advice].map((word) => word.length));
  const line = (word: string, text: string): string => oneLine(`       ${word.padEnd(width)}  ${text}`);
  const texts = cause.evidence.map(({ points, says }) =>
    line(points > 0 ? say.for : say.against, says[language] ?? says.en),
  );
  if (cause.playbook !== null) {
    const given = Object.entries(cause.playbook.with).map(([name, value]) => ` -p ${name}=${JSON.stringify(value)}`);
    texts.push(line(say.playbook, cause.playbook.id + given.join('')));
  }
  if (cause.advice !== null) texts.push(line(say.advice, cause.advice[language] ?? cause.advice.en));
  const percent = `${Math.round(cause.confidence * 100)} %`.padStart(5);
  return [oneLine(`  ${rank}. ${percent}  ${cause.title[language] ?? cause.title.en}`), ...texts].join('\n');
}
