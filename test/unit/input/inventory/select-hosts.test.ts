import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkInventory } from '../../../../src/input/inventory/read-inventory.ts';
import { selectHosts } from '../../../../src/input/inventory/select-hosts.ts';
import { valueOf } from '../fixture-library.ts';

const inventory = valueOf(
  checkInventory(
    `kintsugi: inventory/v1
defaults: { transport: ssh }
hosts: { web01: , web02: , web10: , db01: , db.example.com: , mail: }
groups:
  web: { hosts: [web10, web01, web02] }
  prod: { hosts: [web01, db01], groups: [mailers] }
  mailers: { hosts: [mail] }
  empty: {}
`,
    'inv.yaml',
  ),
);

test.each([
  ['all', ['web01', 'web02', 'web10', 'db01', 'db.example.com', 'mail']],
  ['db01', ['db01']],
  ['db01,web02', ['web02', 'db01']],
  ['web', ['web01', 'web02', 'web10']],
  ['prod', ['web01', 'db01', 'mail']],
  ['web0?', ['web01', 'web02']],
  ['web*', ['web01', 'web02', 'web10']],
  ['db.*', ['db.example.com']],
  ['d*01', ['db01']],
  ['web:&prod', ['web01']],
  ['web:!web02', ['web01', 'web10']],
  ['all:!web:!prod', ['db.example.com']],
  ['web:&prod,mail', ['web01', 'mail']],
  ['*mail*', ['mail']],
  [' web01 , mail ', ['web01', 'mail']],
])('%j selects %j', (pattern, hosts) => expect(valueOf(selectHosts(inventory, pattern, null))).toEqual(hosts));

test('a limit narrows the selection', () => {
  expect(valueOf(selectHosts(inventory, 'web', 'prod,web02'))).toEqual(['web01', 'web02']);
});

test.each([
  ['wbe', null, 'no host and no group matches `wbe`'],
  ['web,nothing*', null, 'no host and no group matches `nothing*`'],
  ['web:&nobody', null, 'no host and no group matches `nobody`'],
  ['web', 'dbx', 'no host and no group matches `dbx`'],
  ['web:&mailers', null, '`web:&mailers` leaves no host'],
  ['empty', null, '`empty` leaves no host'],
  ['web', 'mail', '`web` with the limit `mail` leaves no host'],
  ['', null, '`` is no pattern'],
  ['web,', null, '`` is no pattern'],
  [':!web', null, '`` is no pattern'],
  ['web:prod', null, '`web:prod` is no pattern'],
])('%j with the limit %j is a fault', (pattern, limit, message) => {
  const selected = selectHosts(inventory, pattern, limit);
  expect(selected.ok ? [] : selected.faults.map((fault) => fault.message)).toContain(message);
});

test('a fault names the option that was typed', () => {
  const selected = selectHosts(inventory, 'wbe', null, '--host');
  expect(selected.ok ? [] : selected.faults.map(({ file }) => file)).toEqual(['--host']);
});

test('a misspelt group is suggested', () => {
  const selected = selectHosts(inventory, 'prdo', null);
  expect(selected.ok ? null : selected.faults[0]?.suggestion).toBe('did you mean `prod`?');
});

test('whatever the pattern, every host comes at most once and in the order of the file', () => {
  const names = [...inventory.hosts.keys()];
  const word = fc.constantFrom(...names, 'web', 'prod', 'all', 'web*', '*0?');
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(',', ':&', ':!'), word), { minLength: 1, maxLength: 6 }), (parts) => {
      const selected = selectHosts(
        inventory,
        parts
          .map(([operator, name]) => operator + name)
          .join('')
          .replace(/^(,|:[&!])/, ''),
        null,
      );
      if (!selected.ok) return;
      expect(selected.value).toEqual(names.filter((name) => selected.value.includes(name)));
    }),
  );
});
