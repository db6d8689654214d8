import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openActionLibrary } from '../../../../src/input/action/action-library.ts';
import { readPlaybookTest } from '../../../../src/input/playbook-test/read-playbook-test.ts';
import type { JournalEvent } from '../../../../src/journal/event.ts';
import { countCoverage } from '../../../../src/operations/playbook-test/coverage.ts';
import { runOf } from './test-run.ts';

const root = join(import.meta.dirname, '../../../..');
const places = {
  projectDir: join(root, 'test/fixtures/playbook-test'),
  shippedDir: join(root, 'playbooks'),
  tryHost: () => [],
};
const file = join(places.projectDir, 'playbooks/demo/leave-behind.test.yaml');
const read = readPlaybookTest(file, places, openActionLibrary(places));
if (!read.ok) throw new Error('the playbook of the test cannot be read');
const { loaded } = read.value;

/** What is reached when a run writes these events: kind and data. */
const reachedBy = (...events: readonly (readonly [kind: string, data: object])[]): readonly string[] => {
  const coverage = countCoverage(loaded, 'x.yaml');
  coverage.note(runOf({ events: events.map(([kind, data], seq) => ({ kind, seq, data }) as unknown as JournalEvent) }));
  return coverage.read().items.flatMap(({ name, reached }) => (reached ? [name] : []));
};

const begun = (step: string) => ['stepBegun', { step }] as const;
const applied = (step: string, ...seqs: number[]) =>
  ['stepApplied', { step, changes: seqs.map((seq) => ({ seq, change: 'value', target: 'x', before: null })) }] as const;
const undone = (...changes: readonly (readonly [seq: number, ok: boolean])[]) =>
  ['changesUndone', { changes: changes.map(([seq, ok]) => ({ seq, ok })) }] as const;

describe('what a run reaches of a playbook', () => {
  test('a step is reached when it is begun, not when it is only looked at', () => {
    expect(reachedBy(['stepDetected', { step: 'mark' }])).toEqual([]);
    expect(reachedBy(['stepDetected', { step: 'mark' }], begun('mark'))).toEqual(['mark']);
  });

  test('a condition has two ways, and each must be gone', () => {
    expect(reachedBy(['stepSkipped', { step: 'never', because: 'condition' }])).toEqual(['when of never: false']);
    expect(reachedBy(['stepSkipped', { step: 'never', because: 'not-needed' }])).toEqual([]);
    expect(reachedBy(['stepDetected', { step: 'never' }])).toEqual(['when of never: true']);
  });

  test('the undo of a step is reached where one of its own changes was put back', () => {
    const steps = [begun('leaveBehind'), applied('leaveBehind', 1, 2), begun('mark'), applied('mark', 3)];
    expect(reachedBy(...steps, undone([3, true]))).toEqual(['leaveBehind', 'mark', 'undo of mark']);
    expect(reachedBy(...steps, undone([1, true]))).toEqual(['leaveBehind', 'undo of leaveBehind', 'mark']);
    expect(reachedBy(...steps, undone([3, false], [1, false]))).toEqual(['leaveBehind', 'mark']);
  });

  test('what no step is known to have made is the one’s that was at work', () => {
    const steps = [begun('leaveBehind'), applied('leaveBehind', 1), begun('mark')];
    expect(reachedBy(...steps, undone([2, true]))).toEqual(['leaveBehind', 'mark', 'undo of mark']);
  });
});
