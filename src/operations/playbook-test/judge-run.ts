import type { DocumentPath } from '../../input/document/source-document.ts';
import type { Expectation } from '../../input/playbook-test/playbook-test.generated.ts';
import type { TestPlace } from '../../input/playbook-test/read-playbook-test.ts';
import type { UnmetExpectation } from '../../report/test-report.ts';
import { fitsSentence, lacking, unmatched } from './patterns.ts';
import type { TestRun } from './run-on-machine.ts';
import type { StateDifference } from './test-machine.ts';

/** Tells the line and column of something below the case that is judged. */
export type PlaceInCase = (path: DocumentPath) => TestPlace;

/** Most lines of a list that are shown. */
const mostLines = 20;

/** Ends after which a host has to be in every way as it was. */
const untouchedEnds: readonly string[] = ['unchanged', 'blocked', 'rolled-back', 'partly-rolled-back'];

/** What of a case's expectation a run did not meet; nothing where it met all of it. */
export function judgeRun(run: TestRun, expect: Expectation, place: PlaceInCase): readonly UnmetExpectation[] {
  const { end } = run.report;
  if (end === null || run.stuck !== null) {
    const notes = [`The last event was ${run.events.at(-1)?.kind ?? 'none'}.`];
    return [{ what: 'end', place: place([]), expected: ['an end'], got: [run.stuck ?? 'none'], notes }];
  }
  const why = `${end.cause}: ${end.reason}`;
  const told = (what: string, expected: string, got: string, notes: readonly string[] = []): UnmetExpectation => ({
    what,
    place: place(['expect', ...what.split('.')]),
    expected: [expected],
    got: [got],
    notes,
  });
  const unmet: UnmetExpectation[] = [];
  if (expect.end !== undefined && expect.end !== end.end)
    unmet.push(told('end', expect.end, end.end, [why, ...faultsOf(run)]));
  if (expect.cause !== undefined && expect.cause !== end.cause)
    unmet.push(told('cause', expect.cause, end.cause, [why]));
  if (expect.reason !== undefined && !fitsSentence(end.reason, expect.reason))
    unmet.push(told('reason', expect.reason, end.reason));
  return [
    ...unmet,
    ...judgeSteps(run, expect, place),
    ...judgeChecks(run, expect, place),
    ...judgeFindings(run, expect, place),
    ...judgeChanged(run, expect, place),
    ...judgeUndone(run, expect, place),
  ];
}

/** Why steps failed, for a reader who expected otherwise. */
export function faultsOf({ report }: TestRun): readonly string[] {
  return report.stages.flatMap(({ steps }) =>
    steps.flatMap(({ id, state, reason, fault }) => {
      if (state !== 'failed') return [];
      const at = fault === null || fault.script === '' ? '' : ` (${fault.script}:${fault.line ?? '?'})`;
      return [`step ${id} failed: ${reason}${at}`];
    }),
  );
}

function judgeSteps({ report }: TestRun, { steps = {} }: Expectation, place: PlaceInCase): UnmetExpectation[] {
  const all = report.stages.flatMap((stage) => stage.steps);
  return Object.entries(steps).flatMap(([id, wanted]) => {
    const step = all.find((each) => each.id === id);
    if (step?.state === wanted) return [];
    return [
      {
        what: `steps.${id}`,
        place: place(['expect', 'steps', id]),
        expected: [wanted],
        got: [step?.state ?? 'no such step'],
        notes: step === undefined || step.reason === '' ? [] : [step.reason],
      },
    ];
  });
}

function judgeChecks({ report }: TestRun, { checks = {} }: Expectation, place: PlaceInCase): UnmetExpectation[] {
  return Object.entries(checks).flatMap(([id, wanted]) => {
    const check = report.checks.find((each) => each.check === id);
    const got = check === undefined ? 'not reached' : check.ok ? 'passed' : 'failed';
    if (got === wanted) return [];
    const notes = check === undefined || check.reason === '' ? [] : [check.reason];
    return [{ what: `checks.${id}`, place: place(['expect', 'checks', id]), expected: [wanted], got: [got], notes }];
  });
}

