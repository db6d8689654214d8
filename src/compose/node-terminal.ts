import { createInterface } from 'node:readline/promises';
import type { Terminal } from '../front/cli/terminal.ts';
import type { Language } from '../report/words/words.ts';

/** The streams and signals of a process. */
export type ProcessStreams = {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  onSignal(callback: () => void): Disposable;
};

/** The terminal of this process: live where standard output is a terminal, plain lines everywhere else. */
export function nodeTerminal(streams: ProcessStreams, language: Language): Terminal {
  const { stdin, stdout, stderr, environment } = streams;
  return {
    language,
    live: stdout.isTTY === true && environment['TERM'] !== 'dumb' && environment['CI'] === undefined,
    columns: stdout.columns ?? 80,
    print: (text) => void stdout.write(`${text}\n`),
    draw: (text) => void stdout.write(text),
    warn: (text) => void stderr.write(`${text}\n`),
    async confirm(question) {
      if (stdin.isTTY !== true) return null;
      const lines = createInterface({ input: stdin, output: stderr });
      try {
        const answer = await lines.question(`${question} [y/N] `);
        return /^\s*(y|yes|はい)\s*$/i.test(answer);
      } finally {
        lines.close();
      }
    },
    onInterrupt: (callback) => streams.onSignal(callback),
  };
}
