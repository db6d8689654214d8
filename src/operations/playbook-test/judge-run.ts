import type { DocumentPath } from '../../input/document/source-document.ts';
import type { Expectation } from '../../input/playbook-test/playbook-test.generated.ts';
import type { TestPlace } from '../../input/playbook-test/read-playbook-test.ts';
import type { Fault } from '../../journal/event-data.ts';
import type { HostReport } from '../../report/run-report.ts';
import type { UnmetExpectation } from '../../report/test-report.ts';
import { differenceLines, shortened } from './difference-text.ts';
import { fitsSentence, lacking, unmatched } from './patterns.ts';
import type { RunChange, TestRun } from './run-on-machine.ts';
import { compareWithReport } from './what-stays.ts';

/** Tells the line and column of something below the case that is judged. */
export type PlaceInCase = (path: DocumentPath) => TestPlace;

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
    unmet.push(told('end', expect.end, end.end, [why, ...leftOut(run)]));
  if (expect.cause !== undefined && expect.cause !== end.cause)
    unmet.push(told('cause', expect.cause, end.cause, [why]));
  if (expect.reason !== undefined && !fitsSentence(end.reason, expect.reason))
    unmet.push(told('reason', expect.reason, end.reason));
  // Where the scripts failed is told once, at the last of what is wrong with the end.
  const last = unmet.pop();
  if (last !== undefined) unmet.push({ ...last, notes: [...last.notes, ...faultsOf(run, why)] });
  return [
    ...unmet,
    ...judgeSteps(run, expect, place),
    ...judgeChecks(run, expect, place),
    ...judgeFindings(run, expect, place),
    ...judgeChanged(run, expect, place),
    ...judgeUndone(run, expect, place),
    ...judgeDisturbances(run, place),
    ...judgeProtection(run, place([])),
    ...judgeLooks(run, place([])),
  ];
}

/**
 * Why scripts failed and where, for a reader who expected otherwise.
 * @param said what the reader is told besides: it is not said again
 */
export function faultsOf({ report, events }: TestRun, said = ''): readonly string[] {
  const looks = events.flatMap((event): readonly ScriptFailure[] => {
    if (event.kind === 'commandFailed')
      return [{ what: event.data.command, why: event.data.fault.message, fault: event.data.fault }];
    if (event.kind !== 'stepFailed' || event.data.during !== 'survey') return [];
    return [{ what: `survey of ${event.data.step}`, why: event.data.fault.message, fault: event.data.fault }];
  });
  const steps = report.stages.flatMap((stage) =>
    stage.steps.flatMap(({ id, state, reason, fault }): readonly ScriptFailure[] =>
      state === 'failed' ? [{ what: `step ${id}`, why: reason, fault }] : [],
    ),
  );
  return [...looks, ...steps].flatMap((failure) => failureLines(failure, said));
}

/** Steps that their conditions left out, and why: what a condition could not be told from is as good as false to a run. */
const leftOut = ({ events }: TestRun): readonly string[] =>
  events.flatMap((event) =>
    event.kind === 'stepSkipped' && event.data.because === 'condition'
      ? [`step ${event.data.step} was left out by its condition: ${event.data.reason}`]
      : [],
  );

type ScriptFailure = { readonly what: string; readonly why: string; readonly fault: Omit<Fault, 'code'> | null };

/** Fixed error id of what the lab does not simulate. */
const unsupported = 'LabUnsupported';

function failureLines({ what, why, fault }: ScriptFailure, said: string): readonly string[] {
  const place =
    fault === null || fault.script === '' ? '' : [fault.script, ...(fault.line === null ? [] : [fault.line])].join(':');
  const hint = '`kintsugi lab coverage` tells beforehand what of a script the lab does not run (docs/lab-windows.md).';
  const hints = fault?.fqid.startsWith(unsupported) === true ? [hint] : [];
  if (!said.includes(why)) return [`${what} failed: ${why}${place === '' ? '' : ` (${place})`}`, ...hints];
  return place === '' ? hints : [`${what} failed at ${place}`, ...hints];
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
    // A playbook may use a check twice: each use must come out so.
    const uses = report.checks.filter((each) => each.check === id);
    const check = uses.find(({ ok }) => ok !== (wanted === 'passed')) ?? uses[0];
    const got = check === undefined ? 'not reached' : check.ok ? 'passed' : 'failed';
    if (got === wanted) return [];
    const notes = check === undefined || check.reason === '' ? [] : [check.reason];
    return [{ what: `checks.${id}`, place: place(['expect', 'checks', id]), expected: [wanted], got: [got], notes }];
  });
}

