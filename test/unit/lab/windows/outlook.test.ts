import { describe, expect, test } from 'vitest';
import type { FaultSpec } from '../../../../src/lab/faults/faults.ts';
import { startOutlook } from '../../../../src/lab/windows/machine/apps/outlook.ts';
import type { Machine } from '../../../../src/lab/windows/machine/machine.ts';
import { labMachine, outputOf, runScript } from './run-script.ts';

const documents = 'C:\\Users\\hanako\\Documents\\Outlook Files';
const mailbox = 'C:\\Users\\hanako\\AppData\\Local\\Microsoft\\Outlook\\hanako@contoso.example.ost';

/** Opens Outlook for hanako: 0, or the HRESULT with which it does not. */
const open = (machine: Machine): string => {
  const [session] = machine.users.sessions;
  return session ? (startOutlook(machine, session) >>> 0).toString(16) : 'nobody';
};

const host = (fault: FaultSpec): Machine => labMachine([{ kind: 'user-signed-in' }, fault]);
const keyOf = (machine: Machine): string =>
  `Registry::HKEY_USERS\\${machine.accountOf('hanako')?.sid}\\Software\\Microsoft\\Office\\16.0\\Outlook`;

/** Paths that the profiles name, read as a script does. */
const paths = (machine: Machine): string => `
  Get-ChildItem '${keyOf(machine)}\\Profiles' -Recurse | ForEach-Object { foreach ($n in '001f6700', '001f6610') {
    $b = $_.GetValue($n); if ($b) { [Text.Encoding]::Unicode.GetString($b).TrimEnd([char]0) } } }`;

/** A new default profile that Exchange fills. */
const newProfile = (machine: Machine): string => `
  New-Item '${keyOf(machine)}\\Profiles\\KINTSUGI-1' | Out-Null
  Set-ItemProperty '${keyOf(machine)}' DefaultProfile KINTSUGI-1
  New-Item '${keyOf(machine)}\\AutoDiscover' -Force | Out-Null
  Set-ItemProperty '${keyOf(machine)}\\AutoDiscover' ZeroConfigExchange 1`;

