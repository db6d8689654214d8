import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMachine } from '../../../../src/lab/faults/create-machine.ts';
import { SimulatorDoor } from '../../../../src/lab/pwsh-engine/simulator-door.ts';
import type { Machine } from '../../../../src/lab/windows/machine/machine.ts';
import { startShellProcess } from '../../../../src/lab/windows/runtime/shell-process.ts';

let machine: Machine;
let door: SimulatorDoor;
let socket: Socket;
let lines: AsyncIterator<string>;

beforeEach(async () => {
  machine = createMachine('PC1', { base: 'windows-server-2022' }, ['operator']);
  door = await SimulatorDoor.open(
    machine,
    startShellProcess(machine, { shellId: 's', user: 'operator', logon: 'network' }),
  );
  socket = connect(door.pipeName);
  lines = createInterface({ input: socket })[Symbol.asyncIterator]();
});

afterEach(() => {
  socket.destroy();
  door.close();
  machine.close();
});

const ask = async (question: object): Promise<Record<string, unknown>> => {
  socket.write(`${JSON.stringify(question)}\n`);
  const { value } = await lines.next();
  return JSON.parse(String(value));
};

describe('The door of a real PowerShell to the simulator', () => {
  test('runs a command with what was bound and gives its objects as held ones', async () => {
    const answer = await ask({ op: 'command', name: 'Get-Service', bound: [['Name', 'Spooler']] });
    const service = { t: 'Object', h: 1, s: 1, S: { c: 'System.ServiceProcess.ServiceController' } };
    expect(answer).toMatchObject({ end: 'completed', records: [['output', service]] });
    expect(await ask({ op: 'get', name: 'Status', target: 1, args: [] })).toMatchObject({
      value: { t: 'Enum', n: 'System.ServiceProcess.ServiceControllerStatus', v: '4' },
    });
    const stop = { op: 'command', name: 'Stop-Service', bound: [['InputObject', { h: 1 }]] };
    expect(await ask(stop)).toMatchObject({ end: 'completed', records: [] });
    expect(machine.services.get('Spooler').state).toBe('Stopped');
  });

  test('a line that means nothing is told to whoever sent it, and the next one is answered', async () => {
    socket.write('{ "op": \n');
    const { value } = await lines.next();
    expect(JSON.parse(String(value))).toMatchObject({ end: 'failed' });
    const environment = [null];
    expect(await ask({ op: 'command', name: 'Get-Service', bound: [['Name', 'Spooler']], environment })).toHaveProperty(
      'end',
    );
  });

  test('says an error with its whole id, category and exception', async () => {
    const bound = [['Path', 'C:\\nothing']];
    const { records } = await ask({ op: 'command', name: 'Get-Item', bound, errorAction: 'Continue' });
    const exception = { n: 'System.Management.Automation.ItemNotFoundException' };
    const id = 'PathNotFound,Microsoft.PowerShell.Commands.GetItemCommand';
    expect(records).toMatchObject([['error', { id, category: 'ObjectNotFound', exception }]]);
  });

  test('answers static methods, constructors and what a method writes into bytes', async () => {
    const write = { op: 'static', type: 'System.IO.File', name: 'WriteAllText', args: ['C:\\x.txt', 'abc'] };
    expect(await ask(write)).not.toHaveProperty('value');
    const made = await ask({
      op: 'construct',
      type: 'System.IO.FileStream',
      name: 'new',
      args: ['C:\\x.txt', { t: 'Enum', n: 'System.IO.FileMode', v: '3' }],
    });
    expect(made).toMatchObject({ value: { t: 'Object', h: 1, S: { c: 'System.IO.FileStream' } } });
    const read = { op: 'call', name: 'Read', target: 1, args: [{ t: 'Bytes', v: 'AAAA' }, 0, 3] };
    expect(await ask(read)).toMatchObject({ value: 3, bytes: { 0: Buffer.from('abc').toString('base64') } });
  });

  test('runs a program and tells its exit code', async () => {
    const answer = await ask({ op: 'program', name: 'sc.exe', args: ['query', 'nothing-of-that-name'], input: [] });
    expect(answer).toMatchObject({ end: 'completed', exit: 1060 });
    expect(await ask({ op: 'resolve', name: 'sc.exe' })).toEqual({ end: 'completed', value: 'program' });
    expect(await ask({ op: 'resolve', name: 'no-such-thing' })).toEqual({ end: 'completed', value: '' });
  });

  test('remembers what nobody simulates, whether the bridge says so or the simulator', async () => {
    expect(door.takeUnsupported()).toBeUndefined();
    await ask({ op: 'unsupported', name: '[Net.Dns]' });
    expect(door.takeUnsupported()).toBe('[Net.Dns]');
    const answer = await ask({ op: 'static', type: 'System.IO.File', name: 'Encrypt', args: ['C:\\x.txt'] });
    expect(answer).toMatchObject({ end: 'failed', error: { id: 'LabUnsupported' } });
    expect(door.takeUnsupported()).toContain('Encrypt');
  });
});
