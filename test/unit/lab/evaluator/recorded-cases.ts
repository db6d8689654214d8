import { readdirSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { ErrorRecord } from '../../../../src/lab/evaluator/value.ts';
import { encode } from './encode.ts';
import { runScript } from './run-script.ts';

type RecordedError = {
  readonly fqid: string;
  readonly category: string;
  readonly message: string;
  readonly type: string;
  readonly terminating?: boolean;
  readonly details?: string;
  readonly messageVaries?: boolean;
};

/** One recorded case. */
export type RecordedCase = {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  readonly script: string;
  readonly expect: {
    readonly output: unknown[];
    readonly errors: RecordedError[];
    readonly warnings: string[];
    readonly verbose: string[];
    readonly debug: string[];
    readonly information: { readonly message: string; readonly tags: string[] }[];
    readonly progress: unknown[];
    readonly terminated: boolean;
  };
};

const folder = new URL('../../../fixtures/corpus/language/', import.meta.url);

/** All recorded cases by group. */
export const recordedGroups = (): Map<string, RecordedCase[]> => {
  const groups = new Map<string, RecordedCase[]>();
  for (const file of readdirSync(folder).toSorted()) {
    groups.set(file.replace(/\.json$/, ''), JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as RecordedCase[]);
  }
  return groups;
};

const errorOf = (record: ErrorRecord, expected: RecordedError | undefined): Record<string, unknown> => ({
  fqid: record.id,
  category: record.category,
  ...(expected?.messageVaries ? {} : { message: record.exception.message, type: record.exception.type }),
});

const wanted = (error: RecordedError): Record<string, unknown> => ({
  fqid: error.fqid,
  category: error.category,
  ...(error.messageVaries ? {} : { message: error.message, type: error.type }),
});

/** Runs a case; the differences as text, empty when it gives what was recorded. */
export const differences = async ({ script, expect }: RecordedCase): Promise<string[]> => {
  const result = await runScript(script);
  const found: string[] = [];
  const compare = (what: string, actual: unknown, expected: unknown): void => {
    if (!isDeepStrictEqual(actual, expected))
      found.push(`${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
  };
  compare(
    'output',
    result.output.map((value) => encode(value, result.context)),
    expect.output,
  );
  const records = result.end.kind === 'failed' ? [...result.errors, result.end.error] : result.errors;
  compare(
    'errors',
    records.map((record, i) => errorOf(record, expect.errors[i])),
    expect.errors.map(wanted),
  );
  compare('warnings', result.warnings, expect.warnings);
  compare('verbose', result.verbose, expect.verbose);
  compare('debug', result.debug, expect.debug);
  compare(
    'information',
    result.information.map((record) => ({ message: result.context.text(record.data), tags: [...record.tags] })),
    expect.information,
  );
  compare(
    'progress',
    result.progress.map(({ activity, status, percent, type }) => ({ activity, status, percent, type })),
    expect.progress,
  );
  compare('terminated', result.end.kind === 'failed', expect.terminated);
  return found;
};
