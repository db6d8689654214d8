import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { isGone, readMark, writeMark } from '../../../../../src/remote/transport/winrm/session-mark.ts';

const own = readMark(writeMark())!;

describe('the mark of a session', () => {
  it('tells the process that opened it, and not the name of its machine', () => {
    expect(own).toMatchObject({ pid: process.pid, machine: expect.stringMatching(/^[0-9a-f]{12}$/u) });
    expect(Math.abs(own.startedMs - (Date.now() - process.uptime() * 1000))).toBeLessThan(5_000);
    expect(readMark(writeMark({ ...own, pid: 7 }))).toEqual({ ...own, pid: 7 });
  });

  it.each(['', 'Runspace1', 'Kintsugi', 'Kintsugi 0123456789ab 12', `${writeMark()} `, 'Kintsugi 0123456789AB 1 a'])(
    'is not found in %j',
    (name) => {
      expect(readMark(name)).toBeUndefined();
    },
  );

  it('tells that a process is gone only where that is sure', () => {
    const ended = spawnSync(process.execPath, ['-e', '']).pid;
    expect(isGone(own)).toBe(false);
    expect(isGone({ ...own, pid: process.ppid })).toBe(false);
    expect(isGone({ ...own, pid: ended })).toBe(true);
    // The same number as ours, given to another process before.
    expect(isGone({ ...own, startedMs: own.startedMs - 60_000 })).toBe(true);
    // Clocks that were set a little make no other process of this one.
    expect(isGone({ ...own, startedMs: own.startedMs - 1_000 })).toBe(false);
    expect(isGone({ ...own, pid: ended, machine: '0123456789ab' })).toBe(false);
  });
});
