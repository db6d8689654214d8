import { expect, test } from 'vitest';
import { restarted } from './restarted.ts';
import { labMachine, outputOf } from './run-script.ts';

test('a restart comes up with services that need each other in a circle: they stay stopped', async () => {
  const machine = labMachine();
  const key = 'HKLM:\\SYSTEM\\CurrentControlSet\\Services';
  await outputOf(
    machine,
    `Set-ItemProperty ${key}\\Spooler -Name DependOnService -Type MultiString -Value 'BITS'
     Set-ItemProperty ${key}\\BITS -Name DependOnService -Type MultiString -Value 'Spooler'`,
  );
  await restarted(machine);
  expect(await outputOf(machine, '(Get-Service Spooler).Status.ToString()')).toEqual(['Stopped']);
  await expect(outputOf(machine, 'Start-Service BITS')).rejects.toThrow(/BITS/);
  await outputOf(machine, 'Stop-Service EventLog -Force -ErrorAction SilentlyContinue');
});

test('a restart comes up although a pending rename has no name that there can be', async () => {
  const machine = labMachine();
  const pending = String.raw`'\??\C:\a|b', '', '\??\C:\Windows\win.ini', '!\??\C:\Windows\win.ini'`;
  await outputOf(
    machine,
    `Set-Content C:\\Windows\\win.ini x
     Set-ItemProperty 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Session Manager' -Name PendingFileRenameOperations -Type MultiString -Value ${pending}`,
  );
  await restarted(machine);
  expect(await outputOf(machine, 'Test-Path C:\\Windows\\win.ini')).toEqual([true]);
});
