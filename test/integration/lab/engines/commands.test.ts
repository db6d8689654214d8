import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HostSpec } from '../../../../src/lab/faults/lab-spec.ts';
import { cimClasses } from '../../../../src/lab/windows/cim/find-class.ts';
import { programs } from '../../../../src/lab/windows/programs/programs.ts';
import { windowsCmdlets } from '../../../../src/lab/windows/runtime/extension.ts';
import { findRealPwsh } from '../../../helpers/pwsh-programs.ts';
import { clientFamilies, type ScriptFamily, serverFamilies } from './script-families.ts';
import { type EngineSession, openEngineSession } from './two-engines.ts';

const pwsh = findRealPwsh();

/** How each command fails with a parameter that no command has; `Add-Type` first asks PowerShell 7 what it was given. */
const withUnknownParameter = [
  `foreach ($name in '${windowsCmdlets.flatMap(({ name }) => (name === 'Add-Type' ? [] : [name])).join("', '")}') {`,
  '  try { & $name -KtNope 1 } catch { $_.FullyQualifiedErrorId; "$_"; $_.CategoryInfo.Category }',
  '}',
].join('\n');

/** What every machine has; each is read alone. */
const sweeps: readonly ScriptFamily[] = [
  ['every command', [withUnknownParameter]],
  ['every program', programs.map(({ path }) => `\n& '${path}' /?; $LASTEXITCODE`)],
  [
    'every CIM class',
    cimClasses.map(({ namespace, name }) => `Get-CimInstance -Namespace ${namespace} -ClassName ${name}`),
  ],
];

const hosts: readonly (readonly [string, HostSpec, readonly ScriptFamily[]])[] = [
  ['a client', { base: 'windows-11-24h2' }, [...clientFamilies, ...sweeps]],
  [
    'a server',
    { base: 'windows-server-2022', roles: ['web-server', 'update-server', 'server-backup'] },
    serverFamilies,
  ],
];

describe.skipIf(pwsh === undefined).each(hosts)(
  'The simulator and a real PowerShell as engine of the lab: on %s',
  (_name, spec, families) => {
    let simulator: EngineSession;
    let real: EngineSession;

    beforeAll(() => {
      simulator = openEngineSession(spec);
      real = openEngineSession(spec, pwsh);
    });

    afterAll(() => {
      simulator.close();
      real.close();
    });

    test.each(families)(
      'commands of the family %s give, fail with and change the same',
      async (_family, scripts) => {
        for (const script of scripts) {
          const expected = { script, ...(await simulator.run(script)), changes: simulator.changes() };
          expect({ script, ...(await real.run(script)), changes: real.changes() }).toEqual(expected);
        }
      },
      120_000,
    );
  },
);
