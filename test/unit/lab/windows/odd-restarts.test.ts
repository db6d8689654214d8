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

test('a pending rename that replaces a file leaves both where it cannot be done, and does it in one step where it can', async () => {
  const machine = labMachine([{ kind: 'usb-device-attached' }]);
  const other = [...machine.files.volumes.keys()].find((drive) => drive !== 'C:') ?? expect.unreachable();
  await outputOf(
    machine,
    `Set-Content ${other}\\far far; Set-Content C:\\kept kept; Set-Content C:\\new new; Set-Content C:\\old old
     Set-ItemProperty 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Session Manager' -Name PendingFileRenameOperations -Type MultiString -Value '\\??\\${other}\\far', '!\\??\\C:\\kept', '\\??\\C:\\new', '!\\??\\C:\\old'`,
  );
  await restarted(machine);
  expect(
    await outputOf(machine, `Test-Path ${other}\\far; Get-Content C:\\kept; Get-Content C:\\old; Test-Path C:\\new`),
  ).toEqual([true, 'kept', 'new', false]);
});

test('a part that does not come up keeps no other from coming up, and is told to the next script', async () => {
  const machine = labMachine();
  machine.users.restart = () => {
    throw new RangeError('no users');
  };
  await restarted(machine);
  expect(machine.services.get('Dnscache').state).toBe('Running');
  await expect(outputOf(machine, '1')).rejects.toThrow(/no users/);
});
