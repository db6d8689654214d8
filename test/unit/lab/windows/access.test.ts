import { describe, expect, test } from 'vitest';
import { allows } from '../../../../src/lab/windows/machine/rights/access-check.ts';
import { parseSddl } from '../../../../src/lab/windows/machine/rights/security-descriptor.ts';
import { labMachine, outputOf, runScript } from './run-script.ts';

const nobody = { owner: 'S-1-5-18', group: 'S-1-5-18', isProtected: true, rules: [] };
const may = (token: readonly string[], sddl: string, wanted: number): boolean =>
  allows(token, parseSddl(sddl, nobody), [], wanted);

describe('an access check', () => {
  test('takes rules in their order: a refusal wins, rights add up, the owner may always change the rules', () => {
    expect(may(['S-1-5-18', 'S-1-5-32-544'], 'D:P(A;;FA;;;BA)(D;;FA;;;SY)', 1)).toBe(false);
    expect(may(['S-1-5-18', 'S-1-5-32-544'], 'D:P(A;;FR;;;BA)(A;;FW;;;SY)', 0x12019f)).toBe(true);
    expect(may(['S-1-5-32-545'], 'D:P(A;;FR;;;BU)', 2)).toBe(false);
    expect(may(['S-1-5-32-544'], 'O:BAD:P(A;;FR;;;BU)', 0x40000)).toBe(true);
    expect(may(['S-1-5-32-544'], 'O:BAD:P(A;;FR;;;BU)', 0x10000)).toBe(false);
  });
});

const token = `
  $id = [Security.Principal.WindowsIdentity]::GetCurrent()
  ([Security.Principal.WindowsPrincipal]$id).IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
  @(& whoami.exe /groups /fo csv /nh | ConvertFrom-Csv -Header Name, Type, Sid, Attributes | Where-Object Sid -in 'S-1-5-32-544', 'S-1-16-12288', 'S-1-16-8192' | ForEach-Object { "$($_.Sid) $($_.Attributes)".Trim() })`;

describe('a filtered token', () => {
  test('is what a local administrator gets over the network, unless the policy says otherwise', async () => {
    const usual = 'S-1-5-32-544 Mandatory group, Enabled by default, Enabled group';
    expect(await outputOf(labMachine(), token)).toEqual([true, usual, 'S-1-16-12288']);
    const machine = labMachine([{ kind: 'not-elevated' }]);
    expect(await outputOf(machine, token)).toEqual([false, 'S-1-5-32-544 Group used for deny only', 'S-1-16-8192']);
    // What a service starts for the same account is not filtered.
    expect(await outputOf(machine, token, 'service')).toEqual([true, usual, 'S-1-16-12288']);
    const key = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System';
    void machine.registry.set(key, { name: 'LocalAccountTokenFilterPolicy', kind: 'DWord', data: 1 }, 4);
    expect((await outputOf(machine, token))[0]).toBe(true);
  });

  test('may read and write what users may, and nothing of the machine', async () => {
    const machine = labMachine([{ kind: 'not-elevated' }]);
    const ran = await runScript(
      machine,
      `Set-Content C:\\Windows\\Temp\\mine.txt ok; Get-Content C:\\Windows\\Temp\\mine.txt
       (Get-ItemProperty 'HKLM:\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion').EditionID
       Set-Content C:\\Windows\\own.txt no
       New-ItemProperty 'HKLM:\\SOFTWARE\\Microsoft' -Name Own -Value 1
       Set-ItemProperty 'HKCU:\\Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings' ProxyEnable 0
       Stop-Service Spooler
       & sc.exe config wuauserv start= disabled | Out-Null; $LASTEXITCODE
       & takeown.exe /f C:\\Windows\\SoftwareDistribution 2>$null | Out-Null; $LASTEXITCODE
       Rename-Item C:\\Windows\\SoftwareDistribution other`,
    );
    expect(ran.output).toEqual(['ok', 'Professional', 5, 1]);
    expect(ran.errors.map(({ id }) => id)).toEqual([
      'GetContentWriterUnauthorizedAccessError,Microsoft.PowerShell.Commands.SetContentCommand',
      'System.Security.SecurityException,Microsoft.PowerShell.Commands.NewItemPropertyCommand',
      'CouldNotStopService,Microsoft.PowerShell.Commands.StopServiceCommand',
      expect.stringContaining('RenameItem'),
    ]);
  });
});

