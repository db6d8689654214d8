import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readDocument } from '../../../src/input/document/read-document.ts';
import { formatFaults } from '../../../src/input/document/report-faults.ts';
import { checkInventory } from '../../../src/input/inventory/read-inventory.ts';
import { checkPlaybook } from '../../../src/input/playbook/read-playbook.ts';
import { noBudgets, planRun } from '../../../src/planning/plan-run.ts';
import { inventoryText, smallRequest } from '../planning/small-plan.ts';
import { library, smallPlaybook, valueOf } from './fixture-library.ts';

type Container = Record<string | number, unknown>;

/** Every place of a document, as the container and the key in it. */
function places(value: unknown, found: { parent: Container; key: string | number }[] = []) {
  if (typeof value !== 'object' || value === null) return found;
  for (const key of Object.keys(value)) {
    found.push({ parent: value as Container, key: Array.isArray(value) ? Number(key) : key });
    places((value as Container)[key], found);
  }
  return found;
}

/** Values that somebody could write by mistake or on purpose. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    '$',
    '$$',
    '$value',
    '$password',
    '$constructor',
    '__proto__',
    'env:X',
    'all',
    '*',
    [],
    {},
    [[]],
    -1,
    1e308,
    true,
  ),
  fc.constantFrom<unknown>(
    'demo/look',
    'demo/set-value',
    'broken/no-verify',
    'constructor/toString',
    'facts.x',
    'steps',
    '1 +',
    'true',
  ),
  fc.dictionary(
    fc.constantFrom('constructor', 'toString', 'uses', 'with', 'type', '$ref', 'en', 'hosts'),
    fc.constantFrom('x', 1, null),
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

/** A document with odd values in up to three places, and perhaps an odd key. */
const spoilt = (text: string) =>
  fc
    .array(fc.tuple(fc.nat(), odd, fc.option(fc.constantFrom('constructor', 'hasOwnProperty', 'x y', '0'))), {
      maxLength: 3,
    })
    .map((changes) => {
      const document = structuredClone(valueOf(readDocument(text, 'x.yaml')).value);
      for (const [nth, value, key] of changes) {
        const all = places(document);
        const place = all[nth % all.length];
        if (place === undefined) continue;
        place.parent[Array.isArray(place.parent) ? place.key : (key ?? place.key)] = value;
      }
      return JSON.stringify(document);
    });

test('whatever a playbook holds, checking and planning end with a value or with faults, never with an exception', () => {
  let good = 0;
  fc.assert(
    fc.property(spoilt(smallPlaybook), (text) => {
      const checked = checkPlaybook(text, { id: 'demo/x', file: 'x.yaml' }, library);
      if (!checked.ok) {
        expect(formatFaults(checked.faults)).toMatch(/fault/);
        return;
      }
      good++;
      const planned = planRun({ ...smallRequest(), ...checked.value, budgets: noBudgets });
      if (!planned.ok) expect(planned.faults.length).toBeGreaterThan(0);
    }),
    { numRuns: 300 },
  );
  expect(good).toBeGreaterThan(5);
});

test('whatever an inventory holds, checking ends with a value or with faults, never with an exception', () => {
  fc.assert(
    fc.property(spoilt(inventoryText), (text) => {
      const checked = checkInventory(text, 'x.yaml');
      if (!checked.ok) {
        expect(formatFaults(checked.faults)).toMatch(/fault/);
        return;
      }
      const request = smallRequest();
      const hosts = [...checked.value.hosts.keys()];
      const planned = planRun({ ...request, inventory: checked.value, hosts });
      if (!planned.ok) expect(planned.faults.length).toBeGreaterThan(0);
    }),
    { numRuns: 300 },
  );
});
