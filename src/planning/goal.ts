import type { PlannedGoal } from './plan.ts';

/** What a check of the goal has answered. */
type Answer = { readonly ok: boolean; readonly reason: string };

/** Whether a goal holds by the answers of its checks, in their order: those that only warn do not count. `reason` says what is lacking. */
export function goalJudgement(goal: readonly PlannedGoal[], answers: readonly Answer[]): Answer {
  const [only] = answers;
  if (goal.length === 1 && only !== undefined)
    return { ok: only.ok || goal[0]?.ifFails === 'warn', reason: only.reason };
  const lacking = answers.filter(({ ok }, index) => !ok && goal[index]?.ifFails !== 'warn');
  return { ok: lacking.length === 0, reason: lacking.map(({ reason }) => reason).join('; ') };
}
