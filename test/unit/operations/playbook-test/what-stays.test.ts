import { describe, expect, test } from 'vitest';
import { compareWithReport } from '../../../../src/operations/playbook-test/what-stays.ts';
import { runOf } from './test-run.ts';

const key = 'registry:HKEY_LOCAL_MACHINE\\SOFTWARE\\Demo';

describe('what differs belongs to what the report lists', () => {
  test.each([
    ['clock', 'clock', 'clock:skewMs', true],
    ['delete', 'C:\\Windows\\Temp', 'file:C:\\Windows\\Temp\\a.txt', true],
    ['delete', 'C:\\Windows\\Temp; c:\\users\\me', 'file:C:\\Users\\me\\b.txt', true],
    ['delete', 'C:\\Windows\\Temp', 'file:C:\\Windows\\Temp2', false],
    ['delete', 'C:\\Windows\\Temp', 'file:C:\\Windows', false],
    ['delete', 'C:\\Windows', `${key}`, false],
    ['program', 'reg', key, false],
    ['program', 'sc', 'service:Spooler:state', false],
    ['program', 'C:\\Windows\\System32\\reg.exe', key, false],
    ['program', 'HKLM:\\SOFTWARE\\Demo', `${key}:mark`, true],
    ['program', 'HKEY_LOCAL_MACHINE\\software\\demo', `${key}\\Below`, true],
    ['program', 'HKLM:\\SOFTWARE\\Demo', 'registry:HKEY_LOCAL_MACHINE\\SOFTWARE\\Demo2', false],
    ['program', 'HKLM:\\SOFTWARE\\Demo', 'registry:HKEY_CURRENT_USER\\SOFTWARE\\Demo', false],
    ['program', 'service:Spooler', 'service:Spooler:config', true],
    ['program', 'service:Spool', 'service:Spooler:config', false],
    ['program', 'component-store', 'component-store', true],
    ['program', 'C:\\$WINDOWS.~BT; windows', 'setup:waiting', true],
    ['program', 'windows', 'file:C:\\Windows.old\\Windows', true],
    ['program', 'windows', 'file:C:\\Windows\\System32\\drivers\\etc\\hosts', false],
    ['system-protection', 'C:', 'restore:protected', true],
    ['system-protection', 'C:', 'file:C:\\a.txt', false],
  ])('%s of %s, and %s: %s', (change, target, path, belongs) => {
    const { unlisted } = compareWithReport(runOf({ staying: [[change, target]], differs: [path] }));
    expect(unlisted.map((each) => each.path)).toEqual(belongs ? [] : [path]);
  });
});

test('one that is listed does not cover another that is not, and one that does not differ is told once', () => {
  const { unlisted, unchanged } = compareWithReport(
    runOf({
      staying: [
        ['clock', 'clock'],
        ['program', 'component-store; C:\\Windows\\System32'],
        ['program', 'HKLM:\\SOFTWARE\\Demo'],
        ['program', 'HKLM:\\SOFTWARE\\Demo'],
      ],
      differs: ['clock:skewMs', 'component-store', 'service:BITS:state'],
    }),
  );
  expect(unlisted.map(({ path }) => path)).toEqual(['service:BITS:state']);
  expect(unchanged).toEqual(['program HKLM:\\SOFTWARE\\Demo']);
});

test('of the folder of Windows, what a repair of its files covers are the protected ones', () => {
  const [dll, hosts] = ['file:C:\\Windows\\System32\\wuapi.dll', 'file:C:\\Windows\\System32\\drivers\\etc\\hosts'];
  const { unlisted } = compareWithReport(
    runOf({ staying: [['program', 'component-store; system-files']], differs: [dll, hosts], systemFiles: [dll] }),
  );
  expect(unlisted.map(({ path }) => path)).toEqual([hosts]);
});
