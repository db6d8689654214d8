import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { windowsCmdlets } from '../../../../src/lab/windows/runtime/extension.ts';

type Facts = Readonly<Record<string, { readonly module: string; readonly sets: readonly (readonly string[])[] }>>;
const facts = JSON.parse(
  readFileSync(new URL('../../../fixtures/lab/windows-commands.json', import.meta.url), 'utf8'),
) as Facts;
/** Commands that the list of a real Windows PowerShell 5.1 does not hold. */
const unproven = new Set(['Delete-DeliveryOptimizationCache']);
/** Parameters that the provider of a path adds at run time. */
const dynamic: Readonly<Record<string, readonly string[]>> = { 'Set-ItemProperty': ['Type'] };

const typeOf = (fact: string): string => {
  const type = fact.slice(fact.indexOf(':') + 1);
  if (type === 'long') return 'int64';
  if (type === 'IDictionary') return 'System.Collections.IDictionary';
  if (type === 'psobject' || type.startsWith('FlagsExpression')) return 'object';
  if (type.startsWith('CimInstance') || type === 'ciminstance') return type.endsWith('[]') ? 'object[]' : 'object';
  return type;
};

describe('simulated commands', () => {
  test('the table of facts knows every simulated command but the unproven ones', () => {
    expect(windowsCmdlets.length).toBeGreaterThan(70);
    expect(windowsCmdlets.map(({ name }) => name).filter((name) => !facts[name])).toEqual([...unproven]);
  });

  for (const cmdlet of windowsCmdlets) {
    const fact = facts[cmdlet.name];
    if (!fact) continue;
    test(`${cmdlet.name} has the parameters, types and sets of Windows PowerShell 5.1`, () => {
      expect(cmdlet.module).toBe(fact.module);
      const wanted = new Map(fact.sets.flat().map((one) => [one.slice(0, one.indexOf(':')), typeOf(one)]));
      for (const name of dynamic[cmdlet.name] ?? []) wanted.set(name, cmdlet.parameters[name]?.type ?? '');
      expect(Object.fromEntries(Object.entries(cmdlet.parameters).map(([name, { type }]) => [name, type]))).toEqual(
        Object.fromEntries(wanted),
      );
      // How often a parameter occurs tells in how many sets it is; a parameter without sets is in all of them.
      for (const [name, parameter] of Object.entries(cmdlet.parameters)) {
        if (dynamic[cmdlet.name]?.includes(name)) continue;
        const count = fact.sets.filter((set) => set.some((one) => one.startsWith(`${name}:`))).length;
        const { sets } = parameter;
        const own =
          sets === undefined ? fact.sets.length : Array.isArray(sets) ? sets.length : Object.keys(sets).length;
        expect([name, own]).toEqual([name, count]);
      }
    });
  }
});