describe('broken rights', () => {
  test('are told by their SDDL, and icacls saves and puts them back without the owner', async () => {
    const machine = labMachine([{ kind: 'acl-broken', target: 'catroot2', damage: 'denied' }]);
    const before = machine.files.sddlOf(machine.files.get('C:\\Windows\\System32\\catroot2'));
    const output = await outputOf(
      machine,
      `(Get-Acl C:\\Windows\\System32\\catroot2).Sddl -match '\\(D;OICI;'
       & icacls.exe C:\\Windows\\System32\\catroot2 /save C:\\Windows\\Temp\\acl.txt /t /c | Out-Null; $LASTEXITCODE
       @(Get-Content C:\\Windows\\Temp\\acl.txt -Encoding Unicode)[0]
       & icacls.exe C:\\Windows\\System32\\catroot2 /remove '*S-1-5-18' | Out-Null
       (Get-Acl C:\\Windows\\System32\\catroot2).Sddl -match '\\(D;OICI;'
       & icacls.exe C:\\Windows\\System32 /restore C:\\Windows\\Temp\\acl.txt | Out-Null; $LASTEXITCODE`,
    );
    expect(output).toEqual([true, 0, 'catroot2', false, 0]);
    expect(machine.files.sddlOf(machine.files.get('C:\\Windows\\System32\\catroot2'))).toBe(before);
  });

  test('of a folder whose owner is no more open to an administrator once he owns it', async () => {
    const machine = labMachine([{ kind: 'acl-broken', damage: 'foreign-owner' }]);
    const reset = '& icacls.exe C:\\Windows\\SoftwareDistribution /reset /t /c /q 2>$null | Out-Null; $LASTEXITCODE';
    expect(await outputOf(machine, reset)).toEqual([5]);
    expect(
      await outputOf(
        machine,
        `& takeown.exe /f C:\\Windows\\SoftwareDistribution /a /r /d y | Out-Null; ${reset}; (Get-Acl C:\\Windows\\SoftwareDistribution).Owner`,
      ),
    ).toEqual([0, 'BUILTIN\\Administrators']);
  });
});

describe('icacls', () => {
  const sddl = '(Get-Acl C:\\work).Sddl -replace ".*D:", ""';
  const prepare = 'New-Item C:\\work -ItemType Directory | Out-Null; icacls.exe C:\\work /inheritance:r /q | Out-Null';

  test('takes grants with :g, refusals with :d, and both without', async () => {
    const rules = "icacls.exe C:\\work /grant '*S-1-5-18:(OI)(CI)RX' /deny '*S-1-5-18:(OI)(CI)(WD,AD)' /q | Out-Null";
    const after = async (option: string): Promise<unknown[]> =>
      outputOf(labMachine(), `${prepare}; ${rules}; icacls.exe C:\\work ${option} '*S-1-5-18' | Out-Null; ${sddl}`);
    expect(await after('/remove:g')).toEqual(['PAI(D;OICI;0x6;;;SY)']);
    expect(await after('/remove:d')).toEqual(['PAI(A;OICI;0x1200a9;;;SY)']);
    expect(await after('/remove')).toEqual(['PAI']);
  });

  test('adds rights to the rule that an account has, and names what it cannot read', async () => {
    const output = await outputOf(
      labMachine(),
      `${prepare}
       icacls.exe C:\\work /grant '*S-1-5-18:R' | Out-Null; icacls.exe C:\\work /grant '*S-1-5-18:(W,DE)' | Out-Null; ${sddl}
       icacls.exe C:\\work /grant '*S-1-5-18:(Q)'; $LASTEXITCODE`,
    );
    expect(output).toEqual(['PAI(A;;0x13019f;;;SY)', 'Invalid parameter "*S-1-5-18:(Q)"', 87]);
  });
});

