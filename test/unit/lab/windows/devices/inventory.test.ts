import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { diffSnapshots, takeSnapshot } from '../../../../../src/lab/windows/machine/snapshot.ts';
import { labMachine, outputOf, runScript } from '../run-script.ts';

test('the hardware of a server and its errors are told', async () => {
  const machine = labMachine([{ kind: 'firmware-old' }, { kind: 'hardware-errors', fatal: true }], {
    base: 'windows-server-2022',
  });
  expect(
    await outputOf(
      machine,
      `(Get-CimInstance Win32_BIOS).SMBIOSBIOSVersion; (Get-CimInstance Win32_BIOS).ReleaseDate.Year
       @(Get-WinEvent -FilterHashtable @{ LogName='System'; ProviderName='Microsoft-Windows-WHEA-Logger'; Id=18 }).Count
       @(Get-CimInstance Win32_PnPSignedDriver | Where-Object DeviceClass -in 'NET','SCSIADAPTER' | ForEach-Object { "$($_.DeviceName) $($_.InfName)" })
       (Get-CimInstance Win32_SystemDriver -Filter "Name='megasas35i'").State; (Get-Disk).BusType; $null -eq (Get-PhysicalDisk | Get-StorageReliabilityCounter).Wear`,
    ),
  ).toEqual([
    '1.10',
    2021,
    2,
    'Intel(R) Ethernet Converged Network Adapter X710 neti40e.inf',
    'Lenovo RAID 940-8i SAS Adapter megasas35i.inf',
    'Running',
    'RAID',
    true,
  ]);
});

test('logs are exported with a filter of their age, and not over a file that is there', async () => {
  const machine = labMachine([{ kind: 'disk-errors' }]);
  expect(
    await outputOf(
      machine,
      `& wevtutil.exe epl System C:\\s.evtx "/q:*[System[TimeCreated[timediff(@SystemTime) <= 86400000]]]" ; $LASTEXITCODE
       & wevtutil epl System C:\\s.evtx 2>$null; $LASTEXITCODE; & wevtutil epl None C:\\n.evtx 2>$null; $LASTEXITCODE; & wevtutil epl System C:\\s.evtx /ow:true; $LASTEXITCODE
       @(& wevtutil qe System "/q:*[System[(EventID=7)]]" /f:xml).Count`,
    ),
  ).toEqual([0, 80, 15_007, 0, 3]);
});

test('DISM lists and exports drivers, and cuts an image for a small file system', async () => {
  const machine = labMachine([{ kind: 'driver-bad' }, { kind: 'media-present' }]);
  expect(
    await outputOf(
      machine,
      `New-Item C:\\d, C:\\m -ItemType Directory | Out-Null
       @(& dism /English /Online /Get-Drivers | Where-Object { $_ -match '^Published Name' }).Count; & dism /Online /Export-Driver /Destination:C:\\d | Out-Null; @(Get-ChildItem C:\\d).Count
       Mount-DiskImage C:\\Media\\windows.iso | Out-Null
       & dism /Split-Image /ImageFile:D:\\sources\\install.wim /SWMFile:C:\\m\\install.swm /FileSize:3800 | Out-Null; $LASTEXITCODE; @(Get-ChildItem C:\\m).Name
       @(& dism /English /Get-ImageInfo /ImageFile:D:\\sources\\install.wim | Where-Object { $_ -match '^Index' }).Count`,
    ),
  ).toEqual([2, 2, 0, 'install.swm', 'install2.swm', 2]);
});

test('startup programs of signed-in users are among those of everybody', async () => {
  const machine = labMachine();
  const sid = machine.accounts[0]!.sid;
  void machine.registry.set(
    `HKU\\${sid}\\Software\\Microsoft\\Windows\\CurrentVersion\\Run`,
    { name: 'Mine', kind: 'String', data: '"C:\\x.exe"' },
    4,
  );
  expect(
    await outputOf(
      machine,
      `Get-CimInstance Win32_StartupCommand | ForEach-Object { "$($_.Name) $($_.Location -like 'HKU\\*')" }`,
    ),
  ).toEqual(['Mine True']);
});

test('asking changes nothing of the host', async () => {
  const machine = labMachine();
  const before = takeSnapshot(machine);
  await outputOf(
    machine,
    `Get-Volume; Get-Disk | Get-Partition; Get-PhysicalDisk | Get-StorageReliabilityCounter; Get-BitLockerVolume; Get-Tpm; Get-PnpDevice; Get-WindowsDriver -Online; Get-WindowsPackage -Online
     foreach ($c in 'Win32_Volume','Win32_PnPEntity','Win32_SystemDriver','Win32_ShadowStorage','Win32_StartupCommand') { Get-CimInstance $c }
     & vssadmin list writers; & reagentc /info; & bcdedit /enum; & fsutil dirty query C:; & manage-bde -status; & pnputil /enum-devices; & chkdsk C:; & wbadmin get versions`,
  );
  expect(diffSnapshots(before, takeSnapshot(machine), machine).differences).toEqual([]);
});

test('folders are packed into archives that other programs read, and unpacked', async () => {
  const machine = labMachine();
  expect(
    await outputOf(
      machine,
      `New-Item C:\\b\\sub -ItemType Directory -Force | Out-Null; Set-Content C:\\b\\a.txt one; Set-Content C:\\b\\sub\\b.txt two
       Compress-Archive -Path C:\\b\\* -DestinationPath C:\\b.zip; Expand-Archive C:\\b.zip C:\\out; Get-Content C:\\out\\a.txt, C:\\out\\sub\\b.txt`,
    ),
  ).toEqual(['one', 'two']);
  const again = await runScript(machine, `Compress-Archive -Path C:\\b -DestinationPath C:\\b.zip`);
  expect((again.errors[0] ?? (again.end.kind === 'failed' ? again.end.error : undefined))?.id).toBe(
    'ArchiveFileExists,Compress-Archive',
  );
  const folder = mkdtempSync(join(tmpdir(), 'lab-zip-'));
  writeFileSync(join(folder, 'b.zip'), machine.files.read(machine.files.get('C:\\b.zip')));
  const listed = execFileSync(
    'python3',
    [
      '-c',
      'import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).testzip(), *sorted(zipfile.ZipFile(sys.argv[1]).namelist()))',
      join(folder, 'b.zip'),
    ],
    { encoding: 'utf8' },
  );
  rmSync(folder, { recursive: true });
  expect(listed.trim()).toBe('None a.txt sub/b.txt');
});

test('a Japanese host says in Japanese what a source shows, and keeps the names of boot elements', async () => {
  const machine = labMachine([{ kind: 'backup-old' }], { base: 'windows-server-2022', uiLanguage: 'ja-JP' });
  const output = await outputOf(
    machine,
    `& wbadmin get versions | Where-Object { $_ -match 'E:|システム状態' }; & bcdedit /enum | Where-Object { $_ -match '^Windows|^identifier' }`,
  );
  expect(output).toEqual([
    'バックアップ対象: 固定ディスク ラベル付き Backup(E:)',
    '回復可能: ボリューム, ファイル, アプリケーション, ベア メタル回復, システム状態',
    'Windows ブート マネージャー',
    'identifier              {bootmgr}',
    'Windows ブート ローダー',
    'identifier              {current}',
  ]);
});
