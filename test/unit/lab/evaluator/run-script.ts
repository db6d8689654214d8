import type {
  CallContext,
  Extension,
  HostHooks,
  InformationRecord,
  ProgressRecord,
} from '../../../../src/lab/evaluator/host.ts';
import type { PipelineEnd, Sink } from '../../../../src/lab/evaluator/pipeline.ts';
import { createRunspace } from '../../../../src/lab/evaluator/runspace.ts';
import type { ErrorRecord, Value } from '../../../../src/lab/evaluator/value.ts';

/** Everything a script gave. */
export type ScriptResult = {
  readonly output: Value[];
  readonly errors: ErrorRecord[];
  readonly warnings: string[];
  readonly verbose: string[];
  readonly debug: string[];
  readonly information: InformationRecord[];
  readonly progress: ProgressRecord[];
  readonly end: PipelineEnd;
  readonly context: CallContext;
};

/** A machine without anything: a fixed clock in UTC, an own environment. */
export const bareHooks = (): HostHooks & { readonly skippedMs: () => number } => {
  const environment = new Map<string, [string, string]>([['windir', ['windir', 'C:\\Windows']]]);
  let skipped = 0;
  return {
    pid: 4711,
    wallClockMs: () => Date.UTC(2026, 0, 15, 10, 30) + skipped,
    utcOffsetMinutes: () => 0,
    timeZoneId: 'UTC',
    monotonicMs: () => 1_000_000 + skipped,
    advance: (ms) => {
      skipped += ms;
      return undefined;
    },
    random: () => 0.5,
    environment: {
      get: (name) => environment.get(name.toLowerCase())?.[1],
      set: (name, value) => {
        if (value === undefined) environment.delete(name.toLowerCase());
        else environment.set(name.toLowerCase(), [name, value]);
      },
      entries: () => environment.values(),
    },
    homeLocation: 'C:\\Windows\\system32',
    culture: 'en-US',
    skippedMs: () => skipped,
  };
};

/** Runs scripts in one new runspace, one pipeline each, and gives what the last one gave. */
export const runScripts = async (
  scripts: readonly string[],
  extensions: readonly Extension[] = [],
  hooks: HostHooks = bareHooks(),
): Promise<ScriptResult> => {
  const runspace = createRunspace({ hooks, extensions });
  let result: ScriptResult | undefined;
  for (const text of scripts) {
    const lists = {
      output: [] as Value[],
      errors: [] as ErrorRecord[],
      warnings: [] as string[],
      verbose: [] as string[],
      debug: [] as string[],
      information: [] as InformationRecord[],
      progress: [] as ProgressRecord[],
    };
    const running = runspace.run([{ text, isScript: true }], {
      output: (value) => void lists.output.push(value),
      error: (record) => void lists.errors.push(record),
      warning: (warning) => void lists.warnings.push(warning),
      verbose: (line) => void lists.verbose.push(line),
      debug: (line) => void lists.debug.push(line),
      information: (record) => void lists.information.push(record),
      progress: (record) => void lists.progress.push(record),
    });
    const end = await running.done;
    result = { ...lists, end, context: runspace.context };
  }
  if (!result) throw new Error('no script was given');
  return result;
};

/** Runs one script in a new runspace. */
export const runScript = (text: string, extensions: readonly Extension[] = []): Promise<ScriptResult> =>
  runScripts([text], extensions);

/** A sink that keeps the output alone. */
export const collect = (): { readonly sink: Sink; readonly output: Value[] } => {
  const output: Value[] = [];
  const nothing = (): undefined => undefined;
  return {
    output,
    sink: {
      output: (value) => void output.push(value),
      error: nothing,
      warning: nothing,
      verbose: nothing,
      debug: nothing,
      information: nothing,
      progress: nothing,
    },
  };
};
