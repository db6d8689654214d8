import { expect, test } from 'vitest';
import { type ConditionScope, evaluateWhen } from '../../../src/planning/condition.ts';

const scope: ConditionScope = {
  facts: { os: { build: 19045 }, componentStore: { repaired: true } },
  host: { id: 'w1', rebootOwed: false },
  params: {},
  steps: { resetCache: { needed: true, changed: true, facts: {} } },
};

test.each([
  [null, true],
  ['facts.componentStore.repaired || facts.os.build < 22000', true],
  ['host.rebootOwed', false],
  ['steps.resetCache.changed', true],
])('%j holds: %j', (when, holds) => expect(evaluateWhen(when, scope)).toEqual({ kind: 'told', holds }));

test.each(['facts.disk.free > 1', 'steps.other.changed', 'not a condition'])(
  '%j cannot be told and nothing is thrown',
  (when) => {
    expect(evaluateWhen(when, scope)).toMatchObject({ kind: 'cannot-tell' });
  },
);
