import { type AddressInfo, connect, createServer } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { WinRmOptions } from '../../../src/remote/transport/winrm/winrm-options.ts';
import { startRelay } from '../../helpers/tcp-relay.ts';
import { closeAll, echo, open, opened, ranOf, startBehindTls, startLab } from './troubled-lab.ts';

afterEach(closeAll);

/** A lab behind HTTP.sys, which answers itself while the service is away; nothing reaches the service then. */
const startBehindHttpSys = async (robust: boolean, changes: Partial<WinRmOptions> = {}) => {
  const lab = await startLab({ robust, limits: { operationTimeoutMs: 200 } });
  const state = { away: false, refused: 0 };
  const server = createServer((client) => {
    const host = connect(lab.endpoint.port, '127.0.0.1');
    client.on('data', (bytes) => {
      if (!state.away) return void host.write(bytes);
      if (!bytes.includes('POST ')) return;
      state.refused++;
      client.write('HTTP/1.1 503 Service Unavailable\r\nServer: Microsoft-HTTPAPI/2.0\r\nContent-Length: 0\r\n\r\n');
    });
    host.on('data', (bytes) => client.write(bytes));
    for (const [one, other] of [
      [client, host],
      [host, client],
    ] as const)
      one.on('error', () => undefined).on('close', () => other.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push(async () => void server.close());
  const { port } = server.address() as AddressInfo;
  const shell = await open(lab, { port, ...changes });
  await shell.invoke(echo('before'));
  return { lab, shell, state };
};
/** What HTTP.sys says for a service that is not there, until it is told otherwise. */
const byHttpSys = {
  status: 503,
  handsOn: false,
  headers: { Server: 'Microsoft-HTTPAPI/2.0' },
  times: Number.POSITIVE_INFINITY,
} as const;

describe('a service that is away when a call begins', () => {
  it.each([
    ['keeps its answers', true],
    ['keeps none', false],
  ])('is asked again within one window for all that is tried (the host %s)', async (_, robust) => {
    const { lab, shell, state } = await startBehindHttpSys(robust, { recoverMs: 800 });
    state.away = true;
    await expect(shell.invoke(echo('after'))).rejects.toMatchObject({
      code: 'dropped',
      facts: { cause: 'service-away' },
    });
    // The pauses double from 25 ms on: eight fit into 800 ms at most, and more windows one after another would hold more of them.
    expect(state.refused).toBeLessThanOrEqual(10);
    expect(ranOf(lab)).toBe(1);
  });

  it('gets the call when it is there again', async () => {
    const { lab, shell, state } = await startBehindHttpSys(true);
    state.away = true;
    const call = shell.invoke(echo('after'));
    await vi.waitFor(() => expect(state.refused).toBeGreaterThan(2));
    state.away = false;
    expect((await call).output).toEqual(['after']);
    expect(ranOf(lab)).toBe(2);
  });

  it('is left at once by a signal; since nothing proves that it did not begin the script, that is said', async () => {
    const { shell, state } = await startBehindHttpSys(true, { stopGraceMs: 60_000 });
    state.away = true;
    const stop = new AbortController();
    const call = shell.invoke(echo('after'), { signal: stop.signal });
    call.catch(() => undefined);
    await vi.waitFor(() => expect(state.refused).toBeGreaterThan(2));
    stop.abort(new Error('enough'));
    await expect(call).rejects.toMatchObject({ code: 'dropped', facts: { stopped: false } });
  });

  it('is left at once by a limit', async () => {
    const { shell, state } = await startBehindHttpSys(true, { stopGraceMs: 60_000 });
    state.away = true;
    const call = shell.invoke(echo('after'), { timeoutMs: 100 });
    await expect(call).rejects.toMatchObject({ code: 'timed-out', facts: { stopped: false } });
  });
});

describe('a service that is away when a call begins, as HTTP.sys says over TLS', () => {
  it("is left with the signal's own reason, for it got nothing", async () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    let refused = 0;
    // In the pause behind the third answer: while a request is on its way, nothing would prove that it got nothing.
    const onExchange = ({ response }: { response?: string }) => {
      if (response === undefined && ++refused === 3) setImmediate(() => stop.abort(reason));
    };
    const { lab, shell, says } = await startBehindTls(true, { stopGraceMs: 60_000, onExchange });
    says(byHttpSys);
    await expect(shell.invoke(echo('after'), { signal: stop.signal })).rejects.toBe(reason);
    expect(ranOf(lab)).toBe(1);
    says(undefined);
    expect((await shell.invoke(echo('later'))).output).toEqual(['later']);
  });

  it('and was restarted has run nothing: the session is gone', async () => {
    const { lab, shell, state, says } = await startBehindTls(true);
    says(byHttpSys);
    const call = shell.invoke(echo('after'));
    call.catch(() => undefined);
    await vi.waitFor(() => expect(state.answered).toBeGreaterThan(2));
    lab.endpoint.restart();
    says(undefined);
    await expect(call).rejects.toMatchObject({ code: 'unreachable', facts: { cause: 'session-gone' } });
  });

  it('for good has run nothing; where something else says so, that is left open', async () => {
    const { shell, says } = await startBehindTls(true, { recoverMs: 100 });
    says(byHttpSys);
    const facts = { cause: 'service-away' };
    await expect(shell.invoke(echo('after'))).rejects.toMatchObject({ code: 'unreachable', facts });
    says({ ...byHttpSys, headers: { Server: 'some relay' } });
    await expect(shell.invoke(echo('after'))).rejects.toMatchObject({ code: 'dropped', facts });
  });
});

describe('a host that is away when a call begins', () => {
  it('gets the call when it is there again', async () => {
    const lab = await startLab();
    const relay = await startRelay(lab.endpoint.port);
    opened.push(async () => relay.close());
    const shell = await open(lab, { port: relay.port });
    await shell.invoke(echo('before'));
    lab.endpoint.setReachable(false);
    await vi.waitFor(() => expect(relay.open).toBe(0));
    const before = relay.connections;
    const call = shell.invoke(echo('after'));
    call.catch(() => undefined);
    // Two tries at once are not enough.
    await vi.waitFor(() => expect(relay.connections).toBeGreaterThan(before + 2));
    lab.endpoint.setReachable(true);
    expect((await call).output).toEqual(['after']);
    expect(ranOf(lab)).toBe(2);
  });
});
