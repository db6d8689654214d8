import { describe, expect, it } from 'vitest';
import { touchesOf } from '../../../src/hostrun/effects/protect.ts';
import { defaultLimits } from '../../../src/hostrun/limits.ts';
import { Redactor } from '../../../src/hostrun/redact.ts';
import { initialState } from '../../../src/hostrun/state.ts';
import { Failure } from '../../../src/kernel/failure.ts';
import { FakeWorld } from './fake-world.ts';
import { planFor } from './plan-for.ts';
import { portsForTests } from './ports-for-tests.ts';
import { tellStory } from './simulate.ts';

const set = (target: string, value = 'new') => ({ target, value });

it('What steps touch is named by the values that they are given on this host, for each use of an action.', () => {
  const made = planFor({
    stages: [[{ id: 'a', parameters: { name: { type: 'string' } }, touches: { services: ['$name', 'bits'] } }]],
  });
  const [step] = made.stages[0]?.steps ?? [];
  if (step === undefined) throw new Error('no step');
  const uses = [
    { ...step, with: { name: 'spooler' } },
    { ...step, id: 'b', with: { name: '$service' } },
  ];
  const plan = {
    ...made,
    stages: [{ title: { en: 'Stage' }, steps: uses }],
    hosts: [{ id: 'pc1', parameters: { service: 'wuauserv' } }],
  };
  const state = initialState(plan, 'pc1', defaultLimits);
  const work = { ports: portsForTests(plan), redactor: new Redactor(), state, events: [], session: null };
  expect(touchesOf(work)).toEqual([{ services: ['spooler', 'bits'] }, { services: ['wuauserv', 'bits'] }]);
});

describe('a host run taken up by a worker without the password', () => {
  const plan = planFor({ stages: [[{ id: 'a' }]] });
  const steps = { a: { changes: [set('one'), set('goal', 'fixed')] } };
  const lacks = (attempts: (attempt: number) => boolean) => (reference: string, attempt: number) => {
    if (attempts(attempt)) throw new Failure('secret-missing', `There is no secret behind ${reference}.`);
    return 'a long password';
  };

  it('goes on with the next worker that has it, once the host may hold changes', async () => {
    const { moments } = await tellStory({ plan, world: new FakeWorld({}, steps) });
    const at = moments.indexOf('after append stepBegun') + 1;
    const world = new FakeWorld({}, steps);
    const told = await tellStory({
      plan,
      world,
      mishaps: [{ at, kind: 'kill' }],
      secret: lacks((attempt) => attempt === 2),
      limits: { retryMs: 10_000 },
    });
    expect(told.result).toMatchObject({ kind: 'ended', end: { end: 'repaired' } });
    expect(world.changesMade).toBe(2);
  });

  it('is blocked at once while nothing has been touched', async () => {
    const { result } = await tellStory({ plan, world: new FakeWorld({}, steps), secret: lacks(() => true) });
    expect(result).toMatchObject({ kind: 'ended', end: { end: 'blocked', host: 'untouched' } });
  });
});
