import { describe, expect, it } from 'vitest';
import type { RunEvent, RunEventBody } from '../../../src/journal/event.ts';
import type { HostEnd, HostEndName } from '../../../src/journal/event-data.ts';
import { emptyHead, headAfter, sealEvent } from '../../../src/journal/hash-chain.ts';
import { planNext } from '../../../src/queue/plan-next.ts';
import { planFor } from '../hostrun/plan-for.ts';

const hosts = ['a', 'b', 'c', 'd'];
const plan = planFor({ stages: [[{ id: 's' }]], hosts, batches: [['a', 'b'], ['c'], ['d']], budgets: { failed: 1 } });

const end = (name: HostEndName): HostEnd => ({
  end: name,
  host: 'untouched',
  rebootOwed: false,
  cause: 'preflight',
  reason: '',
  remedy: '',
});
const ends = (given: { readonly [host: string]: HostEndName }) =>
  new Map(Object.entries(given).map(([host, name]) => [host, end(name)]));
const chain = (...bodies: readonly RunEventBody[]): readonly RunEvent[] =>
  bodies.reduce<readonly RunEvent[]>((events, body) => {
    const last = events.at(-1);
    return [...events, sealEvent({ run: 'r', host: '*' }, last === undefined ? emptyHead : headAfter(last), 0, body)];
  }, []);
const started = (batch: number): RunEventBody => ({
  kind: 'batchStarted',
  data: { batch, hosts: plan.batches[batch] ?? [] },
});

describe('the next move of a run', () => {
  it('is the first batch, then waiting for it, then the next', () => {
    expect(planNext({ plan, events: [], ends: ends({}), cancelled: false })).toEqual({
      kind: 'startBatch',
      batch: 0,
      hosts: ['a', 'b'],
    });
    const events = chain(started(0));
    expect(planNext({ plan, events, ends: ends({ a: 'repaired' }), cancelled: false })).toEqual({
      kind: 'await',
      hosts: ['b'],
    });
    expect(planNext({ plan, events, ends: ends({ a: 'repaired', b: 'unchanged' }), cancelled: false })).toMatchObject({
      kind: 'startBatch',
      batch: 1,
    });
  });

  it('withholds later batches when more hosts have failed than the budget allows, even while others are under way', () => {
    const events = chain(started(0), started(1));
    const one = { plan, events, ends: ends({ a: 'needs-hands', b: 'repaired' }), cancelled: false };
    expect(planNext(one)).toEqual({ kind: 'await', hosts: ['c'] });
    const two = { ...one, ends: ends({ a: 'needs-hands', b: 'blocked' }) };
    expect(planNext(two)).toEqual({ kind: 'withhold', budget: 'failed', limit: 1, count: 2 });
    const withheld = chain(started(0), started(1), {
      kind: 'budgetExhausted',
      data: { budget: 'failed', limit: 1, count: 2 },
    });
    expect(planNext({ ...two, events: withheld })).toMatchObject({ kind: 'startBatch', batch: 2 });
  });

  it('starts all that is left at once after a cancel, so that every host gets its end', () => {
    expect(planNext({ plan, events: chain(started(0)), ends: ends({}), cancelled: true })).toMatchObject({
      kind: 'startBatch',
      batch: 1,
    });
  });

  it('ends the run once, and again after an order has opened its hosts anew', () => {
    const all = ends({ a: 'repaired', b: 'repaired', c: 'repaired', d: 'rolled-back' });
    const events = chain(started(0), started(1), started(2));
    const counts = { repaired: 3, 'rolled-back': 1 };
    expect(planNext({ plan, events, ends: all, cancelled: false })).toEqual({ kind: 'end', ends: counts });
    const ended = chain(started(0), started(1), started(2), { kind: 'runEnded', data: { ends: counts } });
    expect(planNext({ plan, events: ended, ends: all, cancelled: false })).toEqual({ kind: 'nothing' });
    expect(planNext({ plan, events: ended, ends: ends({}), cancelled: false })).toEqual({ kind: 'await', hosts });
  });
});
