import { execFile } from 'node:child_process';
import process from 'node:process';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RemoteShell } from '../../../src/remote/powershell/remote-shell.ts';
import { resources } from '../../../src/remote/protocol/wsman/namespaces.ts';
import { openWinRmShell } from '../../../src/remote/transport/winrm/open-winrm-shell.ts';
import { WsmanSession } from '../../../src/remote/transport/winrm/wsman-session.ts';
import { contractScripts } from '../../contract/remote-shell-scripts.ts';
import { makeCertificate } from '../../helpers/make-certificate.ts';
import { startRelay } from '../../helpers/tcp-relay.ts';
import { labPassword, startWinRmLab, type WinRmLab } from '../../helpers/winrm-lab.ts';

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  while (opened.length > 0) await opened.pop()?.();
});

const startLab = async (...args: Parameters<typeof startWinRmLab>): Promise<WinRmLab> => {
  const lab = await startWinRmLab(...args);
  opened.push(() => lab.endpoint.close());
  return lab;
};
const open = async (lab: WinRmLab, changes?: Parameters<WinRmLab['client']>[0]): Promise<RemoteShell> => {
  const shell = await openWinRmShell(lab.client(changes));
  opened.push(() => shell.close());
  return shell;
};
const echo = (Value: string | number) => ({
  kind: 'script' as const,
  text: contractScripts.echo,
  parameters: { Value },
});
const endless = { kind: 'script', text: contractScripts.endless } as const;
const enumerate = async (lab: WinRmLab) => {
  const session = new WsmanSession(lab.client());
  const { reply } = await session.call({ kind: 'enumerate', resourceUri: resources.shells });
  session.close();
  return reply.kind === 'shells' ? reply.shells : [];
};

/** The port of a relay that can alter what it passes on. */
const alter = async (port: number, change: (chunk: Buffer, toServer: boolean) => Buffer) => {
  const relay = await startRelay(port, (bytes, direction) => ({ bytes: change(bytes, direction === 'toServer') }));
  opened.push(async () => relay.close());
  return relay.port;
};

