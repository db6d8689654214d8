import type { Case, Expectation } from '../../input/playbook-test/playbook-test.generated.ts';
import type { UnmetExpectation } from '../../report/test-report.ts';
import { differenceLines } from './difference-text.ts';
import { faultsOf, judgeProtection, judgeRun, type PlaceInCase, stayingText } from './judge-run.ts';
import type { Interference, RunChange, TestRun } from './run-on-machine.ts';
import { compareWithReport } from './what-stays.ts';

/** How a case is made to fail, and what is expected of each of its runs. */
export type FailingCase = {
  readonly failAt: NonNullable<Case['failAt']>;
  readonly expect: Expectation;
  readonly place: PlaceInCase;
  readonly doRun: (interference: Interference) => Promise<TestRun>;
  /** Told after each run how many of how many are done. */
  readonly onRun: (done: number, of: number) => void;
};

type FailurePoint = { readonly change: RunChange; readonly interference: Interference };

/** A run as it is. */
export const noInterference: Interference = { failAt: null, cutAt: null };

/**
 * Does a run once as it is, to count the single changes that its scripts make, and then once for each of them with a failure right after it:
 * the script that made it fails, or (in the undo) its session ends. Each must put everything back (I3).
 */
export async function failEverywhere(given: FailingCase): Promise<readonly UnmetExpectation[]> {
  const { failAt, place, doRun } = given;
  const whole = await doRun(noInterference);
  const work = whole.changes.filter(({ during }) => during === 'work');
  const unfit = (expected: string, got: string, run: TestRun): readonly UnmetExpectation[] => [
    {
      what: 'failAt',
      place: place(['failAt']),
      expected: [expected],
      got: [got],
      notes: [endOf(run), ...faultsOf(run, endOf(run))],
    },
  ];
  const ended = endedBadly(whole);
  if (ended !== null) return unfit('a run that fails only where it is made to', ended, whole);
  const [late] = whole.pending;
  if (late !== undefined) return unfit(late, 'it did not come before the run had ended', whole);
  if (work.length === 0) return unfit('a run that changes something', 'no change', whole);
  const unprotected = judgeProtection(whole, place(['failAt']));
  if (unprotected.length > 0) return unprotected;
  if (failAt === 'every-change') {
    const points = work.map((change, index) => ({ change, interference: { failAt: index + 1, cutAt: null } }));
    return await failAtEach(points, given);
  }
  const atLast = { failAt: work.length, cutAt: null };
  const failed = await doRun(atLast);
  const undo = failed.changes.filter(({ during }) => during === 'undo');
  if (undo.length === 0)
    return unfit('a failure after the last change that puts changes back', 'none put back', failed);
  const points = undo.map((change, index) => ({ change, interference: { ...atLast, cutAt: index + 1 } }));
  return await failAtEach(points, given);
}

/** Ends of a run that could be put to the test: it came to what it was to do, or gave it up by itself in good order. */
const goodEnds: readonly string[] = ['repaired', 'unchanged', 'not-cured', 'rolled-back', 'partly-rolled-back'];

/** Why a run is no good to be failed everywhere, or null. */
function endedBadly({ report: { end }, stuck }: TestRun): string | null {
  if (end === null || stuck !== null) return 'one that does not end';
  if (end.cause === 'failure') return 'one that fails by itself';
  return goodEnds.includes(end.end) ? null : `one that ends ${end.end}`;
}

const endOf = ({ report: { end }, stuck }: TestRun): string =>
  `It ended ${end?.end ?? 'nowhere'}: ${stuck ?? end?.reason ?? ''}`;

async function failAtEach(
  points: readonly FailurePoint[],
  { expect, place, doRun, onRun }: FailingCase,
): Promise<readonly UnmetExpectation[]> {
  let done = 0;
  const runs = await Promise.all(
    points.map(async ({ interference }) => {
      const run = await doRun(interference);
      onRun(++done, points.length);
      return run;
    }),
  );
  return runs.flatMap((run, index) => {
    const point = points[index];
    if (point === undefined) return [];
    const where = `failAt ${index + 1} of ${points.length}: after ${changeText(point.change)}`;
    // A wrong end is told with the rollback already. A run that ends early may end before what disturbs it.
    const told = ['changed', 'disturbances', ...(isRolledBack(run) ? [] : ['end'])];
    const others = judgeRun(run, expect, place).filter(({ what }) => !told.includes(what));
    return [
      ...judgePoint(run, point, where, place(['failAt'])),
      ...judgeRollback(run, where, place(['failAt'])),
      ...others.map((each) => ({ ...each, what: `${where}: ${each.what}` })),
    ];
  });
}

const isRolledBack = ({ report: { end }, stuck }: TestRun): boolean =>
  stuck === null && (end?.end === 'rolled-back' || end?.end === 'partly-rolled-back');

const changeText = ({ kind, target }: RunChange): string => `${kind} ${target}`;

/** A run that was interfered with proves something only where the interference came, and came after the change that it was for. */
function judgePoint(
  run: TestRun,
  { change, interference: { failAt, cutAt } }: FailurePoint,
  what: string,
  place: UnmetExpectation['place'],
): UnmetExpectation[] {
  const made = run.changes.filter(({ during }) => during === change.during)[(cutAt ?? failAt ?? 0) - 1];
  if (made?.kind === change.kind && made.target === change.target) return [];
  const got = made === undefined ? 'a run that did not come so far' : changeText(made);
  return [{ what, place, expected: [changeText(change)], got: [got], notes: [endOf(run)] }];
}

/** A run that failed must have put everything back, but for exactly what its report lists as irreversible. */
function judgeRollback(run: TestRun, what: string, place: UnmetExpectation['place']): UnmetExpectation[] {
  const { end } = run.report;
  const told = (expected: readonly string[], got: readonly string[], notes: readonly string[] = []) => [
    { what, place, expected, got, notes: [...notes, ...faultsOf(run, notes.join('\n'))] },
  ];
  if (end === null || run.stuck !== null) return told(['rolled-back'], [run.stuck ?? 'no end']);
  if (!isRolledBack(run)) return told(['rolled-back'], [end.end], [`${end.cause}: ${end.reason}`]);
  const { unlisted, unchanged } = compareWithReport(run);
  if (unlisted.length + unchanged.length === 0) return [];
  const asBefore =
    end.end === 'rolled-back' ? 'the host as before' : 'the host as before, but for exactly what the report lists';
  return told([asBefore, ...unchanged.map(stayingText)], differenceLines(unlisted));
}
