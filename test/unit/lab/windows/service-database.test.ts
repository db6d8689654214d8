import { describe, expect, test } from 'vitest';
import { diffSnapshots, takeSnapshot } from '../../../../src/lab/windows/machine/snapshot.ts';
import { restarted } from './restarted.ts';
import { labMachine, outputOf, runScript } from './run-script.ts';

const key = 'HKLM:\\SYSTEM\\CurrentControlSet\\Services';

describe('the database of services', () => {
  test('is read from the registry when Windows starts: program, dependencies and names', async () => {
    const machine = labMachine();
    await outputOf(
      machine,
      `Set-ItemProperty ${key}\\Spooler ImagePath C:\\nope\\spoolsv.exe
       New-ItemProperty ${key}\\BITS -Name DependOnService -PropertyType MultiString -Value RpcSs, EventSystem -Force | Out-Null`,
    );
    const read = `(Get-CimInstance Win32_Service -Filter "Name='Spooler'").PathName; (Get-Service BITS).ServicesDependedOn.Name -join ','; (Get-Service Spooler).Status.ToString()`;
    expect(await outputOf(machine, read)).toEqual(['C:\\Windows\\System32\\spoolsv.exe', 'RpcSs', 'Running']);
    await restarted(machine);
    expect(await outputOf(machine, read)).toEqual(['C:\\nope\\spoolsv.exe', 'RpcSs,EventSystem', 'Stopped']);
  });

  test('keeps the mark of a delayed start while the start type is another; sc.exe start= auto takes it away', async () => {
    const state = `(Get-ItemProperty ${key}\\wuauserv).DelayedAutostart; (sc.exe qc wuauserv | Select-String START_TYPE).Line.Trim() -replace '.*: ', ''`;
    expect(
      await outputOf(
        labMachine(),
        `sc.exe config wuauserv start= delayed-auto | Out-Null; Set-Service wuauserv -StartupType Disabled; ${state}
         Set-Service wuauserv -StartupType Automatic; ${state}; sc.exe config wuauserv start= auto | Out-Null; ${state}`,
      ),
    ).toEqual([1, '4   DISABLED', 1, '2   AUTO_START  (DELAYED)', 0, '2   AUTO_START']);
  });

  test('is written by the control manager: rights on the key do not matter to whoever may configure the service', async () => {
    const machine = labMachine();
    machine.registry.setOwnSddl(
      'HKLM\\SYSTEM\\CurrentControlSet\\Services\\Spooler',
      'O:SYD:P(A;CI;KA;;;SY)(A;CI;KR;;;BA)',
    );
    const start = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\Spooler';
    await outputOf(machine, 'Set-Service Spooler -StartupType Manual');
    expect(machine.registry.data(start, 'Start')).toBe(3);
  });

  test('refuses rights that are none, and rights stay as they were', async () => {
    const machine = labMachine();
    expect(
      await outputOf(
        machine,
        `$was = sc.exe sdshow wuauserv; sc.exe sdset wuauserv garbage | Out-Null; $LASTEXITCODE; sc.exe sdset wuauserv 'D:(A;;XX;;;SY)' | Out-Null; $LASTEXITCODE
         "$(sc.exe sdshow wuauserv)" -eq "$was"`,
      ),
    ).toEqual([1336, 1336, true]);
  });

  test('keeps a deleted service that runs until it stops', async () => {
    const machine = labMachine();
    const output = await outputOf(
      machine,
      `sc.exe delete Spooler | Out-Null; $LASTEXITCODE; (Get-Service Spooler).Status.ToString(); sc.exe config Spooler start= demand | Out-Null; $LASTEXITCODE
       sc.exe stop Spooler | Out-Null; Test-Path ${key}\\Spooler`,
    );
    expect(output).toEqual([0, 'Running', 1072, false]);
    expect((await runScript(machine, 'Get-Service Spooler')).errors).toHaveLength(1);
  });

  test('holds the services that every Windows has', async () => {
    const names =
      'gpsvc ProfSvc SENS tzautoupdate RpcEptMapper DcomLaunch StorSvc sppsvc WpnService SessionEnv TermService';
    for (const base of ['windows-10-22h2', 'windows-server-2022'] as const)
      expect(await outputOf(labMachine([], { base }), `@(Get-Service ${names.split(' ').join(', ')}).Count`)).toEqual([
        11,
      ]);
  });

  test('marks a service that is deleted while it runs in its key, and takes it away at the next start', async () => {
    const machine = labMachine();
    const key = 'HKLM:\\SYSTEM\\CurrentControlSet\\Services\\Spooler';
    const before = takeSnapshot(machine);
    expect(await outputOf(machine, `[void](sc.exe delete Spooler); (Get-ItemProperty ${key}).DeleteFlag`)).toEqual([1]);
    expect(diffSnapshots(before, takeSnapshot(machine), machine).differences.map(({ path }) => path)).toEqual([
      'registry:HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Spooler:DeleteFlag',
    ]);
    await restarted(machine);
    expect(await outputOf(machine, `Test-Path ${key}`)).toEqual([false]);
    expect(machine.services.find('Spooler')).toBeUndefined();
  });

  test('holds no service whose key cannot be read when Windows starts', async () => {
    const machine = labMachine();
    await outputOf(
      machine,
      "Set-ItemProperty HKLM:\\SYSTEM\\CurrentControlSet\\Services\\Spooler -Name Start -Type String -Value 'auto'",
    );
    await restarted(machine);
    expect(machine.services.find('Spooler')).toBeUndefined();
  });
});