describe('a session', () => {
  it.each(['http', 'https'])('carries 2 MB in and out over %s', async (scheme) => {
    const lab = await startLab(scheme === 'https' ? { tls: makeCertificate() } : {});
    const shell = await open(lab);
    const text = 'ä 0123456789 コ'.repeat(140_000);
    const result = await shell.invoke(echo(text));
    expect(result.output[0] === text).toBe(true);
  });

  it('logs in again when its idle connections were cut, and keeps its runspace', async () => {
    const lab = await startLab();
    const shell = await open(lab);
    await shell.invoke({ kind: 'script', text: contractScripts.set, parameters: { Value: 'kept' } });
    lab.endpoint.cutConnections();
    // The client sees the end of its sockets when the event loop turns.
    await new Promise((resolve) => setImmediate(resolve));
    await vi.waitFor(async () => expect(await enumerate(lab)).toHaveLength(1));
    const result = await shell.invoke({ kind: 'script', text: contractScripts.get });
    expect(result.output).toEqual(['kept']);
    expect(lab.host.runspaces).toHaveLength(1);
  });

  it('goes on with a script when its connections are cut under it', async () => {
    const lab = await startLab();
    const shell = await open(lab);
    const stop = new AbortController();
    const lines: string[] = [];
    const call = shell.invoke(endless, {
      signal: stop.signal,
      onStream: () => {
        lines.push('heard');
        lab.endpoint.cutConnections();
        stop.abort(new Error('enough'));
      },
    });
    await expect(call).rejects.toThrow('enough');
    expect(lines).toHaveLength(1);
    expect((await shell.invoke(echo(1))).output).toEqual([1]);
    expect(lab.host.runspaces).toMatchObject([{ ends: ['stopped', 'completed'] }]);
  });

  it('fails dropped when its host stays away under a script, which goes on', async () => {
    const lab = await startLab();
    const shell = await open(lab, { recoverMs: 200 });
    const call = shell.invoke(endless, { onStream: () => lab.endpoint.setReachable(false) });
    await expect(call).rejects.toMatchObject({ code: 'dropped' });
    await expect(shell.invoke(echo(1))).rejects.toMatchObject({ code: 'unreachable' });
    await shell.close();
    lab.endpoint.setReachable(true);
    expect(lab.host.runspaces[0]).toMatchObject({ closed: false, ends: [] });
    expect(await enumerate(lab)).toMatchObject([{ shellId: shell.info.shellId, owner: 'LAB\\op', processId: 1000 }]);
  });

  it('fails dropped when its process is killed on the host', async () => {
    const lab = await startLab();
    const shell = await open(lab);
    const call = shell.invoke(endless, { onStream: () => lab.host.runspaces[0]?.kill() });
    await expect(call).rejects.toMatchObject({ code: 'dropped' });
    expect(await enumerate(lab)).toEqual([]);
  });

  it('fails unreachable before anything runs when the host has gone between two calls', async () => {
    const lab = await startLab();
    const shell = await open(lab);
    await shell.invoke(echo(1));
    lab.endpoint.cutConnections();
    // The client sees the end of its sockets while it does something else.
    await enumerate(lab);
    lab.endpoint.setReachable(false);
    await expect(shell.invoke(echo(2))).rejects.toMatchObject({ code: 'unreachable', facts: { cause: 'broken' } });
    lab.endpoint.setReachable(true);
    expect((await shell.invoke(echo(3))).output).toEqual([3]);
    expect(lab.host.runspaces[0]?.ran).toHaveLength(2);
  });

  it('is ended on the host by its idle time-out when the client is gone', async () => {
    const lab = await startLab({ limits: { shortestIdleTimeoutMs: 50, operationTimeoutMs: 50 } });
    const shell = await open(lab, { idleTimeoutMs: 50, recoverMs: 20 });
    const call = shell.invoke(endless, { onStream: () => lab.endpoint.setReachable(false) });
    await expect(call).rejects.toMatchObject({ code: 'dropped' });
    await vi.waitFor(() => expect(lab.host.runspaces[0]?.closed).toBe(true));
    lab.endpoint.setReachable(true);
    expect(await enumerate(lab)).toEqual([]);
  });

  it('asks again each time that the host has nothing to say yet', async () => {
    const lab = await startLab({ limits: { operationTimeoutMs: 20 } });
    const shell = await open(lab);
    await expect(shell.invoke(endless, { timeoutMs: 300 })).rejects.toMatchObject({ code: 'timed-out' });
    expect(lab.host.runspaces[0]?.ends).toEqual(['stopped']);
    expect((await shell.invoke(echo(1))).output).toEqual([1]);
  });

  it('terminates its commands, so that a limit on them is never met', async () => {
    const lab = await startLab({ limits: { commandsPerShell: 2 } });
    const shell = await open(lab);
    for (let n = 0; n < 10; n++) expect((await shell.invoke(echo(n))).output).toEqual([n]);
  });

  it('keeps an answer that could not be recorded, and warns', async () => {
    const lab = await startLab();
    const warnings: string[] = [];
    const onExchange = () => {
      throw new Error('no space left');
    };
    const shell = await open(lab, { onExchange, warn: (text) => warnings.push(text) });
    expect((await shell.invoke(echo(1))).output).toEqual([1]);
    expect(warnings).toContain('An exchange could not be recorded: no space left');
    expect(lab.host.runspaces[0]?.ran).toHaveLength(1);
  });

  it('ends its shell on the host when it is closed', async () => {
    const lab = await startLab();
    const shell = await open(lab);
    await shell.close();
    expect(lab.host.runspaces[0]?.closed).toBe(true);
    expect(await enumerate(lab)).toEqual([]);
  });

  it('reports a fault of the simulator as an error of the script', async () => {
    const lab = await startLab();
    const shell = await open(lab);
    await expect(shell.invoke({ kind: 'script', text: 'crash' })).rejects.toMatchObject({
      code: 'script-error',
      message: expect.stringContaining('has a fault'),
    });
  });

  it('is refused beyond the limit of sessions', async () => {
    const lab = await startLab({ limits: { shellsPerUser: 1 } });
    await open(lab);
    await expect(open(lab)).rejects.toMatchObject({ code: 'unreachable', facts: { faultCode: 2150859173 } });
  });
});

