import { describe, expect, test } from 'vitest';
import { diffSnapshots, takeSnapshot } from '../../../../src/lab/windows/machine/snapshot.ts';
import { saveState } from '../../../../src/lab/windows/machine/state-copy.ts';
import { labMachine, outputOf, runScript } from './run-script.ts';

const sid = (machine: ReturnType<typeof labMachine>): string => machine.accountOf('hanako')?.sid ?? '';

/** What script text gives as texts. */
const textsOf = async (machine: ReturnType<typeof labMachine>, text: string): Promise<string[]> =>
  (await outputOf(machine, text)).map(String);

describe('a signed-in user', () => {
  test('is told by explorer.exe, the computer, logon sessions, profiles and quser alike', async () => {
    const machine = labMachine([{ kind: 'user-signed-in' }]);
    expect(
      await outputOf(
        machine,
        `$e = Get-CimInstance Win32_Process -Filter "Name='explorer.exe'"
         (Invoke-CimMethod -InputObject $e -MethodName GetOwnerSid).Sid
         $o = Invoke-CimMethod -InputObject $e -MethodName GetOwner; "$($o.Domain)\\$($o.User)"
         "$($e.SessionId)"
         (Get-CimInstance Win32_ComputerSystem).UserName
         (Get-CimInstance Win32_UserProfile -Filter "SID='${sid(machine)}'").Loaded
         @(Get-CimInstance Win32_LoggedOnUser | ForEach-Object { $_.Antecedent.Name }) -join ','
         (Get-CimInstance Win32_LogonSession -Filter 'LogonType = 2').AuthenticationPackage
         $q = & quser.exe; $LASTEXITCODE; $q[1].Substring(1, 6); $q[1] -match 'console +1 +Active'
         (Get-CimInstance Win32_LogonSession -Filter 'LogonType = 2' | Get-CimAssociatedInstance -Association Win32_LoggedOnUser).SID
         Test-Path 'Registry::HKEY_USERS\\${sid(machine)}\\Volatile Environment'`,
      ),
    ).toEqual([
      sid(machine),
      'BOX\\hanako',
      '1',
      'BOX\\hanako',
      true,
      'hanako',
      'NTLM',
      0,
      'hanako',
      true,
      sid(machine),
      true,
    ]);
  });

  test('who left a Remote Desktop session is no user of the console', async () => {
    const machine = labMachine([{ kind: 'user-signed-in', session: 'disconnected' }]);
    expect(
      await outputOf(
        machine,
        `$null -eq (Get-CimInstance Win32_ComputerSystem).UserName; (& query.exe user)[1] -match ' Disc '; @(Get-Process explorer).Count`,
      ),
    ).toEqual([true, true, 1]);
  });

  test('is signed out by logoff and by a restart; the hives are files again', async () => {
    const machine = labMachine([{ kind: 'user-signed-in' }]);
    const before = takeSnapshot(machine);
    await outputOf(machine, `& logoff.exe 1; & quser.exe 2>$null; $LASTEXITCODE`);
    expect(machine.users.sessions).toEqual([]);
    expect(machine.hives.find(`HKU\\${sid(machine)}`)).toBeUndefined();
    expect(diffSnapshots(before, takeSnapshot(machine), machine).differences.map(({ path }) => path)).toContain(
      'session:BOX\\hanako',
    );
  });

  test('comes back with a copied state, explorer and hives too', async () => {
    const machine = labMachine([{ kind: 'user-signed-in' }]);
    const before = takeSnapshot(machine);
    const restore = saveState(machine);
    await outputOf(machine, `& logoff.exe hanako; & reg.exe load HKU\\x C:\\Users\\hanako\\NTUSER.DAT`);
    restore();
    expect(diffSnapshots(before, takeSnapshot(machine), machine).differences).toEqual([]);
    expect(
      await outputOf(machine, `& reg.exe unload HKU\\x 2>$null; $LASTEXITCODE; @(Get-Process explorer).Count`),
    ).toEqual([1, 1]);
  });
});

