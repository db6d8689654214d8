import { describe, expect, test } from 'vitest';
import { readShellRequest } from '../../../../src/lab/windows/runtime/launcher.ts';
import { labMachine, outputOf } from './run-script.ts';

describe('scheduled tasks', () => {
  const register = (body: string, rest = '') => `
    $a = New-ScheduledTaskAction -Execute 'powershell.exe' -Argument "-NoProfile -NonInteractive -Command ${body}"
    $p = New-ScheduledTaskPrincipal -UserId 'S-1-5-18' -LogonType ServiceAccount -RunLevel Highest
    $s = New-ScheduledTaskSettingsSet -AllowStartIfOnBatteries -ExecutionTimeLimit (New-TimeSpan -Minutes 30)
    Register-ScheduledTask -TaskName T -Action $a -Principal $p -Settings $s ${rest} -Force | Out-Null`;

  test('run as SYSTEM beside the session; waiting for them does not outrun them', async () => {
    const machine = labMachine();
    const output = await outputOf(
      machine,
      `${register(`Start-Sleep -Seconds 600; [IO.File]::WriteAllText('C:\\who.txt', [Security.Principal.WindowsIdentity]::GetCurrent().User.Value); exit 7`)}
       Start-ScheduledTask -TaskName T
       (Get-ScheduledTaskInfo -TaskName T).LastTaskResult
       $w = [Diagnostics.Stopwatch]::StartNew()
       while ((Get-ScheduledTask -TaskName T).State -eq 'Running' -and $w.Elapsed.TotalMinutes -lt 60) { Start-Sleep -Seconds 5 }
       (Get-ScheduledTaskInfo -TaskName T).LastTaskResult
       [IO.File]::ReadAllText('C:\\who.txt')
       [int]($w.Elapsed.TotalMinutes)`,
    );
    expect(
      output.map((value) =>
        typeof value === 'object' && value !== null && 'value' in value ? Number(value.value) : value,
      ),
    ).toEqual([267009, 7, 'S-1-5-18', 10]);
  });

  test('are ended at their time limit', async () => {
    const machine = labMachine();
    await outputOf(
      machine,
      `${register('Start-Sleep -Seconds 86400')}; Start-ScheduledTask T; Start-Sleep -Seconds 3600`,
    );
    expect(machine.tasks.find('\\', 'T')?.lastResult).toBe(267014);
  });

  test('start by a trigger at a time, and at the next start of the machine', async () => {
    const machine = labMachine();
    await outputOf(
      machine,
      `${register(`Add-Content C:\\log.txt run`, `-Trigger @((New-ScheduledTaskTrigger -Once -At (Get-Date).AddMinutes(20)), (New-ScheduledTaskTrigger -AtStartup))`)}; Start-Sleep -Seconds 1300; Get-Content C:\\log.txt`,
    );
    expect(Buffer.from(machine.files.read(machine.files.get('C:\\log.txt'))).toString()).toBe('run\r\n');
    const up = new Promise<void>((resolve) => {
      machine.power.watch((state) => state === 'up' && resolve());
    });
    machine.power.restart();
    await up;
    await outputOf(machine, 'Start-Sleep -Seconds 60');
    expect(Buffer.from(machine.files.read(machine.files.get('C:\\log.txt'))).toString()).toBe('run\r\nrun\r\n');
  });

  test('come back from their XML', async () => {
    const output = await outputOf(
      labMachine(),
      `${register('exit 0')}; $x = Export-ScheduledTask -TaskName T; Unregister-ScheduledTask -TaskName T -Confirm:$false; Register-ScheduledTask -TaskName T -TaskPath '\\f\\' -Xml $x | Out-Null; $t = Get-ScheduledTask -TaskName T; $t.TaskPath; $t.Actions[0].Execute; $t.Settings.ExecutionTimeLimit; $t.State.ToString()`,
    );
    expect(output).toEqual(['\\f\\', 'powershell.exe', 'PT30M', 'Ready']);
  });
});

describe('the command line of powershell.exe', () => {
  test('takes a command, an encoded command or a file, and shortened options', () => {
    expect(readShellRequest('-NoProfile -NonInteractive -Command "exit 3; \'a b\'"')).toMatchObject({
      kind: 'command',
      text: "exit 3; 'a b'",
    });
    expect(readShellRequest(`-nop -enc ${Buffer.from('1+1', 'utf16le').toString('base64')}`)).toMatchObject({
      kind: 'command',
      text: '1+1',
    });
    expect(readShellRequest('-ep Bypass -File "C:\\a b\\r.ps1" -Dir "C:\\x"')).toEqual({
      kind: 'file',
      path: 'C:\\a b\\r.ps1',
      args: ['-Dir', 'C:\\x'],
      policy: 'Bypass',
    });
    expect(readShellRequest('-Nonsense')).toEqual({ kind: 'wrong', option: '-Nonsense' });
  });
});
