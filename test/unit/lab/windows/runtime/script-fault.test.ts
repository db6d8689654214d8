import { expect, test } from 'vitest';
import { createMachine } from '../../../../../src/lab/faults/create-machine.ts';
import { systemAccount } from '../../../../../src/lab/windows/accounts.ts';
import { openProcessRunspace } from '../../../../../src/lab/windows/runtime/host-runspace.ts';

const nothing = () => undefined;

test('a script that is made to fail ends at its next statement: past every catch, and with its finally blocks', async () => {
  const machine = createMachine('pc1', { base: 'windows-11-24h2' });
  const process = machine.processes.start({ name: 'powershell', path: 'powershell.exe', account: systemAccount });
  machine.changes.observe(({ kind }) => {
    if (kind === 'file.create') process.scriptFault = new Error('made to fail');
  });
  const text = `
    try {
      try { [IO.File]::WriteAllText('C:\\a.txt', 'a'); 'not written' } catch { 'not caught' } finally { 'finally' }
    } catch { 'not caught either' }
    'not reached'`;
  const output: unknown[] = [];
  const sink = { output: (value: unknown) => void output.push(value) };
  const rest = { error: nothing, warning: nothing, verbose: nothing, debug: nothing, information: nothing };
  const command = { text, isScript: true, useLocalScope: false, arguments: [], mergeErrors: false };
  const runspace = openProcessRunspace(machine, process);
  const pipeline = { statements: [[command]], input: undefined };
  const end = await runspace.run(pipeline, { ...sink, ...rest, progress: nothing }).done;
  expect(output).toEqual(['finally']);
  expect(end).toMatchObject({ state: 'failed', error: { message: expect.stringContaining('made to fail') } });
  expect(machine.files.exists('C:\\a.txt')).toBe(true);
  machine.close();
});
