import { expect, it } from 'vitest';
import { sha256 } from '../../../src/kernel/canonical-json.ts';
import type { Json } from '../../../src/kernel/words.ts';
import { type DeclaredAction, declaredText, settledText } from '../../../src/planning/declared-text.ts';
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

it('settles what the uses give: values of their own, and the default where one gives none', () => {
  const parameters = {
    ...action.parameters,
    deep: { type: 'boolean', default: false },
    path: { type: 'string', default: 'x' },
    licence: { type: 'secret' },
  } as const;
  const uses = [
    { uses: 'a/b', with: { mode: 'b', deep: true, path: '$path', licence: '$licence' } },
    { uses: 'a/b', with: { mode: '$$b', names: ['a'] } },
    { uses: 'c/d', with: { names: ['a', '$name'] } },
  ];
  expect(settledText({ id: 'a/b', parameters }, uses)).toBe('{"deep":[false,true],"mode":["$b","b"],"names":[["a"]]}');
  expect(
    settledText({ id: 'c/d', parameters: action.parameters }, [
      { uses: 'c/d', with: { names: ['a', '$name'], mode: 'b' } },
    ]),
  ).toBe('{"mode":["b"]}');
});

it('settles a default as it stands, whatever it begins with', () => {
  const parameters = {
    name: { type: 'string', default: '$plain' },
    names: { type: 'array', items: { type: 'string' }, default: ['$$x'] },
  } as const;
  expect(settledText({ id: 'a/b', parameters }, [{ uses: 'a/b', with: {} }])).toBe(
    '{"name":["$plain"],"names":[["$$x"]]}',
  );
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

it('a run gives its parameters the values that are bound for the host, and tells no secret', () => {
  const parameters = {
    deep: { type: 'boolean', default: false },
    path: { type: 'string' },
    licence: { type: 'secret' },
  };
  const use = (values: Record<string, Json>) => ({ id: 'x', uses: 'a/b', with: values });
  const plan = {
    actions: { 'a/b': { id: 'a/b', parameters, scripts: {}, lanes: {}, touches: {} } },
    goal: [use({ path: 'C:\\a' })],
    preflight: [],
    stages: [{ steps: [use({ deep: true, path: '$path', licence: '$licence' })] }],
  } as unknown as Parameters<typeof moduleNeeds>[0];
  const bound = { path: 'C:\\b', licence: { secret: 'env:LICENCE' } };
  expect(moduleNeeds(plan, bound).given).toEqual([
    { action: 'a/b', name: 'deep', value: false },
    { action: 'a/b', name: 'path', value: 'C:\\a' },
    { action: 'a/b', name: 'deep', value: true },
    { action: 'a/b', name: 'path', value: 'C:\\b' },
  ]);
});
