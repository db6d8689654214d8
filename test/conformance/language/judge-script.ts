import type { ErrorRecord } from '../../../src/lab/evaluator/value.ts';
import { runScript } from '../../unit/lab/evaluator/run-script.ts';
import type { Verdict } from '../corpus.ts';
import { Differences } from '../differences.ts';
import { encode } from './encode.ts';

type RecordedError = {
  readonly fqid: string;
  readonly category: string;
  readonly message: string;
  readonly type: string;
  readonly terminating?: boolean;
  readonly details?: string;
  readonly messageVaries?: boolean;
};

/** A script and what it gave. */
export type RecordedScript = {
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

/** Runs a script and judges what it gives. */
export async function judgeScript({ id, script, expect }: RecordedScript): Promise<Verdict> {
  const differences = new Differences();
  try {
    const result = await runScript(script);
    const output = result.output.map((value) => encode(value, result.context));
    differences.same('output', output, expect.output);
    const records = result.end.kind === 'failed' ? [...result.errors, result.end.error] : result.errors;
    differences.same(
      'errors',
      records.map((record, index) => errorOf(record, expect.errors[index])),
      expect.errors.map(wanted),
    );
    differences.same('warnings', result.warnings, expect.warnings);
    differences.same('verbose', result.verbose, expect.verbose);
    differences.same('debug', result.debug, expect.debug);
    differences.same(
      'information',
      result.information.map((record) => ({ message: result.context.text(record.data), tags: [...record.tags] })),
      expect.information,
    );
    differences.same(
      'progress',
      result.progress.map(({ activity, status, percent, type }) => ({ activity, status, percent, type })),
      expect.progress,
    );
    differences.same('terminated', result.end.kind === 'failed', expect.terminated);
  } catch (error) {
    differences.add(`the evaluator gave up: ${String(error)}`);
  }
  return { id, differences: differences.found };
}
