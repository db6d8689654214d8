import { judgeDocument, type RecordedDocument } from './clixml/judge-document.ts';
import { type RecordingKind, readRecordings, type Verdict } from './corpus.ts';
import type { RecordedScript } from './language/judge-script.ts';
import { judgeScripts } from './language/judge-scripts.ts';
import type { RecordedExchange } from './psrp/exchange.ts';
import { judgeExchange } from './psrp/judge-exchange.ts';

/** The recordings of one kind, read and ready to be judged. */
export type Judging = { readonly count: number; readonly verdicts: () => AsyncIterable<Verdict> };

function judging<Recording extends { readonly id: string }>(
  folder: string,
  kind: RecordingKind,
  judge: (recordings: readonly Recording[]) => AsyncIterable<Verdict>,
): Judging {
  const recordings = [...readRecordings<Recording>(folder, kind).values()].flat();
  return { count: recordings.length, verdicts: () => judge(recordings) };
}

/** Judges one recording after the other; what a judge can't make sense of is a difference. */
const each = <Recording extends { readonly id: string }>(judge: (recording: Recording) => Verdict) =>
  async function* (recordings: readonly Recording[]): AsyncGenerator<Verdict> {
    for (const recording of recordings)
      try {
        yield judge(recording);
      } catch (error) {
        yield { id: recording.id, differences: [`the recording can't be judged: ${String(error)}`] };
      }
  };

/**
 * Reads all recordings below a folder.
 * @throws UnreadableCorpus if the folder is missing or a file in it holds something else
 */
export function readCorpus(folder: string): Readonly<Record<RecordingKind, Judging>> {
  return {
    language: judging<RecordedScript>(folder, 'language', (scripts) => judgeScripts(scripts)),
    clixml: judging<RecordedDocument>(folder, 'clixml', each(judgeDocument)),
    psrp: judging<RecordedExchange>(folder, 'psrp', each(judgeExchange)),
  };
}
