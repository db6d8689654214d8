import { expectTypeOf, test } from 'vitest';
import type { Plan } from '../../../src/planning/plan.ts';
import type { PlanDocument } from './plan.generated.ts';

test('the type of a plan and its schema say the same', () => {
  expectTypeOf<PlanDocument>().toExtend<Plan>();
  expectTypeOf<Plan>().toExtend<PlanDocument>();
});
