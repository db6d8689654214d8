import { describe, expect, test } from 'vitest';
import { decodePolicyFile, encodePolicyFile } from '../../../../src/lab/windows/machine/policy/policy-file.ts';
import { labMachine, outputOf } from './run-script.ts';

const key = 'SOFTWARE\\Policies\\Microsoft\\Windows\\WindowsUpdate';
const name = 'DoNotConnectToWindowsUpdateInternetLocations';
const read = `(Get-ItemProperty 'HKLM:\\${key}' -ErrorAction SilentlyContinue).${name}`;
const remove = `Remove-ItemProperty 'HKLM:\\${key}' ${name}`;
const refresh = '& gpupdate.exe /target:computer /force /wait:300 | Out-Null; $LASTEXITCODE';

describe('a Registry.pol file', () => {
  test('holds values of every kind, and those that must go', () => {
    const values = [
      { key, name: 'Number', kind: 'DWord', data: 4_294_967_295 },
      { key, name: 'Text', kind: 'String', data: 'http://wsus.corp.example:8530' },
      { key: `${key}\\AU`, name: 'Texts', kind: 'MultiString', data: ['a', 'b;]'] },
      { key, name: 'Big', kind: 'QWord', data: 5n },
      { key, name: 'Gone', kind: 'String', data: null },
    ] as const;
    const bytes = encodePolicyFile(values);
    expect(Buffer.from(bytes.subarray(0, 8)).toString('hex')).toBe('5052656701000000');
    expect(decodePolicyFile(bytes)).toEqual(values);
  });
});

describe('a policy value', () => {
  test('of the domain comes back at the next refresh, whatever a script does to it', async () => {
    const machine = labMachine([{ kind: 'policy-conflict' }]);
    expect(await outputOf(machine, `${read}; ${remove}; $null -eq (${read}); ${refresh}; ${read}`)).toEqual([
      1,
      true,
      0,
      1,
    ]);
    // Two hours later Windows has done it by itself.
    expect(await outputOf(machine, `${remove}; Start-Sleep -Seconds 7200; ${read}`)).toEqual([1]);
    machine.policy.domainPolicies = [];
    expect(await outputOf(machine, `${refresh}; $null -eq (${read})`)).toEqual([0, true]);
  });

  test('of the local policy comes back until Registry.pol does not ask for it any more', async () => {
    const machine = labMachine([{ kind: 'policy-conflict', source: 'local' }]);
    expect(await outputOf(machine, `${remove}; ${refresh}; ${read}`)).toEqual([0, 1]);
    const file = 'C:\\Windows\\System32\\GroupPolicy\\Machine\\Registry.pol';
    expect(await outputOf(machine, `Rename-Item ${file} Registry.pol.old; ${refresh}; $null -eq (${read})`)).toEqual([
      0,
      true,
    ]);
  });

  test('that only stands in the registry stays away', async () => {
    const machine = labMachine([{ kind: 'policy-conflict', source: 'registry' }]);
    expect(await outputOf(machine, `${read}; ${remove}; ${refresh}; $null -eq (${read})`)).toEqual([1, 0, true]);
  });

  test('is told with its owner by the resultant set and by gpresult', async () => {
    const machine = labMachine([{ kind: 'policy-conflict' }]);
    const told = await outputOf(
      machine,
      `$s = Get-CimInstance -Namespace root/rsop/computer -ClassName RSOP_RegistryPolicySetting -Filter "valueName='${name}'"
       "$($s.registryKey)|$($s.precedence)|$($s.value[0])|$($s.GPOID)"
       (Get-CimInstance -Namespace root/rsop/computer -ClassName RSOP_GPO).name
       & gpresult.exe /scope computer /x C:\\Windows\\Temp\\r.xml /f | Out-Null
       $x = [xml](Get-Content C:\\Windows\\Temp\\r.xml -Raw -Encoding Unicode)
       $x.Rsop.ComputerResults.GPO.Name
       $x.Rsop.ComputerResults.ExtensionData.Extension.RegistrySetting.KeyPath
       (Get-CimInstance Win32_ComputerSystem).PartOfDomain`,
    );
    expect(told).toEqual([
      `${key}|1|1|CN={5A1E6C0B-2D44-4B0E-9C3D-7F3A1D2B8E10},CN=POLICIES,CN=SYSTEM,DC=corp,DC=example`,
      'Workstation baseline',
      'Workstation baseline',
      key,
      true,
    ]);
  });
});

describe('a service that the domain disables', () => {
  test('goes back to Disabled at every refresh until the domain asks for something else', async () => {
    const machine = labMachine([{ kind: 'policy-disables-service', name: 'wuauserv' }]);
    const start = `(Get-CimInstance Win32_Service -Filter "Name='wuauserv'").StartMode`;
    expect(
      await outputOf(
        machine,
        `${start}; & sc.exe config wuauserv start= demand | Out-Null; ${start}; ${refresh}; ${start}
         (Get-CimInstance -Namespace root/rsop/computer -ClassName RSOP_SystemService).StartupMode`,
      ),
    ).toEqual(['Disabled', 'Manual', 0, 'Disabled', expect.objectContaining({ value: 4n })]);
    const code = `try { (New-Object -ComObject Microsoft.Update.Session).CreateUpdateSearcher().Search('IsInstalled=0') } catch { '0x{0:X8}' -f $_.Exception.InnerException.HResult }`;
    expect(await outputOf(machine, code, 'service')).toEqual(['0x80070422']);
    machine.policy.domainPolicies = [];
    await outputOf(machine, `& sc.exe config wuauserv start= demand | Out-Null; ${refresh}`);
    expect(await outputOf(machine, start)).toEqual(['Manual']);
  });
});

describe('a domain that is not reached', () => {
  test('lets gpupdate fail and leaves everything as it is', async () => {
    const machine = labMachine([{ kind: 'policy-conflict' }, { kind: 'domain-unreachable' }]);
    expect(await outputOf(machine, `${remove}; ${refresh}; $null -eq (${read})`)).toEqual([1, true]);
    expect([1129, 1058]).toContain(
      machine.events.records('System')?.findLast(({ provider }) => provider.endsWith('GroupPolicy'))?.id,
    );
  });
});
