import { describe, expect, test } from 'vitest';
import { labMachine, outputOf, runScript } from './run-script.ts';

describe('services', () => {
  test('stopping with -Force stops the dependents first', async () => {
    const machine = labMachine();
    void machine.services.start('BITS', 4);
    expect(
      await outputOf(
        machine,
        `Stop-Service EventSystem -Force; (Get-Service EventSystem).Status.ToString(); Start-Service EventSystem; (Get-Service EventSystem).Status.ToString()`,
      ),
    ).toEqual(['Stopped', 'Running']);
  });

  test('objects pipe into the commands that take them', async () => {
    expect(
      await outputOf(
        labMachine(),
        `Get-Service EventLog | Get-Service | ForEach-Object Name
         Get-Service Spooler | Stop-Service -PassThru | ForEach-Object { $_.Status.ToString() }
         Get-Service Spooler | Set-Service -StartupType Manual; (Get-Service Spooler).StartType.ToString()
         Get-Process -Id $PID | Get-Process | ForEach-Object { $_.Id -eq $PID }
         Get-Item C:\\Windows | Get-Acl | ForEach-Object Owner`,
      ),
    ).toEqual(['EventLog', 'Stopped', 'Manual', true, 'NT SERVICE\\TrustedInstaller']);
  });

  test('a disabled service refuses to start with the ids of Windows', async () => {
    const ran = await runScript(labMachine([{ kind: 'service-disabled', name: 'BITS' }]), 'Start-Service bits');
    expect(ran.errors.map(({ id, exception }) => [id, exception.type])).toEqual([
      [
        'CouldNotStartService,Microsoft.PowerShell.Commands.StartServiceCommand',
        'Microsoft.PowerShell.Commands.ServiceCommandException',
      ],
    ]);
    expect(ran.errors[0]?.exception.inner?.inner?.properties['NativeErrorCode']).toBe(1058);
  });

  test('sc.exe changes start types and the registry follows', async () => {
    expect(
      await outputOf(
        labMachine(),
        `& sc.exe config bits start= delayed-auto | Out-Null; $LASTEXITCODE; (Get-CimInstance Win32_Service -Filter "Name='bits'").StartMode; (Get-ItemProperty HKLM:\\SYSTEM\\CurrentControlSet\\Services\\BITS).DelayedAutostart`,
      ),
    ).toEqual([0, 'Auto', 1]);
  });

  test('a service that hangs stays in StopPending until its process is ended', async () => {
    const output = await outputOf(
      labMachine([{ kind: 'service-stuck', name: 'Spooler' }]),
      `Stop-Service Spooler -NoWait; (Get-Service Spooler).Status.ToString()
       $id = (Get-CimInstance Win32_Service -Filter "Name='Spooler'").ProcessId
       Stop-Process -Id $id -Force; (Get-Service Spooler).Status.ToString()`,
    );
    expect(output).toEqual(['StopPending', 'Stopped']);
  });
});

describe('events', () => {
  test('are found by hashtable and carry their named data', async () => {
    const output = await outputOf(
      labMachine([{ kind: 'update-cache-corrupt' }]),
      `$e = @(Get-WinEvent -FilterHashtable @{ LogName='System'; ProviderName='Microsoft-Windows-WindowsUpdateClient'; Id=20; StartTime=(Get-Date).AddDays(-7) })
       $e.Count
       $x = New-Object Xml.XmlDocument; $x.LoadXml($e[0].ToXml())
       foreach ($d in $x.GetElementsByTagName('Data')) { if ($d.GetAttribute('Name') -eq 'errorCode') { $d.InnerText } }`,
    );
    expect(output).toEqual([3, '0x80070002']);
  });

  test('no match is the error of Windows', async () => {
    const ran = await runScript(labMachine(), `Get-WinEvent -FilterHashtable @{ LogName='System'; Id=9999 }`);
    expect(ran.errors[0]?.id).toBe('NoMatchingEventsFound,Microsoft.PowerShell.Commands.GetWinEventCommand');
  });
});

