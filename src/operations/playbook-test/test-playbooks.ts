import type { ActionScripts } from '../../input/action/action.ts';
import { openActionLibrary } from '../../input/action/action-library.ts';
import { type InputFault, valueOr } from '../../input/document/fault.ts';
import { badInput } from '../../input/document/report-faults.ts';
import { shownPath } from '../../input/document/shown-path.ts';
import type { DocumentPath } from '../../input/document/source-document.ts';
import type { Inventory } from '../../input/inventory/inventory.ts';
import type { Case, Host } from '../../input/playbook-test/playbook-test.generated.ts';
import {
  type PlaybookTest,
  readPlaybookTest,
  type TestFilePlaces,
} from '../../input/playbook-test/read-playbook-test.ts';
import { noBudgets, type PlannedRun, planRun } from '../../planning/plan-run.ts';
import {
  type CaseResult,
  lostRunName,
  type PlaybookCoverage,
  type ReportPlace,
  type TestFileResult,
  type TestReport,
  type UnmetExpectation,
} from '../../report/test-report.ts';
import { checkScripts, functionNames } from '../check-scripts.ts';
import { type CoverageCount, countCoverage } from './coverage.ts';
import { failEverywhere, noInterference } from './fail-everywhere.ts';
import { findTests } from './find-tests.ts';
import { judgeRun } from './judge-run.ts';
import type { Interference, TestHosts, TestRun } from './run-on-machine.ts';

/** What happens while tests run, for whoever shows it. */
export type TestProgress =
  | { readonly kind: 'file'; readonly file: string }
  /** Of a case on a host that takes several runs, so many are done. */
  | { readonly kind: 'run'; readonly name: string; readonly host: string; readonly done: number; readonly of: number }
  | { readonly kind: 'case'; readonly result: CaseResult };

/** Where tests are looked for and what they run on. */
export type TestPlaces = TestFilePlaces & {
  /** The host kit's text. */
  readonly kit: string;
  readonly hosts: TestHosts;
  readonly onProgress: (progress: TestProgress) => void;
};

type Given = TestPlaces & { readonly coverage: CoverageCount };

/** A case on one of its hosts, and the plan of its runs. */
type PlannedCase = {
  readonly each: Case;
  /** Index of the case in its file. */
  readonly index: number;
  readonly host: string;
  readonly spec: Host;
  readonly planned: PlannedRun;
};

type StartedCase = { readonly result: Promise<CaseResult>; readonly state: { isShown: boolean } };

/**
 * Runs the cases of test files on simulated hosts.
 * @param names files, folders or playbooks; all tests of the project where none is given
 * @throws Failure `bad-input` with every fault of every file, before anything is run
 */
export async function testPlaybooks(names: readonly string[], places: TestPlaces): Promise<TestReport> {
  const faults: InputFault[] = [];
  const library = openActionLibrary(places);
  const scripts = new Map<string, ActionScripts>();
  const tests = (valueOr(findTests(names, places), faults) ?? []).flatMap((file) => {
    const read = readPlaybookTest(file, places, library);
    for (const each of read.ok ? read.value.loaded.actions.values() : read.scripts) scripts.set(each.folder, each);
    const test = valueOr(read, faults);
    return test === null ? [] : [test];
  });
  const functions = functionNames(places.kit);
  faults.push(...[...scripts.values()].flatMap((each) => checkScripts(each, functions)));
  if (faults.length > 0) throw badInput(faults, places.projectDir);
  const planned = tests.map((test) => planCases(test, places.kit, faults));
  if (faults.length > 0) throw badInput(faults, places.projectDir);
  const startedMs = performance.now();
  const counts = new Map<string, CoverageCount>();
  const started = tests.map((test, at) => {
    const { playbook } = test.loaded;
    const coverage =
      counts.get(playbook.file) ?? countCoverage(test.loaded, shownPath(playbook.file, places.projectDir));
    counts.set(playbook.file, coverage);
    const given = { ...places, coverage };
    return {
      file: shownPath(test.file, places.projectDir),
      playbook: playbook.id,
      given,
      cases: startCases(test, planned[at] ?? [], given),
    };
  });
  const files: TestFileResult[] = [];
  for (const { file, playbook, given, cases } of started) {
    places.onProgress({ kind: 'file', file });
    files.push({ file, playbook, cases: await tellCases(cases, given) });
  }
  const cases = files.flatMap((file) => file.cases);
  const passed = cases.filter(({ unmet }) => unmet.length === 0).length;
  return {
    kintsugi: 'test-report/v1',
    files,
    coverage: [...counts.values()].map((each): PlaybookCoverage => each.read()),
    passed,
    failed: cases.length - passed,
    runs: cases.reduce((sum, { runs }) => sum + runs, 0),
    durationMs: Math.round(performance.now() - startedMs),
  };
}

