/** Reads a folder of recordings: `language/*.json`, `clixml/*.json` and `psrp/*.json`, whatever cases it holds. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Kinds of recordings: one folder each. */
export const recordingKinds = ['language', 'clixml', 'psrp'] as const;
/** Name of a kind of recordings. */
export type RecordingKind = (typeof recordingKinds)[number];

/** A folder or file that can't be read as recordings. */
export class UnreadableCorpus extends Error {
  override readonly name = 'UnreadableCorpus';
}

/** What one recording gives: an empty list of differences if it is met. */
export type Verdict = { readonly id: string; readonly differences: readonly string[] };

const readJson = (path: string): unknown => {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch (cause) {
    throw new UnreadableCorpus(`${path} can't be read as JSON: ${String(cause)}`, { cause });
  }
};

const isRecording = (value: unknown): value is { readonly id: string } =>
  typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string';

/** The JSON files of one kind by name, without ending; none if there is no such folder. */
function filesOf(folder: string, kind: RecordingKind): string[] {
  if (!readdirSync(folder).includes(kind)) return [];
  return readdirSync(join(folder, kind))
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .toSorted();
}

/**
 * The recordings of one kind, by file. A file holds a list of them, or is one.
 * @throws UnreadableCorpus if the folder is missing, or a file holds something else
 */
export function readRecordings<Recording extends { readonly id: string }>(
  folder: string,
  kind: RecordingKind,
): Map<string, Recording[]> {
  let files: string[];
  try {
    files = filesOf(folder, kind);
  } catch (cause) {
    throw new UnreadableCorpus(`The folder ${folder} can't be read: ${String(cause)}`, { cause });
  }
  return new Map(
    files.map((name): [string, Recording[]] => {
      const path = join(folder, kind, `${name}.json`);
      const found = readJson(path);
      const list: unknown[] = Array.isArray(found) ? found : [found];
      const wrong = list.findIndex((one) => !isRecording(one));
      if (wrong >= 0) throw new UnreadableCorpus(`${path}: expected recordings with an id, entry ${wrong} has none`);
      return [name, list as Recording[]];
    }),
  );
}
