// Replays the recorded conversations of a folder with our client: `npm run replay -- <folder>`.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readRecording, recordingEndings } from '../test/helpers/replay/read-recording.ts';
import { replayTape } from '../test/helpers/replay/replay-tape.ts';

const [folder] = process.argv.slice(2);

const findRecordings = async (path: string): Promise<string[]> => {
  const names = await readdir(path, { recursive: true });
  return names.filter((name) => recordingEndings.some((ending) => name.endsWith(ending))).toSorted();
};

const replay = async (path: string): Promise<string[]> => {
  try {
    return await replayTape(await readRecording(path));
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
};

const main = async (): Promise<number> => {
  const names = folder === undefined ? [] : await findRecordings(folder).catch(() => []);
  if (folder === undefined || names.length === 0) {
    process.stderr.write(
      `replay: expected a folder with recordings (${recordingEndings.join(', ')}), got ${folder ?? 'none'}\n`,
    );
    return 2;
  }
  let passed = 0;
  for (const name of names) {
    const [first, ...more] = await replay(join(folder, name));
    if (first === undefined) passed++;
    else process.stdout.write(`${name}: ${first}${more.length > 0 ? ` (and ${more.length} more)` : ''}\n`);
  }
  process.stdout.write(`replay ${passed}/${names.length}\n`);
  return passed === names.length ? 0 : 1;
};

process.exitCode = await main();