describe('the update agent', () => {
  const search = `
    try { $r = (New-Object -ComObject 'Microsoft.Update.Session').CreateUpdateSearcher().Search('IsInstalled=0 and IsHidden=0'); [int]$r.ResultCode; $r.Updates.Count }
    catch { $f = $_.Exception; while ($f.InnerException) { $f = $f.InnerException }; '0x{0:X8}' -f $f.HResult }`;

  test('refuses a caller with a network logon', async () => {
    expect(await outputOf(labMachine(), search)).toEqual(['0x80070005']);
  });

  test('answers a service logon and writes event 26', async () => {
    const machine = labMachine();
    expect(await outputOf(machine, search, 'service')).toEqual([2, 1]);
    expect(machine.events.records('Microsoft-Windows-WindowsUpdateClient/Operational')?.at(-1)?.id).toBe(26);
  });

  test('throws the code of a corrupt cache and writes event 25', async () => {
    const machine = labMachine([{ kind: 'update-cache-corrupt' }]);
    expect(await outputOf(machine, search, 'service')).toEqual(['0x80070002']);
    expect(machine.events.records('Microsoft-Windows-WindowsUpdateClient/Operational')?.at(-1)?.id).toBe(25);
  });
});

describe('programs', () => {
  test('sfc writes UTF-16 and CBS.log lines, and takes simulated time', async () => {
    const output = await outputOf(
      labMachine(),
      `$i = New-Object Diagnostics.ProcessStartInfo; $i.FileName = "$env:windir\\System32\\sfc.exe"; $i.Arguments = '/scannow'; $i.UseShellExecute = $false
       $i.RedirectStandardOutput = $true; $i.RedirectStandardError = $true; $i.StandardOutputEncoding = [Text.Encoding]::Unicode
       $w = [Diagnostics.Stopwatch]::StartNew(); $p = [Diagnostics.Process]::Start($i)
       $o = $p.StandardOutput.ReadToEndAsync(); $p.WaitForExit(60000); $p.WaitForExit(3600000); $p.ExitCode
       $o.Result.Contains('did not find any integrity violations')
       $w.Elapsed.TotalMinutes -gt 14
       (Get-Content C:\\Windows\\Logs\\CBS\\CBS.log | Select-Object -Last 1) -match '\\[SR\\] Verify complete'`,
    );
    expect(output).toEqual([false, true, 0, true, true, true]);
  });

  test('DISM repairs a store whose source can be reached', async () => {
    const output = await outputOf(
      labMachine([{ kind: 'component-store-corrupt' }]),
      `(Repair-WindowsImage -Online -CheckHealth).ImageHealthState.ToString()
       & Dism.exe /English /Online /Cleanup-Image /RestoreHealth /NoRestart | Out-Null; $LASTEXITCODE
       (Repair-WindowsImage -Online -ScanHealth).ImageHealthState.ToString()`,
    );
    expect(output).toEqual(['Repairable', 0, 'Healthy']);
  });

  test('DISM without a source ends with 0x800F081F', async () => {
    const output = await outputOf(
      labMachine([{ kind: 'component-store-corrupt', repairable: false }]),
      `& Dism.exe /English /Online /Cleanup-Image /RestoreHealth | Out-Null; '0x{0:X8}' -f $LASTEXITCODE`,
    );
    expect(output).toEqual(['0x800F081F']);
  });

  test('w32tm sets another server and resyncs', async () => {
    const machine = labMachine([{ kind: 'clock-skew', minutes: 7, cause: 'server-silent' }]);
    const output = await outputOf(
      machine,
      `& w32tm.exe /resync | Out-Null; '0x{0:X8}' -f $LASTEXITCODE
       (Get-Service W32Time).Status.ToString()
       & w32tm.exe /resync | Out-Null; $LASTEXITCODE -ne 0
       & w32tm.exe /config '/manualpeerlist:time.windows.com,0x8' /syncfromflags:manual /update | Out-Null; $LASTEXITCODE
       & w32tm.exe /resync | Out-Null; $LASTEXITCODE`,
    );
    expect(output).toEqual(['0x800705B4', 'Running', true, 0, 0]);
    expect(machine.clock.skewMs).toBe(0);
  });
});

