import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { siblingModule } from '../../../src/compose/sibling-module.ts';

test('a sibling keeps the ending of its caller, in a checkout and in the package', () => {
  expect(siblingModule('file:///here/src/compose/a.ts', 'b')).toBe('/here/src/compose/b.ts');
  expect(siblingModule('file:///my%20app/dist/compose/a.js', 'b')).toBe('/my app/dist/compose/b.js');
});

test('the modules that are started as processes lie beside those that start them', () => {
  const compose = new URL('../../../src/compose/private-redis.ts', import.meta.url).href;
  expect(['redis-keeper', 'worker-process'].map((name) => existsSync(siblingModule(compose, name)))).toEqual([
    true,
    true,
  ]);
});
