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

test('a moment comes once, counted in requests or in changes of scripts', async () => {
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
  for (const pid of [9, systemPid, 9, 9]) await machine.changes.record('file.write', 'C:\\x', 1, 2, pid);
  expect(cuts).toBe(1);
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