describe('protection', () => {
  test('a restore point is made and proven on a client', async () => {
    expect(
      await outputOf(
        labMachine(),
        `(Invoke-CimMethod -Namespace root/default -ClassName SystemRestore -MethodName CreateRestorePoint -Arguments @{ Description='K'; RestorePointType=[uint32]12; EventType=[uint32]100 }).ReturnValue; @(Get-CimInstance -Namespace root/default -ClassName SystemRestore | Where-Object Description -eq 'K').Count`,
      ),
    ).toEqual([expect.objectContaining({ value: 0n }), 1]);
  });

  test('a server has no System Restore', async () => {
    const ran = await runScript(
      labMachine([], { base: 'windows-server-2022' }),
      'Get-CimInstance -Namespace root/default -ClassName SystemRestore',
    );
    expect(ran.errors[0]?.id).toBe(
      'HRESULT 0x80041010,Microsoft.Management.Infrastructure.CimCmdlets.GetCimInstanceCommand',
    );
  });

  test('a shadow copy is made, read from and removed', async () => {
    const output = await outputOf(
      labMachine([], { base: 'windows-server-2022' }),
      `Set-Content C:\\v.txt one
       $r = Invoke-CimMethod -ClassName Win32_ShadowCopy -MethodName Create -Arguments @{ Volume='C:\\'; Context='ClientAccessible' }
       $c = Get-CimInstance Win32_ShadowCopy | Where-Object ID -eq $r.ShadowID
       [int]$c.State
       Set-Content C:\\v.txt two
       [IO.File]::ReadAllText($c.DeviceObject + '\\v.txt').Trim()
       $c | Remove-CimInstance
       @(Get-CimInstance Win32_ShadowCopy).Count`,
    );
    expect(output).toEqual([12, 'one', 0]);
  });

  test('tamper protection ignores a weakening quietly', async () => {
    const script = `Set-MpPreference -DisableRealtimeMonitoring $true; (Get-MpPreference).DisableRealtimeMonitoring`;
    expect(await outputOf(labMachine(), script)).toEqual([true]);
    expect(await outputOf(labMachine([{ kind: 'tamper-protection' }]), script)).toEqual([false]);
  });

  test('data protection of the machine opens on this machine only', async () => {
    const protect = `[Convert]::ToBase64String([Security.Cryptography.ProtectedData]::Protect([byte[]](1,2,3), $null, 'LocalMachine'))`;
    const [sealed] = await outputOf(labMachine(), protect);
    const open = `([Security.Cryptography.ProtectedData]::Unprotect([Convert]::FromBase64String('${sealed as string}'), $null, 'LocalMachine')) -join ','`;
    expect(await outputOf(labMachine(), open)).toEqual(['1,2,3']);
  });
});

describe('processes', () => {
  test('a script whose process is ended changes nothing more', async () => {
    const machine = labMachine();
    let pid = 0;
    const running = new Promise<void>((resolve) => {
      machine.changes.observe((change) => {
        if (change.kind !== 'file.create' || !change.target.endsWith('one.txt')) return undefined;
        pid = change.pid;
        resolve();
        return new Promise<void>(() => undefined);
      });
    });
    const ran = runScript(
      machine,
      `try { Set-Content C:\\one.txt 1; Set-Content C:\\two.txt 2 } finally { Set-Content C:\\finally.txt 3 }`,
    );
    await running;
    void machine.processes.end(pid, 1);
    expect((await ran).end.kind).toBe('stopped');
    expect(['one', 'two', 'finally'].map((name) => machine.files.exists(`C:\\${name}.txt`))).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('a restart in the middle of a script ends it without its finally', async () => {
    const machine = labMachine();
    const up = new Promise<void>((resolve) => {
      machine.power.watch((state) => state === 'up' && resolve());
    });
    const ran = runScript(
      machine,
      `try { Set-Content C:\\one.txt 1; & shutdown.exe /r /t 5 | Out-Null; Start-Sleep -Seconds 60; Set-Content C:\\two.txt 2 } finally { Set-Content C:\\finally.txt 3 }`,
    );
    expect((await ran).end.kind).toBe('stopped');
    await up;
    expect(['one', 'two', 'finally'].map((name) => machine.files.exists(`C:\\${name}.txt`))).toEqual([
      true,
      false,
      false,
    ]);
    expect(machine.processes.all().some(({ name }) => name === 'wsmprovhost')).toBe(false);
    expect(machine.services.get('wuauserv').state).toBe('Running');
  });

  test('Start-Process waits for a program and for another PowerShell, and gives exit codes', async () => {
    const output = await outputOf(
      labMachine(),
      `(Start-Process dism.exe -ArgumentList '/Online', '/Cleanup-Image', '/CheckHealth' -Wait -PassThru).ExitCode
       (Start-Process powershell -ArgumentList '-NoProfile -Command "Set-Content C:\\y.txt hi; exit 3"' -Wait -PassThru).ExitCode
       Get-Content C:\\y.txt`,
    );
    expect(output).toEqual([0, 3, 'hi']);
  });
});
