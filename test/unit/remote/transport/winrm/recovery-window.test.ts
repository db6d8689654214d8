import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Failure } from '../../../../../src/kernel/failure.ts';
import { RecoveryWindow } from '../../../../../src/remote/transport/winrm/recovery-window.ts';
import { isAway, limitAfter, Resend, type ResendRules } from '../../../../../src/remote/transport/winrm/resend.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const failure = (code: 'dropped' | 'unreachable', cause: string) => new Failure(code, 'so', { facts: { cause } });
const lost = failure('dropped', 'broken');
const never = () => new AbortController().signal;
/** Rules of a request that may be sent again. */
const rules = (changes: Partial<ResendRules> = {}): ResendRules => ({
  repeatable: () => true,
  patience: 'none',
  limitMs: 100_000,
  window: new RecoveryWindow(never()),
  ...changes,
});
/** How long a request is tried whose every try fails so, in ms, and what is told. */
const giveUp = async (resend: Resend, failures: readonly Failure[]) => {
  const beganMs = performance.now();
  let told: unknown;
  const trying = (async () => {
    for (let n = 0; ; n++) await resend.after(failures[Math.min(n, failures.length - 1)]);
  })().catch((error: unknown) => (told = error));
  while (told === undefined) await vi.advanceTimersByTimeAsync(100);
  await trying;
  return { ms: performance.now() - beganMs, told };
};

describe('the time that a call has to get over its losses', () => {
  it('is one for all that is tried one after another', async () => {
    const window = new RecoveryWindow(never());
    await giveUp(new Resend(rules({ window, limitMs: 10_000 })), [lost]);
    const { ms } = await giveUp(new Resend(rules({ window, limitMs: 10_000 })), [failure('dropped', 'broken')]);
    expect(ms).toBeLessThanOrEqual(100);
  });

  it('is not outlived by a pause', async () => {
    const { ms } = await giveUp(new Resend(rules({ limitMs: 2_000 })), [lost]);
    expect(ms).toBeGreaterThanOrEqual(2_000);
    expect(ms).toBeLessThanOrEqual(2_100);
  });

  it('begins anew when the host was heard', async () => {
    const window = new RecoveryWindow(never());
    await giveUp(new Resend(rules({ window, limitMs: 2_000 })), [lost]);
    expect(await window.next(failure('dropped', 'broken'), { limitMs: 2_000 })).toBe(false);
    window.heard();
    expect(await window.next(failure('dropped', 'broken'), { limitMs: 2_000 })).toBe(true);
  });

  it('takes three answers that prove nothing, whoever got them, and counts one that is told twice once', async () => {
    const window = new RecoveryWindow(never());
    const unproven = () => failure('dropped', 'unproven');
    const first = unproven();
    expect(await window.next(first, { limitMs: 10_000 })).toBe(true);
    const [again, second] = [window.next(first, { limitMs: 10_000 }), window.next(unproven(), { limitMs: 10_000 })];
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await Promise.all([again, second])).toEqual([true, true]);
    expect(await window.next(unproven(), { limitMs: 10_000 })).toBe(false);
  });

  it('gives one more try at once to whoever leaves, and no other', async () => {
    const window = new RecoveryWindow(never());
    const leave = new AbortController();
    await window.next(lost, { limitMs: 10_000, wake: leave.signal });
    const waiting = window.next(lost, { limitMs: 10_000, wake: leave.signal });
    leave.abort();
    expect(await waiting).toBe(true);
    expect(await window.next(lost, { limitMs: 10_000, wake: leave.signal })).toBe(false);
  });

  it('ends with the session', async () => {
    const ending = new AbortController();
    const window = new RecoveryWindow(ending.signal);
    await window.next(lost, { limitMs: 10_000 });
    const waiting = window.next(lost, { limitMs: 10_000 });
    ending.abort();
    expect(await waiting).toBe(false);
  });
});