/** The cases run at once, as far as there are hosts for them, and are told in their order. */
async function tellCases(started: readonly StartedCase[], given: Given): Promise<readonly CaseResult[]> {
  const cases: CaseResult[] = [];
  for (const { result, state } of started) {
    state.isShown = true;
    cases.push(await result);
    given.onProgress({ kind: 'case', result: await result });
  }
  return cases;
}

function startCases(test: PlaybookTest, cases: readonly PlannedCase[], given: Given): readonly StartedCase[] {
  return cases.map((each) => {
    const state = { isShown: false };
    const onProgress = (progress: TestProgress): void => {
      if (state.isShown) given.onProgress(progress);
    };
    return { result: testCase(test, each, { ...given, onProgress }), state };
  });
}

async function testCase(
  test: PlaybookTest,
  { each, index, host, spec, planned }: PlannedCase,
  given: Given,
): Promise<CaseResult> {
  const { name, failAt, expect = {} } = each;
  const file = shownPath(test.file, given.projectDir);
  const place = (path: DocumentPath) => ({ ...test.placeOf(['cases', index, ...path]), file });
  const runs: TestRun[] = [];
  const doRun = async (interference: Interference): Promise<TestRun> => {
    const run = await given.hosts.run({ spec, planned, interference });
    runs.push(run);
    given.coverage.note(run);
    return run;
  };
  const onRun = (done: number, of: number): void => given.onProgress({ kind: 'run', name, host, done, of });
  const judged =
    failAt === undefined
      ? doRun(noInterference).then((run) => judgeRun(run, expect, place))
      : failEverywhere({ failAt, expect, place, doRun, onRun });
  const unmet = await judged.catch((error: unknown) => [lostRun(error, place(['name']))]);
  const durationMs = runs.reduce((sum, run) => sum + run.durationMs, 0);
  return { name, host, place: place(['name']), runs: runs.length, durationMs, unmet };
}

/** A run that the program could not do is the result of its case: the other cases have their own. */
function lostRun(error: unknown, place: ReportPlace): UnmetExpectation {
  const [got = '', ...notes] = (error instanceof Error ? error.message : String(error)).split('\n');
  return { what: lostRunName, place, expected: ['a run that comes to an end'], got: [got], notes };
}

/** The plans of a test's cases, host by host. Values that do not fit the playbook's actions are added to the faults. */
function planCases({ loaded, file, cases }: PlaybookTest, kit: string, faults: InputFault[]): readonly PlannedCase[] {
  const { playbook, actions } = loaded;
  const rest = { batch: null, until: null, budgets: noBudgets };
  return cases.flatMap((each, index) =>
    Object.entries(each.hosts).flatMap(([host, spec]) => {
      const inventory = { ...emptyInventory, file, hosts: new Map([[host, {}]]) };
      const { parameters = {}, waive = [] } = each;
      const waivers = waive.map((step) => ({ step, reason: `the test ${each.name}` }));
      const planned = valueOr(
        planRun({ playbook, actions, kit, inventory, hosts: [host], parameters, waivers, ...rest }),
        faults,
      );
      return planned === null ? [] : [{ each, index, host, spec, planned }];
    }),
  );
}

const emptyInventory: Omit<Inventory, 'file' | 'hosts'> = {
  groups: new Map(),
  credentials: new Map(),
  defaults: {},
  groupsOf: new Map(),
};
