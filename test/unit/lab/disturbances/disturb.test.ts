import { expect, test } from 'vitest';
import { openDirectShell } from '../../../../src/lab/direct-shell.ts';
import { disturb } from '../../../../src/lab/disturbances/disturb.ts';
import { systemPid } from '../../../../src/lab/windows/machine/change-feed.ts';
import { labMachine } from '../windows/run-script.ts';

test('a slow host waits before each answer, as long as the slowest says', async () => {
  const waits: number[] = [];
  const wait = async (ms: number): Promise<void> => void waits.push(ms);
  const { onRequest } = disturb(
    labMachine(),
    [
      { kind: 'slow', ms: 20 },
      { kind: 'slow', ms: 30 },
    ],
    { cut: () => undefined, wait },
  );
  expect([await onRequest(), await onRequest()]).toEqual(['answer', 'answer']);
  expect(waits).toEqual([30, 30]);
});

test('a moment comes once, counted in requests or in changes of scripts and of programs that they run', async () => {
  const machine = labMachine();
  let cuts = 0;
  const { onRequest } = disturb(
    machine,
    [
      { kind: 'connection-cut', at: { request: 2 } },
      { kind: 'connection-cut', at: { change: 2 } },
    ],
    { cut: () => cuts++ },
  );
  expect([await onRequest(), await onRequest(), await onRequest()]).toEqual(['answer', 'lose', 'answer']);
  const script = machine.processes.start({ name: 'powershell', path: 'powershell.exe' }).pid;
  const program = machine.processes.start({ name: 'reg', path: 'reg.exe', parentPid: script }, script).pid;
  const service = machine.services.get('W32Time').pid;
  const write = (pid: number, path = 'C:\\x') => machine.changes.record('file.write', path, 1, 2, pid);
  await write(script);
  // Neither Windows, nor a service, nor the kit's book-keeping is a script's change.
  for (const pid of [systemPid, service]) await write(pid);
  await write(script, 'C:\\ProgramData\\Kintsugi\\ledger\\1.jsonl');
  expect(cuts).toBe(0);
  await write(program);
  expect(cuts).toBe(1);
  await write(script);
  expect(cuts).toBe(1);
});

test('what comes is told, and what has not, in the words of the lab file', async () => {
  const machine = labMachine();
  const came: string[] = [];
  const { onRequest, refusesSession, pending } = disturb(
    machine,
    [
      { kind: 'restart', at: { change: 5000 } },
      { kind: 'connection-cut', at: { request: 2 } },
      { kind: 'disk-filled', at: { minutes: 3 } },
      { kind: 'command-hangs', command: 'dism', call: 2 },
      { kind: 'session-refused', times: 2 },
      { kind: 'slow', ms: 0 },
    ],
    { cut: () => undefined, onCome: (what) => came.push(what) },
  );
  refusesSession();
  expect(pending()).toEqual([
    'restart at change 5000',
    'connection-cut at request 2',
    'disk-filled at minutes 3',
    'command-hangs dism: 2 more calls',
    'session-refused: 1 more time',
  ]);
  await onRequest();
  await onRequest();
  refusesSession();
  await machine.clock.wait(systemPid, 4 * 60_000);
  expect(pending()).toEqual(['restart at change 5000', 'command-hangs dism: 2 more calls']);
  for (const _ of [1, 2]) machine.beforeCommand?.('Dism.exe', systemPid);
  expect(pending()).toEqual(['restart at change 5000']);
  expect(came).toEqual([
    'session-refused, time 1',
    'connection-cut at request 2',
    'session-refused, time 2',
    'disk-filled at minutes 3',
    'command-hangs dism',
  ]);
});

test('a session without a wire is refused in the words of the WinRM service, so many times', () => {
  const machine = labMachine();
  const disturbances = disturb(machine, [{ kind: 'session-refused', times: 1 }], { cut: () => undefined });
  expect(() => openDirectShell(machine, 'operator', disturbances)).toThrow(
    expect.objectContaining({
      code: 'unreachable',
      message: expect.stringMatching(/fault 2150859173 \(QuotaLimit\): This user is allowed a maximum number of 30 /),
      facts: { faultCode: 0x8033_81a5, subcode: 'QuotaLimit', cause: 'quota' },
    }),
  );
  expect(openDirectShell(machine, 'operator', disturbances).info.host).toBe(machine.name);
});
