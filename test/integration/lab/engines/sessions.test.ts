import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMachine } from '../../../../src/lab/faults/create-machine.ts';
import { createPwshRunspaceHost } from '../../../../src/lab/pwsh-engine/pwsh-runspace-host.ts';
import { SecureText } from '../../../../src/remote/protocol/clixml/secure-text.ts';
import { findRealPwsh } from '../../../helpers/pwsh-programs.ts';
import { type EngineSession, openEngineSession } from './two-engines.ts';

const pwsh = findRealPwsh();
const base = 'windows-11-24h2';

describe.skipIf(pwsh === undefined)('The simulator and a real PowerShell as engine of the lab: its sessions', () => {
  let session: EngineSession;

  beforeAll(() => {
    session = openEngineSession({ base }, pwsh);
  });

  afterAll(() => session.close());

  test('a stop reaches a loop of the language and a wait of a simulated command, and the session goes on', async () => {
    await session.run('1');
    for (const script of ['while ($true) { }', 'while ($true) { Get-Service Spooler | Out-Null }']) {
      const running = session.start(`'begun'; ${script}`);
      await running.begun;
      running.stop();
      expect(await running.done).toEqual({ state: 'stopped' });
      // Clients sign off pipelines that have ended long ago; that is no stop of the next one.
      const next = session.run('1 + 1');
      running.stop();
      expect(await next).toMatchObject({ output: ['2'], end: 'completed' });
    }
  }, 120_000);

  test('a secret that the client gives is one for scripts and for simulated commands', async () => {
    const script = `param($secret) $secret.GetType().Name; [Net.NetworkCredential]::new('', $secret).Password
      (Add-BitLockerKeyProtector -MountPoint C: -PasswordProtector -Password $secret).MountPoint`;
    const told = await session.run(script, [new SecureText('pass phrase')]);
    const simulator = openEngineSession({ base });
    expect(told).toEqual(await simulator.run(script, [new SecureText('pass phrase')]));
    expect(told.output.slice(0, 2)).toEqual(['"SecureString"', '"pass phrase"']);
    simulator.close();
  }, 120_000);

  test('endpoints without language and other language modes are refused by name', () => {
    const machine = createMachine('PC2', { base }, ['operator']);
    const host = createPwshRunspaceHost(machine, pwsh ?? '');
    const info = { shellId: 's', user: 'operator', logon: 'network' } as const;
    expect(() => host.openRunspace({ ...info, configuration: 'Repair' })).toThrow(
      'LabUnsupported: the session configuration Repair in a real PowerShell',
    );
    machine.close();
    const constrained = createMachine('PC3', { base, faults: [{ kind: 'constrained-language' }] }, ['operator']);
    expect(() => createPwshRunspaceHost(constrained, pwsh ?? '').openRunspace(info)).toThrow('LabUnsupported');
    constrained.close();
  });
});