function judgeFindings({ report }: TestRun, { findings = {} }: Expectation, place: PlaceInCase): UnmetExpectation[] {
  const steps = report.stages.flatMap((stage) => stage.steps);
  return Object.entries(findings).flatMap(([id, wanted]) => {
    const found = steps.find((each) => each.id === id)?.survey ?? goalFinding(report.goalBefore, id);
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

/** What the goal was found to be: as a whole (`goal`), with the facts of its only check; or one of its checks, by id or action. */
function goalFinding(goal: HostReport['goalBefore'], id: string) {
  if (goal === null || id !== 'goal') return goal?.checks.find((check) => check.id === id || check.uses === id);
  return { ok: goal.ok, reason: goal.reason, ...(goal.checks.length === 1 ? { facts: goal.checks[0]?.facts } : {}) };
}

/** Without a list of its own, a host that was left alone or rolled back must be as before, but for exactly what the report lists as staying. */
function judgeChanged(run: TestRun, { changed }: Expectation, place: PlaceInCase): UnmetExpectation[] {
  if (changed !== undefined) return judgeDifferences(run, changed, place(['expect', 'changed']));
  const { end = '', host = '' } = run.report.end ?? {};
  if (!untouchedEnds.includes(end) && host !== 'untouched') return [];
  const { unlisted, unchanged } = compareWithReport(run);
  if (unlisted.length + unchanged.length === 0) return [];
  return [
    {
      what: 'changed',
      place: place(['expect', 'end']),
      expected: unchanged.map(stayingText),
      got: differenceLines(unlisted),
      notes: [`A host that ends ${end} must be as it was before, but for exactly what its report lists.`],
    },
  ];
}

/** What a report lists as staying, for a reader who finds nothing of it. */
export const stayingText = (change: string): string => `${change} (the report lists it as staying)`;

function judgeDifferences(
  { differences }: TestRun,
  patterns: readonly string[],
  place: UnmetExpectation['place'],
): UnmetExpectation[] {
  const wrong = unmatched(
    differences.map(({ path }) => path),
    patterns,
  );
  if (wrong.texts.length + wrong.patterns.length === 0) return [];
  const got = differenceLines(differences.filter(({ path }) => wrong.texts.includes(path)));
  return [{ what: 'changed', place, expected: shortened(wrong.patterns), got, notes: [] }];
}

/** A test of what happens under a disturbance proves nothing where the disturbance does not come. */
function judgeDisturbances({ pending, report }: TestRun, place: PlaceInCase): UnmetExpectation[] {
  if (pending.length === 0) return [];
  const at = place(['hosts', report.host, 'disturbances']);
  return [
    {
      what: 'disturbances',
      place: at,
      expected: pending,
      got: ['they did not come before the run had ended'],
      notes: [],
    },
  ];
}

/** What protects the run is gone at its end, so the end state does not show that a script removed it. */
export function judgeProtection({ events, changes }: TestRun, place: UnmetExpectation['place']): UnmetExpectation[] {
  const made = events.flatMap((event) => (event.kind === 'protectionMade' ? [event.data.id.toLowerCase()] : []));
  return changes
    .filter(({ kind, target }) => kind === 'shadow.remove' && made.includes(target.toLowerCase()))
    .map(({ target }) => ({
      what: 'protection',
      place,
      expected: ['the shadow copy that protects the run'],
      got: [`a script removed it (${target})`],
      notes: [],
    }));
}

const none: RunChange = { kind: '', target: '', during: 'look', by: '' };

/** A change that nobody recorded, and that comes also where nothing is to be done: the survey of a plan makes it on every host. */
function judgeLooks({ changes }: TestRun, place: UnmetExpectation['place']): UnmetExpectation[] {
  const looks = changes.filter(({ during }) => during === 'look');
  // An image that is opened to look into it, and closed by the next change of the same script, is as it was.
  const isClosed = ({ kind, target, by }: RunChange | undefined = none, next: RunChange = none): boolean =>
    kind === 'image.mount' && next.kind === 'image.dismount' && next.target === target && next.by === by;
  const left = looks.filter((one, at) => !isClosed(one, looks[at + 1]) && !isClosed(looks[at - 1], one));
  const made = [...new Set(left.map(({ kind, target, by }) => `${kind} ${target} (${by})`))];
  if (made.length === 0) return [];
  const notes = ['A detect.ps1 or verify.ps1 (of a step, a check or the goal) has changed the host.'];
  return [{ what: 'looks', place, expected: ['scripts that only look change nothing'], got: shortened(made), notes }];
}

function judgeUndone({ report }: TestRun, { undone }: Expectation, place: PlaceInCase): UnmetExpectation[] {
  if (undone === undefined) return [];
  const changes = report.undo?.changes ?? [];
  const put = changes.filter(({ ok }) => ok).map(({ change, target }) => `${change} ${target}`);
  const stuck = changes
    .filter(({ ok }) => !ok)
    .map(({ change, target, reason }) => `${change} ${target} (not put back: ${reason})`);
  const wrong = unmatched(put, undone);
  const got = [...wrong.texts, ...stuck];
  if (got.length + wrong.patterns.length === 0) return [];
  const at = place(['expect', 'undone']);
  return [{ what: 'undone', place: at, expected: shortened(wrong.patterns), got: shortened(got), notes: [] }];
}

const shown = (value: unknown): string => (value === undefined ? 'absent' : JSON.stringify(value));
