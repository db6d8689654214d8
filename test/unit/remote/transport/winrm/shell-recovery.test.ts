import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Failure } from '../../../../../src/kernel/failure.ts';
import { makeFault } from '../../../../../src/remote/protocol/wsman/fault.ts';
import { faultCodes } from '../../../../../src/remote/protocol/wsman/fault-codes.ts';
import type { WsmanReply } from '../../../../../src/remote/protocol/wsman/replies.ts';
import { RecoveryWindow } from '../../../../../src/remote/transport/winrm/recovery-window.ts';
import { ShellRecovery } from '../../../../../src/remote/transport/winrm/shell-recovery.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const recoverMs = 60_000;
const loss = new Failure('dropped', 'lost', { facts: { cause: 'broken' } });
/** What comes of a Reconnect that is answered so, the last answer again and again; and how often it was asked for. */
const reconnect = async (...answers: readonly WsmanReply[]) => {
  let asked = 0;
  const call = async () => {
    const reply = answers[Math.min(asked++, answers.length - 1)];
    if (!reply) throw new Error('no answer');
    return { reply, resent: false };
  };
  const openWindow = () => new RecoveryWindow(new AbortController().signal);
  const recovery = new ShellRecovery({ call, recoverMs, openWindow }, 'pc1', () => ({ resourceUri: '', shellId: '' }));
  let end: unknown;
  const trying = recovery.reconnect(loss, 'long').then(
    () => (end = 'taken up'),
    (error: unknown) => (end = error),
  );
  while (end === undefined) await vi.advanceTimersByTimeAsync(100);
  await trying;
  return { end, asked };
};
const fault = (code: number) => makeFault(code, 'so it is said');
const reconnected = { kind: 'reconnected' } as const;

describe('a session that is taken up again', () => {
  it.each([
    ['short of something', 2150858815],
    ['at a limit of its sessions', 2150859173],
  ])('outlives a host that is %s for a while', async (_, code) => {
    expect(await reconnect(fault(code), fault(code), reconnected)).toEqual({ end: 'taken up', asked: 3 });
    const { end, asked } = await reconnect(fault(code));
    expect(end).toBe(loss);
    expect(asked).toBeGreaterThan(5);
  });

  it('is gone if the host says so, and is as it was if it was never put aside', async () => {
    const { end, asked } = await reconnect(fault(faultCodes.invalidSelectors));
    expect(end).toMatchObject({ code: 'dropped', facts: { cause: 'session-gone' } });
    expect(asked).toBe(1);
    expect(await reconnect(fault(faultCodes.shellInUse))).toEqual({ end: 'taken up', asked: 1 });
  });
});
