import { expect, test } from 'vitest';
import { shippedActions } from './shipped.ts';

test('what is checked and what is given back is the same table of services', () => {
  const tables = ['service/baseline', 'service/health'].map(
    (id) => shippedActions().find((action) => action.id === id)?.parameters['tables']?.default,
  );
  expect(Object.keys(tables[0] ?? {})).toContain('windows-update');
  expect(tables[1]).toEqual(tables[0]);
});