describe('the lane of the user', () => {
  const run = (body: string): string => `
    $a = New-ScheduledTaskAction -Execute 'powershell.exe' -Argument "-NoProfile -NonInteractive -Command ${body}"
    $p = New-ScheduledTaskPrincipal -UserId 'BOX\\hanako' -LogonType Interactive
    Register-ScheduledTask -TaskName U -Action $a -Principal $p -Force | Out-Null
    Start-ScheduledTask -TaskName U
    for ($n = 0; $n -lt 20 -and (Get-ScheduledTask -TaskName U).State -eq 'Running'; $n++) { Start-Sleep -Seconds 1 }
    '0x{0:X8}' -f (Get-ScheduledTaskInfo -TaskName U).LastTaskResult`;

  test('runs with token, hive, environment and session of the user', async () => {
    const machine = labMachine([{ kind: 'user-signed-in' }]);
    const output = await outputOf(
      machine,
      `${run(
        `New-Item HKCU:\\Software\\Probe -Force | Out-Null; Set-ItemProperty HKCU:\\Software\\Probe -Name Temp -Value \\$env:TEMP; Set-ItemProperty HKCU:\\Software\\Probe -Name Who -Value ([Security.Principal.WindowsIdentity]::GetCurrent().Name); Set-ItemProperty HKCU:\\Software\\Probe -Name Admin -Value ([Security.Principal.WindowsPrincipal][Security.Principal.WindowsIdentity]::GetCurrent()).IsInRole('Administrators')`,
      ).replaceAll('\\$env', '`$env')}
       $k = Get-ItemProperty 'Registry::HKEY_USERS\\${sid(machine)}\\Software\\Probe'; $k.Who; $k.Temp; $k.Admin
       Test-Path HKCU:\\Software\\Probe`,
    );
    expect(output).toEqual(['0x00000000', 'BOX\\hanako', 'C:\\Users\\hanako\\AppData\\Local\\Temp', 'False', false]);
  });

  test('does not run while the user is not signed in, and says so', async () => {
    const machine = labMachine([{ kind: 'nobody-signed-in' }]);
    expect(await textsOf(machine, run('exit 7'))).toEqual(['0x800710E0']);
    expect(machine.events.records('Microsoft-Windows-TaskScheduler/Operational')?.at(-1)?.id).toBe(101);
  });
});

describe('hives', () => {
  const file = 'C:\\Users\\hanako\\NTUSER.DAT';

  test('are loaded, changed and unloaded by reg.exe; nothing but the file has changed then', async () => {
    const machine = labMachine([{ kind: 'nobody-signed-in' }]);
    const before = takeSnapshot(machine);
    expect(
      await outputOf(
        machine,
        `& reg.exe load HKU\\rmdy_1 ${file}; $LASTEXITCODE
         New-PSDrive -Name HKU -PSProvider Registry -Root HKEY_USERS | Out-Null
         (Get-ItemProperty HKU:\\rmdy_1\\Environment).TEMP -like '*AppData*'
         Set-ItemProperty HKU:\\rmdy_1\\Software -Name Probe -Value 5 -Type DWord
         & reg.exe query HKU\\rmdy_1\\Software /v Probe
         & reg.exe unload HKU\\rmdy_1; $LASTEXITCODE
         Test-Path HKU:\\rmdy_1`,
      ),
    ).toEqual([
      'The operation completed successfully.',
      0,
      true,
      '',
      'HKEY_USERS\\rmdy_1\\Software',
      '    Probe    REG_DWORD    0x5',
      '',
      'The operation completed successfully.',
      0,
      false,
    ]);
    const { differences } = diffSnapshots(before, takeSnapshot(machine), machine);
    expect(differences.map(({ path }) => path)).toEqual([`file:${file}`]);
    await outputOf(
      machine,
      `& reg.exe load HKU\\b ${file}; & reg.exe delete HKU\\b\\Software /v Probe /f; & reg.exe unload HKU\\b`,
    );
    expect(diffSnapshots(before, takeSnapshot(machine), machine).differences).toEqual([]);
  });

  test('of a signed-in user cannot be loaded twice or unloaded, and are held by Windows', async () => {
    const machine = labMachine([{ kind: 'user-signed-in' }]);
    const ran = await runScript(
      machine,
      `$e = & reg.exe load HKU\\x ${file} 2>&1; "$e"; $LASTEXITCODE; $e = & reg.exe unload HKU\\${sid(machine)} 2>&1; "$e"; $LASTEXITCODE
       try { [IO.File]::OpenRead('${file}') } catch { $_.Exception.InnerException.GetType().Name }`,
    );
    expect(ran.output).toEqual([
      'ERROR: The process cannot access the file because it is being used by another process.',
      1,
      'ERROR: Access is denied.',
      1,
      'IOException',
    ]);
  });

  test('stay loaded while a session has a key open, until it is closed or collected', async () => {
    const machine = labMachine([{ kind: 'nobody-signed-in' }]);
    expect(
      await outputOf(
        machine,
        `& reg.exe load HKU\\x ${file} | Out-Null; $k = Get-Item Registry::HKEY_USERS\\x\\Software
         & reg.exe unload HKU\\x 2>$null; $LASTEXITCODE
         $k.Close(); & reg.exe unload HKU\\x | Out-Null; $LASTEXITCODE
         & reg.exe load HKU\\x ${file} | Out-Null; $k = Get-Item Registry::HKEY_USERS\\x\\Software
         & reg.exe unload HKU\\x 2>$null; $LASTEXITCODE
         $k = $null; [GC]::Collect(); [GC]::WaitForPendingFinalizers(); & reg.exe unload HKU\\x | Out-Null; $LASTEXITCODE`,
      ),
    ).toEqual([1, 0, 1, 0]);
  });

  test('that somebody holds need who holds them to end; what was left loaded can be unloaded', async () => {
    const held = labMachine([{ kind: 'profile-hive-locked' }]);
    const cure = `& reg.exe load HKU\\x ${file} 2>$null | Out-Null; $LASTEXITCODE; & reg.exe unload HKU\\ProfileBackup 2>$null | Out-Null; $LASTEXITCODE
      Stop-Process -Name ProfileBackup -Force; & reg.exe load HKU\\x ${file} 2>$null | Out-Null; $LASTEXITCODE`;
    expect(await outputOf(held, cure)).toEqual([1, 1, 0]);
    // A hive that is loaded stays so when the program that loaded it has gone.
    expect(await outputOf(labMachine([{ kind: 'profile-hive-locked', cause: 'key-open' }]), cure)).toEqual([1, 1, 1]);
    expect(
      await outputOf(
        labMachine([{ kind: 'profile-hive-locked', cause: 'key-open' }]),
        `Stop-Process -Name ProfileBackup -Force; & reg.exe unload HKU\\ProfileBackup | Out-Null; & reg.exe load HKU\\x ${file} | Out-Null; $LASTEXITCODE`,
      ),
    ).toEqual([0]);
    expect(await outputOf(labMachine([{ kind: 'profile-hive-locked', cause: 'left-loaded' }]), cure)).toEqual([
      1, 0, 0,
    ]);
  });

  test('that cannot be loaded at sign-in give the user a temporary profile until the next sign-in', async () => {
    const machine = labMachine([{ kind: 'profile-hive-locked' }, { kind: 'user-signed-in' }]);
    const where = `(Get-CimInstance Win32_UserProfile -Filter "SID='${sid(machine)}'").LocalPath`;
    expect(
      await outputOf(
        machine,
        `${where}; Test-Path 'HKLM:\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList\\${sid(machine)}.bak'
         @(Get-WinEvent -FilterHashtable @{ LogName = 'Application'; ProviderName = 'Microsoft-Windows-User Profiles Service' } | Sort-Object Id | ForEach-Object { $_.Id }) -join ','
         Stop-Process -Name ProfileBackup -Force; & logoff.exe hanako; ${where}; Test-Path C:\\Users\\TEMP`,
      ),
    ).toEqual(['C:\\Users\\TEMP', true, '1508,1511,1515', 'C:\\Users\\hanako', false]);
    const account = machine.accountOf('hanako');
    if (account) machine.users.signIn(account, 'console');
    expect(await outputOf(machine, where)).toEqual(['C:\\Users\\hanako']);
  });

  test('are not made by creating a key below HKEY_USERS', async () => {
    const ran = await runScript(labMachine([{ kind: 'nobody-signed-in' }]), `& reg.exe add HKU\\x /f; $LASTEXITCODE`);
    expect(ran.output).toEqual([1]);
  });
});

describe('reg.exe', () => {
  test('exports keys as text that it can import, with the values of each kind', async () => {
    const machine = labMachine();
    const before = takeSnapshot(machine);
    await outputOf(
      machine,
      `& reg.exe add HKLM\\SOFTWARE\\P\\Q /v s /d 'a "b" \\c' /f; & reg.exe add HKLM\\SOFTWARE\\P /v b /t REG_BINARY /d 00ff10 /f
       & reg.exe add HKLM\\SOFTWARE\\P /v m /t REG_MULTI_SZ /d 'x\\0y' /f; & reg.exe add HKLM\\SOFTWARE\\P /v e /t REG_EXPAND_SZ /d '%windir%' /f
       & reg.exe add HKLM\\SOFTWARE\\P /v q /t REG_QWORD /d 0x1ffffffff /f; & reg.exe export HKLM\\SOFTWARE\\P C:\\p.reg /y`,
    );
    const full = takeSnapshot(machine);
    await outputOf(machine, `& reg.exe delete HKLM\\SOFTWARE\\P /f; & reg.exe import C:\\p.reg 2>$null`);
    expect(diffSnapshots(full, takeSnapshot(machine), machine).differences).toEqual([]);
    await outputOf(machine, `& reg.exe delete HKLM\\SOFTWARE\\P /f; Remove-Item C:\\p.reg`);
    expect(diffSnapshots(before, takeSnapshot(machine), machine).differences.map(({ path }) => path)).toEqual([]);
  });

  test('says what it does not find, and does not ask when nobody answers', async () => {
    const ran = await runScript(
      labMachine(),
      `$e = & reg.exe query HKLM\\SOFTWARE\\Nobody 2>&1; "$e"; $LASTEXITCODE; $e = & reg.exe delete HKLM\\SOFTWARE 2>&1; "$e"; $LASTEXITCODE; $e = & reg.exe frob 2>&1; $LASTEXITCODE`,
    );
    expect(ran.output).toEqual([
      'ERROR: The system was unable to find the specified registry key or value.',
      1,
      'ERROR: The operation was canceled by the user.',
      1,
      1,
    ]);
  });
});

describe('a missing folder for temporary files', () => {
  const probe = `$h = 'Registry::HKEY_USERS\\' + (Get-CimInstance Win32_UserProfile -Filter "LocalPath='C:\\\\Users\\\\hanako'").SID
    $t = (Get-Item "$h\\Environment").GetValue('TEMP', '', 'DoNotExpandEnvironmentNames').Replace('%USERPROFILE%', 'C:\\Users\\hanako'); Test-Path -LiteralPath $t`;

  test('is made again, or the variable is set right: each cure helps only its cause', async () => {
    const folder = 'New-Item C:\\Users\\hanako\\AppData\\Local\\Temp -ItemType Directory -Force | Out-Null;';
    const value = (machine: ReturnType<typeof labMachine>): string =>
      `Set-ItemProperty 'Registry::HKEY_USERS\\${sid(machine)}\\Environment' -Name TEMP -Value '%USERPROFILE%\\AppData\\Local\\Temp' -Type ExpandString;`;
    const host = (cause: 'folder' | 'value') =>
      labMachine([{ kind: 'user-signed-in' }, { kind: 'user-temp-missing', cause }]);
    expect(await outputOf(host('folder'), probe)).toEqual([false]);
    expect(await outputOf(host('folder'), folder + probe)).toEqual([true]);
    expect(await outputOf(host('value'), folder + probe)).toEqual([false]);
    const machine = host('value');
    expect(await outputOf(machine, value(machine) + probe)).toEqual([true]);
    expect(await outputOf(host('folder'), value(host('folder')) + probe)).toEqual([false]);
  });
});
