import type { HostOrders } from '../../../src/hostrun/ports.ts';
import type { JournalEvent } from '../../../src/journal/event.ts';
import type { HostEnd } from '../../../src/journal/event-data.ts';
import type { Plan } from '../../../src/planning/plan.ts';
import { type FakeStep, FakeWorld } from './fake-world.ts';
import { planFor } from './plan-for.ts';

/** A host run that is told again and again with other mishaps, and what must come of it. */
export type Scenario = {
  readonly name: string;
  readonly plan: Plan;
  readonly world: () => FakeWorld;
  /** Ends that are right whatever goes wrong on the way; the first one when nothing does. */
  readonly ends: readonly HostEnd['end'][];
  readonly orders?: (events: readonly JournalEvent[]) => Partial<HostOrders>;
};

const set = (target: string, value = 'new') => ({ target, value });
const fixes = set('goal', 'fixed');

const three: { readonly [step: string]: FakeStep } = {
  a: { changes: [set('one'), set('two')] },
  b: { changes: [set('three'), set('four'), set('five')] },
  c: { changes: [set('six'), fixes] },
};

const abc = [[{ id: 'a' }], [{ id: 'b' }, { id: 'c' }]];
const world = (steps: { readonly [step: string]: FakeStep }) => () =>
  new FakeWorld({ one: 'old', three: 'old' }, steps);

const userLanes = { detect: 'user', apply: 'user', verify: 'user', undo: 'user' } as const;

/** Cancels as soon as a step with this name was begun. */
const cancelAfter = (step: string, mode: 'rollback' | 'leave') => (events: readonly JournalEvent[]) =>
  events.some((event) => event.kind === 'stepBegun' && event.data.step === step)
    ? { cancel: { mode, orderedBy: 'ops' } }
    : {};

/** The ways that a host run can go. */
export const scenarios: readonly Scenario[] = [
  { name: 'three steps repair the host', plan: planFor({ stages: abc }), world: world(three), ends: ['repaired'] },
  {
    name: 'a step fails in the middle of its changes',
    plan: planFor({ stages: abc }),
    world: world({ ...three, c: { changes: [set('six'), set('seven'), fixes], failAfter: 2 } }),
    ends: ['rolled-back'],
  },
  {
    name: 'a step of the system lane outlives its workers',
    plan: planFor({
      stages: [
        [{ id: 'a' }],
        [{ id: 'b', lanes: { detect: 'inline', apply: 'system', verify: 'inline', undo: 'inline' } }, { id: 'c' }],
      ],
    }),
    world: world({ ...three, b: { changes: [set('three'), set('four'), set('five')], taskPolls: 3 } }),
    ends: ['repaired'],
  },
  {
    name: 'a step of the system lane fails',
    plan: planFor({ stages: [[{ id: 'a' }, { id: 'b' }]] }),
    world: world({ ...three, b: { changes: [set('three'), set('four')], failAfter: 1, taskPolls: 3 } }),
    ends: ['rolled-back'],
  },
  {
    name: 'interruptible steps are ended and begun again',
    plan: planFor({
      stages: [
        [{ id: 'a', interruptible: true }],
        [
          { id: 'b', interruptible: true },
          { id: 'c', interruptible: true },
        ],
      ],
    }),
    world: world(three),
    ends: ['repaired'],
  },
  {
    name: 'restarts before and after',
    plan: planFor({
      stages: [[{ id: 'a', reboot: 'required' }], [{ id: 'b' }, { id: 'c' }]],
      checks: [{ id: 'preflight.1', ifFails: 'reboot-first' }],
    }),
    world: () => {
      const made = world({ ...three, a: { changes: [set('one')], rebootRequired: true } })();
      made.pendingReboot = ['servicing'];
      return made;
    },
    ends: ['repaired'],
  },
  {
    name: 'the goal is not reached',
    plan: planFor({ stages: [[{ id: 'a' }], [{ id: 'b' }]] }),
    world: world(three),
    ends: ['rolled-back'],
  },
  {
    name: 'a change without inverse stays after a failure',
    plan: planFor({ stages: [[{ id: 'a' }], [{ id: 'b' }]] }),
    world: world({
      a: { changes: [set('one'), { target: 'two', value: 'new', irreversible: 'no way back' }] },
      b: { changes: [set('three')], verifyFails: true },
    }),
    ends: ['partly-rolled-back'],
  },
  {
    name: 'a cancel in the middle undoes what was done',
    plan: planFor({ stages: abc }),
    world: world(three),
    ends: ['cancelled'],
    orders: cancelAfter('b', 'rollback'),
  },
  {
    name: 'a cancel in the middle leaves finished steps',
    plan: planFor({ stages: abc }),
    world: world(three),
    ends: ['cancelled'],
    orders: cancelAfter('b', 'leave'),
  },
  {
    name: 'a step in the session of a user who signs in late, and again after a restart',
    plan: planFor({
      stages: [[{ id: 'a', reboot: 'required' }], [{ id: 'b', lanes: userLanes }, { id: 'c' }]],
      waitFor: 'sign-on',
    }),
    world: () => {
      const made = world({
        ...three,
        a: { changes: [set('one')], rebootRequired: true },
        b: { changes: [set('three')], taskPolls: 2 },
      })();
      made.userAt = (nowMs) =>
        nowMs > 1_000_150_000 && (made.reboots === 0 || nowMs > made.bootedAtMs + 150_000) ? 'hanako' : null;
      return made;
    },
    ends: ['repaired'],
  },
  {
    name: 'the goal holds already',
    plan: planFor({ stages: abc }),
    world: () => new FakeWorld({ goal: 'fixed', one: 'old' }, three),
    ends: ['unchanged'],
  },
];
