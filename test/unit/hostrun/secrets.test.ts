import { describe, expect, it } from 'vitest';
import { scriptCall } from '../../../src/hostrun/effects/script-call.ts';
import { defaultLimits } from '../../../src/hostrun/limits.ts';
import { Redactor } from '../../../src/hostrun/redact.ts';
import { initialState } from '../../../src/hostrun/state.ts';
import { Secret } from '../../../src/kernel/secret.ts';
import type { Plan } from '../../../src/planning/plan.ts';
import { planFor } from './plan-for.ts';
import { portsForTests } from './ports-for-tests.ts';

function planWithSecret(): Plan {
  const plan = planFor({
    stages: [
      [
        {
          id: 'a',
          parameters: { key: { type: 'secret' }, retries: { type: 'integer', default: 3 }, name: { type: 'string' } },
        },
      ],
    ],
  });
  const [host] = plan.hosts;
  const [step] = plan.stages[0]?.steps ?? [];
  if (host === undefined || step === undefined) throw new Error('no host or step');
  return {
    ...plan,
    hosts: [{ ...host, parameters: { licence: { secret: 'env:LICENCE' }, who: 'ops' } }],
    stages: [{ title: { en: 'Stage' }, steps: [{ ...step, with: { key: '$licence', name: '$who' } }] }],
  };
}

describe('a script call', () => {
  it('holds bound values with defaults, and a secret only as something that shows itself nowhere (I6)', async () => {
    const plan = planWithSecret();
    const redactor = new Redactor();
    const state = initialState(plan, 'pc1', defaultLimits);
    const work = { ports: portsForTests(plan), redactor, state, events: [], session: null };
    const step = plan.stages[0]?.steps[0];
    if (step === undefined) throw new Error('no step');
    const call = await scriptCall(work, step, 'apply');
    expect(call.parameters['retries']).toBe(3);
    expect(call.parameters['name']).toBe('ops');
    const { key } = call.parameters;
    expect(key).toBeInstanceOf(Secret);
    expect(key instanceof Secret && key.reveal()).toBe('value of env:LICENCE');
    expect(JSON.stringify(call)).not.toContain('value of');
    expect(redactor.text('failed with value of env:LICENCE')).toBe('failed with [secret]');
  });
});
