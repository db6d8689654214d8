import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { signatureOf } from '../../../../src/lab/evaluator/binding/cmdlet-signature.ts';
import { allSets, type ParameterSpec, roleIn, type SetRole } from '../../../../src/lab/evaluator/binding/signature.ts';
import type { CmdletDefinition } from '../../../../src/lab/evaluator/host.ts';
import { createRegistry } from '../../../../src/lab/evaluator/registry.ts';
import { windowsLanguage } from '../../../../src/lab/windows/runtime/windows-language.ts';

/**
 * What Windows PowerShell 5.1 lists of a command: each parameter set as `Name`, `!` where it is mandatory, `@n` where it is positional, and
 * its type. `bindings` (how a parameter is bound from the pipeline, then its aliases) are those of PowerShell 7 without what is new there;
 * commands that it has not are without.
 */
type Fact = {
  readonly module: string;
  readonly shouldProcess: boolean;
  readonly sets: readonly string[];
  readonly bindings?: Readonly<Record<string, string>>;
};
const read = (file: string): Readonly<Record<string, Fact>> =>
  JSON.parse(readFileSync(new URL(`../../../fixtures/lab/${file}`, import.meta.url), 'utf8')) as Readonly<
    Record<string, Fact>
  >;
/** What a real Windows lists, and what Microsoft documents of the commands of roles. */
const facts = { ...read('windows-commands.json'), ...read('role-commands.json') };
const cmdlets = [...createRegistry(windowsLanguage).cmdlets.values()];

/** Commands that the list of a real Windows PowerShell 5.1 does not hold. */
const unproven = [
  'Delete-DeliveryOptimizationCache',
  'Reset-AppxPackage',
  // A function of every session, which the list of commands leaves out.
  'mkdir',
  'Get-DeliveryOptimizationStatus',
  'Get-DeliveryOptimizationPerfSnap',
];
const newerLists = [
  'ControlledFolderAccessProtectedFolders',
  'ControlledFolderAccessAllowedApplications',
  'AttackSurfaceReductionOnlyExclusions',
  'AttackSurfaceReductionRules_Ids',
  'AttackSurfaceReductionRules_Actions',
];
/** Parameters that the list lacks: those that the provider of a path adds at run time, and those of newer builds than the one it is of. */
const dynamic: Readonly<Record<string, readonly string[]>> = {
  'Set-ItemProperty': ['Type'],
  'Remove-AppxPackage': ['AllUsers', 'User'],
  'Set-MpPreference': [...newerLists, 'EnableControlledFolderAccess', 'EnableNetworkProtection'],
  'Add-MpPreference': newerLists,
  'Remove-MpPreference': newerLists,
};
/** Parameters whose declared type is another one for a reason. */
const otherTypes: Readonly<Record<string, string>> = {
  // An attribute of its own makes a version of `Latest` and of whole numbers.
  'Set-StrictMode Version': 'version',
};

/** Types by their last name without case; CIM instances and PSObjects are objects. */
const plainType = (type: string): string => {
  const plain = type.toLowerCase().replace(/^.*\./, '');
  if (plain.startsWith('flagsexpression')) return 'object';
  if (plain.startsWith('ciminstance') || plain.startsWith('psobject'))
    return plain.endsWith('[]') ? 'object[]' : 'object';
  return plain === 'long' ? 'int64' : plain === 'long[]' ? 'int64[]' : plain;
};

/** Sets as texts; one without parameters is not to be seen beside others. */
const inOrder = (sets: readonly (readonly string[])[]): string[] => [
  ...new Set(sets.filter((set) => set.length > 0).map((set) => set.toSorted().join(' '))),
];

const factSets = (fact: Fact): string[] =>
  inOrder(
    fact.sets.map((set) =>
      set
        .split(' ')
        .filter((word) => word !== '')
        .map((word) => word.replace(/:(.*)$/, (_all, type: string) => `:${plainType(type)}`)),
    ),
  );

/** The sets of a simulated command as the facts tell them; positions count from the first one of the set. */
const labSets = (cmdlet: CmdletDefinition): string[] => {
  const { specs, setNames } = signatureOf(cmdlet);
  const listed = specs.filter(({ name }) => !dynamic[cmdlet.name]?.includes(name));
  return inOrder(
    (setNames.length === 0 ? [allSets] : setNames).map((set) => {
      const members = listed
        .map((spec) => [spec, roleIn(spec, set)] as const)
        .filter((member): member is readonly [ParameterSpec, SetRole] => member[1] !== undefined);
      const places = members.flatMap(([, { position }]) => position ?? []).toSorted((a, b) => a - b);
      return members.map(([{ name }, { position, mandatory }]) => {
        const type = otherTypes[`${cmdlet.name} ${name}`] ?? cmdlet.parameters[name]?.type ?? '';
        const place = position === undefined ? '' : `@${places.indexOf(position)}`;
        return `${name}${mandatory ? '!' : ''}${place}:${plainType(type)}`;
      });
    }),
  );
};

const kindOf = ({ fromValue, fromName }: SetRole): string =>
  fromValue ? (fromName ? 'both' : 'value') : fromName ? 'name' : '-';

const labBindings = (cmdlet: CmdletDefinition): Record<string, string> =>
  Object.fromEntries(
    signatureOf(cmdlet)
      .specs.filter(({ name }) => !dynamic[cmdlet.name]?.includes(name))
      .map(({ name, roles, aliases }) => {
        const kinds = [...new Set([...roles.values()].map(kindOf))].toSorted();
        return [name, [kinds.join('/'), ...aliases.toSorted()].join(' ')] as const;
      })
      .filter(([name, words]) => words !== '-' && name !== 'UseTransaction'),
  );

const factBindings = (bindings: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(bindings).map(([name, words]) => {
      const [kinds, ...aliases] = words.toLowerCase().split(' ');
      return [name, [kinds, ...aliases.toSorted()].join(' ')];
    }),
  );

describe('simulated commands', () => {
  test('the table of facts knows every simulated command but the unproven ones, and no other', () => {
    expect(cmdlets.length).toBeGreaterThan(120);
    expect(
      cmdlets
        .map(({ name }) => name)
        .filter((name) => !facts[name])
        .toSorted(),
    ).toEqual(unproven.toSorted());
    const simulated = new Set(cmdlets.map(({ name }) => name));
    expect(Object.keys(facts).filter((name) => !simulated.has(name))).toEqual([]);
  });

  for (const cmdlet of cmdlets) {
    const fact = facts[cmdlet.name];
    if (!fact) continue;
    test(`${cmdlet.name} has the parameters of Windows PowerShell 5.1: sets, types, positions, pipeline, aliases`, () => {
      expect(cmdlet.module).toBe(fact.module);
      expect(cmdlet.supportsShouldProcess ?? false).toBe(fact.shouldProcess);
      expect(labSets(cmdlet).toSorted()).toEqual(factSets(fact).toSorted());
      if (fact.bindings) expect(labBindings(cmdlet)).toEqual(factBindings(fact.bindings));
      // What is left out is a parameter of the command.
      expect(Object.keys(cmdlet.parameters)).toEqual(expect.arrayContaining([...(cmdlet.outside ?? [])]));
    });
  }
});
