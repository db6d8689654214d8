import { describe, expect, test } from 'vitest';
import { labMachine, outputOf, runScript } from './run-script.ts';

const run = async (text: string) => await outputOf(labMachine(), text);

describe('item cmdlets', () => {
  test('list, filter and recurse as Windows does: folders first, and what is nearer before what is deeper', async () => {
    const output = await run(`
      New-Item C:\\t\\b -ItemType Directory | Out-Null
      Set-Content C:\\t\\a.txt 'x'; Set-Content C:\\t\\b\\c.log 'y'
      (Get-ChildItem C:\\t | ForEach-Object { $_.Name }) -join ','
      (Get-ChildItem C:\\t -Recurse -File | ForEach-Object { $_.FullName }) -join ','
      @(Get-ChildItem C:\\t -Filter *.txt).Count
      @(Get-ChildItem C:\\t -Directory).Count
      (Get-ChildItem C:\\t\\*.txt).Name
    `);
    expect(output).toEqual(['b,a.txt', 'C:\\t\\a.txt,C:\\t\\b\\c.log', 1, 1, 'a.txt']);
  });

  test('a missing path is a non-terminating PathNotFound with the cmdlet in its id', async () => {
    const ran = await runScript(labMachine(), `Get-Item C:\\nowhere; 'after'`);
    expect(ran.errors.map(({ id, category }) => [id, category])).toEqual([
      ['PathNotFound,Microsoft.PowerShell.Commands.GetItemCommand', 'ObjectNotFound'],
    ]);
    expect(ran.output).toEqual(['after']);
  });

  test('Test-Path knows wildcards, kinds and the registry', async () => {
    expect(
      await run(`
        Test-Path C:\\Windows\\System32\\catroot2\\*\\catdb
        Test-Path -LiteralPath 'C:\\Windows\\System32\\catroot2\\*\\catdb'
        Test-Path C:\\Windows -PathType Leaf
        Test-Path 'HKLM:\\SOFTWARE\\Microsoft\\Cryptography'
        Test-Path 'HKLM:\\SOFTWARE\\Nothing'
        Test-Path Q:\\x`),
    ).toEqual([true, false, false, true, false, false]);
  });

  test('drives of the session have one item by name, many by pattern, and say what is not there', async () => {
    const ran = await runScript(
      labMachine(),
      `(Get-ChildItem env:)[0].Name; Get-ChildItem env:PATHE* | ForEach-Object Key; (Get-ChildItem env:\\TEMP).Name
       (Get-ChildItem env: -Name)[0]; Test-Path env:PATHE*; Test-Path env:NOPE*; Test-Path variable:PI*
       Get-ChildItem variable:PID | ForEach-Object Name; Get-ChildItem env:NOPE`,
    );
    const names = ['ALLUSERSPROFILE', 'PATHEXT', 'TEMP', 'ALLUSERSPROFILE', true, false, true, 'PID'];
    expect(ran.output).toEqual(names);
    expect(ran.errors.map(({ id, exception }) => [id, exception.message])).toEqual([
      [
        'PathNotFound,Microsoft.PowerShell.Commands.GetChildItemCommand',
        "Cannot find path 'NOPE' because it does not exist.",
      ],
    ]);
  });

  test('$PWD is the current location', async () => {
    expect(
      await run(`
        "$PWD"; Set-Location C:\\Windows; "$pwd|$($PWD.Path)"; & { "$PWD" }
        Push-Location HKLM:\\SOFTWARE; "$PWD"; Pop-Location; "$PWD"; "$(Resolve-Path .)"`),
    ).toEqual([
      'C:\\Users\\operator\\Documents',
      'C:\\Windows|C:\\Windows',
      'C:\\Windows',
      'HKLM:\\SOFTWARE',
      'C:\\Windows',
      'C:\\Windows',
    ]);
  });

  test('a rename of what a service holds open fails with its HRESULT', async () => {
    const output = await run(`
      try { Rename-Item -LiteralPath C:\\Windows\\SoftwareDistribution -NewName SD.old -ErrorAction Stop }
      catch { $_.FullyQualifiedErrorId; '0x{0:X8}' -f $_.Exception.HResult }
      Stop-Service wuauserv
      Rename-Item -LiteralPath C:\\Windows\\SoftwareDistribution -NewName SD.old
      Test-Path C:\\Windows\\SD.old\\DataStore\\DataStore.edb`);
    expect(output).toEqual(['RenameItemIOError,Microsoft.PowerShell.Commands.RenameItemCommand', '0x80070005', true]);
  });

  test('Remove-Item -Recurse leaves what is in use and says so', async () => {
    const ran = await runScript(
      labMachine(),
      `New-Item C:\\t\\in -ItemType Directory -Force | Out-Null
       Set-Content C:\\t\\in\\free.txt 1; Set-Content C:\\t\\in\\held.txt 2
       $held = [IO.File]::Open('C:\\t\\in\\held.txt', 'Open', 'Read', 'None')
       Remove-Item C:\\t -Recurse -Force
       Test-Path C:\\t\\in\\free.txt
       Test-Path C:\\t\\in\\held.txt
       $held.Dispose()
       Remove-Item C:\\t -Recurse -Force
       Test-Path C:\\t`,
    );
    expect(ran.output).toEqual([false, true, false]);
    expect(ran.errors.map(({ id }) => id)).toEqual([
      'RemoveFileSystemItemIOError,Microsoft.PowerShell.Commands.RemoveItemCommand',
    ]);
  });

  test('content goes through the encodings of Windows PowerShell 5.1', async () => {
    const machine = labMachine();
    await outputOf(
      machine,
      `'é' | Out-File C:\\u.txt; Set-Content C:\\a.txt 'é'; Set-Content C:\\8.txt 'é' -Encoding UTF8`,
    );
    const bytes = (path: string) => [...machine.files.read(machine.files.get(path))];
    expect(bytes('C:\\u.txt')).toEqual([0xff, 0xfe, 0xe9, 0, 13, 0, 10, 0]);
    expect(bytes('C:\\a.txt')).toEqual([0xe9, 13, 10]);
    expect(bytes('C:\\8.txt')).toEqual([0xef, 0xbb, 0xbf, 0xc3, 0xa9, 13, 10]);
    expect(
      await outputOf(machine, `Get-Content C:\\u.txt; Get-Content C:\\8.txt; (Get-Content C:\\a.txt -Raw).Length`),
    ).toEqual(['é', 'é', 3]);
  });

  test('a Japanese machine writes code page 932', async () => {
    const machine = labMachine([], { uiLanguage: 'ja-JP' });
    await outputOf(machine, `Set-Content C:\\j.txt '更新'`);
    expect([...machine.files.read(machine.files.get('C:\\j.txt'))]).toEqual([0x8d, 0x58, 0x90, 0x56, 13, 10]);
    expect(await outputOf(machine, 'Get-Content C:\\j.txt')).toEqual(['更新']);
  });

  test('registry values keep their types through the property cmdlets', async () => {
    const output = await run(`
      $k = 'HKLM:\\SOFTWARE\\Test'
      New-Item $k | Out-Null
      New-ItemProperty $k -Name d -PropertyType DWord -Value 4294967295 -Force | Out-Null
      New-ItemProperty $k -Name m -PropertyType MultiString -Value 'a','b' | Out-Null
      Set-ItemProperty $k -Name x -Value '%windir%\\y' -Type ExpandString
      $p = Get-ItemProperty $k
      $p.d; $p.m.Count; $p.x
      (Get-Item $k).GetValueKind('d').ToString()
      (Get-Item $k).GetValue('x', $null, 'DoNotExpandEnvironmentNames')
      Remove-ItemProperty $k -Name d
      $null -eq (Get-ItemProperty $k -Name d -ErrorAction SilentlyContinue)`);
    expect(output).toEqual([-1, 2, 'C:\\Windows\\y', 'DWord', '%windir%\\y', true]);
  });

  test('exclusive locks count across shells', async () => {
    const machine = labMachine();
    const open = `[IO.FileStream]::new('C:\\lock', 'OpenOrCreate', 'ReadWrite', 'None')`;
    const holding = await outputOf(machine, `$global:s = ${open}; 'held'`);
    expect(holding).toEqual(['held']);
    const refused = await outputOf(
      machine,
      `try { ${open} } catch { '0x{0:X8}' -f $_.Exception.InnerException.HResult }`,
    );
    expect(refused).toEqual(['0x80070020']);
    void machine.processes.end(machine.processes.all().find(({ name }) => name === 'wsmprovhost')!.pid, 0);
    expect(await outputOf(machine, `(${open}).CanWrite`)).toEqual([true]);
  });

  test('a parameter that the lab does not simulate is refused by name', async () => {
    const ran = await runScript(labMachine(), 'Get-Service -ComputerName other');
    expect(ran.end.kind === 'failed' && ran.end.error.exception.message).toContain('Get-Service -ComputerName');
  });

  test('an unknown parameter is the error of PowerShell', async () => {
    const ran = await runScript(labMachine(), 'Get-Service -Nme bits');
    const id = ran.end.kind === 'failed' ? ran.end.error.id : ran.errors[0]?.id;
    expect(id).toBe('NamedParameterNotFound,Microsoft.PowerShell.Commands.GetServiceCommand');
  });
});

