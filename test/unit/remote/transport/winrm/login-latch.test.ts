import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../../src/kernel/failure.ts';
import { LoginLatch } from '../../../../../src/remote/transport/winrm/login-latch.ts';

const never = new AbortController().signal;
const endless = () => new Promise<never>(() => undefined);
const refuse = () => Promise.reject(new Failure('unauthenticated', 'The password is refused.'));

describe('the logins of a session', () => {
  it('that begin at once show a wrong password once', async () => {
    const latch = new LoginLatch();
    let shown = 0;
    const tries = [1, 2, 3].map(() =>
      latch.run(async () => {
        shown++;
        return await refuse();
      }, never),
    );
    const messages = (await Promise.allSettled(tries)).map((each) => each.status === 'rejected' && `${each.reason}`);
    expect(shown).toBe(1);
    expect(messages.filter((message) => /this session makes none/u.test(String(message)))).toHaveLength(2);
    expect(latch.refusal?.message).toBe('The password is refused.');
  });

  it('come one after another, also after one that was lost', async () => {
    const latch = new LoginLatch();
    let [open, most] = [0, 0];
    const tries = ['lost', 'good', 'good'].map((kind) =>
      latch.run(async () => {
        most = Math.max(most, ++open);
        await new Promise((resolve) => setImmediate(resolve));
        open--;
        if (kind === 'lost') throw new Failure('unreachable', 'lost');
        return kind;
      }, never),
    );
    expect((await Promise.allSettled(tries)).map(({ status }) => status)).toEqual([
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    expect(most).toBe(1);
  });

  it('wait no longer than their patience for one that hangs', async () => {
    const latch = new LoginLatch(1);
    void latch.run(endless, never);
    expect(await latch.run(async () => 'in', never)).toBe('in');
  });

  it('are left by their signal while they wait', async () => {
    const latch = new LoginLatch(600_000);
    void latch.run(endless, never);
    const stopping = new AbortController();
    const call = latch.run(async () => 'in', stopping.signal);
    const reason = new Error('enough');
    stopping.abort(reason);
    await expect(call).rejects.toBe(reason);
  });
});
