import { describe, expect, it } from 'vitest';
import type { RemoteShell } from '../../../../src/remote/powershell/remote-shell.ts';
import { RenewableShell, setUpIn } from '../../../../src/remote/powershell/renewable-shell.ts';

/** Sessions that take two calls each and note what was asked of them. */
const sessions = () => {
  const asked: string[] = [];
  let count = 0;
  const open = async (): Promise<RemoteShell> => {
    const shellId = `s${++count}`;
    let calls = 0;
    const info = { host: 'pc1', shellId, transport: 'winrm', mechanism: 'ntlm', sealed: true } as const;
    return {
      info,
      get exhausted() {
        return calls >= 2;
      },
      describe: async () => info,
      async invoke(call) {
        calls++;
        asked.push(`${shellId} ${call.kind === 'script' ? call.text : call.name}`);
        return { output: [shellId], errors: [], hadErrors: false };
      },
      close: async () => void asked.push(`${shellId} close`),
      [Symbol.asyncDispose]: async () => {},
    };
  };
  return { asked, open };
};
const call = (text: string) => ({ kind: 'script', text }) as const;

describe('A session that can be replaced', () => {
  it('is replaced between two calls, and what was set up comes first', async () => {
    const { asked, open } = sessions();
    const shell = new RenewableShell(await open(), open);
    await setUpIn(shell, async (each) => void (await each.invoke(call('set up'))));
    for (const text of ['a', 'b', 'c']) await shell.invoke(call(text));
    await shell.close();
    expect(asked).toEqual([
      's1 set up',
      's1 a',
      's2 set up',
      's1 close',
      's2 b',
      's3 set up',
      's2 close',
      's3 c',
      's3 close',
    ]);
    expect(shell.info.shellId).toBe('s3');
  });

  it('is replaced once for calls that are made at once', async () => {
    const { open } = sessions();
    const shell = new RenewableShell(await open(), open);
    await shell.invoke(call('a'));
    await shell.invoke(call('b'));
    const answers = await Promise.all([shell.invoke(call('c')), shell.describe(), shell.invoke(call('d'))]);
    expect(answers[0].output).toEqual(['s2']);
    expect(answers[1].shellId).toBe('s2');
    expect(answers[2].output).toEqual(['s2']);
  });

  it('stays with the old one if the next cannot be set up, and closes that', async () => {
    const { asked, open } = sessions();
    const shell = new RenewableShell(await open(), open);
    let fails = false;
    await setUpIn(shell, async () => {
      if (fails) throw new Error('no kit');
    });
    await shell.invoke(call('a'));
    await shell.invoke(call('b'));
    fails = true;
    await expect(shell.invoke(call('c'))).rejects.toThrow('no kit');
    expect(asked.at(-1)).toBe('s2 close');
    fails = false;
    expect((await shell.invoke(call('c'))).output).toEqual(['s3']);
  });

  it('opens no other one once it is closed', async () => {
    const { asked, open } = sessions();
    const shell = new RenewableShell(await open(), open);
    await shell.invoke(call('a'));
    await shell.invoke(call('b'));
    await shell.close();
    await shell.invoke(call('c'));
    expect(asked).not.toContain('s2 c');
  });
});

it('a session that cannot be replaced is simply set up', async () => {
  const { asked, open } = sessions();
  await setUpIn(await open(), async (each) => void (await each.invoke(call('once'))));
  expect(asked).toEqual(['s1 once']);
});
