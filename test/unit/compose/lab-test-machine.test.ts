import { expect, test } from 'vitest';
import { makeLabTestMachine } from '../../../src/compose/lab-test-machine.ts';
import type { ScriptChange } from '../../../src/operations/playbook-test/test-machine.ts';

test('what a task wants of the lab that it does not simulate is told though no script comes any more', async () => {
  using machine = makeLabTestMachine('pc', { base: 'windows-11-24h2' }, () => 'go-on');
  const shell = await machine.open();
  const text = `$a = New-ScheduledTaskAction -Execute cmd.exe -Argument '/c del C:\\a'
    Register-ScheduledTask T -Action $a -User SYSTEM -Trigger (New-ScheduledTaskTrigger -Once -At (Get-Date).AddMinutes(10)) | Out-Null`;
  await shell.invoke({ kind: 'script', text });
  expect(machine.takeOutside()).toBeUndefined();
  await machine.sleep(900_000);
  expect(machine.takeOutside()).toMatchObject({ code: 'lab-unsupported', message: expect.stringContaining('cmd.exe') });
});

test('a script fails in the middle of a command that makes several changes, and a program that it runs counts as it does', async () => {
  const changes: ScriptChange[] = [];
  using machine = makeLabTestMachine('pc', { base: 'windows-11-24h2' }, (change) =>
    changes.push(change) === 2 ? 'fail' : 'go-on',
  );
  const shell = await machine.open();
  const text = 'reg.exe add HKLM\\SOFTWARE\\T /v a /d 1 /f | Out-Null; reg.exe delete HKLM\\SOFTWARE\\T /f';
  await expect(shell.invoke({ kind: 'script', text })).rejects.toMatchObject({ code: 'script-error' });
  expect(changes.map(({ kind }) => kind)).toEqual(['registry.create', 'registry.set']);
});
