import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RemoteShell } from '../../../src/remote/powershell/remote-shell.ts';
import { openWinRmShell } from '../../../src/remote/transport/winrm/open-winrm-shell.ts';
import { WinRmMemory } from '../../../src/remote/transport/winrm/winrm-memory.ts';
import type { WinRmOptions } from '../../../src/remote/transport/winrm/winrm-options.ts';
import { contractScripts } from '../../contract/remote-shell-scripts.ts';
import { startRelay } from '../../helpers/tcp-relay.ts';
import { startWinRmLab, type WinRmLab } from '../../helpers/winrm-lab.ts';

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  while (opened.length > 0) await opened.pop()?.();
});

const start = async (options: Parameters<typeof startWinRmLab>[0] = {}, changes: Partial<WinRmOptions> = {}) => {
  const lab = await startWinRmLab(options);
  opened.push(() => lab.endpoint.close());
  const shell = await openWinRmShell(lab.client(changes));
  opened.push(() => shell.close());
  return { lab, shell };
};
const echo = (Value: string | number) =>
  ({ kind: 'script', text: contractScripts.echo, parameters: { Value } }) as const;
/** How many requests some work takes. */
const requestsOf = async (lab: WinRmLab, work: () => Promise<unknown>) => {
  const before = lab.endpoint.requests;
  await work();
  return lab.endpoint.requests - before;
};

describe('a session over NTLM', () => {
  it('has its first result after 5 requests: two of the login, Create, Command, Receive', async () => {
    const { lab, shell } = await start();
    expect((await shell.invoke(echo(1))).output).toEqual([1]);
    expect(lab.endpoint.requests).toBe(5);
  });

  it('has it after 4 where the host is known to take the first message with the last leg of the login', async () => {
    const memory = new WinRmMemory();
    const { lab, shell } = await start({}, { memory });
    await shell.invoke(echo(1));
    // What an idle session has left to say must not be counted with another one's requests.
    await shell.close();
    for (const takes of ['for the first time', 'by what is known']) {
      let second: RemoteShell | undefined;
      const count = await requestsOf(lab, async () => {
        second = await openWinRmShell(lab.client({ memory }));
        await second.invoke(echo(2));
      });
      expect([takes, count]).toEqual([takes, 4]);
      await second?.close();
    }
  });

  it('takes 2 requests for each further call, and terminates the commands when it is idle', async () => {
    const { lab, shell } = await start();
    await shell.invoke(echo(0));
    const inARow = await requestsOf(lab, async () => {
      for (const n of [1, 2, 3, 4]) expect((await shell.invoke(echo(n))).output).toEqual([n]);
    });
    expect(inARow).toBe(8);
    const before = lab.endpoint.requests;
    await vi.waitFor(() => expect(lab.endpoint.requests - before).toBe(5));
  });

  it('takes leave with one request, however many commands were not terminated', async () => {
    const { lab, shell } = await start();
    for (const n of [1, 2, 3]) await shell.invoke(echo(n));
    expect(await requestsOf(lab, () => shell.close())).toBe(1);
    expect(lab.host.runspaces[0]?.closed).toBe(true);
  });

  it('reads what the host says of itself only when it is asked for', async () => {
    const { lab, shell } = await start();
    await shell.invoke(echo(1));
    expect(shell.info).not.toHaveProperty('psVersion');
    expect(await requestsOf(lab, () => shell.describe())).toBe(1);
    expect(shell.info).toMatchObject({ psVersion: '5.1.20348.1', protocolVersion: '2.3' });
    expect(await requestsOf(lab, () => shell.describe())).toBe(0);
  });

  it('reads it first for a host that cannot take a command at once', async () => {
    const { lab, shell } = await start({}, { commandAtOnce: false });
    expect(shell.info).toMatchObject({ psVersion: '5.1.20348.1' });
    expect(lab.endpoint.requests).toBe(4);
    expect(await requestsOf(lab, () => shell.invoke(echo(1)))).toBe(2);
  });

  it('opens a second connection only to stop what the first one waits for', async () => {
    const { lab, shell } = await start();
    const stop = new AbortController();
    const call = shell.invoke(
      { kind: 'script', text: contractScripts.endless },
      { signal: stop.signal, onStream: () => stop.abort(new Error('enough')) },
    );
    await expect(call).rejects.toThrow('enough');
    // The second one logs in with two requests, for what it begins with could not be done twice; stop, and one more Receive.
    expect(lab.endpoint.requests).toBe(5 + 2 + 2);
  });

  it('packs large input to the envelope: 1 MB takes one Command and three more pieces', async () => {
    const { lab, shell } = await start();
    await shell.invoke(echo(0));
    const text = 'x'.repeat(1_000_000);
    const count = await requestsOf(lab, async () => expect((await shell.invoke(echo(text))).output[0]).toBe(text));
    // The pool is heard once, for its version tells the size; the output comes in three answers.
    expect(count).toBe(1 + 4 + 3);
  });

  it('writes pipelines in a compact form, or in the full one where the host wants it', async () => {
    const { lab } = await start();
    const bytesOfCall = async (form: 'compact' | 'full') => {
      const relay = await startRelay(lab.endpoint.port);
      const shell = await openWinRmShell(lab.client({ port: relay.port, form }));
      opened.push(async () => relay.close());
      const before = relay.passed.toServer;
      expect((await shell.invoke(echo(1))).output).toEqual([1]);
      return relay.passed.toServer - before;
    };
    const [compact, full] = [await bytesOfCall('compact'), await bytesOfCall('full')];
    expect(full - compact).toBeGreaterThan(1_500);
  });
});
