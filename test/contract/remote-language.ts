import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/kernel/secret.ts';
import type { StreamRecord } from '../../src/remote/powershell/remote-shell.ts';
import { contractScripts, languageScripts } from './remote-shell-scripts.ts';
import { failureOf, type ShellMaker, script, useShells } from './shared-shell.ts';

/** Describes what every session does behind which there is a PowerShell, or what simulates one. */
export function describeRemoteLanguage(name: string, maker: ShellMaker): void {
  describe(`${name} with a PowerShell behind it`, () => {
    const { shared, own } = useShells(maker);

    it('tells where it leads and what was agreed on', async () => {
      const info = await (await shared()).describe();
      expect(info.protocolVersion).toMatch(/^2\.[34]$/);
      expect(info.psVersion).toMatch(/^[57]\.\d/);
      expect(info.shellId).toMatch(/^[0-9A-F]{8}-/);
    });

    it('tells all streams apart, in the order in which the host wrote them', async () => {
      const shell = await shared();
      const records: StreamRecord[] = [];
      const { output, errors } = await shell.invoke(script(languageScripts.allStreams), {
        onStream: (record) => records.push(record),
      });
      expect(output).toEqual(['out']);
      expect(errors).toMatchObject([{ message: 'bad', fqid: expect.stringMatching(/^Bad/) }]);
      expect(records).toMatchObject([
        { kind: 'debug', message: 'trace' },
        { kind: 'information', message: 'shown', tags: ['PSHOST'] },
        { kind: 'error', error: { message: 'bad' } },
        { kind: 'warning', message: 'careful' },
      ]);
    });

    it('gives the place of an error inside a function, and the stack above it', async () => {
      const shell = await shared();
      const failure = await failureOf(shell.invoke(script(languageScripts.failInFunction)));
      expect(failure).toMatchObject({
        code: 'script-error',
        facts: {
          error: {
            message: 'deep',
            exceptionType: 'System.InvalidOperationException',
            position: { line: 2, offset: 3 },
            stackTrace: expect.stringMatching(/^at Invoke-Contract.*line 2\n.*line 4/),
          },
        },
      });
    });

    it('gives the id, the category and the place of what a command ended with', async () => {
      const shell = await shared();
      const failure = await failureOf(shell.invoke(script(languageScripts.missingItem)));
      expect(failure).toMatchObject({
        code: 'script-error',
        facts: {
          error: {
            fqid: 'PathNotFound,Microsoft.PowerShell.Commands.GetItemCommand',
            category: 'ObjectNotFound',
            exceptionType: 'System.Management.Automation.ItemNotFoundException',
            position: { line: 2, offset: 3 },
          },
        },
      });
    });

    it('runs nothing of a script that does not parse', async () => {
      const shell = await shared();
      const failure = await failureOf(shell.invoke(script(languageScripts.broken)));
      expect(failure).toMatchObject({ code: 'script-error', facts: { error: { category: 'ParserError' } } });
    });

    it('turns objects into plain values by their types', async () => {
      const shell = await shared();
      const { output } = await shell.invoke(script(languageScripts.types));
      expect(output).toEqual([
        {
          Name: 'a',
          Count: 3,
          List: [1, 2],
          At: '2026-01-02T03:04:05.000Z',
          Big: 9_223_372_036_854_775_807n,
          None: null,
          Span: 'PT1M30S',
          Day: 'Monday',
          Letter: 'A',
        },
      ]);
    });

    it('gives thousands of objects in their order', async () => {
      const shell = await shared();
      const { output } = await shell.invoke(script(languageScripts.many, { Count: 3_000 }));
      expect(output).toEqual(Array.from({ length: 3_000 }, (_, index) => index + 1));
    });

    it('keeps half a surrogate pair, as Windows file names can hold one', async () => {
      const shell = await shared();
      expect((await shell.invoke(script(languageScripts.loneSurrogate))).output).toEqual(['\ud83d|']);
      const { output } = await shell.invoke(script(contractScripts.echo, { Value: 'a\ude00b' }));
      expect(output).toEqual(['a\ude00b']);
    });

    it('runs a command by its name with typed parameters', async () => {
      const shell = await shared();
      const call = { kind: 'command', name: 'Write-Output', parameters: { InputObject: ['a;b', "it's"] } } as const;
      expect((await shell.invoke(call)).output).toEqual(['a;b', "it's"]);
    });

    it('says of a command that it does not exist', async () => {
      const shell = await shared();
      const failure = await failureOf(shell.invoke({ kind: 'command', name: 'Invoke-NoSuchThing' }));
      expect(failure).toMatchObject({
        code: 'script-error',
        facts: { error: { fqid: 'CommandNotFoundException', category: 'ObjectNotFound' } },
      });
    });

    it('keeps a scope of its own where that is asked for', async () => {
      const shell = await shared();
      const call = { kind: 'script', text: languageScripts.localScope, useLocalScope: true } as const;
      expect((await shell.invoke(call)).output).toEqual([1]);
      expect((await shell.invoke(script(languageScripts.seeLocal))).output).toEqual([0]);
    });

    it('carries a secret whole, at any depth, and never shows one that comes back', async () => {
      const shell = await shared();
      const password = new Secret('pässwörd " $x');
      expect((await shell.invoke(script(languageScripts.reveal, { Password: password }))).output).toEqual([
        'pässwörd " $x',
      ]);
      const inside = script(languageScripts.revealInside, { Table: { Inner: { Password: password } } });
      expect((await shell.invoke(inside)).output).toEqual([13]);
      const back = await shell.invoke(script(languageScripts.giveSecret, { Password: password }));
      expect(back.output).toEqual(['(secret)']);
    });

    it('ends a question to the user as an error instead of waiting', async () => {
      const shell = await shared();
      const { output, errors } = await shell.invoke(script(languageScripts.askUser));
      expect(output).toEqual(['before', 'after']);
      expect(errors).toMatchObject([
        {
          message: expect.stringContaining('does not support user interaction'),
          category: 'NotImplemented',
          exceptionType: 'System.Management.Automation.Host.HostException',
        },
      ]);
    });

    it('has stopped a script, its finally blocks run, when the call ends', async () => {
      const shell = await shared();
      const controller = new AbortController();
      const call = shell.invoke(script(languageScripts.finallySets), {
        signal: controller.signal,
        onStream: () => controller.abort(new Error('enough')),
      });
      await expect(call).rejects.toThrow('enough');
      expect((await shell.invoke(script(contractScripts.get))).output).toEqual(['cleaned up']);
    });

    it('is apart from other sessions with the same host', async () => {
      const [shell, other] = await Promise.all([shared(), own()]);
      await shell.invoke(script(contractScripts.set, { Value: 'mine' }));
      expect((await other.invoke(script(contractScripts.get))).output).toEqual([null]);
    });
  });
}