describe('what belongs to TrustedInstaller', () => {
  test('is not the administrators’ to change until they have taken it', async () => {
    const machine = labMachine([{ kind: 'reboot-pending' }]);
    const file = 'C:\\Windows\\System32\\wuaueng.dll';
    const key = 'HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing';
    const ran = await runScript(
      machine,
      `Remove-Item '${key}\\RebootPending'; Test-Path '${key}\\RebootPending'
       Set-ItemProperty '${key}' Own 1
       Set-ItemProperty HKLM:\\SYSTEM\\CurrentControlSet\\Services\\WinDefend Start 4
       Remove-Item ${file} -Force; Set-Content ${file} x; Rename-Item ${file} other.dll
       & icacls.exe ${file} /grant '*S-1-5-32-544:F' 2>$null | Out-Null; $LASTEXITCODE
       (Get-Acl ${file}).Owner
       & takeown.exe /f ${file} /a | Out-Null; & icacls.exe ${file} /grant '*S-1-5-32-544:F' | Out-Null; $LASTEXITCODE
       Remove-Item ${file} -Force; Test-Path ${file}
       Set-Content C:\\Windows\\System32\\own.txt mine; Remove-Item C:\\Windows\\System32\\own.txt; Test-Path C:\\Windows\\System32\\own.txt`,
    );
    expect(ran.output).toEqual([true, 5, 'NT SERVICE\\TrustedInstaller', 0, false, false]);
    expect(ran.errors.map(({ id }) => id.split(',')[0])).toEqual([
      'System.Security.SecurityException',
      'System.Security.SecurityException',
      'System.Security.SecurityException',
      'RemoveFileSystemItemUnAuthorizedAccess',
      'GetContentWriterUnauthorizedAccessError',
      'RenameItemUnauthorizedAccessError',
    ]);
  });
});

describe('rights are asked at every door', () => {
  const id = (errors: readonly { readonly id: string }[]): string[] => errors.map((error) => error.id.split(',')[0]!);

  test('of a folder and a file that only SYSTEM may read', async () => {
    const machine = labMachine();
    void machine.files.createFolder('C:\\closed\\in', 4);
    void machine.files.write('C:\\closed\\file.txt', Buffer.from('secret'), 4);
    machine.files.get('C:\\closed').security = parseSddl('O:SYD:P(A;OICI;FA;;;SY)', nobody);
    const ran = await runScript(
      machine,
      `Get-ChildItem C:\\closed; Get-ChildItem C:\\closed -Recurse -Force
       Copy-Item C:\\closed\\file.txt C:\\copy.txt; Test-Path C:\\copy.txt
       Get-Content C:\\closed\\file.txt; Get-Acl C:\\closed
       & icacls.exe C:\\closed 2>$null | Out-Null; $LASTEXITCODE
       & icacls.exe C:\\closed /save C:\\Windows\\Temp\\acl.txt 2>$null | Out-Null; $LASTEXITCODE
       try { [IO.Directory]::GetFiles('C:\\closed') } catch { $_.Exception.InnerException.GetType().Name }
       & takeown.exe /f C:\\closed /a | Out-Null; (Get-Acl C:\\closed).Owner; Get-ChildItem C:\\closed
       & icacls.exe C:\\closed /grant '*S-1-5-32-544:(OI)(CI)F' | Out-Null; Get-ChildItem C:\\closed -Name`,
    );
    expect(ran.output).toEqual([
      false,
      5,
      5,
      'UnauthorizedAccessException',
      'BUILTIN\\Administrators',
      'in',
      'file.txt',
    ]);
    expect(id(ran.errors)).toEqual([
      'DirUnauthorizedAccessError',
      'DirUnauthorizedAccessError',
      'CopyFileInfoItemUnauthorizedAccessError',
      'GetContentReaderUnauthorizedAccessError',
      'System.UnauthorizedAccessException',
      'DirUnauthorizedAccessError',
    ]);
  });

  test('of a key that only SYSTEM may use: what stands above it cannot be removed with it, either', async () => {
    const machine = labMachine();
    machine.registry.setOwnSddl('HKLM\\SOFTWARE\\Above\\Closed', 'O:SYD:P(A;CI;KA;;;SY)');
    void machine.registry.create('HKLM\\SOFTWARE\\Above\\Before', 4);
    const ran = await runScript(
      machine,
      `$k = 'HKLM:\\SOFTWARE\\Above\\Closed'
       Get-ItemProperty $k; Get-Item $k; Get-ChildItem $k; Get-Acl $k; Rename-Item $k Other
       Get-ChildItem HKLM:\\SOFTWARE\\Above -Name
       Remove-Item HKLM:\\SOFTWARE\\Above -Recurse
       Test-Path $k; Test-Path HKLM:\\SOFTWARE\\Above\\Before
       & reg.exe query HKLM\\SOFTWARE\\Above\\Closed 2>$null; $LASTEXITCODE
       try { (Get-Item HKLM:\\SOFTWARE\\Above).OpenSubKey('Closed') } catch { $_.Exception.InnerException.GetType().Name }`,
    );
    expect(ran.output).toEqual(['Before', 'Closed', true, false, 1, 'SecurityException']);
    const denied = 'System.Security.SecurityException';
    expect(id(ran.errors)).toEqual([denied, denied, denied, denied, 'System.ArgumentException', denied]);
  });
});

