import { expect, test } from 'vitest';
import { isScriptChange, scriptOf } from '../../../../src/lab/windows/script-changes.ts';
import { labMachine, runScript } from './run-script.ts';

const made = async (script: string) => {
  const machine = labMachine();
  const changes: string[] = [];
  machine.changes.observe((change) => {
    if (scriptOf(machine, change) !== undefined) changes.push(`${change.kind} ${change.target}`);
  });
  const { end, pid } = await runScript(machine, script);
  return { end, changes, pid };
};

test('tasks, protection, a restart and a program that is ended are changes as any other', async () => {
  const { end, changes } = await made(`
    $action = New-ScheduledTaskAction -Execute notepad.exe
    $null = Register-ScheduledTask -TaskName Mine -Action $action
    $null = Disable-ScheduledTask -TaskName Mine
    Disable-ComputerRestore -Drive C:
    shutdown.exe /r /t 3600
    Stop-Process -Id (Get-CimInstance Win32_Service -Filter "Name='Spooler'").ProcessId -Force`);
  expect(end.kind).toBe('completed');
  expect(changes).toEqual([
    'task.register \\Mine',
    'task.enable \\Mine',
    expect.stringContaining('SystemRestore:RPSessionInterval'),
    'restore.disable C:',
    'power.schedule restart',
    'process.end spoolsv',
  ]);
});

test('what the kit keeps for itself is none, by folder and by name', async () => {
  const { changes } = await made(`
    $null = New-Item C:\\ProgramData\\Kintsugi.0123456789abcdef0123456789abcdef -ItemType Directory
    $null = New-Item C:\\ProgramData\\kintsugi\\a -ItemType Directory -Force
    $null = New-Item C:\\ProgramData\\KintsugiOther -ItemType Directory
    $null = Register-ScheduledTask -TaskName Kintsugi-r1-x -Action (New-ScheduledTaskAction -Execute notepad.exe)`);
  expect(changes).toEqual(['file.create C:\\ProgramData\\KintsugiOther']);
});

test('a program that a script runs and that comes to its end is none', () => {
  const change = { n: 1, target: 'reg', before: { pid: 8 }, after: {}, pid: 8 };
  expect(isScriptChange({ ...change, kind: 'process.end' })).toBe(false);
  expect(isScriptChange({ ...change, kind: 'process.end', pid: 9 })).toBe(true);
  expect(isScriptChange({ ...change, kind: 'process.start', pid: 9 })).toBe(false);
});
