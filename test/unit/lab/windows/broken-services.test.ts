import { describe, expect, test } from 'vitest';
import type { Machine } from '../../../../src/lab/windows/machine/machine.ts';
import { labMachine, outputOf, runScript } from './run-script.ts';

const restart = async (machine: Machine): Promise<void> => {
  machine.power.awayRealMs = 1;
  const up = new Promise((resolve) => machine.power.watch((state) => state === 'up' && resolve(undefined)));
  machine.power.restart();
  await up;
};
const manager = (machine: Machine): number[] =>
  (machine.events.records('System') ?? [])
    .filter(({ provider }) => provider === 'Service Control Manager')
    .map(({ id }) => id);
const code = `try { (New-Object -ComObject Microsoft.Update.Session).CreateUpdateSearcher().Search('IsInstalled=0').Updates.Count } catch { $f = $_.Exception; while ($f.InnerException) { $f = $f.InnerException }; '0x{0:X8}' -f $f.HResult }`;

describe('a service', () => {
  test('that is not there is back when its key is and Windows has started again', async () => {
    const healthy = labMachine();
    const key = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\wuauserv';
    const values = [...(healthy.registry.find(key)?.values.values() ?? [])];
    const dll = healthy.registry.data(`${key}\\Parameters`, 'ServiceDll') as string;
    const machine = labMachine([{ kind: 'service-missing', name: 'wuauserv' }]);
    expect(await outputOf(machine, code, 'service')).toEqual(['0x80070424']);
    const ran = await runScript(machine, 'Get-Service wuauserv');
    expect(ran.errors[0]?.id).toContain('NoServiceFoundForGivenName');
    await runScript(machine, 'Start-Service BITS; sfc.exe /scannow | Out-Null');
    expect(await outputOf(machine, code, 'service')).toEqual(['0x80070424']);
    for (const value of values) void machine.registry.set(key, value, 4);
    void machine.registry.set(`${key}\\Parameters`, { name: 'ServiceDll', kind: 'ExpandString', data: dll }, 4);
    // The control manager has its own database: it reads the registry when Windows starts.
    expect(await outputOf(machine, code, 'service')).toEqual(['0x80070424']);
    await restart(machine);
    expect(await outputOf(machine, code, 'service')).toEqual([1]);
  });

  test('whose DLL or program is gone does not start until the file is back', async () => {
    for (const [name, file, win32, event] of [
      ['BITS', 'C:\\Windows\\System32\\qmgr.dll', 126, 7023],
      ['msiserver', 'C:\\Windows\\System32\\msiexec.exe', 2, 7000],
    ] as const) {
      const machine = labMachine([{ kind: 'service-binary-missing', name }]);
      const ran = await runScript(machine, `Start-Service ${name}`);
      expect(ran.errors[0]?.exception.inner?.inner?.properties['NativeErrorCode']).toBe(win32);
      expect(manager(machine).at(-1)).toBe(event);
      await outputOf(machine, `& sc.exe config ${name} start= demand | Out-Null`);
      expect((await runScript(machine, `Start-Service ${name}`)).errors).toHaveLength(1);
      await outputOf(machine, `Set-Content ${file} x; Start-Service ${name}; (Get-Service ${name}).Status.ToString()`);
      expect(machine.services.get(name).state).toBe('Running');
    }
  });

  test('that crashed left its events, and runs again once it is started', async () => {
    const machine = labMachine([{ kind: 'service-crashed', name: 'Spooler' }]);
    expect(manager(machine).filter((id) => id === 7034)).toHaveLength(4);
    expect(
      await outputOf(
        machine,
        `(Get-Service Spooler).Status.ToString(); Start-Service Spooler; (Get-Service Spooler).Status.ToString()`,
      ),
    ).toEqual(['Stopped', 'Running']);
  });

  test('with another start type is told by CIM, and the rights of its folder can come back by a policy', async () => {
    const machine = labMachine([
      { kind: 'service-start-type', name: 'CryptSvc', start: 'Manual' },
      { kind: 'acl-broken', damage: 'denied', byPolicy: true },
    ]);
    const cure = 'icacls C:\\Windows\\SoftwareDistribution /reset /t /c /q | Out-Null';
    expect(
      await outputOf(
        machine,
        `(Get-CimInstance Win32_Service -Filter "Name='CryptSvc'").StartMode; ${cure}; (Get-Acl C:\\Windows\\SoftwareDistribution).Sddl -match '\\(D;'; & gpupdate.exe /force | Out-Null; (Get-Acl C:\\Windows\\SoftwareDistribution).Sddl -match '\\(D;'; (Get-CimInstance -Namespace root/rsop/computer RSOP_File).Path`,
      ),
    ).toEqual(['Manual', false, true, 'C:\\Windows\\SoftwareDistribution']);
  });
});

describe('a client', () => {
  test('that was cloned takes an id of its own once the old one is gone', async () => {
    const machine = labMachine([{ kind: 'wsus-client-cloned' }]);
    const id = `(Get-ItemProperty 'HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate').SusClientId`;
    expect(
      await outputOf(
        machine,
        `$k = 'HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate'; ${id}
         Stop-Service wuauserv; Start-Service wuauserv; ${id}
         Stop-Service wuauserv; Remove-ItemProperty $k SusClientId, SusClientIDValidation; Start-Service wuauserv; ${id}`,
      ),
    ).toEqual(['0f6d2c7e-1a52-4c7b-8d3e-5b9a4c1e7f20', '0f6d2c7e-1a52-4c7b-8d3e-5b9a4c1e7f20', machine.machineId]);
  });

  test('without TLS 1.2, or with network protection against its servers, does not reach them', async () => {
    const hardened = labMachine([{ kind: 'tls-disabled' }]);
    expect(await outputOf(hardened, code, 'service')).toEqual(['0x80072F8F']);
    await outputOf(
      hardened,
      `Remove-Item 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.2' -Recurse`,
    );
    expect(await outputOf(hardened, code, 'service')).toEqual([1]);
    const guarded = labMachine([{ kind: 'defender-blocks', how: 'network-protection' }]);
    expect(await outputOf(guarded, code, 'service')).toEqual(['0x80072EFE']);
    expect(guarded.events.records('Microsoft-Windows-Windows Defender/Operational')?.at(-1)?.id).toBe(1126);
    await outputOf(guarded, 'Set-MpPreference -EnableNetworkProtection AuditMode');
    expect(await outputOf(guarded, code, 'service')).toEqual([1]);
  });

  test('has the troubleshooting pack where its build still has it', async () => {
    const run = `$p = Get-TroubleshootingPack C:\\Windows\\diagnostics\\system\\WindowsUpdate; Invoke-TroubleshootingPack -Pack $p -Unattended -Result C:\\Windows\\Temp\\result; Test-Path C:\\Windows\\Temp\\result\\ResultReport.xml`;
    expect(await outputOf(labMachine([], { base: 'windows-10-22h2' }), run, 'service')).toEqual([true]);
    const newer = await runScript(
      labMachine(),
      `Get-TroubleshootingPack C:\\Windows\\diagnostics\\system\\WindowsUpdate`,
    );
    expect(newer.end.kind === 'failed' || newer.errors.length > 0).toBe(true);
  });
});

test('a service entry whose program is gone is a service that does not start', async () => {
  const machine = labMachine([{ kind: 'servicing-entry-missing', what: 'service-program' }]);
  expect(await outputOf(machine, '(Get-Service clr_optimization*).StartType.ToString()')).toEqual(['Manual']);
  expect((await runScript(machine, 'Start-Service clr_optimization_v4.0.30319_64')).errors).toHaveLength(1);
});
