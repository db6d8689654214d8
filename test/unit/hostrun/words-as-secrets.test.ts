import { describe, expect, it } from 'vitest';
import { foldJournal } from '../../../src/hostrun/decide.ts';
import { defaultLimits } from '../../../src/hostrun/limits.ts';
import { Redactor } from '../../../src/hostrun/redact.ts';
import { initialState } from '../../../src/hostrun/state.ts';
import { FakeWorld } from './fake-world.ts';
import { planFor } from './plan-for.ts';
import { tellStory } from './simulate.ts';

const set = (target: string, value = 'new') => ({ target, value });

describe('a secret that is also a word of the product (I6)', () => {
  const plan = planFor({ stages: [[{ id: 'mend' }, { id: 'goal-step' }]] });
  const steps = { mend: { changes: [set('one')] }, 'goal-step': { changes: [set('goal', 'fixed')] } };

  it.each(['claim', 'step', 'mend', 'task', 'data', 'facts'])('`%s` breaks no record', async (word) => {
    const world = new FakeWorld({ [`${word}s`]: 'old' }, steps);
    const { result, events } = await tellStory({ plan, world, secret: () => word });
    expect(result).toMatchObject({ kind: 'ended', end: { end: 'repaired' } });
    expect(foldJournal(initialState(plan, 'pc1', defaultLimits), events).state.phase).toBe('ended');
  });

  it('in the name of a touched fact does not spoil the proof of a rollback', async () => {
    const world = new FakeWorld(
      { 'pass-word': 'old', one: 'old' },
      { ...steps, mend: { changes: [set('one')], failAfter: 1 } },
    );
    const { result } = await tellStory({ plan, world, secret: () => 'pass-word' });
    expect(result).toMatchObject({ kind: 'ended', end: { end: 'rolled-back', host: 'as-before' } });
  });

  it('is still masked in all that a host or a script gave', () => {
    const redactor = new Redactor();
    redactor.note('mend');
    const fault = { code: 'script-error', message: 'no mend', fqid: '', hresult: null, script: '', line: null };
    expect(
      redactor.event({
        kind: 'stepFailed',
        data: { step: 'mend', during: 'apply', fault, changes: [{ target: 'mend', before: { step: 'mend' } }] },
      }),
    ).toEqual({
      kind: 'stepFailed',
      data: {
        step: 'mend',
        during: 'apply',
        fault: { ...fault, message: 'no [secret]' },
        changes: [{ target: '[secret]', before: { step: '[secret]' } }],
      },
    });
  });
});
