import { expect, test } from 'vitest';
import { limitCalls } from '../../../../src/remote/powershell/limit-calls.ts';
import type { InvokeOptions, RemoteShell } from '../../../../src/remote/powershell/remote-shell.ts';

test('a call has the limit of its shell, unless it brings one of its own', async () => {
  const seen: (InvokeOptions | undefined)[] = [];
  const info = { host: 'pc1', shellId: 's', transport: 'winrm', mechanism: 'ntlm', sealed: true } as const;
  const shell: RemoteShell = {
    info,
    exhausted: false,
    describe: async () => info,
    invoke: async (_call, options) => {
      seen.push(options);
      return { output: [], errors: [], hadErrors: false };
    },
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
  const limited = limitCalls(shell, 60_000);
  const call = { kind: 'command', name: 'Get-Date' } as const;
  await limited.invoke(call);
  await limited.invoke(call, { silenceMs: 5 });
  await limited.invoke(call, { timeoutMs: 10 });
  expect(seen).toEqual([{ timeoutMs: 60_000 }, { timeoutMs: 60_000, silenceMs: 5 }, { timeoutMs: 10 }]);
});
