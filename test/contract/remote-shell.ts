import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/kernel/secret.ts';
import type { PsInput, StreamRecord } from '../../src/remote/powershell/remote-shell.ts';
import { contractScripts } from './remote-shell-scripts.ts';
import { failureOf, type ShellMaker, script, useShells } from './shared-shell.ts';

const { echo, set, get, endless, streams, secretLength, die } = contractScripts;

/** Describes what every implementation of `RemoteShell` does. */
export function describeRemoteShell(name: string, maker: ShellMaker): void {
  describe(`${name} as a remote shell`, () => {
    const { shared, own } = useShells(maker);

    it.each<[string, PsInput, unknown]>([
      ['text of any script', 'ünï コ 😀 <&> _x0041_', 'ünï コ 😀 <&> _x0041_'],
      ['an integer', -42, -42],
      ['a fraction', 1.5, 1.5],
      ['a boolean', true, true],
      ['nothing', null, null],
      ['a list', [1, 'two', [3]], [1, 'two', [3]]],
      ['a table', { a: 1, b: { c: 'x' } }, { a: 1, b: { c: 'x' } }],
    ])('carries %s in and out', async (_, value, expected) => {
      const shell = await shared();
      const result = await shell.invoke(script(echo, { Value: value }));
      expect(result).toEqual({ output: [expected], errors: [], hadErrors: false });
    });

    it('carries 2 MB in and out', async () => {
      const shell = await shared();
      const text = 'ä 0123456789 コ'.repeat(140_000);
      const result = await shell.invoke(script(echo, { Value: text }));
      expect(result.output[0] === text).toBe(true);
    });

    it('keeps the state of its runspace from call to call', async () => {
      const shell = await shared();
      await shell.invoke(script(set, { Value: 'kept' }));
      expect((await shell.invoke(script(get))).output).toEqual(['kept']);
    });

    it('runs calls that are made at once one after another', async () => {
      const shell = await shared();
      const numbers = Array.from({ length: 20 }, (_, index) => index);
      const calls = numbers.map((value) => shell.invoke(script(echo, { Value: value })));
      expect((await Promise.all(calls)).map((result) => result.output)).toEqual(numbers.map((value) => [value]));
    });

    it('reports a terminating error with its record and place', async () => {
      const shell = await shared();
      const failure = await failureOf(shell.invoke(script(contractScripts.throw)));
      expect(failure.code).toBe('script-error');
      expect(failure.facts).toMatchObject({
        error: {
          message: 'it broke',
          fqid: 'it broke',
          category: 'OperationStopped',
          position: { line: 2, offset: 1 },
        },
      });
      expect((await shell.invoke(script(echo, { Value: 1 }))).output).toEqual([1]);
    });

    it('goes on after an error that is not terminating, and gives it', async () => {
      const shell = await shared();
      const result = await shell.invoke(script(contractScripts.error));
      expect(result.output).toEqual(['went on']);
      expect(result.hadErrors).toBe(true);
      expect(result.errors).toMatchObject([{ message: 'not so bad', category: 'NotSpecified' }]);
      expect(result.errors[0]?.fqid).toMatch(/^Mild/);
    });

    it('gives the records of every stream as they come', async () => {
      const shell = await shared();
      const records: StreamRecord[] = [];
      await shell.invoke(script(streams), { onStream: (record) => records.push(record) });
      expect(records).toMatchObject([
        { kind: 'warning', message: 'careful' },
        { kind: 'verbose', message: 'detail' },
        { kind: 'information', message: 'note', tags: ['mark'] },
        { kind: 'progress', activity: 'Work', percent: 40, completed: false },
      ]);
    });

    it('stops a script that runs too long, and can be used afterwards', async () => {
      const shell = await shared();
      const failure = await failureOf(shell.invoke(script(endless), { timeoutMs: 500 }));
      expect(failure).toMatchObject({ code: 'timed-out', facts: { stopped: true } });
      expect((await shell.invoke(script(echo, { Value: 1 }))).output).toEqual([1]);
    });

    it('stops a script that says nothing for too long', async () => {
      const shell = await shared();
      const failure = await failureOf(shell.invoke(script(endless), { silenceMs: 300 }));
      expect(failure).toMatchObject({ code: 'timed-out', facts: { stopped: true } });
    });

    it('stops a script when its signal is aborted, and rejects with the reason', async () => {
      const shell = await shared();
      const controller = new AbortController();
      const reason = new Error('enough');
      const call = shell.invoke(script(endless), {
        signal: controller.signal,
        onStream: () => controller.abort(reason),
      });
      await expect(call).rejects.toBe(reason);
      expect((await shell.invoke(script(echo, { Value: 1 }))).output).toEqual([1]);
    });

    it('starts nothing for a signal that is aborted already', async () => {
      const shell = await shared();
      const reason = new Error('too late');
      await shell.invoke(script(set, { Value: null }));
      await expect(shell.invoke(script(set, { Value: 'x' }), { signal: AbortSignal.abort(reason) })).rejects.toBe(
        reason,
      );
      expect((await shell.invoke(script(get))).output).toEqual([null]);
    });

    it('ends a call whose observer throws', async () => {
      const shell = await shared();
      const call = shell.invoke(script(endless), {
        onStream: () => {
          throw new RangeError('no more');
        },
      });
      await expect(call).rejects.toThrow('no more');
    });

    it('hands a secret over as a SecureString', async () => {
      const shell = await shared();
      const result = await shell.invoke(script(secretLength, { Password: new Secret('pässwörd') }));
      expect(result.output).toEqual([8]);
    });

    it('ends as dropped when the host process dies under a script, and refuses the next call', async () => {
      const shell = await own();
      expect((await failureOf(shell.invoke(script(die)))).code).toBe('dropped');
      expect((await failureOf(shell.invoke(script(get)))).code).toBe('unreachable');
    });

    it('may be closed twice, and then refuses calls', async () => {
      const shell = await own();
      await Promise.all([shell.close(), shell.close()]);
      expect((await failureOf(shell.invoke(script(get)))).code).toBe('unreachable');
    });

    it('fails the call under way when it is closed', async () => {
      const shell = await own();
      let closing: Promise<void> | undefined;
      const call = failureOf(
        shell.invoke(script(endless), {
          onStream: () => {
            closing = shell.close();
          },
        }),
      );
      expect((await call).code).toBe('dropped');
      await closing;
    });
  });
}