describe('Outlook of a user', () => {
  test('has a default profile whose binary values name its files, and holds them while it runs', async () => {
    const machine = host({ kind: 'outlook-set-up', running: true });
    expect(await outputOf(machine, `(Get-ItemProperty '${keyOf(machine)}').DefaultProfile; ${paths(machine)}`)).toEqual(
      ['Outlook', mailbox, `${documents}\\Archive.pst`],
    );
    const ran = await runScript(
      machine,
      `(Invoke-CimMethod -InputObject (Get-CimInstance Win32_Process -Filter "Name='OUTLOOK.exe'") -MethodName GetOwner).User
       try { [IO.File]::Open('${mailbox}', 'Open', 'Read', 'ReadWrite').Close(); 'free' } catch { 'held' }
       Stop-Process -Name OUTLOOK -Force
       try { [IO.File]::Open('${mailbox}', 'Open', 'Read', 'ReadWrite').Close(); 'free' } catch { 'held' }
       @(Get-WinEvent -FilterHashtable @{ LogName = 'Application'; ProviderName = 'Outlook'; Id = 45 }).Count
       (Get-ItemProperty HKLM:\\SOFTWARE\\Microsoft\\Office\\ClickToRun\\Configuration).Platform`,
    );
    expect(ran.output).toEqual(['hanako', 'held', 'free', 1, 'x64']);
  });

  test('is started by a task in the session of its user', async () => {
    const machine = host({ kind: 'outlook-set-up' });
    const start = (type: string, user: string): string => `
      $a = New-ScheduledTaskAction -Execute 'C:\\Program Files\\Microsoft Office\\root\\Office16\\OUTLOOK.EXE'
      Register-ScheduledTask O -Action $a -Principal (New-ScheduledTaskPrincipal -UserId ${user} -LogonType ${type}) -Force | Out-Null
      Start-ScheduledTask O; Start-Sleep -Seconds 20; @(Get-Process OUTLOOK -ErrorAction SilentlyContinue).Count`;
    expect(await outputOf(machine, start('ServiceAccount', 'S-1-5-18'))).toEqual([0]);
    expect(await outputOf(machine, start('Interactive', 'hanako'))).toEqual([1]);
  });

  test('finds no profile where the default names none: the name is set right, or a new one made', async () => {
    const machine = host({ kind: 'outlook-profile-broken' });
    expect(open(machine)).toBe('8004010f');
    expect(machine.events.records('Application')?.at(-1)).toMatchObject({ provider: 'Outlook', id: 27, level: 2 });
    await outputOf(machine, `Set-ItemProperty '${keyOf(machine)}' DefaultProfile Outlook`);
    expect(open(machine)).toBe('0');
    const lost = host({ kind: 'outlook-profile-broken', cause: 'services-lost' });
    await outputOf(lost, `Set-ItemProperty '${keyOf(lost)}' DefaultProfile Outlook`);
    expect(open(lost)).toBe('8004010f');
    await outputOf(lost, newProfile(lost));
    expect(open(lost)).toBe('0');
    expect(await outputOf(lost, `@(Get-ChildItem '${keyOf(lost)}\\Profiles\\KINTSUGI-1').Count -gt 0`)).toEqual([true]);
  });

  test('asks for an account where a new profile is empty and nothing fills it', async () => {
    const machine = host({ kind: 'outlook-profile-broken' });
    await outputOf(machine, `${newProfile(machine)}; Remove-Item '${keyOf(machine)}\\AutoDiscover'`);
    expect(open(machine)).toBe('8004011c');
  });

  test('opens an archive again when it lies where the profile says, moved back or through a junction', async () => {
    const old = 'C:\\Users\\hanako\\Documents\\Old';
    const machine = host({ kind: 'outlook-datafile-moved' });
    expect(open(machine)).toBe('8004010f');
    expect(await outputOf(machine, `${paths(machine)} | ForEach-Object { Test-Path $_ }`)).toEqual([true, false]);
    await outputOf(machine, `Move-Item '${old}\\Archive.pst' '${documents}\\Archive.pst'`);
    expect(open(machine)).toBe('0');
    const linked = host({ kind: 'outlook-datafile-moved' });
    await outputOf(
      linked,
      `Remove-Item '${documents}'; New-Item -ItemType Junction -Path '${documents}' -Value '${old}' | Out-Null`,
    );
    expect(open(linked)).toBe('0');
    const missing = host({ kind: 'outlook-datafile-missing' });
    expect(await outputOf(missing, `@(Get-ChildItem C:\\Users\\hanako -Recurse -Filter *.pst).Count`)).toEqual([0]);
    await outputOf(missing, newProfile(missing));
    expect(open(missing)).toBe('0');
  });

  test('builds a damaged OST file anew once it is set aside; a new profile does not help, nor does it an archive', async () => {
    const machine = host({ kind: 'outlook-ost-corrupt' });
    expect(open(machine)).toBe('80040600');
    await outputOf(machine, newProfile(machine));
    expect(open(machine)).toBe('80040600');
    await outputOf(machine, `Rename-Item '${mailbox}' 'hanako.kintsugi-1'`);
    expect(open(machine)).toBe('0');
    expect(machine.files.exists(mailbox)).toBe(true);
    const torn = host({ kind: 'outlook-datafile-torn' });
    expect(open(torn)).toBe('80040600');
    await outputOf(torn, `Rename-Item '${documents}\\Archive.pst' Archive.old`);
    expect(open(torn)).toBe('8004010f');
  });

  test('opens an archive that the repair tool has mended in the session of its user', async () => {
    const machine = host({ kind: 'outlook-datafile-torn' });
    const tool = 'C:\\Program Files\\Microsoft Office\\root\\Office16\\SCANPST.EXE';
    expect(await outputOf(machine, `& '${tool}' -file '${documents}\\Archive.pst'; $LASTEXITCODE`)).toEqual([1]);
    expect(open(machine)).toBe('80040600');
    await outputOf(
      machine,
      `$a = New-ScheduledTaskAction -Execute '${tool}' -Argument '-file "${documents}\\Archive.pst"'
       Register-ScheduledTask O -Action $a -Principal (New-ScheduledTaskPrincipal -UserId hanako -LogonType Interactive) -Force | Out-Null
       Start-ScheduledTask O; Start-Sleep -Seconds 90`,
    );
    expect(open(machine)).toBe('0');
    expect(machine.files.exists(`${documents}\\Archive.bak`)).toBe(true);
  });

  test('of a user who is not signed in is read and set through the hive file', async () => {
    const machine = labMachine([{ kind: 'outlook-profile-broken' }, { kind: 'nobody-signed-in' }]);
    const key = 'HKU\\rmdy_1\\Software\\Microsoft\\Office\\16.0\\Outlook';
    await outputOf(
      machine,
      `& reg.exe load HKU\\rmdy_1 C:\\Users\\hanako\\NTUSER.DAT; & reg.exe add '${key}' /v DefaultProfile /d Outlook /f; & reg.exe unload HKU\\rmdy_1`,
    );
    machine.users.signIn(machine.accountOf('hanako')!, 'console');
    expect(open(machine)).toBe('0');
  });

  test('shows its stores to a script in the session, and refuses one that has no desktop', async () => {
    const body = `
      try {
        $o = New-Object -ComObject Outlook.Application
        $r = @($o.Session.Stores | ForEach-Object { $_.DisplayName + '=' + (Test-Path -LiteralPath $_.FilePath) }) + $o.Session.CurrentProfileName
        $o.Quit()
      } catch { $r = '0x{0:X8}' -f $_.Exception.HResult }
      Set-Content C:\\Users\\hanako\\out.txt $r`;
    const script = `
      $a = New-ScheduledTaskAction -Execute 'powershell.exe' -Argument '-NoProfile -ExecutionPolicy Bypass -File C:\\body.ps1'
      Register-ScheduledTask O -Action $a -Principal (New-ScheduledTaskPrincipal -UserId hanako -LogonType Interactive) -Force | Out-Null
      Start-ScheduledTask O; Start-Sleep -Seconds 20; Get-Content C:\\Users\\hanako\\out.txt; @(Get-Process OUTLOOK -ErrorAction SilentlyContinue).Count`;
    const told = async (fault: FaultSpec) => {
      const machine = host(fault);
      void machine.files.write('C:\\body.ps1', Buffer.from(body), 4);
      return await outputOf(machine, script);
    };
    expect(await told({ kind: 'outlook-set-up' })).toEqual([
      'hanako@contoso.example=True',
      'Archive=True',
      'Outlook',
      0,
    ]);
    expect(await told({ kind: 'outlook-ost-corrupt' })).toEqual(['0x80040600', 0]);
    const ran = await runScript(
      host({ kind: 'outlook-set-up' }),
      `try { New-Object -ComObject Outlook.Application } catch { '0x{0:X8}' -f $_.Exception.HResult }`,
    );
    expect(ran.output).toEqual(['0x80080005']);
  });
});
