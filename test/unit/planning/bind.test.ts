import { expect, test } from 'vitest';
import { bindTouches, bindWith } from '../../../src/planning/bind.ts';
import { isSecretReference } from '../../../src/planning/secret-values.ts';

test('a whole value takes the type of its parameter, at any depth, and nothing is pasted into text', () => {
  const bound = bindWith(
    {
      a: '$count',
      b: ['$list', 'x'],
      c: { d: { e: '$count' } },
      f: 'costs $count',
      g: '$$count',
      h: '$$',
      i: null,
      j: '$secret',
    },
    { count: 5, list: ['y'], secret: { secret: 'env:X' } },
  );
  expect(bound).toEqual({
    a: 5,
    b: [['y'], 'x'],
    c: { d: { e: 5 } },
    f: 'costs $count',
    g: '$count',
    h: '$',
    i: null,
    j: { secret: 'env:X' },
  });
});

test('a name that is not bound is an error, names of objects in JavaScript too', () => {
  expect(() => bindWith({ a: '$missing' }, {})).toThrow('no parameter `missing` is bound');
  expect(() => bindWith({ a: '$constructor' }, {})).toThrow(RangeError);
});

test('a bound text that looks like a reference is left alone', () => {
  expect(bindWith({ a: '$name' }, { name: '$other' })).toEqual({ a: '$other' });
});

test('what an action touches follows its values', () => {
  const touches = { services: ['bits', '$name'], folders: ['$folders', '$empty', '$missing'], clock: true };
  expect(bindTouches(touches, { name: 'spooler', folders: ['C:\\a', 'C:\\b'], empty: '' })).toEqual({
    services: ['bits', 'spooler'],
    folders: ['C:\\a', 'C:\\b'],
    clock: true,
  });
});

test.each([
  [{ secret: 'env:X' }, true],
  [{ secret: 'env:X', more: 1 }, false],
  [{ secret: 5 }, false],
  ['env:X', false],
  [null, false],
  [undefined, false],
])('%j is a reference to a secret: %j', (value, expected) => expect(isSecretReference(value)).toBe(expected));
