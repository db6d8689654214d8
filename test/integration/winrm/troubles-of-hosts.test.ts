import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { connectionCauses } from '../../../src/remote/transport/connection-causes.ts';
import { startRelay } from '../../helpers/tcp-relay.ts';
import { closeAll, echo, endless, open, opened, ranOf, startLab } from './troubled-lab.ts';

afterEach(closeAll);

describe('a slow host', () => {
  it('is waited for as long as it shows that it is there', async () => {
    // It says every 140 ms that it is there, and every 200 ms that there is nothing to say.
    const lab = await startLab({ limits: { operationTimeoutMs: 200 } });
    const shell = await open(lab, { operationTimeoutMs: 200, answerMarginMs: 150 });
    await expect(shell.invoke(endless, { timeoutMs: 700 })).rejects.toMatchObject({
      code: 'timed-out',
      facts: { stopped: true },
    });
    expect(lab.host.runspaces[0]?.ends).toEqual(['stopped']);
  });

  it('that falls silent is asked again over another connection', async () => {
    const lab = await startLab();
    let silent = false;
    let swallowed = 0;
    const relay = await startRelay(lab.endpoint.port, (bytes, direction) => {
      if (!silent || direction === 'toServer') return { bytes };
      swallowed += bytes.length;
      return { bytes: Buffer.alloc(0) };
    });
    const shell = await open(lab, { port: relay.port, operationTimeoutMs: 100, answerMarginMs: 100 });
    await shell.invoke(echo('before'));
    silent = true;
    const call = shell.invoke(echo('after'));
    await vi.waitFor(() => expect(swallowed).toBeGreaterThan(0));
    silent = false;
    expect((await call).output).toEqual(['after']);
    expect(ranOf(lab)).toBe(2);
  });

  it('that says nothing at all is given up: when opening by the limit for connections, else by that of the call', async () => {
    const mute = createTcpServer(() => undefined);
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    opened.push(async () => void mute.close());
    const lab = await startLab();
    const { port } = mute.address() as AddressInfo;
    const opening = open(lab, { port, connectTimeoutMs: 200 });
    await expect(opening).rejects.toMatchObject({ code: 'unreachable', facts: { cause: 'timeout' } });

    let dead = false;
    const relay = await startRelay(lab.endpoint.port, (bytes) => ({ bytes: dead ? Buffer.alloc(0) : bytes }));
    const shell = await open(lab, { port: relay.port, stopGraceMs: 200 });
    const call = shell.invoke(endless, { timeoutMs: 300, onStream: () => (dead = true) });
    await expect(call).rejects.toMatchObject({
      code: 'timed-out',
      message: expect.stringContaining('may still be running'),
      facts: { stopped: false },
    });
  });
});

describe('a stop that the host does not confirm', () => {
  it('is told: the script may still run', async () => {
    const lab = await startLab();
    const shell = await open(lab, { stopGraceMs: 200, recoverMs: 10_000 });
    const stop = new AbortController();
    const reason = new Error('enough');
    const call = shell.invoke(endless, {
      signal: stop.signal,
      onStream: () => {
        lab.endpoint.setReachable(false);
        stop.abort(reason);
      },
    });
    const failure: unknown = await call.catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'dropped', facts: { cause: 'not-stopped', stopped: false }, cause: reason });
    expect(lab.host.runspaces[0]?.ends).toEqual([]);
    await expect(shell.invoke(echo(1))).rejects.toMatchObject({ code: 'unreachable' });
  });
});

describe('a host that answers garbage', () => {
  it('while a session is opened, is no WinRM', async () => {
    const lab = await startLab();
    const server = createServer((_, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<p>'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    opened.push(async () => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    await expect(open(lab, { port })).rejects.toMatchObject({
      code: expect.stringMatching(/unreachable|protocol-error/),
    });
  });

  it.each<[string, (bytes: Buffer) => Buffer]>([
    ['bytes that are no HTTP', () => Buffer.from('\0\0garbage')],
    [
      'a page of a proxy',
      () => Buffer.from('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 3\r\n\r\n<p>'),
    ],
  ])('under a session (%s), leaves open what ran', async (_, spoil) => {
    const lab = await startLab();
    let spoilt = false;
    const relay = await startRelay(lab.endpoint.port, (bytes, direction) => ({
      bytes: spoilt && direction === 'toClient' ? spoil(bytes) : bytes,
    }));
    const shell = await open(lab, { port: relay.port, recoverMs: 300 });
    await shell.invoke(echo('before'));
    spoilt = true;
    await expect(shell.invoke(echo('after'))).rejects.toMatchObject({ code: 'dropped' });
    await expect(shell.invoke(echo('later'))).rejects.toMatchObject({ code: 'unreachable' });
    expect(ranOf(lab)).toBe(2);
  });
});

describe('a limit on operations that is reached', () => {
  it('under a script is waited for, since the script goes on', async () => {
    // One session holds a command and the request for its output; the other's command makes three.
    const lab = await startLab({ limits: { operationsPerUser: 3 } });
    const [first, second] = [await open(lab), await open(lab)];
    const stop = new AbortController();
    let begun: () => void = () => undefined;
    const running = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const holding = first.invoke(endless, { signal: stop.signal, onStream: () => begun() });
    await running;
    const waiting = second.invoke(echo('later'));
    await vi.waitFor(() => expect(ranOf(lab)).toBe(2));
    stop.abort(new Error('enough'));
    await expect(holding).rejects.toThrow('enough');
    expect((await waiting).output).toEqual(['later']);
  });

  it('before a command ends the session unused, so that it is replaced', async () => {
    const lab = await startLab({ limits: { operationsPerUser: 1 } });
    const shell = await open(lab, { recoverMs: 100 });
    const other = await open(lab);
    await expect(shell.invoke(echo(1))).rejects.toMatchObject({ code: 'dropped', facts: { cause: 'quota' } });
    const call = other.invoke(echo(2));
    await expect(call).rejects.toMatchObject({ code: 'unreachable', facts: { cause: 'quota' } });
    expect(other.exhausted).toBe(true);
    expect(lab.host.runspaces[1]?.ran).toEqual([]);
  });
});

it('every kind of trouble says what to do', () => {
  for (const { remedy } of Object.values(connectionCauses)) expect(remedy).toMatch(/^[A-Z].*[.?]$/u);
});
