import { describe, expect, test } from 'vitest';
import type { Task } from '../../../../src/lab/evaluator/host.ts';
import { begin, beginWork, Waiting } from '../../../../src/lab/evaluator/waiting.ts';

/** What is left of a task that has been begun. */
const left = <T>(result: T | Waiting<T>): Task<T> => {
  if (result instanceof Waiting) return result.task;
  throw new Error('the task did not wait');
};

const pause = Promise.resolve();

function* asks(log: string[]): Task<string> {
  try {
    log.push('begun');
    const answer = yield pause;
    return `got ${String(answer)}`;
  } catch (error) {
    return `caught ${String(error)}`;
  } finally {
    log.push('ended');
  }
}

function* passes(isOpen: boolean): Task<string> {
  if (!isOpen) yield pause;
  return 'past it';
}

describe('work that runs up to its first pause', () => {
  test('a task without a pause gives its value at once', () => {
    expect(begin(passes(true))).toBe('past it');
    expect(left(begin(passes(false))).next()).toEqual({ done: false, value: pause });
    expect(beginWork((function* (): Task<void> {})())).toBeUndefined();
  });

  test('the pause is told to whoever runs what is left, and its answer reaches the task', () => {
    const log: string[] = [];
    const rest = left(begin(asks(log)));
    expect(log).toEqual(['begun']);
    expect(rest.next()).toEqual({ done: false, value: pause });
    expect(rest.next('an answer')).toEqual({ done: true, value: 'got an answer' });
  });

  test('an error at the pause is thrown inside of the task', () => {
    const rest = left(begin(asks([])));
    rest.next();
    expect(rest.throw('a fault')).toEqual({ done: true, value: 'caught a fault' });
  });

  test('a task that is given up at its pause still runs its finally', () => {
    const log: string[] = [];
    const rest = left(begin(asks(log)));
    rest.next();
    rest.return('given up');
    expect(log).toEqual(['begun', 'ended']);
  });

  test('what is to be done with a result waits for it, and may wait itself', () => {
    const rest = left(
      new Waiting(asks([])).after((value) => new Waiting(asks([])).after((next) => `${value}, ${next}`)),
    );
    rest.next();
    expect(rest.next('one')).toEqual({ done: false, value: pause });
    expect(rest.next('two')).toEqual({ done: true, value: 'got one, got two' });
  });
});
