import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../src/kernel/failure.ts';
import { Secret } from '../../src/kernel/secret.ts';
import type { PsInput, RemoteShell, StreamRecord } from '../../src/remote/powershell/remote-shell.ts';
import { contractScripts } from './remote-shell-scripts.ts';

/** How the suite gets its sessions. */
export type ShellMaker = { readonly open: () => Promise<RemoteShell> };

const script = (name: keyof typeof contractScripts, parameters?: Record<string, PsInput>) => ({
  kind: 'script' as const,
  text: contractScripts[name],
  ...(parameters ? { parameters } : {}),
});

const failureOf = async (promise: Promise<unknown>): Promise<Failure> => {
  const outcome = await promise.then(
    () => new Error('it succeeded'),
    (error: unknown) => error,
  );
  if (outcome instanceof Failure) return outcome;
  throw outcome;
};

/** Describes what every implementation of `RemoteShell` does. */
export function describeRemoteShell(name: string, maker: ShellMaker): void {
  describe(`${name} as a remote shell`, () => {
    let shell: RemoteShell;
    beforeEach(async () => {
      shell = await maker.open();
    });
    afterEach(() => shell.close());

    it.each<[string, PsInput, unknown]>([
      ['text of any script', 'ünï コ 😀 <&> _x0041_', 'ünï コ 😀 <&> _x0041_'],
      ['an integer', -42, -42],
      ['a fraction', 1.5, 1.5],
      ['a boolean', true, true],
      ['nothing', null, null],
      ['a list', [1, 'two', [3]], [1, 'two', [3]]],
      ['a table', { a: 1, b: { c: 'x' } }, { a: 1, b: { c: 'x' } }],
    ])('carries %s in and out', async (_, value, expected) => {
      const result = await shell.invoke(script('echo', { Value: value }));
      expect(result).toEqual({ output: [expected], errors: [], hadErrors: false });
    });

    it('keeps the state of its runspace from call to call', async () => {
      await shell.invoke(script('set', { Value: 'kept' }));
      expect((await shell.invoke(script('get'))).output).toEqual(['kept']);
    });

    it('runs calls that are made at once one after another', async () => {
      const calls = [1, 2, 3].map((value) => shell.invoke(script('echo', { Value: value })));
      expect((await Promise.all(calls)).map((result) => result.output)).toEqual([[1], [2], [3]]);
    });

    it('reports a terminating error with its record and place', async () => {
      const failure = await failureOf(shell.invoke(script('throw')));
      expect(failure.code).toBe('script-error');
      expect(failure.facts).toMatchObject({
        error: {
          message: 'it broke',
          fqid: 'it broke',
          category: 'OperationStopped',
          position: { line: 2, offset: 1 },
        },
      });
      expect((await shell.invoke(script('echo', { Value: 1 }))).output).toEqual([1]);
    });

    it('goes on after an error that is not terminating, and gives it', async () => {
      const result = await shell.invoke(script('error'));
      expect(result.output).toEqual(['went on']);
      expect(result.hadErrors).toBe(true);
      expect(result.errors).toMatchObject([{ message: 'not so bad', category: 'NotSpecified' }]);
      expect(result.errors[0]?.fqid).toMatch(/^Mild/);
    });

    it('gives the records of every stream as they come', async () => {
      const records: StreamRecord[] = [];
      await shell.invoke(script('streams'), { onStream: (record) => records.push(record) });
      expect(records).toMatchObject([
        { kind: 'warning', message: 'careful' },
        { kind: 'verbose', message: 'detail' },
        { kind: 'information', message: 'note', tags: ['mark'] },
        { kind: 'progress', activity: 'Work', percent: 40, completed: false },
      ]);
    });

    it('stops a script that runs too long, and can be used afterwards', async () => {
      const failure = await failureOf(shell.invoke(script('endless'), { timeoutMs: 500 }));
      expect(failure.code).toBe('timed-out');
      expect((await shell.invoke(script('echo', { Value: 1 }))).output).toEqual([1]);
    });

    it('stops a script that says nothing for too long', async () => {
      const failure = await failureOf(shell.invoke(script('endless'), { silenceMs: 300 }));
      expect(failure).toMatchObject({ code: 'timed-out', facts: { stopped: true } });
    });

    it('stops a script when its signal is aborted, and rejects with the reason', async () => {
      const controller = new AbortController();
      const reason = new Error('enough');
      const call = shell.invoke(script('endless'), {
        signal: controller.signal,
        onStream: () => controller.abort(reason),
      });
      await expect(call).rejects.toBe(reason);
      expect((await shell.invoke(script('echo', { Value: 1 }))).output).toEqual([1]);
    });

    it('starts nothing for a signal that is aborted already', async () => {
      const reason = new Error('too late');
      await expect(shell.invoke(script('set', { Value: 'x' }), { signal: AbortSignal.abort(reason) })).rejects.toBe(
        reason,
      );
      expect((await shell.invoke(script('get'))).output).toEqual([null]);
    });

    it('ends a call whose observer throws', async () => {
      const call = shell.invoke(script('endless'), {
        onStream: () => {
          throw new RangeError('no more');
        },
      });
      await expect(call).rejects.toThrow('no more');
    });

    it('hands a secret over as a SecureString', async () => {
      const result = await shell.invoke(script('secretLength', { Password: new Secret('pässwörd') }));
      expect(result.output).toEqual([8]);
    });

    it('may be closed twice, and then refuses calls', async () => {
      await Promise.all([shell.close(), shell.close()]);
      expect((await failureOf(shell.invoke(script('get')))).code).toBe('unreachable');
    });
  });
}