describe('sealed messages', () => {
  it('show nothing of script and parameters on the wire', async () => {
    const lab = await startLab();
    const seen: Buffer[] = [];
    const port = await alter(lab.endpoint.port, (chunk) => {
      seen.push(chunk);
      return chunk;
    });
    const shell = await open(lab, { port });
    await shell.invoke(echo('a very visible word'));
    const wire = Buffer.concat(seen);
    expect(wire.includes('Encrypted Boundary')).toBe(true);
    for (const text of ['a very visible word', 'Envelope', 'CommandLine']) {
      expect(wire.includes(text)).toBe(false);
      expect(wire.includes(Buffer.from(text).toString('base64').slice(0, -2))).toBe(false);
    }
  });

  const spoil = (chunk: Buffer) => {
    const at = chunk.indexOf('octet-stream');
    if (at < 0) return chunk;
    const copy = Buffer.from(chunk);
    copy.writeUInt8(copy.readUInt8(at + 60) ^ 1, at + 60);
    return copy;
  };

  it('that were altered on their way to the host are refused and run nothing', async () => {
    const lab = await startLab();
    let armed = false;
    const port = await alter(lab.endpoint.port, (chunk, toServer) => (armed && toServer ? spoil(chunk) : chunk));
    const shell = await open(lab, { port, recoverMs: 200 });
    armed = true;
    await expect(shell.invoke(echo('x'))).rejects.toMatchObject({ code: 'dropped' });
    expect(lab.host.runspaces[0]?.ran).toEqual([]);
  });

  it('that were altered on their way to the client are refused', async () => {
    const lab = await startLab();
    let armed = false;
    const port = await alter(lab.endpoint.port, (chunk, toServer) => (armed && !toServer ? spoil(chunk) : chunk));
    const shell = await open(lab, { port, recoverMs: 300 });
    armed = true;
    await expect(shell.invoke(echo('x'))).rejects.toMatchObject({
      code: 'dropped',
      message: expect.stringContaining('does not hold'),
    });
  });

  it('are not answered in clear: such an answer is not trusted', async () => {
    const lab = await startLab();
    let armed = false;
    const soap = '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body/></s:Envelope>';
    const forged = Buffer.from(
      `HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\nContent-Length: ${soap.length}\r\n\r\n${soap}`,
    );
    const port = await alter(lab.endpoint.port, (chunk, toServer) => (armed && !toServer ? forged : chunk));
    const shell = await open(lab, { port, recoverMs: 300 });
    armed = true;
    await expect(shell.invoke(echo('x'))).rejects.toMatchObject({
      code: 'dropped',
      message: expect.stringContaining('in clear'),
    });
  });
});

const runProgram = (name: string, lab: WinRmLab, ...args: string[]) =>
  new Promise<string>((resolve, reject) => {
    const program = new URL(name, import.meta.url).pathname;
    const env = { ...process.env, LAB_PASSWORD: labPassword };
    execFile(
      process.execPath,
      ['--expose-gc', program, String(lab.endpoint.port), ...args],
      { env, timeout: 60_000 },
      (error, stdout) => (error ? reject(error) : resolve(stdout)),
    );
  });

it('64 sessions of one process at once each get their own answers, with few requests and flat memory', async () => {
  const lab = await startLab({ limits: { shellsPerUser: 100 } });
  const { wrong, ids, grown } = JSON.parse(await runProgram('./many-sessions.ts', lab)) as Record<string, number>;
  expect({ wrong, ids }).toEqual({ wrong: 0, ids: 64 });
  // Five rounds carry 6.4 MB of text in and out, 9 MB as base64: to keep the answers alone would show.
  expect(grown).toBeLessThan(5_000_000);
  // Logins, Create and Delete; Command and Receive for each call, and its Signal where there was time for it.
  expect(lab.endpoint.requests).toBeLessThanOrEqual(64 * (4 + 8 * 3));
  expect(lab.host.runspaces.filter(({ closed }) => closed)).toHaveLength(64);
});

it.each(['close', 'leave'])('a program that does nothing but %s its session ends by itself', async (ending) => {
  expect(await runProgram('./open-and-leave.ts', await startLab(), ending)).toBe('done');
});
