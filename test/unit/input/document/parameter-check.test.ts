import { expect, test } from 'vitest';
import { checkValue, declarationFaults, declaredText } from '../../../../src/input/document/parameter-check.ts';
import type { ParameterDeclaration } from '../../../../src/input/document/words.generated.ts';

test.each<[ParameterDeclaration, unknown]>([
  [{ type: 'integer', minimum: 1 }, 1],
  [{ type: 'number' }, 0.5],
  [{ type: 'array', items: { type: 'string' } }, ['a']],
  [{ type: 'string', enum: ['a', 'b'] }, 'b'],
  [{ type: 'string', pattern: '^0x[0-9A-F]+$' }, '0x8F'],
  [{ type: 'object' }, { a: [1] }],
  [{ type: 'secret' }, 'env:NAME'],
  [{ type: 'secret' }, 'file:/run/secrets/x'],
])('%j takes %j', (declaration, value) => expect(checkValue(declaration, value as never)).toEqual([]));

test.each<[ParameterDeclaration, unknown, string]>([
  [{ type: 'integer', minimum: 1 }, 0, 'a whole number from 1'],
  [{ type: 'integer' }, 1.5, 'a whole number'],
  [{ type: 'integer' }, '1', 'a whole number'],
  [{ type: 'array', items: { type: 'integer', maximum: 3 } }, [1, 4], 'a list, each item a whole number up to 3'],
  [{ type: 'string', enum: ['a', 'b'] }, 'c', 'one of a, b'],
  [{ type: 'boolean' }, null, 'true or false'],
])('%j does not take %j', (declaration, value, expected) => {
  const faults = checkValue(declaration, value as never);
  expect(faults).toHaveLength(1);
  expect(faults[0]?.expected).toBe(expected);
});

test('of a closed list the value is told that was probably meant, whatever its case', () => {
  const state: ParameterDeclaration = { type: 'string', enum: ['Running', 'Stopped', 'any'] };
  const suggested = (value: string) => checkValue(state, value)[0]?.suggestion;
  expect(['running', 'Stoped', 'paused'].map(suggested)).toEqual([
    'did you mean `Running`?',
    'did you mean `Stopped`?',
    null,
  ]);
});

test('the place of a wrong item is told', () => {
  expect(checkValue({ type: 'array', items: { type: 'integer' } }, [1, 'x', 2])[0]?.at).toEqual([1]);
});

test('a password in the place of a reference is refused without being shown', () => {
  expect(JSON.stringify(checkValue({ type: 'secret' }, 'hunter2-canary'))).not.toContain('canary');
  expect(checkValue({ type: 'secret' }, 'hunter2-canary')).toHaveLength(1);
  expect(declaredText({ type: 'secret' })).toBe('a reference to a secret: env:NAME or file:path');
});

test.each<[ParameterDeclaration, string]>([
  [{ type: 'string', minimum: 1 }, 'minimum'],
  [{ type: 'integer', pattern: 'x' }, 'pattern'],
  [{ type: 'string', pattern: '(' }, 'pattern'],
  [{ type: 'array', items: { type: 'string', pattern: '[' } }, 'items'],
  [{ type: 'string', items: { type: 'string' } }, 'items'],
  [{ type: 'secret', default: 'env:X' }, 'default'],
  [{ type: 'integer', default: 5, maximum: 4 }, 'default'],
])('the declaration %j is wrong in its %s', (declaration, key) => {
  expect(declarationFaults(declaration).map((fault) => fault.key)).toEqual([key]);
});
