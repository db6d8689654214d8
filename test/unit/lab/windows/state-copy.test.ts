import { describe, expect, test } from 'vitest';
import { createMachine } from '../../../../src/lab/faults/create-machine.ts';
import { unexpectedDifferences } from '../../../../src/lab/windows/allowed-differences.ts';
import { diffSnapshots, takeSnapshot } from '../../../../src/lab/windows/machine/snapshot.ts';
import { saveState } from '../../../../src/lab/windows/machine/state-copy.ts';
import { UpdateFault } from '../../../../src/lab/windows/machine/updates/update-fault.ts';
import { Win32Fault } from '../../../../src/lab/windows/machine/win32-fault.ts';
import { labMachine, outputOf } from './run-script.ts';

const code = (run: () => unknown): number => {
  try {
    run();
  } catch (error) {
    if (error instanceof Win32Fault) return error.code;
    if (error instanceof UpdateFault) return error.hresult >>> 0;
    throw error;
  }
  return 0;
};
const cache = 'C:\\Windows\\SoftwareDistribution';

describe('the saved state of a machine', () => {
  test('a copied state can be put back', () => {
    const machine = labMachine([{ kind: 'update-cache-corrupt' }]);
    const [restore, before] = [saveState(machine), takeSnapshot(machine)];
    void machine.services.stop('wuauserv', 4);
    void machine.files.move(cache, `${cache}.old`, 4);
    void machine.registry.set('HKLM\\SOFTWARE\\X', { name: 'v', kind: 'DWord', data: 1 }, 4);
    void machine.services.configure('BITS', { start: 'Disabled' }, 4);
    restore();
    expect(diffSnapshots(before, takeSnapshot(machine), machine)).toEqual({ differences: [], newEvents: [] });
    expect(code(() => machine.update.search())).toBe(0x80070002);
    expect(code(() => machine.files.move(cache, `${cache}.old`, 4))).toBe(5);
  });

  test('a saved state comes back in all its parts, and a state that was saved and put back is the same', async () => {
    const machine = createMachine('box', { base: 'windows-server-2022', roles: ['web-server'] });
    machine.shadows.create('C:\\', 'ClientAccessible', 4);
    const [restore, before] = [saveState(machine), takeSnapshot(machine)];
    restore();
    expect(diffSnapshots(before, takeSnapshot(machine), machine)).toEqual({ differences: [], newEvents: [] });
    await outputOf(
      machine,
      `Get-CimInstance Win32_ShadowCopy | Remove-CimInstance; shutdown /r /t 600; Set-Service Spooler -Description other
       Set-MpPreference -DisableRealtimeMonitoring $true`,
    );
    machine.defender.isTamperProtected = true;
    const { differences } = diffSnapshots(before, takeSnapshot(machine), machine);
    expect(differences.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['defender:tamper', 'power:planned', 'service:Spooler:config']),
    );
    restore();
    expect(diffSnapshots(before, takeSnapshot(machine), machine)).toEqual({ differences: [], newEvents: [] });
    const [copy] = machine.shadows.copies;
    expect(machine.files.find(`${copy?.deviceObject}\\Windows`)?.isFolder).toBe(true);
    await outputOf(machine, 'Start-Sleep 1200');
    expect(machine.power.boots).toBe(0);
  });

  test('the closed list covers our folder and what was set aside, and nothing else', () => {
    const at = (path: string) => ({ path, before: undefined, after: 'x' });
    expect(
      unexpectedDifferences([
        at('file:C:\\ProgramData\\Kintsugi\\runs\\1.jsonl'),
        at('file:C:\\Windows\\SoftwareDistribution.kintsugi-rejected-r1\\Download'),
        at('restore:point:3'),
      ]),
    ).toEqual([]);
    expect(
      unexpectedDifferences([
        at('file:C:\\ProgramData\\KintsugiOther'),
        at('service:BITS:state'),
        at('file:C:\\Windows\\SoftwareDistribution'),
      ]),
    ).toHaveLength(3);
  });

  test('what may be added may not be lost: points and copies from before the run, logs', () => {
    const gone = (path: string) => ({ path, before: 'x', after: undefined });
    const file = (sizeBytes: number, sddl = 'O:SY') => JSON.stringify({ kind: 'file', sizeBytes, sha256: 'a', sddl });
    const log = 'file:C:\\Windows\\Logs\\CBS\\CBS.log';
    const lost = [
      gone('restore:point:1'),
      gone('shadow:{A}'),
      { path: 'shadow:{B}', before: 'x', after: 'y' },
      gone(log),
      { path: log, before: file(100), after: file(20) },
      { path: log, before: file(100), after: file(120, 'O:BA') },
    ];
    expect(unexpectedDifferences(lost)).toEqual(lost);
    expect(unexpectedDifferences([{ path: log, before: file(100), after: file(120) }])).toEqual([]);
  });

  test('restore points that a script deletes are unexpected', async () => {
    const machine = labMachine();
    await outputOf(machine, 'Enable-ComputerRestore C:\\; Checkpoint-Computer -Description before');
    const before = takeSnapshot(machine);
    await outputOf(machine, 'Disable-ComputerRestore C:\\; Enable-ComputerRestore C:\\');
    const { differences } = diffSnapshots(before, takeSnapshot(machine), machine);
    expect(unexpectedDifferences(differences).map(({ path }) => path)).toContain('restore:point:1');
  });
});