function judgeFindings({ report }: TestRun, { findings = {} }: Expectation, place: PlaceInCase): UnmetExpectation[] {
  const steps = report.stages.flatMap((stage) => stage.steps);
  return Object.entries(findings).flatMap(([id, wanted]) => {
    const found = id === 'goal' ? report.goalBefore : steps.find((each) => each.id === id)?.survey;
    const at = place(['expect', 'findings', id]);
    const what = `findings.${id}`;
    if (found === undefined || found === null)
      return [{ what, place: at, expected: ['a finding'], got: ['the survey did not get so far'], notes: [] }];
    const wrong = lacking(wanted, found);
    return wrong.map((each) => ({
      what: `${what}.${each.path}`,
      place: at,
      expected: [shown(each.expected)],
      got: [shown(each.got)],
      notes: [],
    }));
  });
}

/** Without a list of its own, a host that was left alone or rolled back must be as before, but for what the report lists as staying. */
function judgeChanged(run: TestRun, expect: Expectation, place: PlaceInCase): UnmetExpectation[] {
  const end = run.report.end?.end ?? '';
  const differences =
    expect.changed === undefined ? run.differences.filter((each) => !isListed(each, run)) : run.differences;
  const patterns = expect.changed ?? (untouchedEnds.includes(end) ? [] : undefined);
  if (patterns === undefined) return [];
  const wrong = unmatched(
    differences.map(({ path }) => path),
    patterns,
  );
  if (wrong.texts.length + wrong.patterns.length === 0) return [];
  return [
    {
      what: 'changed',
      place: place(expect.changed === undefined ? ['expect', 'end'] : ['expect', 'changed']),
      expected: shortened(wrong.patterns),
      got: shortened(differenceLines(differences.filter(({ path }) => wrong.texts.includes(path)))),
      notes: expect.changed === undefined ? [`A host that ends ${end} must be as it was before.`] : [],
    },
  ];
}

function judgeUndone({ report }: TestRun, { undone }: Expectation, place: PlaceInCase): UnmetExpectation[] {
  if (undone === undefined) return [];
  const changes = (report.undo?.changes ?? [])
    .filter(({ ok }) => ok)
    .map(({ change, target }) => `${change} ${target}`);
  const wrong = unmatched(changes, undone);
  if (wrong.texts.length + wrong.patterns.length === 0) return [];
  return [
    {
      what: 'undone',
      place: place(['expect', 'undone']),
      expected: shortened(wrong.patterns),
      got: shortened(wrong.texts),
      notes: [],
    },
  ];
}

/** Longest value of a difference that is shown, in characters. */
const longestValue = 80;

/** Differences as lines: what was there before and what is now. What lies in a folder that is new or gone is not told again. */
export function differenceLines(differences: readonly StateDifference[]): readonly string[] {
  const whole = new Set(differences.flatMap((each) => (isWhole(each) ? [each.path] : [])));
  return differences.filter((each) => !isWhole(each) || !whole.has(parentOf(each.path))).map(differenceText);
}

const isWhole = ({ before, after }: StateDifference): boolean => before === undefined || after === undefined;

const parentOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('\\'), 0));

function differenceText({ path, before, after }: StateDifference): string {
  if (before === undefined || after === undefined) return `${path} (${before === undefined ? 'new' : 'gone'})`;
  const [was, is] = membersThatDiffer(before, after);
  return `${path} (was ${cut(was)}, is ${cut(is)})`;
}

const cut = (text: string): string => (text.length > longestValue ? `${text.slice(0, longestValue)}…` : text);

/** Of values with members only those that are not the same. */
function membersThatDiffer(before: string, after: string): readonly [string, string] {
  if (!before.startsWith('{') || !after.startsWith('{')) return [before, after];
  const was = JSON.parse(before) as Readonly<Record<string, unknown>>;
  const is = JSON.parse(after) as Readonly<Record<string, unknown>>;
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
    (name) => JSON.stringify(was[name]) !== JSON.stringify(is[name]),
  );
  const shownOf = (of: Readonly<Record<string, unknown>>): string =>
    names.map((name) => `${name} ${JSON.stringify(of[name]) ?? 'absent'}`).join(', ');
  return [shownOf(was), shownOf(is)];
}

/** Whether a report names what differs as something that could not be put back: the thing itself or a folder above it. */
export function isListed({ path }: StateDifference, { report }: TestRun): boolean {
  const name = path.toLowerCase();
  return (report.undo?.staying ?? []).some(({ target }) => name.includes(target.toLowerCase()));
}

/** A list of which the first lines are shown. */
export const shortened = (lines: readonly string[]): readonly string[] =>
  lines.length <= mostLines ? lines : [...lines.slice(0, mostLines), `… and ${lines.length - mostLines} more`];

const shown = (value: unknown): string => (value === undefined ? 'absent' : JSON.stringify(value));
