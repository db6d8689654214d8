import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { Failure } from '../kernel/failure.ts';
import type { JournalEvent } from './event.ts';
import { headAfter, verifyChain } from './hash-chain.ts';
import type { JournalStore } from './journal-store.ts';

/**
 * Path of a chain's archive file; `*` becomes `run`, and letters that a file name cannot hold are escaped. Names of runs come out of the
 * store, which others may write to: none leads out of the folder.
 */
export function archivePath(folder: string, run: string, host: string): string {
  return join(folder, fileName(run), host === '*' ? 'run.jsonl' : `host-${fileName(host)}.jsonl`);
}

const fileName = (name: string): string =>
  encodeURIComponent(name)
    .replaceAll('*', '%2A')
    .replace(/^\.+$/, (dots) => '%2E'.repeat(dots.length));

/**
 * A journal whose ended runs may lie in files: what has been archived is read from there, followed by what the store still holds.
 */
export function archivedJournal(store: JournalStore, folder: string): JournalStore {
  return {
    ...store,
    async read(run, host) {
      const archived = await readArchive(folder, run, host);
      const stored = await store.read(run, host);
      return [...archived, ...stored.filter(({ seq }) => seq >= archived.length)];
    },
  };
}

/**
 * Writes every chain of an ended run into its file (JSON lines, synced to the disk, checked) and only then trims the store.
 * @throws Failure `journal-broken` where a chain does not hold; nothing is trimmed then
 */
export async function archiveRun(store: JournalStore, folder: string, run: string): Promise<void> {
  const journal = archivedJournal(store, folder);
  for (const host of await store.chains(run)) {
    const events = await journal.read(run, host);
    const fault = verifyChain(events, { run, host });
    if (fault !== null)
      throw new Failure(
        'journal-broken',
        `The journal of ${run}/${host} is broken at event ${fault.seq}: ${fault.reason}.`,
      );
    await writeWhole(archivePath(folder, run, host), events);
    const last = events.at(-1);
    // An event that came between reading and now stays in the store, with all others; the next archiving takes it.
    if (last !== undefined) await store.trim(run, host, headAfter(last));
  }
}

async function readArchive(folder: string, run: string, host: string): Promise<readonly JournalEvent[]> {
  try {
    const text = await readFile(archivePath(folder, run, host), 'utf8');
    return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as JournalEvent]));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

async function writeWhole(path: string, events: readonly JournalEvent[]): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
  // Several workers may archive the same run: each writes a draft of its own.
  const draft = `${path}.${randomBytes(6).toString('hex')}.new`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(events.map((event) => `${canonicalJson(event)}\n`).join(''));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}
