import { describe, expect, test } from 'vitest';
import { labMachine, outputOf } from './run-script.ts';

describe('what a user alone can do', () => {
  const inSession = (command: string): string => `
    $a = New-ScheduledTaskAction -Execute 'powershell.exe' -Argument '-NoProfile -Command "${command}"'
    Register-ScheduledTask -TaskName U -Action $a -Principal (New-ScheduledTaskPrincipal -GroupId 'S-1-5-32-545') -Force | Out-Null
    Start-ScheduledTask -TaskName U; Start-Sleep -Seconds 20`;
  const files = 'C:\\Users\\hanako\\OneDrive\\Pictures\\*.*';

  test('OneDrive frees room for files of a signed-in user alone, and not for others', async () => {
    const machine = labMachine([{ kind: 'user-signed-in' }, { kind: 'onedrive-files-local', sizeMB: 1000 }]);
    const before = machine.files.freeBytes('C:');
    await outputOf(machine, `& attrib.exe +U -P ${files} /s`);
    expect(machine.files.freeBytes('C:')).toBe(before);
    await outputOf(machine, inSession(`attrib.exe +U -P ${files} /s`));
    const freed = machine.files.freeBytes('C:') - before;
    expect(Math.round(freed / 2 ** 20)).toBe(700);
    expect((await outputOf(machine, `& attrib.exe ${files}`)).map(String)).toEqual([
      'A     O   U          C:\\Users\\hanako\\OneDrive\\Pictures\\holiday.mp4',
    ]);
    await outputOf(machine, inSession(`attrib.exe -U +P ${files} /s`));
    expect((machine.files.freeBytes('C:') - before) / 2 ** 20).toBeCloseTo(0, 1);
    await outputOf(machine, `& attrib.exe +R C:\\Users\\hanako\\OneDrive\\Archive\\2019.zip`);
    expect(await outputOf(machine, `(Get-Item C:\\Users\\hanako\\OneDrive\\Archive\\2019.zip).IsReadOnly`)).toEqual([
      true,
    ]);
  });

  test('windows are closed from their own session; a message reaches who is signed in', async () => {
    const machine = labMachine([{ kind: 'user-signed-in' }, { kind: 'outlook-set-up', running: true }]);
    expect(
      await outputOf(machine, `(Get-Process OUTLOOK).CloseMainWindow(); & msg.exe hanako hello; $LASTEXITCODE`),
    ).toEqual([false, 0]);
    await outputOf(machine, inSession('(Get-Process OUTLOOK).CloseMainWindow()'));
    expect(
      await outputOf(
        machine,
        `@(Get-Process OUTLOOK -ErrorAction SilentlyContinue).Count; & msg.exe nobody hello 2>$null; $LASTEXITCODE`,
      ),
    ).toEqual([0, 1]);
  });

  test('a task of a group runs for nobody while nobody of it is signed in', async () => {
    const machine = labMachine([{ kind: 'nobody-signed-in' }]);
    await outputOf(machine, inSession('exit 5'));
    expect((machine.tasks.find('\\', 'U')?.lastResult ?? 0) >>> 0).toBe(0x800710e0);
    expect(
      await outputOf(
        machine,
        `(Export-ScheduledTask U) -match '<GroupId>S-1-5-32-545</GroupId>'; (Get-ScheduledTask U).Principal.GroupId`,
      ),
    ).toEqual([true, 'S-1-5-32-545']);
  });

  test('a program that nobody uses is told by its size and the day of its last start', async () => {
    const machine = labMachine([{ kind: 'app-unused', name: 'Old Editor', sizeMB: 600, unusedDays: 400 }]);
    expect(
      await outputOf(
        machine,
        `(Get-ItemProperty HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\* | Where-Object DisplayName -eq 'Old Editor').EstimatedSize
         [int]((Get-Date) - (Get-ChildItem C:\\Windows\\Prefetch -Filter OLDEDITOR*).LastWriteTime).TotalDays`,
      ),
    ).toEqual([614400, 400]);
  });

  test('an account without a profile, as a virtual one, has a hive of its own that nobody finds by name', async () => {
    const { registry } = labMachine();
    const value = { name: 'n', kind: 'DWord', data: 1 } as const;
    await registry.set('HKCU\\Software\\Probe', value, 999, 'S-1-5-94-1');
    expect(registry.data('HKCU\\Software\\Probe', 'n', 'S-1-5-94-1')).toBe(1);
    expect(() => registry.set('HKU\\S-1-5-94-2\\Software', value, 999)).toThrow('87');
  });
});
