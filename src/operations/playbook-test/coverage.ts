import { readDocument } from '../../input/document/read-document.ts';
import type { DocumentPath } from '../../input/document/source-document.ts';
import type { PlaybookStep } from '../../input/playbook/playbook.ts';
import type { LoadedPlaybook } from '../../input/playbook/read-playbook.ts';
import type { JournalEvent } from '../../journal/event.ts';
import type { CoverageItem, PlaybookCoverage, ReportPlace } from '../../report/test-report.ts';
import type { TestRun } from './run-on-machine.ts';

/** Notes what the runs of a playbook's tests reach. */
export type CoverageCount = {
  note(run: TestRun): void;
  /** What was reached and what was not, in the order of the playbook. */
  read(): PlaybookCoverage;
};

/** Begins to count what of a playbook is reached: steps that were begun, changes of steps that were undone, both ways of each `when`. `file` is how it is named. */
export function countCoverage({ playbook, actions }: LoadedPlaybook, file: string): CoverageCount {
  const reached = new Set<string>();
  const placeOf = placesIn(playbook.text, file);
  const placed = playbook.stages.flatMap((stage, index) =>
    stage.steps.map((step, at) => ({ step, path: ['stages', index, 'steps', at] as const })),
  );
  return {
    note: ({ events }) => {
      for (const event of events) {
        if (event.kind === 'stepBegun') reached.add(stepKey(event.data.step));
        if (event.kind === 'stepSkipped' && event.data.because === 'condition')
          reached.add(branchKey(event.data.step, false));
        if (event.kind === 'stepDetected') reached.add(branchKey(event.data.step, true));
        if (event.kind === 'changesUndone') for (const step of stepsUndone(event, events)) reached.add(undoKey(step));
      }
    },
    read: () => ({
      playbook: playbook.id,
      items: placed.flatMap(({ step, path }) => {
        const isIrreversible = actions.get(step.uses)?.irreversible != null;
        return itemsOf(step, isIrreversible, (below) => placeOf([...path, ...below]), reached);
      }),
    }),
  };
}

const stepKey = (id: string): string => id;
const undoKey = (id: string): string => `undo of ${id}`;
const branchKey = (id: string, way: boolean): string => `when of ${id}: ${way}`;

/** The steps of which an undo put something back: what no step is known to have made was made by the one that failed. */
function stepsUndone(
  { data, seq }: Extract<JournalEvent, { kind: 'changesUndone' }>,
  events: readonly JournalEvent[],
): readonly string[] {
  const put = new Set(data.changes.filter(({ ok }) => ok).map((change) => change.seq));
  const steps: string[] = [];
  for (const made of events) {
    if (made.kind !== 'stepApplied' && made.kind !== 'stepFailed') continue;
    const own = made.data.changes.filter((change) => put.delete(change.seq));
    if (own.length > 0) steps.push(made.data.step);
  }
  const last = events.findLast((event) => event.kind === 'stepBegun' && event.seq < seq);
  return put.size > 0 && last?.kind === 'stepBegun' ? [...steps, last.data.step] : steps;
}

function itemsOf(
  step: PlaybookStep,
  isIrreversible: boolean,
  place: (below: DocumentPath) => ReportPlace,
  reached: ReadonlySet<string>,
): CoverageItem[] {
  const item = (part: CoverageItem['part'], name: string, below: DocumentPath): CoverageItem => ({
    part,
    name,
    place: place(below),
    reached: reached.has(name),
  });
  return [
    item('step', stepKey(step.id), []),
    ...(isIrreversible ? [] : [item('undo', undoKey(step.id), [])]),
    ...(step.when === null
      ? []
      : [item('branch', branchKey(step.id, true), ['when']), item('branch', branchKey(step.id, false), ['when'])]),
  ];
}

function placesIn(text: string, file: string): (path: DocumentPath) => ReportPlace {
  const read = readDocument(text, file);
  if (!read.ok) return () => ({ file, line: null, column: null });
  return (path) => {
    const { line, column } = read.value.fault(path, { message: '' });
    return { file, line, column };
  };
}
