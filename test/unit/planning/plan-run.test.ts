import { expect, test } from 'vitest';
import { checkDocument } from '../../../src/input/document/check-document.ts';
import { readDocument } from '../../../src/input/document/read-document.ts';
import { sha256 } from '../../../src/kernel/canonical-json.ts';
import { bindWith } from '../../../src/planning/bind.ts';
import { planRun } from '../../../src/planning/plan-run.ts';
import { faultLines, library, valueOf } from '../input/fixture-library.ts';
import { smallPlan, smallRequest } from './small-plan.ts';

test('a plan is what its schema says', () => {
  const source = valueOf(readDocument(JSON.stringify(smallPlan().plan), 'plan.json'));
  expect(faultLines(checkDocument(source, 'plan'))).toEqual([]);
});

test('parameters are bound launch over host over group over default, secrets as references', () => {
  const parameters = (overrides = {}) =>
    Object.fromEntries(smallPlan(overrides).plan.hosts.map((host) => [host.id, host.parameters]));
  expect(parameters()).toEqual({
    w1: { value: 8, names: ['web'], password: { secret: 'env:KT_DEFAULT' } },
    w2: { value: 9, names: ['web'], password: { secret: 'env:KT_DEFAULT' } },
    w3: { value: 5, names: ['one'], password: { secret: 'env:KT_DEFAULT' } },
    s1: { value: 5, names: ['one'], password: { secret: 'env:KT_DEFAULT' } },
    s2: { value: 5, names: ['one'], password: { secret: 'env:KT_DEFAULT' } },
  });
  expect(parameters({ parameters: { value: 2, password: 'file:pw' } })['w2']).toEqual({
    value: 2,
    names: ['web'],
    password: { secret: 'file:pw' },
  });
});

test('every text that the plan names by hash is there to be stored', () => {
  const { plan, blobs } = smallPlan();
  const hashes = [
    plan.kit,
    plan.playbook.sha256,
    ...Object.values(plan.actions).flatMap((action) => Object.values(action.scripts)),
  ];
  expect(hashes.length).toBe(2 + 1 + 3 + 3);
  for (const hash of hashes) expect(sha256(blobs.get(hash) ?? '')).toBe(hash);
  expect(new Set(hashes)).toEqual(new Set(blobs.keys()));
});

test('the values of a use hold the defaults of its action, which never stand for a parameter', () => {
  const { plan } = smallPlan();
  const [first, second] = plan.stages[0]?.steps ?? [];
  expect(first?.with).toEqual({ value: '$value', names: '$names', note: '$$HOME' });
  expect(second?.with).toEqual({ value: 7, names: [], note: '$$plain' });
  expect(bindWith(second?.with ?? {}, {})).toEqual({ value: 7, names: [], note: '$plain' });
});

test('hosts are taken in batches', () => {
  expect(smallPlan({ batch: '2' }).plan.batches).toEqual([['w1', 'w2'], ['w3', 's1'], ['s2']]);
  expect(faultLines(planRun(smallRequest({ batch: 'x' })))).toEqual(['-:- `x` is no size of a batch']);
});

test('evidence is what the playbook and its actions name', () => {
  expect(smallPlan().plan.evidence).toEqual(['value-log']);
});

test('a missing value is told once for all hosts that lack it', () => {
  const request = smallRequest();
  const inventory = { ...request.inventory, defaults: {} };
  expect(faultLines(planRun({ ...request, inventory }))).toEqual(['-:- the parameter `password` has no value']);
});

test('a value of the inventory that does not fit is told with its hosts', () => {
  const request = smallRequest();
  const hosts = new Map(request.inventory.hosts).set('s1', {
    parameters: { value: 'many', password: 'hunter2-canary' },
  });
  const planned = planRun({ ...request, inventory: { ...request.inventory, hosts } });
  expect(faultLines(planned)).toEqual([
    '-:- `value`: this is a text (s1)',
    '-:- `password`: this is not a reference to a secret (its value is not shown) (s1)',
  ]);
  expect(JSON.stringify(planned)).not.toContain('canary');
});

test('a value that the playbook takes but its action refuses is told', () => {
  expect(faultLines(planRun(smallRequest({ parameters: { value: 90, names: ['UPPER'] } })))).toEqual([
    '-:- `setValue` (demo/set-value), `value`: `90` is not allowed',
    '-:- `setValue` (demo/set-value), `names`: `"UPPER"` is not allowed',
  ]);
});

test('a variable that nobody gives is told', () => {
  const request = smallRequest();
  const hosts = new Map(request.inventory.hosts).set('s2', { parameters: { names: '$nothing' } });
  expect(faultLines(planRun({ ...request, inventory: { ...request.inventory, hosts } }))).toEqual([
    '-:- `names`: there is no variable `nothing` (s2)',
  ]);
});

test('a secret written as a reference in the playbook is planned as one', () => {
  const request = smallRequest();
  const stages = request.playbook.stages.map((stage) => ({
    ...stage,
    steps: stage.steps.map((step) => (step.id === 'signIn' ? { ...step, with: { password: 'env:DIRECT' } } : step)),
  }));
  const { plan } = valueOf(planRun({ ...request, playbook: { ...request.playbook, stages } }));
  expect(plan.stages[1]?.steps[0]?.with).toEqual({ password: { secret: 'env:DIRECT' } });
});

test('the shared library is left as it was', () => {
  const before = JSON.stringify(library.get('demo/set-value'));
  smallPlan();
  expect(JSON.stringify(library.get('demo/set-value'))).toBe(before);
});