describe('a request that the host would do again once it has forgotten its answer', () => {
  const kept = { limitMs: 240_000, keptMs: 185_000 };

  it('is sent again for so long after it was first sent, not after its loss was noticed', async () => {
    const resend = new Resend(rules(kept));
    const sentMs = performance.now();
    expect(resend.begins()).toBe(Number.POSITIVE_INFINITY);
    // A cut that shows in nothing but silence.
    await vi.advanceTimersByTimeAsync(120_000);
    await resend.after(lost);
    // Also a login that takes long makes it no later.
    expect(resend.begins()).toBe(sentMs + 185_000);
    const { ms, told } = await giveUp(resend, [lost]);
    expect(ms).toBeGreaterThan(60_000);
    expect(ms).toBeLessThanOrEqual(65_100);
    expect(told).toBe(lost);
  });

  it('is not sent again at all if its loss was noticed later', async () => {
    const resend = new Resend(rules(kept));
    resend.begins();
    await vi.advanceTimersByTimeAsync(185_000);
    await expect(resend.after(lost)).rejects.toBe(lost);
  });

  it('has its time from its first try that may have arrived, and from no earlier one', async () => {
    const resend = new Resend(rules({ ...kept, patience: 'brief' }));
    resend.begins();
    await vi.advanceTimersByTimeAsync(10_000);
    await resend.after(failure('unreachable', 'broken'));
    const sentMs = performance.now();
    expect(resend.begins()).toBe(Number.POSITIVE_INFINITY);
    const waiting = resend.after(lost);
    await vi.advanceTimersByTimeAsync(1_000);
    await waiting;
    expect(resend.begins()).toBe(sentMs + 185_000);
  });

  it('gets no more time by what another request of its call hears', async () => {
    const window = new RecoveryWindow(never());
    const other = setInterval(() => window.heard(), 300);
    const resend = new Resend(rules({ window, limitMs: 1_000 }));
    resend.begins();
    const { ms } = await giveUp(resend, [lost]);
    clearInterval(other);
    expect(ms).toBeLessThanOrEqual(1_100);
  });
});

describe('a host that says that nothing is there', () => {
  it('is given 15 s by a request that may have been processed, and by one that waits briefly', async () => {
    const away = failure('unreachable', 'service-away');
    const after = await giveUp(new Resend(rules()), [lost, away]);
    expect(after.ms).toBeLessThan(16_000);
    expect(after.told).toMatchObject({ code: 'dropped', facts: { cause: 'service-away' } });
    const before = await giveUp(new Resend(rules({ patience: 'brief' })), [failure('unreachable', 'refused')]);
    expect(before.ms).toBeGreaterThan(14_000);
    expect(before.ms).toBeLessThan(16_000);
    expect(before.told).toMatchObject({ code: 'unreachable' });
  });

  it.each([
    ['long', 'unreachable', 'refused', true, 100_000],
    ['brief', 'unreachable', 'refused', true, 15_000],
    ['none', 'unreachable', 'service-away', true, 15_000],
    ['none', 'dropped', 'broken', true, 100_000],
    ['brief', 'unreachable', 'broken', false, 15_000],
    ['brief', 'unreachable', 'timeout', false, 0],
    ['none', 'unreachable', 'service-away', false, 0],
  ] as const)('with patience %s is tried after %s (%s; lost: %s) for %i ms', (patience, code, cause, isLost, ms) => {
    expect(limitAfter(failure(code, cause), { patience, limitMs: 100_000 }, isLost)).toBe(ms);
  });
});

describe('a refused login', () => {
  it('ends it, be it the first try or one after a loss: nobody logs in once more', async () => {
    const refused = new Failure('unauthenticated', 'no');
    expect((await giveUp(new Resend(rules()), [refused])).told).toBe(refused);
    const { told } = await giveUp(new Resend(rules()), [lost, refused]);
    expect(told).toMatchObject({ code: 'dropped', cause: refused });
    expect(isAway(told as Failure)).toBe(false);
  });
});

describe('a caller that leaves', () => {
  it('is told its own reason if nothing was processed, and the loss otherwise', async () => {
    const leave = new AbortController();
    const reason = new Error('enough');
    const away = failure('unreachable', 'service-away');
    const resend = new Resend(rules({ patience: 'brief', leave: leave.signal }));
    await resend.after(away);
    const waiting = resend.after(away);
    leave.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    const other = new Resend(rules({ leave: leave.signal }));
    await expect(other.after(lost)).rejects.toBe(lost);
    await expect(other.after(reason)).rejects.toBe(lost);
  });
});