describe('what the lab does not simulate', () => {
  const refusals: readonly (readonly [script: string, names: string])[] = [
    ['& diskpart.exe /s x', 'diskpart.exe'],
    ['Get-CimInstance Win32_Printer', 'Win32_Printer'],
    ['(Get-CimInstance Win32_OperatingSystem).SerialNumber', 'Win32_OperatingSystem.SerialNumber'],
    ['(Get-Process -Id $PID).Modules', 'Modules'],
    ['Get-NetNat -Name one', 'Get-NetNat'],
    ['Get-CimInstance -Namespace root/Microsoft/Windows/Storage -ClassName MSFT_StoragePool', 'MSFT_StoragePool'],
  ];
  for (const [script, name] of refusals) {
    test(`is refused by name: ${script}`, async () => {
      const { end, errors, output } = await runScript(labMachine(), script);
      expect(output).toEqual([]);
      expect(errors).toEqual([]);
      expect(end.kind === 'failed' && [end.error.id, end.error.exception.message]).toEqual([
        'LabUnsupported',
        expect.stringContaining(name),
      ]);
    });
  }
});

describe('items that are guarded, there already, or moved', () => {
  test('a hidden, system or read-only item goes with -Force only', async () => {
    const machine = labMachine();
    const ran = await runScript(
      machine,
      `New-Item C:\\t -ItemType Directory | Out-Null
       foreach ($bit in 'h', 's', 'r') { Set-Content C:\\t\\$bit.txt x; attrib.exe "+$bit" C:\\t\\$bit.txt; Remove-Item C:\\t\\$bit.txt; Test-Path C:\\t\\$bit.txt; Remove-Item C:\\t\\$bit.txt -Force; Test-Path C:\\t\\$bit.txt }
       Set-Content C:\\t\\a.txt x; attrib.exe +h C:\\t\\a.txt; Remove-Item C:\\t -Recurse; Test-Path C:\\t\\a.txt; Remove-Item C:\\t -Recurse -Force; Test-Path C:\\t`,
    );
    expect(ran.output).toEqual([true, false, true, false, true, false, true, false]);
    expect(ran.errors.map(({ id }) => id)).toEqual(
      Array.from(
        { length: 4 },
        () => 'RemoveFileSystemItemUnAuthorizedAccess,Microsoft.PowerShell.Commands.RemoveItemCommand',
      ),
    );
  });

  test('a copy with -Force goes over a read-only file, and a folder goes into one of its name', async () => {
    const machine = labMachine();
    const ran = await runScript(
      machine,
      `New-Item C:\\a\\x, C:\\b\\a\\x -ItemType Directory -Force | Out-Null; Set-Content C:\\a\\x\\new.txt n; Set-Content C:\\b\\a\\x\\old.txt o
       Set-Content C:\\b\\ro.txt o; attrib.exe +r C:\\b\\ro.txt
       Copy-Item C:\\a\\x\\new.txt C:\\b\\ro.txt; Copy-Item C:\\a\\x\\new.txt C:\\b\\ro.txt -Force; Get-Content C:\\b\\ro.txt
       Copy-Item C:\\a C:\\b -Recurse -Force; (Get-ChildItem C:\\b\\a\\x -Name) -join ','`,
    );
    expect(ran.output).toEqual(['n', 'new.txt,old.txt']);
    expect(ran.errors.map(({ id }) => id.split(',')[0])).toEqual(['CopyFileInfoItemUnauthorizedAccessError']);
    const again = await runScript(machine, 'Copy-Item C:\\a C:\\b -Recurse');
    expect(again.errors.map(({ id }) => id.split(',')[0])).toEqual(['DirectoryExist', 'DirectoryExist']);
  });

  test('what is moved keeps the rules that it had inherited, until rules are set above it', async () => {
    expect(
      await outputOf(
        labMachine(),
        `New-Item C:\\src, C:\\dst -ItemType Directory | Out-Null; icacls.exe C:\\src /grant '*S-1-1-0:(OI)(CI)F' | Out-Null; Set-Content C:\\src\\f.txt x
         $was = (Get-Acl C:\\src\\f.txt).Sddl; Move-Item C:\\src\\f.txt C:\\dst\\f.txt; (Get-Acl C:\\dst\\f.txt).Sddl -eq $was
         Copy-Item C:\\dst\\f.txt C:\\dst\\copy.txt; (Get-Acl C:\\dst\\copy.txt).Sddl -match ';;;WD'
         icacls.exe C:\\dst /grant '*S-1-5-32-545:R' | Out-Null; (Get-Acl C:\\dst\\f.txt).Sddl -match ';;;WD'`,
      ),
    ).toEqual([true, false, false]);
  });

  test('a value keeps its kind where the data fits it; where not, it gets that of the data', async () => {
    expect(
      await outputOf(
        labMachine(),
        `New-Item HKLM:\\SOFTWARE\\X | Out-Null; New-ItemProperty HKLM:\\SOFTWARE\\X -Name n -PropertyType DWord -Value 1 | Out-Null
         Set-ItemProperty HKLM:\\SOFTWARE\\X n '7'; (Get-Item HKLM:\\SOFTWARE\\X).GetValueKind('n').ToString(); (Get-ItemProperty HKLM:\\SOFTWARE\\X).n
         Set-ItemProperty HKLM:\\SOFTWARE\\X n text; (Get-Item HKLM:\\SOFTWARE\\X).GetValueKind('n').ToString(); (Get-ItemProperty HKLM:\\SOFTWARE\\X).n`,
      ),
    ).toEqual(['DWord', 7, 'String', 'text']);
  });
});

