import { describe, expect, test } from 'vitest';
import { pipelineStates, poolStates } from '../../../../../src/remote/protocol/psrp/codes.ts';
import { messageTypeOf, messageTypes } from '../../../../../src/remote/protocol/psrp/message-types.ts';
import {
  pipelineEnds,
  pipelineMachine,
  pipelineSays,
} from '../../../../../src/remote/protocol/psrp/pipeline-machine.ts';
import { poolMachine, poolSays } from '../../../../../src/remote/protocol/psrp/pool-machine.ts';
import { serverPoolMachine } from '../../../../../src/remote/protocol/psrp/server-pool-machine.ts';

type Table = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** States that can be reached from one. */
function reachable(table: Table, from: string): Set<string> {
  const seen = new Set([from]);
  for (const state of seen) for (const next of Object.values(table[state] ?? {})) seen.add(next);
  return seen;
}

describe.each([
  ['client pool', poolMachine as Table, 'beforeOpen', ['closed', 'broken']],
  ['server pool', serverPoolMachine as Table, 'beforeOpen', ['closed']],
  ['pipeline', pipelineMachine as Table, 'notStarted', ['stopped', 'completed', 'failed']],
])('The machine of a %s', (_, table, first, ends) => {
  test('leads only to states that it has', () => {
    for (const row of Object.values(table))
      for (const next of Object.values(row)) expect(Object.keys(table)).toContain(next);
  });

  test('reaches every state', () => {
    expect([...reachable(table, first)].toSorted()).toEqual(Object.keys(table).toSorted());
  });

  test('leaves its ends by no way', () => {
    for (const end of ends) expect([...reachable(table, end)]).toEqual([end]);
  });

  test('can end from everywhere', () => {
    for (const state of Object.keys(table)) expect(ends.some((end) => reachable(table, state).has(end))).toBe(true);
  });
});

describe('Tables of numbers', () => {
  test('give the ends of a pipeline their states', () => {
    for (const state of pipelineStates)
      expect(pipelineEnds.has(state)).toBe(['stopped', 'completed', 'failed'].includes(state));
    expect(pipelineStates.indexOf('completed')).toBe(4);
    expect(pipelineSays.completed).toBe('saysCompleted');
  });

  test('give the states of a pool the numbers that PowerShell sends', () => {
    expect(poolStates.indexOf('opened')).toBe(2);
    expect(poolStates.indexOf('broken')).toBe(5);
    expect(poolSays.opened).toBe('saysOpened');
  });

  test('name each message type once', () => {
    const numbers = Object.values(messageTypes);
    expect(new Set(numbers).size).toBe(31);
    for (const [name, number] of Object.entries(messageTypes)) expect(messageTypeOf(number)).toBe(name);
    expect(messageTypeOf(0)).toBeUndefined();
  });
});
