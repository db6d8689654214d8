/**
 * Runs recordings of a real PowerShell against this implementation: `npm run conformance -- <folder>` runs every case of `language`,
 * `clixml` and `psrp` below the folder. Prints one line for each miss and `<kind> N/M` for each kind. Ends with 0 where all are met, with 1
 * where one is missed, and with 2 where there is nothing to run.
 */
import { recordingKinds, UnreadableCorpus } from '../test/conformance/corpus.ts';
import { type Judging, readCorpus } from '../test/conformance/judge-corpus.ts';

/** Judges one kind; gives how many were missed. */
async function judge(kind: string, { count, verdicts }: Judging): Promise<number> {
  let missed = 0;
  if (count === 0) process.stderr.write(`There are no recordings of ${kind}.\n`);
  for await (const { id, differences } of verdicts()) {
    if (differences.length === 0) continue;
    missed++;
    process.stdout.write(`${kind} ${id}: ${differences.join('; ').replaceAll('\n', ' ')}\n`);
  }
  process.stdout.write(`${kind} ${count - missed}/${count}\n`);
  return missed;
}

const [folder, ...rest] = process.argv.slice(2);
try {
  if (folder === undefined || rest.length > 0)
    throw new UnreadableCorpus('Give one folder of recordings: npm run conformance -- <folder>');
  const corpus = readCorpus(folder);
  if (recordingKinds.every((kind) => corpus[kind].count === 0))
    throw new UnreadableCorpus(`${folder} holds no recordings: expected JSON files in ${recordingKinds.join(', ')}`);
  let missed = 0;
  for (const kind of recordingKinds) missed += await judge(kind, corpus[kind]);
  process.exitCode = missed > 0 ? 1 : 0;
} catch (error) {
  if (!(error instanceof UnreadableCorpus)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