describe('folders', () => {
  test('are made by the function mkdir, alias md, with the errors of New-Item', async () => {
    const output = await outputOf(
      labMachine(),
      `(mkdir C:\\x\\y).FullName; (Get-Command mkdir).CommandType.ToString()
       try { md C:\\x -ErrorAction Stop } catch { $_.FullyQualifiedErrorId }; (md C:\\x -Force).Name`,
    );
    expect(output).toEqual([
      'C:\\x\\y',
      'Function',
      'DirectoryExist,Microsoft.PowerShell.Commands.NewItemCommand',
      'x',
    ]);
    await expect(outputOf(labMachine(), 'cls')).rejects.toThrow(/LabUnsupported/);
  });

  test('that are copied into themselves are copied until the path is too long', async () => {
    const output = await outputOf(
      labMachine(),
      `[void](mkdir C:\\x); Set-Content C:\\x\\f 1; Copy-Item C:\\x C:\\x\\b -Recurse -ErrorAction SilentlyContinue
       $Error[0].FullyQualifiedErrorId; (Get-ChildItem C:\\x -Recurse -Directory | Sort-Object { $_.FullName.Length })[-1].FullName.Length`,
    );
    expect(output).toEqual(['CreateDirectoryIOError,Microsoft.PowerShell.Commands.CopyItemCommand', 246]);
  });
});
