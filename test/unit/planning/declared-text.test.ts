import { expect, it } from 'vitest';
import { sha256 } from '../../../src/kernel/canonical-json.ts';
import type { Json } from '../../../src/kernel/words.ts';
import { type DeclaredAction, declaredText, fixedText } from '../../../src/planning/declared-text.ts';
import type { PlannedAction } from '../../../src/planning/plan.ts';
import { moduleNeeds, scriptHashes } from '../../../src/planning/script-hashes.ts';

const lanes = { detect: 'inline', apply: 'system', verify: 'inline', undo: 'system' } as const;
const action: DeclaredAction = {
  lanes,
  longestMs: 60_000,
  interruptible: true,
  parameters: {
    names: { type: 'array', items: { type: 'string', pattern: '^[a-z]+$' }, default: ['a'], description: 'Names' },
    mode: { type: 'string', enum: ['ä’s', 'b'] },
  },
  touches: { services: ['$names'], clock: true },
  scripts: { verify: 'f'.repeat(64), detect: 'e'.repeat(64) },
};

it('tells limits, touches and lanes, in ASCII and without what only people read', () => {
  expect(declaredText(action)).toBe(
    '{"interruptible":true,"lanes":{"detect":"inline","verify":"inline"},"longestMs":60000,"parameters":{"mode":{"enum":["\\u00e4\\u2019s","b"],"type":"string"},"names":{"items":{"pattern":"^[a-z]+\\\\z","type":"string"},"type":"array"}},"touches":{"services":["$names"]}}',
  );
});

it('fixes the defaults of what no use sets', () => {
  const parameters = { ...action.parameters, deep: { type: 'boolean', default: false } } as const;
  const uses = [
    { uses: 'a/b', with: { mode: 'b' } },
    { uses: 'c/d', with: { deep: true } },
  ];
  expect(fixedText({ id: 'a/b', parameters }, uses)).toBe('{"deep":false,"names":["a"]}');
  expect(fixedText({ id: 'c/d', parameters }, uses)).toBe('{"names":["a"]}');
});

it('is the same for the texts of scripts as for their hashes', () => {
  expect(declaredText({ ...action, scripts: { detect: 'x', verify: 'y' } })).toBe(declaredText(action));
});

it('stands among the hashes of a plan, and changes with what the action touches', () => {
  const hashes = (touches: PlannedAction['touches']) =>
    scriptHashes({ actions: { 'a/b': { ...action, touches } as PlannedAction } });
  expect([...hashes(action.touches)]).toEqual([
    ['a/b/verify', 'f'.repeat(64)],
    ['a/b/detect', 'e'.repeat(64)],
    ['a/b/declared', sha256(declaredText(action))],
  ]);
  expect(hashes({}).get('a/b/declared')).not.toBe(hashes(action.touches).get('a/b/declared'));
});

it('a plan sets the parameters whose values are not the defaults of their actions', () => {
  const parameters = {
    deep: { type: 'boolean', default: false },
    names: { type: 'array', default: ['a'] },
    free: { type: 'string' },
  };
  const use = (id: string, values: Record<string, Json>) => ({ id, uses: 'a/b', with: values });
  const plan = {
    actions: { 'a/b': { id: 'a/b', parameters, scripts: {}, lanes: {}, touches: {} } },
    goal: use('goal', { deep: false, names: ['a'] }),
    preflight: [use('p', { names: ['b'] })],
    stages: [{ steps: [use('s', { deep: '$deep', free: '' })] }],
  } as unknown as Parameters<typeof moduleNeeds>[0];
  expect(moduleNeeds(plan).sets).toEqual(new Map([['a/b', ['names', 'deep', 'free']]]));
});
