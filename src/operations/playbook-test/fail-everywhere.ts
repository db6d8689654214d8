import type { Expectation } from '../../input/playbook-test/playbook-test.generated.ts';
import type { UnmetExpectation } from '../../report/test-report.ts';
import { differenceLines, faultsOf, isListed, judgeRun, type PlaceInCase, shortened } from './judge-run.ts';
import type { Interference, RunChange, TestRun } from './run-on-machine.ts';

/** Does one run with an interference, or as it is. */
export type DoRun = (interfere: Interference | undefined) => Promise<TestRun>;

/** What the runs of a case came to. */
export type CaseRuns = { readonly runs: readonly TestRun[]; readonly unmet: readonly UnmetExpectation[] };

/** How a case is made to fail. */
export type FailAt = 'every-change' | 'every-undo';

/**
 * Does a run once as it is, to count the single changes that its scripts make, and then once for each of them with a failure right after it:
 * of the call that made it, or (in the undo) by the end of its session. Each must put everything back (I3).
 */
export async function failEverywhere(
  doRun: DoRun,
  failAt: FailAt,
  expect: Expectation,
  place: PlaceInCase,
  onRun: (done: number, of: number) => void,
): Promise<CaseRuns> {
  const whole = await doRun(undefined);
  const work = whole.changes.filter(({ during }) => during === 'work');
  if (work.length === 0) {
    const notes = [`It ended ${whole.report.end?.end ?? 'nowhere'}: ${whole.report.end?.reason ?? whole.stuck ?? ''}`];
    const expected = ['a run that changes something'];
    return {
      runs: [whole],
      unmet: [{ what: 'failAt', place: place(['failAt']), expected, got: ['no change'], notes }],
    };
  }
  const atLast: Interference = ({ during }, nth) => (during === 'work' && nth >= work.length ? 'fail' : 'go-on');
  if (failAt === 'every-change') {
    const points = work.map((change, index) => ({ change, interfere: failingAt(index + 1) }));
    return await failAtEach([whole], points, doRun, { failAt, expect, place, onRun });
  }
  const failed = await doRun(atLast);
  const undo = failed.changes.filter(({ during }) => during === 'undo');
  const points = undo.map(
    (change, index) =>
      ({
        change,
        interfere: (each: RunChange, nth: number) =>
          each.during === 'work' ? atLast(each, nth) : nth === index + 1 ? 'cut' : 'go-on',
      }) satisfies FailurePoint,
  );
  return await failAtEach([whole, failed], points, doRun, { failAt, expect, place, onRun });
}

type FailurePoint = { readonly change: RunChange; readonly interfere: Interference };

const failingAt =
  (at: number): Interference =>
  ({ during }, nth) =>
    during === 'work' && nth === at ? 'fail' : 'go-on';

async function failAtEach(
  before: readonly TestRun[],
  points: readonly FailurePoint[],
  doRun: DoRun,
  given: {
    readonly failAt: FailAt;
    readonly expect: Expectation;
    readonly place: PlaceInCase;
    readonly onRun: (done: number, of: number) => void;
  },
): Promise<CaseRuns> {
  const runs = [...before];
  const unmet: UnmetExpectation[] = [];
  for (const [index, { change, interfere }] of points.entries()) {
    given.onRun(index + 1, points.length);
    const run = await doRun(interfere);
    runs.push(run);
    const where = `failAt ${index + 1} of ${points.length}: after ${change.kind} ${change.target}`;
    unmet.push(...judgeRollback(run, where, given.place(['failAt'])));
    const more = judgeRun(run, given.expect, given.place);
    unmet.push(
      ...more.filter(({ what }) => what !== 'changed').map((each) => ({ ...each, what: `${where}: ${each.what}` })),
    );
  }
  return { runs, unmet };
}

/** A run that failed must have put everything back, but for what its report lists as irreversible. */
function judgeRollback(run: TestRun, what: string, place: UnmetExpectation['place']): UnmetExpectation[] {
  const { end } = run.report;
  const told = (expected: string, got: readonly string[], notes: readonly string[] = []): UnmetExpectation[] => [
    { what, place, expected: [expected], got, notes: [...notes, ...faultsOf(run)] },
  ];
  if (end === null) return told('rolled-back', [run.stuck ?? 'no end']);
  if (end.end !== 'rolled-back' && end.end !== 'partly-rolled-back')
    return told('rolled-back', [end.end], [`${end.cause}: ${end.reason}`]);
  const rest = run.differences.filter((difference) => !isListed(difference, run));
  if (rest.length === 0) return [];
  const expected =
    end.end === 'rolled-back' ? 'the host as before' : 'the host as before, but for what the report lists';
  return told(expected, shortened(differenceLines(rest)));
}