describe('an owner', () => {
  test('of what a user without administrator rights creates is that user, who may do everything with it', async () => {
    const machine = labMachine([{ kind: 'not-elevated' }]);
    expect(
      await outputOf(
        machine,
        `Set-Content C:\\Windows\\Temp\\mine.txt ok; (Get-Acl C:\\Windows\\Temp\\mine.txt).Owner; Remove-Item C:\\Windows\\Temp\\mine.txt; Test-Path C:\\Windows\\Temp\\mine.txt`,
      ),
    ).toEqual(['BOX\\operator', false]);
    expect(
      await outputOf(
        machine,
        'Set-Content C:\\Windows\\Temp\\ours.txt ok; (Get-Acl C:\\Windows\\Temp\\ours.txt).Owner',
        'service',
      ),
    ).toEqual(['BUILTIN\\Administrators']);
  });

  test('and rules of the update cache are those of a fresh Windows when the service has made it anew', async () => {
    const sddl = '(Get-Acl C:\\Windows\\SoftwareDistribution).Sddl';
    const output = await outputOf(
      labMachine(),
      `${sddl}; Stop-Service wuauserv; Rename-Item C:\\Windows\\SoftwareDistribution gone; Start-Service wuauserv; ${sddl}`,
    );
    expect(output[1]).toBe(output[0]);
  });
});

describe('a folder that the caller may not list', () => {
  const closed = `mkdir C:\\t\\in | Out-Null; Set-Content C:\\t\\in\\g.txt x; Set-Content C:\\t\\f.txt x
    icacls.exe C:\\t\\in /inheritance:r /grant:r '*S-1-5-18:(OI)(CI)F' | Out-Null`;

  test('is told by icacls /t, which goes on with /c only', async () => {
    const machine = labMachine();
    await outputOf(machine, closed);
    const save = (options: string): string =>
      `icacls.exe C:\\t /save C:\\acl.txt /t ${options} 2>&1 | ForEach-Object { "$_" }; $LASTEXITCODE; (Get-Content C:\\acl.txt -Encoding Unicode | Where-Object { $_ -match '^t' }) -join ' '`;
    expect(await outputOf(machine, save('/c'))).toEqual([
      'C:\\t\\in\\*: Access is denied.',
      'Successfully processed 3 files; Failed processing 1 files',
      5,
      't t\\in t\\f.txt',
    ]);
    expect((await outputOf(machine, save(''))).slice(1)).toEqual([
      'Successfully processed 2 files; Failed processing 1 files',
      5,
      't t\\in',
    ]);
  });

  test('is left out by takeown /r /d n, opened by /d y; without /d Windows asks', async () => {
    const machine = labMachine();
    await outputOf(machine, closed);
    const take = (answer: string): string => `@(takeown.exe /f C:\\t /r ${answer} | Where-Object { $_ }).Count`;
    const names = '(Get-ChildItem C:\\t -Recurse -ErrorAction SilentlyContinue | ForEach-Object Name) -join " "';
    await expect(outputOf(machine, take(''))).rejects.toThrow(/takeown \/r without \/d/);
    expect(await outputOf(machine, `${take('/d n')}; ${names}; ${take('/d y')}; ${names}`)).toEqual([
      3,
      'in f.txt',
      4,
      'in f.txt g.txt',
    ]);
  });
});
