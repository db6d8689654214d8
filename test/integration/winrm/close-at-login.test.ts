import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WinRmConnection } from '../../../src/remote/transport/winrm/winrm-connection.ts';
import type { WinRmOptions } from '../../../src/remote/transport/winrm/winrm-options.ts';
import { makeCertificate } from '../../helpers/make-certificate.ts';
import { labPassword, startWinRmLab } from '../../helpers/winrm-lab.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  while (ends.length > 0) await ends.pop()?.();
});

const options = (port: number, changes: Partial<WinRmOptions> = {}): WinRmOptions => ({
  host: '127.0.0.1',
  port,
  auth: { mechanisms: ['negotiate'], username: 'LAB\\op', password: () => labPassword },
  connectTimeoutMs: 60_000,
  operationTimeoutMs: 60_000,
  ...changes,
});

/** Listens, and counts who is connected. */
const listen = async (server: Server | ReturnType<typeof createTcpServer>) => {
  const sockets = new Set<Socket>();
  let taken = 0;
  server.on('connection', (socket: Socket) => {
    taken++;
    sockets.add(socket.on('error', () => undefined));
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, open: () => sockets.size, taken: () => taken };
};

/** Closes a connection that waits for its host; its exchange must end, and its sockets. */
const closeWhileWaiting = async (given: WinRmOptions, place: { open: () => number; taken: () => number }) => {
  const connection = new WinRmConnection(given);
  const exchange = connection.exchange('<text/>', { timeoutMs: 60_000 });
  exchange.catch(() => undefined);
  await vi.waitFor(() => expect(place.taken()).toBe(1));
  connection.close();
  await expect(exchange).rejects.toMatchObject({ code: 'unreachable' });
  await vi.waitFor(() => expect(place.open()).toBe(0));
  await expect(connection.exchange('<text/>', { timeoutMs: 1 })).rejects.toMatchObject({ facts: { cause: 'closed' } });
  expect(place.taken()).toBe(1);
};

describe('a connection that is closed while it logs in leaves neither a socket nor a promise open', () => {
  it('where the host says nothing to the first token', async () => {
    const place = await listen(createServer(() => undefined));
    await closeWhileWaiting(options(place.port), place);
  });

  it('where the host does not answer the TLS handshake', async () => {
    const place = await listen(createTcpServer((socket) => socket.resume()));
    await closeWhileWaiting(options(place.port, { tls: { ca: makeCertificate().cert } }), place);
  });

  it('where a proxy opens no way', async () => {
    const server = createServer();
    server.on('connect', (_, socket) => socket.on('end', () => socket.end()).resume());
    const place = await listen(server);
    await closeWhileWaiting(options(1, { proxy: { url: `http://127.0.0.1:${place.port}` } }), place);
  });

  it('nor opens one when what it waited for comes after', async () => {
    const lab = await startWinRmLab();
    ends.push(() => lab.endpoint.close());
    let give: (password: string) => void = () => undefined;
    const password = () => new Promise<string>((resolve) => (give = resolve));
    const connection = new WinRmConnection(lab.client({ auth: { ...lab.client().auth, password } }));
    const exchange = connection.exchange('<text/>', { timeoutMs: 60_000 });
    exchange.catch(() => undefined);
    await vi.waitFor(() => expect(give.length).toBe(1));
    connection.close();
    give(labPassword);
    await expect(exchange).rejects.toMatchObject({ code: 'unreachable', facts: { cause: 'closed' } });
    expect(lab.endpoint.requests).toBe(0);
  });
});

describe('an exchange that waits behind another one of its connection', () => {
  it.each(['signal', 'leave'])('is left by its %s, and lets the next one wait on', async (by) => {
    const place = await listen(createServer(() => undefined));
    const connection = new WinRmConnection(options(place.port));
    const outcomes: unknown[] = [];
    const ask = (terms: object) => {
      const exchange = connection.exchange('<text/>', { timeoutMs: 60_000, ...terms });
      return exchange.catch((error: unknown) => void outcomes.push(error));
    };
    const first = ask({});
    await vi.waitFor(() => expect(place.taken()).toBe(1));
    const leaving = new AbortController();
    const second = ask({ [by]: leaving.signal });
    const third = ask({});
    const reason = new Error('enough');
    leaving.abort(reason);
    await second;
    expect(outcomes).toEqual([reason]);
    connection.close();
    await Promise.all([first, third]);
    expect(outcomes).toHaveLength(3);
    expect(place.taken()).toBe(1);
  });
});
