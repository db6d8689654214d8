import type { Readable } from 'node:stream';
import type { CallContext } from '../evaluator/host.ts';
import type { PipelineEnd, Runspace, Sink } from '../evaluator/pipeline.ts';
import type { ErrorRecord, Value } from '../evaluator/value.ts';
import type { Write } from './console-type.ts';
import { StatementReader } from './statement-reader.ts';

/** Where the text of a console goes. */
export type ConsoleText = { readonly out: Write; readonly error: Write };

/** The line of an error, as PowerShell's concise view begins: who failed, and why. */
const errorLine = (record: ErrorRecord): string => {
  const who = record.invocation?.commandName || record.exception.type.replace(/^.*\./u, '');
  return `${who}: ${record.details ?? record.exception.message}\n`;
};

/** Plain values as lines; objects by their text, since the lab has no formatting. */
const writeValue = (value: Value, context: CallContext, write: Write): void => {
  if (value === null || value === undefined) return;
  write(`${context.text(value)}\n`);
};

const toConsole = ({ out, error }: ConsoleText, context: CallContext): Sink => ({
  output: (value) => writeValue(value, context, out),
  error: (record) => error(errorLine(record)),
  warning: (text) => out(`WARNING: ${text}\n`),
  verbose: (text) => out(`VERBOSE: ${text}\n`),
  debug: (text) => out(`DEBUG: ${text}\n`),
  information: (record) => {
    if (record.tags.includes('PSHOST')) out(`${context.text(record.data)}\n`);
  },
  progress: () => undefined,
});

/** Runs one script with its streams as text. @returns the exit code that it asked for, if any */
export const runScript = async (
  runspace: Runspace,
  text: string,
  console: ConsoleText,
): Promise<{ readonly exitCode: number | undefined; readonly failed: boolean }> => {
  const running = runspace.run([{ text, isScript: true }], toConsole(console, runspace.context));
  const end: PipelineEnd = await running.done;
  if (end.kind === 'failed') console.error(errorLine(end.error));
  return {
    exitCode: end.kind === 'completed' ? end.exitCode : undefined,
    failed: end.kind === 'failed' || (end.kind === 'completed' && end.hadErrors),
  };
};

/** Runs what comes on standard input, one script after another, until its end or `exit`. @returns the exit code */
export const runStatements = async (runspace: Runspace, input: Readable, console: ConsoleText): Promise<number> => {
  const reader = new StatementReader();
  const run = async (script: string) => (await runScript(runspace, script, console)).exitCode;
  input.setEncoding('utf8');
  for await (const text of input as AsyncIterable<string>) {
    for (const script of reader.push(text)) {
      const exitCode = await run(script);
      if (exitCode !== undefined) return exitCode;
    }
  }
  const last = reader.end();
  return (last === '' ? undefined : await run(last)) ?? 0;
};
