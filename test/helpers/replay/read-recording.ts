import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { parseTape, readTape, type Tape } from '../../../src/remote/protocol/tape/tape.ts';

/** Endings of files that hold a recorded conversation. */
export const recordingEndings = ['.yml', '.yaml', '.jsonl'] as const;

/** Reads a recording: YAML with a list of messages, or a tape of JSON lines. @throws Failure `bad-input` */
export async function readRecording(path: string): Promise<Tape> {
  const text = await readFile(path, 'utf8');
  return path.endsWith('.jsonl') ? parseTape(text) : readTape(parse(text));
}
