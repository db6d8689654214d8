import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { measures, scenarioDocument } from '../../../scripts/scenario-document.ts';
import { measuresToCome } from './to-come.ts';

const root = join(import.meta.dirname, '../../..');

test('every measure is proven, or one of those to come', () => {
  const all = measures();
  expect(all.map(({ number }) => number)).toEqual(Array.from({ length: 135 }, (_, index) => index + 1));
  const unproven = all.filter(({ cases, tests }) => cases.length === 0 && tests.length === 0);
  expect(unproven.map(({ number }) => number)).toEqual(measuresToCome);
});

test('the tests that prove a measure are there', () => {
  for (const { tests } of measures()) for (const file of tests) expect(existsSync(join(root, file)), file).toBe(true);
});

test('docs/scenarios.md is as `npm run generate` writes it', () => {
  expect(readFileSync(join(root, 'docs/scenarios.md'), 'utf8')).toBe(scenarioDocument());
});
