import { describe, expect, test } from 'vitest';
import type { Machine } from '../../../../src/lab/windows/machine/machine.ts';
import { labMachine, outputOf, runScript } from './run-script.ts';

const addDrive = (machine: Machine, fileSystem: string): void => {
  machine.hardware.disks.addVolume('D:', 2 ** 30, { label: 'Data', fileSystem });
};

describe('commands that make and show hard links', () => {
  test('New-Item, LinkType, Target and Mode', async () => {
    const output = await outputOf(
      labMachine(),
      `New-Item C:\\t -ItemType Directory | Out-Null; Set-Content C:\\t\\a.txt first
       $made = New-Item -ItemType HardLink -Path C:\\t\\b.txt -Target C:\\t\\a.txt
       $made.FullName; $made.LinkType; $made.Mode; @($made.Target) -join ','
       Set-Location C:\\t; New-Item -ItemType HardLink -Name c.txt -Value a.t* | ForEach-Object Name
       Add-Content C:\\t\\b.txt second; (Get-Content C:\\t\\c.txt) -join ','
       Remove-Item C:\\t\\a.txt; Get-Item C:\\t\\b.txt | ForEach-Object { @($_.Target) -join ',' }
       Remove-Item C:\\t\\c.txt; $last = Get-Item C:\\t\\b.txt; "[$($last.LinkType)] $($last.Mode) $(@($last.Target).Count)"`,
    );
    expect(output).toEqual([
      'C:\\t\\b.txt',
      'HardLink',
      '-a---l',
      'C:\\t\\a.txt',
      'c.txt',
      'first,second',
      'C:\\t\\c.txt',
      '[] -a---- 0',
    ]);
  });

  const errorsOf = async (text: string, prepare = '') => {
    const machine = labMachine();
    addDrive(machine, 'NTFS');
    const { errors, end } = await runScript(
      machine,
      `New-Item C:\\t -ItemType Directory | Out-Null; Set-Content C:\\t\\a.txt x; Set-Content C:\\t\\b.txt y; ${prepare}
       try { ${text} } catch { Write-Error -ErrorRecord $_ }`,
    );
    expect(end.kind).toBe('completed');
    return errors.map(({ id, category, exception }) => [
      id.replace(/,Microsoft\.PowerShell.*/, ''),
      category,
      exception.message,
    ]);
  };

  test.each([
    [
      'C:\\t\\c -Target C:\\t\\none',
      'PathNotFound',
      'ObjectNotFound',
      "Cannot find path 'C:\\t\\none' because it does not exist.",
    ],
    [
      'C:\\t\\c -Target C:\\t',
      'ItemNotFile',
      'InvalidOperation',
      "A file is required for the operation. The item 'C:\\t' is not a file.",
    ],
    ['C:\\t\\b.txt -Target C:\\t\\a.txt', 'NewItemIOError', 'ResourceExists', 'NewItemIOError'],
    [
      'C:\\t\\c -Target HKLM:\\SOFTWARE',
      'NotSupported',
      'NotImplemented',
      'The path does not refer to a file system path.',
    ],
    [
      'D:\\c -Target C:\\t\\a.txt',
      'System.ComponentModel.Win32Exception',
      'NotSpecified',
      'The system cannot move the file to a different disk drive',
    ],
    [
      'C:\\t\\a.txt -Target C:\\t\\a.txt -Force',
      'System.ComponentModel.Win32Exception',
      'NotSpecified',
      'The system cannot find the file specified',
    ],
    ['C:\\t\\c', 'ArgumentNull', 'InvalidArgument', expect.stringContaining('Parameter name:')],
    [
      'C:\\t\\c -Target C:\\t\\*.txt',
      'InvalidOperation',
      'InvalidOperation',
      expect.stringContaining('resolved to multiple'),
    ],
  ])('New-Item -ItemType HardLink %s is refused with %s', async (rest, id, category, message) => {
    expect(await errorsOf(`New-Item -ItemType HardLink -Path ${rest}`)).toEqual([[id, category, message]]);
  });

  test('a volume of another file system has no hard links', async () => {
    const machine = labMachine();
    addDrive(machine, 'exFAT');
    const { errors } = await runScript(machine, 'Set-Content D:\\a x; New-Item -ItemType HardLink D:\\b -Target D:\\a');
    expect(errors.map(({ id }) => id)).toEqual([
      'NewItemInvalidOperation,Microsoft.PowerShell.Commands.NewItemCommand',
    ]);
  });

  test('with -Force what has the name goes first; what does not go is told, and the link fails', async () => {
    const machine = labMachine();
    expect(
      await outputOf(
        machine,
        `Set-Content C:\\a x; Set-Content C:\\b y; New-Item -ItemType HardLink C:\\b -Target C:\\a -Force | ForEach-Object LinkType; Get-Content C:\\b`,
      ),
    ).toEqual(['HardLink', 'x']);
    const errors = await errorsOf(
      'New-Item -ItemType HardLink C:\\t\\b.txt -Target C:\\t\\a.txt -Force',
      '$held = [IO.File]::Open("C:\\t\\b.txt", "Open", "Read", "Read")',
    );
    expect(errors.map(([id]) => id)).toEqual(['NewItemDeleteIOError', 'System.ComponentModel.Win32Exception']);
  });

  test('fsutil makes and lists names', async () => {
    const machine = labMachine();
    const text = (line: string) => `& fsutil ${line}; "exit $LASTEXITCODE"`;
    expect(
      await outputOf(
        machine,
        `Set-Content C:\\a.txt x
         ${text('hardlink create C:\\b.txt C:\\a.txt')}; ${text('hardlink list C:\\b.txt')}
         ${text('hardlink create C:\\b.txt C:\\a.txt')}; ${text('hardlink list C:\\none')}; ${text('hardlink create C:\\x C:\\Users')}`,
      ),
    ).toEqual([
      'Hardlink created for C:\\b.txt <<===>> C:\\a.txt',
      'exit 0',
      '\\a.txt',
      '\\b.txt',
      'exit 0',
      'Error 183: Cannot create a file when that file already exists.',
      'exit 1',
      'Error 2: The system cannot find the file specified.',
      'exit 1',
      'Error 5: Access is denied.',
      'exit 1',
    ]);
  });
});
