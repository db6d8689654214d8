import { describe, expect, test } from 'vitest';
import type { Machine } from '../../../../src/lab/windows/machine/machine.ts';
import { readShellRequest } from '../../../../src/lab/windows/runtime/launcher.ts';
import { restarted } from './restarted.ts';
import { labMachine, outputOf, runScript } from './run-script.ts';

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

  const runs = (machine: Machine): number =>
    machine.files.exists('C:\\log.txt')
      ? Buffer.from(machine.files.read(machine.files.get('C:\\log.txt')))
          .toString()
          .split('\r\n').length - 1
      : 0;
  const once = '-Trigger (New-ScheduledTaskTrigger -Once -At (Get-Date).AddMinutes(10))';

  test('a start at a time comes once: not again when the task is enabled anew, nor after a restart', async () => {
    const machine = labMachine();
    await outputOf(machine, `${register('Add-Content C:\\log.txt run', once)}; Start-Sleep -Seconds 900`);
    await outputOf(machine, 'Disable-ScheduledTask T | Out-Null; Enable-ScheduledTask T | Out-Null; Start-Sleep 3600');
    expect(runs(machine)).toBe(1);
    await restarted(machine);
    await outputOf(machine, 'Start-Sleep 3600');
    expect(runs(machine)).toBe(1);
  });

  test('a repetition keeps its interval and ends with its duration, also in the XML', async () => {
    const machine = labMachine();
    const trigger =
      '-Trigger (New-ScheduledTaskTrigger -Once -At (Get-Date).AddMinutes(1) -RepetitionInterval (New-TimeSpan -Minutes 5) -RepetitionDuration (New-TimeSpan -Minutes 12))';
    const [xml] = await outputOf(
      machine,
      `${register('Add-Content C:\\log.txt run', trigger)}; Export-ScheduledTask T; Start-Sleep 3600`,
    );
    expect(runs(machine)).toBe(3);
    expect(xml).toContain('<Interval>PT5M</Interval>\r\n        <Duration>PT12M</Duration>');
    await outputOf(
      machine,
      `$x = Export-ScheduledTask T; Register-ScheduledTask U -Xml $x | Out-Null; if ((Get-ScheduledTask U).Triggers[0].Repetition.Duration -ne 'PT12M') { throw 'lost' }`,
    );
  });

  test('the next run is told, and a start that was missed while Windows was down counts and is made up for where the task wants it', async () => {
    const machine = labMachine();
    machine.power.restartMs = 1_800_000;
    const [minutes] = await outputOf(
      machine,
      `${register('Add-Content C:\\log.txt run', once)}; [int]((Get-ScheduledTaskInfo T).NextRunTime - (Get-Date)).TotalMinutes`,
    );
    expect(minutes).toBe(10);
    await restarted(machine);
    const [next, missed] = await outputOf(
      machine,
      'Start-Sleep 60; "$((Get-ScheduledTaskInfo T).NextRunTime)"; (Get-ScheduledTaskInfo T).NumberOfMissedRuns',
    );
    expect([next, missed, runs(machine)]).toMatchObject(['', { value: 1n }, 0]);
    await outputOf(
      machine,
      `$s = New-ScheduledTaskSettingsSet -AllowStartIfOnBatteries -StartWhenAvailable
       $a = New-ScheduledTaskAction -Execute powershell.exe -Argument '-Command Add-Content C:\\log.txt run'
       Register-ScheduledTask U -Action $a -Settings $s -User SYSTEM ${once} | Out-Null`,
    );
    await restarted(machine);
    await outputOf(machine, 'Start-Sleep 60');
    expect(runs(machine)).toBe(1);
  });

  test('a step of the clock moves what goes by the calendar', async () => {
    const machine = labMachine();
    const daily = '-Trigger (New-ScheduledTaskTrigger -Daily -At (Get-Date).AddHours(2))';
    await outputOf(
      machine,
      `${register('Add-Content C:\\log.txt run', daily)}; Set-Date -Adjust (New-TimeSpan -Hours 1) | Out-Null; Start-Sleep 3700`,
    );
    expect(runs(machine)).toBe(1);
  });

  test('do not start on battery unless they may', async () => {
    const machine = labMachine([{ kind: 'on-battery' }]);
    await outputOf(
      machine,
      `$a = New-ScheduledTaskAction -Execute powershell.exe -Argument '-Command Add-Content C:\\log.txt run'
       Register-ScheduledTask U -Action $a -User SYSTEM ${once} | Out-Null; Start-Sleep 700`,
    );
    expect([runs(machine), (machine.tasks.find('\\', 'U')?.lastResult ?? 0) >>> 0]).toEqual([0, 0x80041324]);
    const [state, result] = await outputOf(
      machine,
      'Start-ScheduledTask U; (Get-ScheduledTask U).State.ToString(); (Get-ScheduledTaskInfo U).LastTaskResult',
    );
    expect([state, result]).toMatchObject(['Queued', { value: 267045n }]);
    await outputOf(machine, `${register('Add-Content C:\\log.txt run')}; Start-ScheduledTask T; Start-Sleep 10`);
    expect(runs(machine)).toBe(1);
  });

  test('a start that has to queue comes after the run under way', async () => {
    const machine = labMachine();
    await outputOf(
      machine,
      `$a = New-ScheduledTaskAction -Execute powershell.exe -Argument '-Command "Add-Content C:\\log.txt run; Start-Sleep 100"'
       Register-ScheduledTask U -Action $a -User SYSTEM -Settings (New-ScheduledTaskSettingsSet -MultipleInstances Queue) | Out-Null
       Start-ScheduledTask U; Start-ScheduledTask U; Start-Sleep 50`,
    );
    expect(runs(machine)).toBe(1);
    await outputOf(machine, 'Start-Sleep 100');
    expect(runs(machine)).toBe(2);
  });

  test('run all their actions in order, each to its end', async () => {
    const machine = labMachine();
    const [result] = await outputOf(
      machine,
      `$a = foreach ($n in 1, 2) { New-ScheduledTaskAction -Execute powershell.exe -Argument "-Command Start-Sleep 100; Add-Content C:\\log.txt $n; exit $n" }
       Register-ScheduledTask U -Action $a -User SYSTEM | Out-Null
       Start-ScheduledTask U; Start-Sleep 500; (Get-ScheduledTaskInfo U).LastTaskResult`,
    );
    expect(Buffer.from(machine.files.read(machine.files.get('C:\\log.txt'))).toString()).toBe('1\r\n2\r\n');
    expect(result).toMatchObject({ value: 2n });
  });

  test.each([
    ['a program that nobody simulates', 'cmd.exe', '/c copy C:\\a C:\\b'],
    ['a switch that nobody simulates', 'UsoClient.exe', 'StartInstall'],
    ['a script outside the subset', 'powershell.exe', '-Command robocopy C:\\a C:\\b'],
  ])('%s ends who waits for the task with LabUnsupported', async (_, execute, args) => {
    const machine = labMachine();
    const text = `$a = New-ScheduledTaskAction -Execute '${execute}' -Argument '${args}'
      Register-ScheduledTask U -Action $a -User SYSTEM | Out-Null; Start-ScheduledTask U; Start-Sleep 60; 'on'`;
    const { output, end } = await runScript(machine, text);
    expect(output).toEqual([]);
    expect(end).toMatchObject({ kind: 'failed', error: { id: 'LabUnsupported' } });
    expect(machine.tasks.find('\\', 'U')?.runningPid).toBeUndefined();
    expect(machine.outside.isWaiting).toBe(false);
  });

  test('a program that is not there is the error of Windows', async () => {
    const machine = labMachine();
    const [result] = await outputOf(
      machine,
      `$a = New-ScheduledTaskAction -Execute 'C:\\none.exe'
       Register-ScheduledTask U -Action $a -User SYSTEM | Out-Null; Start-ScheduledTask U; (Get-ScheduledTaskInfo U).LastTaskResult`,
    );
    expect(result).toMatchObject({ value: 0x80070002n });
  });

  test.each(['EventTrigger', 'DaysOfWeek', 'RestartOnFailure'])('%s in their XML is LabUnsupported', async (name) => {
    const { end } = await runScript(
      labMachine(),
      `${register('exit 0')}; $x = (Export-ScheduledTask T) -replace '<Settings>', '<${name} /><Settings>'; Register-ScheduledTask U -Xml $x`,
    );
    expect(end).toMatchObject({ kind: 'failed', error: { id: 'LabUnsupported' } });
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
