import { describe, expect, it } from 'vitest';
import { higherLevel, isEnough, protectionLevels } from '../../../src/kernel/protection-level.ts';
import { planRun } from '../../../src/planning/plan-run.ts';
import { levelNeeded, waivableSteps, waiverFault } from '../../../src/planning/protection.ts';
import { planDigest } from '../../../src/planning/signature.ts';
import { smallPlan, smallRequest } from './small-plan.ts';

const reason = 'CHG-7: full backup of last night';
const { plan, digest } = smallPlan();

describe('levels', () => {
  it('are enough for themselves and for what is less', () => {
    const pairs = protectionLevels.map((have) => protectionLevels.filter((wanted) => isEnough(have, wanted)).length);
    expect(pairs).toEqual([1, 2, 3, 4]);
    expect([higherLevel('L2', 'L4'), higherLevel('L3', 'L1')]).toEqual(['L4', 'L3']);
  });

  it('needed before a step are those of the playbook or, where that is higher, of its action', () => {
    const needed = ['setValue', 'signIn', 'nobody'].map((step) => levelNeeded(plan, step));
    expect(needed).toEqual(['L3', 'L4', 'L3']);
    expect(levelNeeded({ ...plan, protect: { ...plan.protect, level: 'L1' } }, 'setValue')).toBe('L3');
  });

  it('of plans that were made before actions had one are those of the playbook', () => {
    const actions = Object.fromEntries(
      Object.entries(plan.actions).map(([id, { protect: _, ...action }]) => [id, action]),
    );
    expect(levelNeeded({ ...plan, actions }, 'signIn')).toBe('L3');
    expect(waivableSteps({ ...plan, actions })).toEqual([]);
  });
});

describe('a waiver', () => {
  it('enters the plan and its digest, and lowers the level of its step to that of the playbook', () => {
    const waived = smallPlan({ waivers: [{ step: 'signIn', reason }] });
    expect(waived.plan.waivers).toEqual([{ step: 'signIn', reason }]);
    expect(waived.digest).not.toBe(digest);
    expect(waived.digest).not.toBe(smallPlan({ waivers: [{ step: 'signIn', reason: 'another' }] }).digest);
    expect(levelNeeded(waived.plan, 'signIn')).toBe('L3');
    expect(plan.waivers).toBeUndefined();
    expect(planDigest(waived.plan)).toBe(waived.digest);
  });

  it('is kept once where it was given twice', () => {
    const twice = smallPlan({ waivers: ['signIn', 'signIn'].map((step) => ({ step, reason })) });
    expect(twice.plan.waivers).toHaveLength(1);
  });

  it('of an unknown step, or of one that asks for nothing more, is a fault that lists the steps', () => {
    const planned = planRun(smallRequest({ waivers: ['sginIn', 'setValue'].map((step) => ({ step, reason })) }));
    expect(planned.ok ? [] : planned.faults).toMatchObject([
      { message: 'there is no step `sginIn`', expected: 'one of signIn', suggestion: 'did you mean `signIn`?' },
      {
        message: "`setValue` asks for no more than L3, the playbook's own level: there is nothing to waive",
        expected: 'one of signIn',
      },
    ]);
  });

  it('in a plan is checked again by whoever carries the plan out', () => {
    const fault = (...waivers: readonly { readonly step: string; readonly reason: string }[]) =>
      waiverFault({ ...plan, waivers });
    expect(fault()).toBeNull();
    expect(fault({ step: 'signIn', reason })).toBeNull();
    expect(fault({ step: 'setValue', reason })).toBe('there is nothing to waive at a step `setValue`');
    expect(fault({ step: 'signIn', reason }, { step: 'signIn', reason })).toBe('`signIn` is waived twice');
    expect(fault({ step: 'signIn', reason: ' ' })).toBe('the waiver of `signIn` gives no reason');
  });
});
