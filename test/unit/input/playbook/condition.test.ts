import { expect, test } from 'vitest';
import { compileCondition, evaluateCondition } from '../../../../src/input/playbook/condition.ts';

const scope = {
  facts: { os: { build: 22631, caption: 'x' }, disk: { freeGB: 4.5, parts: [1, 2, 3] }, nothing: null },
  host: { id: 'w1', rebootOwed: true },
  params: { names: ['a', 'b'], limit: 4 },
  steps: { first: { needed: true, changed: false, facts: {} } },
};

function answer(text: string) {
  const compiled = compileCondition(text);
  if (!compiled.ok) throw new Error(compiled.message);
  return evaluateCondition(compiled.condition, scope);
}

test.each([
  ['facts.os.build < 22000', false],
  ['facts.os.build + 1 == 22632', true],
  ['params.limit % 2 == 0', true],
  ['facts.disk.freeGB < 5.0', true],
  ['facts.disk.freeGB < params.limit', false],
  ['size(params.names) == 2 && "a" in params.names', true],
  ['params.names.exists(n, n == "b")', true],
  ['facts.disk.parts[0] == 1', true],
  ['has(facts.missing) && facts.missing.x', false],
  ['has(facts.os.build)', true],
  ['facts.missing.x || facts.os.build > 1', true],
  ['facts.missing.x && facts.os.build < 1', false],
  ['host.rebootOwed && !steps.first.changed', true],
  ['facts.nothing == null', true],
  ['facts["os"]["build"] == 22631', true],
])('%s is %j', (text, holds) => expect(answer(text)).toEqual({ kind: 'told', holds }));

test.each([
  ['facts.missing.x', '`facts.missing.x`: no such key: missing'],
  ['facts.os.caption', '`facts.os.caption` gave a string, expected true or false'],
  ['facts.os.build', '`facts.os.build` gave a number, expected true or false'],
  ['facts.nothing', '`facts.nothing` gave null, expected true or false'],
  ['facts.os.caption > 5', '`facts.os.caption > 5`: no such overload: dyn<string> > int'],
])('%s cannot be told, with the reason', (text, reason) =>
  expect(answer(text)).toEqual({ kind: 'cannot-tell', reason }),
);

test('what a condition speaks of is known before it runs', () => {
  const compiled = compileCondition(
    'facts["os"].build > 1 || params.names.exists(n, n == host.id) || steps.first.facts[host.id].x',
  );
  expect(compiled.ok && compiled.condition.references.map(({ path, offset }) => `${offset} ${path.join('.')}`)).toEqual(
    ['0 facts.os.build', '25 params.names', '53 host.id', '65 steps.first.facts', '83 host.id'],
  );
});

test.each([
  '1 +',
  'facts..x',
  'true ? 1 : 2',
  'nobody.x',
  '"text"',
  'facts.a = 1',
  `${'('.repeat(200)}true${')'.repeat(200)}`,
  Array.from({ length: 600 }, () => 'true').join('||'),
])('the condition %j is refused when it is read', (text) => expect(compileCondition(text).ok).toBe(false));
