import { describe, expect, test } from 'vitest';
import type { FaultSpec } from '../../../../src/lab/faults/faults.ts';
import type { HostSpec } from '../../../../src/lab/faults/lab-spec.ts';
import { kitFolder } from '../../../../src/lab/windows/kit-ledger.ts';
import type { Change } from '../../../../src/lab/windows/machine/change-feed.ts';
import type { Machine } from '../../../../src/lab/windows/machine/machine.ts';
import { isScriptChange } from '../../../../src/lab/windows/script-changes.ts';
import { labMachine, outputOf } from './run-script.ts';

/** Kinds and targets of the changes that count while a script runs. */
const changesOf = async (machine: Machine, text: string): Promise<string[]> => {
  const changes: Change[] = [];
  const ignore = machine.changes.observe((change) => void changes.push(change));
  await outputOf(machine, text);
  ignore();
  return changes.filter((change) => isScriptChange(machine, change)).map(({ kind, target }) => `${kind} ${target}`);
};

const host = (faults: readonly FaultSpec[] = [], spec: Partial<HostSpec> = {}): Machine => labMachine(faults, spec);

describe('changes that a script makes to a host', () => {
  const action = "$a = New-ScheduledTaskAction -Execute powershell.exe -Argument '-Command exit 0'";

  test.each<[string, string, readonly string[]]>([
    [
      'tasks, but not those of the kit',
      `${action}
       foreach ($n in 'Other', 'Kintsugi-r1-work-1') { Register-ScheduledTask $n -Action $a -User SYSTEM | Out-Null; Start-ScheduledTask $n }
       Disable-ScheduledTask Other | Out-Null; Unregister-ScheduledTask Other -Confirm:$false`,
      ['task.register \\Other', 'task.enable \\Other', 'task.unregister \\Other'],
    ],
    [
      'the end of a service by its process',
      'Stop-Process -Id (Get-CimInstance Win32_Service -Filter "Name=\'Spooler\'").ProcessId -Force',
      ['process.kill spoolsv'],
    ],
    [
      'protection that is switched off and on',
      'Disable-ComputerRestore C:\\; Enable-ComputerRestore C:\\',
      ['restore.disable C:', 'restore.enable C:'],
    ],
    [
      'a restart that is planned and taken back',
      'shutdown /r /t 600; shutdown /a',
      ['power.schedule restart', 'power.abort restart'],
    ],
    [
      'a clean-up that makes updates permanent',
      'Dism.exe /Online /Cleanup-Image /StartComponentCleanup /ResetBase | Out-Null',
      ['package.resetBase component store'],
    ],
    [
      'files, but not those of the kit',
      'Set-Content C:\\ProgramData\\KintsugiOther.txt 1; [void](New-Item -ItemType Directory C:\\ProgramData\\Kintsugi\\x -Force)',
      ['file.create C:\\ProgramData\\KintsugiOther.txt'],
    ],
  ])('%s', async (_, text, expected) => {
    const seen = await changesOf(host(), text);
    expect(seen.filter((each) => !/^(registry|component)\./.test(each))).toEqual(expected);
  });

  test('a clock that a program lets a service set', async () => {
    const machine = host([{ kind: 'clock-skew', minutes: 7 }]);
    const seen = await changesOf(machine, 'Start-Service W32Time; w32tm /resync | Out-Null');
    expect(seen).toEqual(['service.start W32Time', 'clock.step system clock']);
  });

  test('a limit of the shadow storage, and copies that are deleted, that of the run among them', async () => {
    const machine = host([], { base: 'windows-server-2022' });
    machine.shadows.create('C:\\', 'ClientAccessible', 4);
    const seen = await changesOf(
      machine,
      `vssadmin resize shadowstorage /for=C: /on=C: /maxsize=20GB | Out-Null
       [void](Invoke-CimMethod -ClassName Win32_ShadowCopy -MethodName Create -Arguments @{ Volume = 'C:\\'; Context = 'ClientAccessible' })
       Get-CimInstance Win32_ShadowCopy | Remove-CimInstance`,
    );
    expect(seen.map((each) => each.replace(/ .*/, ''))).toEqual([
      'shadow.limit',
      'shadow.create',
      'shadow.remove',
      'shadow.remove',
    ]);
  });

  test('trees count entry by entry, where Windows works entry by entry', async () => {
    const machine = host();
    await outputOf(
      machine,
      `foreach ($n in 'C:\\t\\a', 'C:\\t\\b') { [void](New-Item -ItemType Directory $n -Force); Set-Content "$n\\f.txt" 1 }
       [void](New-Item HKLM:\\SOFTWARE\\T\\a -Force); [void](New-Item HKLM:\\SOFTWARE\\T\\b -Force)`,
    );
    expect(await changesOf(machine, 'Copy-Item C:\\t C:\\u -Recurse')).toHaveLength(5);
    expect(await changesOf(machine, 'Remove-Item HKLM:\\SOFTWARE\\T -Recurse')).toEqual([
      'registry.remove HKEY_LOCAL_MACHINE\\SOFTWARE\\T\\a',
      'registry.remove HKEY_LOCAL_MACHINE\\SOFTWARE\\T\\b',
      'registry.remove HKEY_LOCAL_MACHINE\\SOFTWARE\\T',
    ]);
  });

  test('a script that is to fail after a change ends in the middle of the command', async () => {
    const machine = host();
    await outputOf(
      machine,
      "foreach ($n in 'a', 'b', 'c') { [void](New-Item -ItemType Directory C:\\t -Force); Set-Content C:\\t\\$n 1 }",
    );
    let changes = 0;
    machine.changes.observe(async ({ pid, target }) => {
      const process = machine.processes.get(pid);
      if (process && target.startsWith('C:\\u') && ++changes === 2) process.scriptFault = new Error('here');
    });
    await expect(outputOf(machine, 'Copy-Item C:\\t C:\\u -Recurse')).rejects.toThrow(/here/);
    expect(machine.files.get('C:\\u').children.size).toBe(1);
  });

  test('a shadow copy that is made while the ledger of a run says that it protects the host is none; nor is the end of an attempt that it names', async () => {
    const machine = host([], { base: 'windows-server-2022' });
    const ledger = `${kitFolder}\\ledger`;
    void machine.files.createFolder(ledger, 4);
    const records: object[] = [{ kind: 'intent', data: { kind: 'protect', processId: 0 } }];
    const write = (): void =>
      void machine.files.write(
        `${ledger}\\r1.jsonl`,
        Buffer.from(records.map((one) => `${JSON.stringify(one)}\n`).join('')),
        4,
      );
    const make = `[void](Invoke-CimMethod -ClassName Win32_ShadowCopy -MethodName Create -Arguments @{ Volume = 'C:\\'; Context = 'ClientAccessible' })`;
    write();
    expect(await changesOf(machine, make)).toEqual([]);
    const [ours] = machine.shadows.copies;
    records.push({ kind: 'outcome', data: { kind: 'protect', result: { method: 'shadow-copy', id: ours?.id } } });
    write();
    expect((await changesOf(machine, make)).map((each) => each.replace(/ .*/, ''))).toEqual(['shadow.create']);
    const seen = await changesOf(machine, 'Get-CimInstance Win32_ShadowCopy | Remove-CimInstance');
    // The commit removes it: that the script of a step does it is a change like any other.
    expect(seen).toHaveLength(2);
    expect(seen).toContain(`shadow.remove ${ours?.id}`);
    const [other, former] = [1, 2].map(() =>
      machine.processes.start({ name: 'powershell', path: 'C:\\p.exe', parentPid: 4 }),
    );
    records.push({ kind: 'intent', data: { kind: 'apply', processId: former?.pid } });
    write();
    expect(await changesOf(machine, `Stop-Process -Id ${other?.pid}, ${former?.pid} -Force`)).toEqual([
      'process.kill powershell',
    ]);
  });
});
