import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Failure } from '../../../../../src/kernel/failure.ts';
import { Terminations } from '../../../../../src/remote/transport/winrm/terminations.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const make = (answer: (commandId: string) => void) => {
  const asked: string[] = [];
  const terminations = new Terminations({
    spare: () => true,
    terminate: async (commandId) => {
      asked.push(commandId);
      answer(commandId);
    },
  });
  return { asked, terminations };
};
const refuse = () => {
  throw new Failure('forbidden', 'no');
};

it('a host that refuses is asked less and less often, not again at once', async () => {
  const { asked, terminations } = make(refuse);
  terminations.add('a');
  await vi.advanceTimersByTimeAsync(50);
  expect(asked).toEqual(['a']);
  await vi.advanceTimersByTimeAsync(99);
  expect(asked).toEqual(['a']);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked.length).toBeLessThan(10);
  terminations.close();
  const before = asked.length;
  await vi.advanceTimersByTimeAsync(1_000_000);
  expect(asked).toHaveLength(before);
});

it('a host that refuses is not asked more often either while scripts run, however many commands wait', async () => {
  const { asked, terminations } = make(refuse);
  for (let n = 0; n < 200; n++) terminations.add(`command ${n}`);
  for (let n = 0; n < 1_000; n++) {
    terminations.beside();
    await vi.advanceTimersByTimeAsync(10);
  }
  expect(asked.length).toBeGreaterThan(2);
  expect(asked.length).toBeLessThan(10);
  terminations.close();
});

it('what could not be terminated before a command still waits', async () => {
  let works = false;
  const { asked, terminations } = make(() => {
    if (!works) refuse();
  });
  terminations.add('a');
  terminations.add('b');
  await expect(terminations.all()).rejects.toMatchObject({ code: 'forbidden' });
  expect(terminations.count).toBe(2);
  works = true;
  await terminations.all();
  expect(terminations.count).toBe(0);
  expect(asked).toEqual(['a', 'a', 'b']);
  terminations.close();
});

it('those that are terminated beside and before a command are each terminated once', async () => {
  const answers: (() => void)[] = [];
  const asked: string[] = [];
  const terminations = new Terminations({
    spare: () => true,
    terminate: (commandId) => {
      asked.push(commandId);
      return new Promise((resolve) => answers.push(resolve));
    },
  });
  for (const commandId of ['a', 'b', 'c']) terminations.add(commandId);
  terminations.beside();
  const all = terminations.all();
  expect(asked).toEqual(['a', 'b']);
  while (answers.length > 0) {
    answers.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
  }
  await all;
  expect(asked.toSorted()).toEqual(['a', 'b', 'c']);
  expect(terminations.count).toBe(0);
  terminations.close();
});

it('nothing that goes wrong in the background leaves it, whatever it is', async () => {
  const { asked, terminations } = make(() => {
    throw new TypeError('a password that cannot be read');
  });
  terminations.add('a');
  await vi.advanceTimersByTimeAsync(200);
  expect(asked.length).toBeGreaterThan(1);
  expect(terminations.count).toBe(1);
  terminations.close();
});
