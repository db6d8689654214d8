import type { JournalEvent } from '../../../../src/journal/event.ts';
import type { StayingChange } from '../../../../src/journal/event-data.ts';
import type { RunChange, TestRun } from '../../../../src/operations/playbook-test/run-on-machine.ts';
import type { HostReport } from '../../../../src/report/run-report.ts';

/** What a run for a test of the judge came to. */
export type GivenRun = {
  readonly end?: { readonly end: string; readonly cause?: string };
  /** Paths that differ, as the machine names them. */
  readonly differs?: readonly string[];
  /** Those of them that are protected files of Windows. */
  readonly systemFiles?: readonly string[];
  /** Changes that the report lists as staying: change and target. */
  readonly staying?: readonly (readonly [change: string, target: string])[];
  /** Changes that were put back: change, target, and why not where it was not. */
  readonly putBack?: readonly (readonly [change: string, target: string, fault?: string])[];
  readonly checks?: readonly (readonly [check: string, ok: boolean])[];
  readonly changes?: readonly RunChange[];
  readonly pending?: readonly string[];
  readonly stuck?: string | null;
  readonly events?: readonly JournalEvent[];
};

/** A run with what a test says of it; the rest is as after a run that did nothing. */
export function runOf(given: GivenRun): TestRun {
  const { end: { end, cause = 'goal-reached' } = { end: 'repaired' }, stuck = null } = given;
  const staying = (given.staying ?? []).map(
    ([change, target], seq): StayingChange => ({ seq, change, target, reason: 'no way back' }),
  );
  const changes = (given.putBack ?? []).map(([change, target, fault], seq) => {
    return { seq, change, target, ok: fault === undefined, reason: fault ?? '' };
  });
  const report = {
    host: 'pc',
    end: { end, cause, reason: `because of ${cause}` },
    stages: [],
    checks: (given.checks ?? []).map(([check, ok]) => ({ check, ok, reason: '', facts: {}, ifFails: 'stop' })),
    undo: { cause: 'failure', reason: '', changes, staying, compared: null },
  } as unknown as HostReport;
  return {
    report,
    events: given.events ?? [],
    changes: given.changes ?? [],
    differences: (given.differs ?? []).map((path) => ({
      path,
      before: 'a',
      after: 'b',
      isSystemFile: (given.systemFiles ?? []).includes(path),
    })),
    pending: given.pending ?? [],
    stuck,
    goesOn: false,
    durationMs: 1,
  };
}

/** A place for tests that look at none. */
export const nowhere = () => ({ file: 'x.test.yaml', line: 1, column: 1 });
