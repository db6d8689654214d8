import { oneLine } from './printable.ts';

/** Where something stands in a file that people wrote; line and column are 1-based, null where it stands nowhere. */
export type ReportPlace = { readonly file: string; readonly line: number | null; readonly column: number | null };

/** One expectation that was not met. */
export type UnmetExpectation = {
  /** Which: `end`, `steps.resetCache`, `changed`, … */
  readonly what: string;
  readonly place: ReportPlace;
  /** What was expected and what came, line by line; of lists only what differs. */
  readonly expected: readonly string[];
  readonly got: readonly string[];
  /** What else helps to understand it. */
  readonly notes: readonly string[];
};

/** What is unmet where a run could not be done: by a fault of the program, not of what is tested. */
export const lostRunName = 'run';

/** What a case came to on one host. */
export type CaseResult = {
  readonly name: string;
  readonly host: string;
  readonly place: ReportPlace;
  /** Number of runs that the case took: more than one where it is made to fail everywhere. */
  readonly runs: number;
  readonly durationMs: number;
  readonly unmet: readonly UnmetExpectation[];
};

/** A test file with all its cases. */
export type TestFileResult = {
  readonly file: string;
  readonly playbook: string;
  readonly cases: readonly CaseResult[];
};

/** A part of a playbook that a test can reach. */
export type CoverageItem = {
  readonly part: 'step' | 'undo' | 'branch';
  /** `resetCache`, `undo of resetCache`, `when of check: false`. */
  readonly name: string;
  readonly place: ReportPlace;
  readonly reached: boolean;
};

/** What the tests of a playbook reached. */
export type PlaybookCoverage = { readonly playbook: string; readonly items: readonly CoverageItem[] };

/** What `kintsugi test` found out. */
export type TestReport = {
  readonly kintsugi: 'test-report/v1';
  readonly files: readonly TestFileResult[];
  readonly coverage: readonly PlaybookCoverage[];
  readonly passed: number;
  readonly failed: number;
  readonly runs: number;
  readonly durationMs: number;
};

/** One line for an expectation that was not met: place, what, expected, got. */
export const unmetText = ({ what, place, expected, got, notes }: UnmetExpectation): string =>
  [
    `${place.file}${place.line === null ? '' : `:${place.line}:${place.column}`}: ${what}`,
    ...expected.map((line) => `  - ${oneLine(line).trimEnd()}`),
    ...got.map((line) => `  + ${oneLine(line).trimEnd()}`),
    ...notes.map((line) => `  ${oneLine(line).trimEnd()}`),
  ].join('\n');
