import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { readTape, type Tape } from '../../../src/remote/protocol/tape/tape.ts';

/** Endings of files that hold a recorded conversation. */
export const recordingEndings = ['.yml', '.yaml', '.tape.json'] as const;

/** Reads a recording: a YAML document, or a tape as `kintsugi record` writes it. @throws Failure `bad-input` */
export async function readRecording(path: string): Promise<Tape> {
  const text = await readFile(path, 'utf8');
  return readTape(path.endsWith('.json') ? JSON.parse(text) : parse(text));
}
