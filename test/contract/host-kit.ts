import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HostKit, LedgerRecord, ScriptCall } from '../../src/remote/powershell/host-kit.ts';

/** A host under test: any number of sessions with it, each with a kit opened for a run. */
export interface KitSubject extends AsyncDisposable {
  session(run: string): Promise<HostKit>;
  /** A script that sets `one` and `two`, and (with `fails`) ends with an error after that. */
  call(step: string, fails: boolean): ScriptCall;
  /** Present values, null where there is none. */
  values(): { readonly one: string | null; readonly two: string | null };
}

const head = 'a'.repeat(64);
const order = (token: number) => ({ token, journalHead: head });

const chainHolds = (records: readonly LedgerRecord[]) =>
  records.every(({ prev, seq }, index) => prev === (records[index - 1]?.hash ?? '0'.repeat(64)) && seq === index + 1);

async function claimed(kit: HostKit, owner: string): Promise<number> {
  const claim = await kit.claim({ owner, journalHead: head });
  if (claim.kind !== 'claimed') throw new Error(`expected the claim, got ${claim.kind}`);
  return claim.token;
}

async function applied(kit: HostKit, call: ScriptCall, token: number): Promise<'done' | 'failed'> {
  const outcome = await kit.apply(call, { ...order(token), attempt: 1 });
  if (outcome.kind === 'running') throw new Error('expected an end');
  return outcome.kind;
}

/** What the engine relies on in every host kit, the fake one of the simulation and the real one alike. */
export function describeHostKit(name: string, start: () => Promise<KitSubject>): void {
  describe(`the host kit: ${name}`, () => {
    let subject: KitSubject;
    beforeEach(async () => {
      subject = await start();
    });
    afterEach(async () => {
      await subject[Symbol.asyncDispose]();
    });

    it('has no ledger before the first claim, and writes nothing by being opened', async () => {
      const kit = await subject.session('run-1');
      expect(await kit.readLedger()).toEqual({ exists: false, records: [], tornTail: false, broken: false });
    });

    it('gives each claim of a run a higher number (I4), and the ledger holds the journal head that came with it (I10)', async () => {
      const kit = await subject.session('run-1');
      const first = await claimed(kit, 'run-1/a');
      const again = await subject.session('run-1');
      expect(await claimed(again, 'run-1/b')).toBe(first + 1);
      const { records } = await again.readLedger();
      expect(records.map(({ kind, token, journalHead }) => ({ kind, token, journalHead }))).toEqual([
        { kind: 'claim', token: first, journalHead: head },
        { kind: 'claim', token: first + 1, journalHead: head },
      ]);
      expect(chainHolds(records)).toBe(true);
    });

    it('refuses a claim while another run holds the host, and grants it with a higher number after the release (I4)', async () => {
      const first = await subject.session('run-1');
      const token = await claimed(first, 'run-1/a');
      const second = await subject.session('run-2');
      expect(await second.claim({ owner: 'run-2/a', journalHead: head })).toMatchObject({ kind: 'held', run: 'run-1' });
      await first.release({ ...order(token), end: 'repaired' });
      expect(await claimed(second, 'run-2/a')).toBeGreaterThan(token);
    });

    it('refuses every change under a claim that was taken over (I4)', async () => {
      const stale = await subject.session('run-1');
      const token = await claimed(stale, 'run-1/a');
      const fresh = await subject.session('run-1');
      await claimed(fresh, 'run-1/b');
      const before = subject.values();
      const outcome = await applied(stale, subject.call('a', false), token).catch((error: unknown) => error);
      expect(outcome).not.toBe('done');
      expect(subject.values()).toEqual(before);
    });

    it('writes intent, a before record for each change, and the outcome, in this order', async () => {
      const kit = await subject.session('run-1');
      const token = await claimed(kit, 'run-1/a');
      expect(await applied(kit, subject.call('a', false), token)).toBe('done');
      expect(subject.values()).toEqual({ one: 'new', two: 'new' });
      const { records } = await kit.readLedger();
      expect(records.map(({ kind }) => kind)).toEqual(['claim', 'intent', 'before', 'before', 'outcome']);
      const [, intent, one, , outcome] = records;
      expect(intent?.data['step']).toBe('a');
      expect(one?.data).toMatchObject({ step: 'a', irreversible: null });
      expect(outcome?.data).toMatchObject({ intent: intent?.seq, step: 'a', ok: true });
      expect(outcome?.data['changed']).toBe(true);
      expect(chainHolds(records)).toBe(true);
      if (intent === undefined) throw new Error('no intent');
      expect(await kit.formerAttempt(intent)).toMatchObject({ alive: false });
      const [claim] = records;
      if (claim?.kind !== 'claim') throw new Error('no claim');
      // only an intent names a process that may be ended
      expect(await kit.formerAttempt(claim)).toEqual({ alive: false, processId: null, task: null });
    });

    it('writes the outcome of a script that ends with an error, and leaves its changes to be undone', async () => {
      const kit = await subject.session('run-1');
      const token = await claimed(kit, 'run-1/a');
      expect(await applied(kit, subject.call('a', true), token)).toBe('failed');
      const { records } = await kit.readLedger();
      expect(records.at(-1)?.data).toMatchObject({ step: 'a', ok: false });
      expect(subject.values()).toEqual({ one: 'new', two: 'new' });
      await kit.undo({ ...order(token), step: 'a' });
      expect(subject.values()).toEqual({ one: 'old', two: null });
    });

    it('undoes newest first, tells each once, and does nothing the second time (I3)', async () => {
      const kit = await subject.session('run-1');
      const token = await claimed(kit, 'run-1/a');
      await applied(kit, subject.call('a', false), token);
      const first = await kit.undo({ ...order(token), step: null });
      expect(first.changes.map(({ ok }) => ok)).toEqual([true, true]);
      const seqs = first.changes.map(({ seq }) => seq);
      expect(seqs).toEqual([...seqs].sort((a, b) => b - a));
      expect(first.irreversible).toEqual([]);
      expect(subject.values()).toEqual({ one: 'old', two: null });
      expect((await kit.undo({ ...order(token), step: null })).changes).toEqual([]);
      const undone = (await kit.readLedger()).records.filter(({ kind }) => kind === 'undone');
      expect(undone.map(({ data }) => data['of'])).toEqual(seqs);
      expect(undone.every(({ data }) => data['ok'] === true && data['by'] === 'run')).toBe(true);
    });

    it('lets another attempt undo what a former one has changed', async () => {
      const kit = await subject.session('run-1');
      await applied(kit, subject.call('a', false), await claimed(kit, 'run-1/a'));
      const later = await subject.session('run-1');
      const token = await claimed(later, 'run-1/b');
      expect((await later.undo({ ...order(token), step: null })).changes).toHaveLength(2);
      expect(subject.values()).toEqual({ one: 'old', two: null });
    });

    it('proves a protection that it made', async () => {
      const kit = await subject.session('run-1');
      const token = await claimed(kit, 'run-1/a');
      const request = {
        ...order(token),
        level: 'L3',
        systemProtectionOff: 'shadow-copy',
        description: 'test',
      } as const;
      let made = await kit.protect(request);
      while (made.kind === 'running') made = await kit.protect(request);
      expect(made.kind).toBe('protected');
      if (made.kind !== 'protected') return;
      expect(await kit.protectionExists(made)).toBe(true);
      expect(
        await kit.protectionExists({ method: made.method, id: made.method === 'restore-point' ? '999' : '{none}' }),
      ).toBe(false);
    });
  });
}
