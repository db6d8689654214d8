import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { encodeRequest } from '../../../src/remote/protocol/wsman/requests.ts';
import { WinRmConnection } from '../../../src/remote/transport/winrm/winrm-connection.ts';
import { WinRmMemory } from '../../../src/remote/transport/winrm/winrm-memory.ts';
import type { WinRmOptions } from '../../../src/remote/transport/winrm/winrm-options.ts';
import { countRequests } from '../../helpers/count-requests.ts';
import { makeCertificate } from '../../helpers/make-certificate.ts';
import { labPassword, startWinRmLab, type WinRmLab } from '../../helpers/winrm-lab.ts';

const identify = encodeRequest(
  { kind: 'identify' },
  { to: '', sessionId: '', messageId: '', operationTimeoutMs: 0, maxEnvelopeBytes: 0 },
);

/** Requests that a connection of its own takes for one message. */
const requestsFor = (lab: WinRmLab, memory: WinRmMemory, changes: Partial<WinRmOptions> = {}, harmless = true) =>
  countRequests(changes.port ?? lab.endpoint.port, async () => {
    const connection = new WinRmConnection(lab.client({ memory, ...changes }));
    expect(await connection.exchange(identify, { timeoutMs: 5_000, harmless })).toContain('IdentifyResponse');
    connection.close();
  });

describe('the first message', () => {
  it.each(['http', 'https'])(
    'over %s goes with the last token as soon as the login is known to be good',
    async (scheme) => {
      await using lab = await disposable(scheme === 'http' ? {} : { tls: makeCertificate() });
      const memory = new WinRmMemory();
      expect(await requestsFor(lab, memory)).toBe(3);
      expect(await requestsFor(lab, memory)).toBe(2);
      expect(await requestsFor(lab, memory)).toBe(2);
    },
  );

  it('is sent again where a host does not take it there, which is tried once', async () => {
    await using lab = await disposable({ bodyWithLogin: false });
    const memory = new WinRmMemory();
    expect(await requestsFor(lab, memory)).toBe(3);
    expect(await requestsFor(lab, memory)).toBe(2 + 3);
    expect(await requestsFor(lab, memory)).toBe(3);
  });

  it.each([
    ['http', 3],
    ['https', 2],
  ] as const)(
    'over %s goes with the login, if it must not be done twice, only where TLS keeps others away and the host is known to take it',
    async (scheme, requests) => {
      await using lab = await disposable(scheme === 'http' ? {} : { tls: makeCertificate() });
      const memory = new WinRmMemory();
      await requestsFor(lab, memory);
      expect(await requestsFor(lab, memory, {}, false)).toBe(3);
      expect(await requestsFor(lab, memory)).toBe(2);
      expect(await requestsFor(lab, memory, {}, false)).toBe(requests);
    },
  );

  it('is never a reason for a second try with a password that has not been good yet', async () => {
    await using lab = await disposable({});
    const auth = { ...lab.client().auth, password: () => 'wrong' };
    const memory = new WinRmMemory();
    await requestsFor(lab, memory);
    const other = new WinRmMemory();
    const count = await countRequests(lab.endpoint.port, async () => {
      await expect(requestsFor(lab, other, { auth })).rejects.toMatchObject({ code: 'unauthenticated' });
    });
    expect(count).toBe(2);
  });

  it('goes with the only request by Basic, unless it must not be done twice', async () => {
    await using lab = await disposable({ tls: makeCertificate() });
    const auth = { ...lab.client().auth, mechanisms: ['basic'] as const };
    expect(await requestsFor(lab, new WinRmMemory(), { auth })).toBe(1);
    expect(await requestsFor(lab, new WinRmMemory(), { auth }, false)).toBe(2);
  });
});

describe("an answer to a first message that is not the host's own", () => {
  const page = (status: number, more = '') =>
    `HTTP/1.1 ${status} X\r\nContent-Type: text/html\r\n${more}Content-Length: 1\r\n\r\nx`;
  const soap =
    'HTTP/1.1 200 X\r\nContent-Type: application/soap+xml\r\nWWW-Authenticate: Negotiate AAAA\r\nContent-Length: 4\r\n\r\n<a/>';

  it.each([
    ['HTTP 500 with a page', page(500)],
    ['HTTP 400', page(400)],
    ['HTTP 200 with a page', page(200)],
    ['HTTP 200 with a token that is none', page(200, 'WWW-Authenticate: Negotiate AAAA\r\n')],
  ])('(%s) has the message sent without the login from then on', async (_, answer) => {
    await using lab = await disposable({});
    const memory = new WinRmMemory();
    await using between = await startBetween(lab, {}, answer, 0);
    await requestsFor(lab, memory, { port: between.port });
    between.left = Number.POSITIVE_INFINITY;
    for (const answered of [1, 1, 1]) {
      await requestsFor(lab, memory, { port: between.port });
      expect(between.answered).toBe(answered);
    }
  });

  it.each([
    ['HTTP 503', page(503)],
    ['HTTP 502', page(502)],
  ])('(%s) says nothing of what the host takes', async (_, answer) => {
    await using lab = await disposable({});
    const memory = new WinRmMemory();
    await using between = await startBetween(lab, {}, answer, 0);
    await requestsFor(lab, memory, { port: between.port });
    between.left = 1;
    await requestsFor(lab, memory, { port: between.port });
    expect(between.answered).toBe(1);
    expect(await requestsFor(lab, memory, { port: between.port })).toBe(2);
  });

  it.each([
    ['HTTP 400', page(400)],
    ['HTTP 401', page(401)],
    ['HTTP 401 with one more token', page(401, 'WWW-Authenticate: Negotiate oQcwBaADCgEB\r\n')],
    ['a token that is none', soap],
    ['more than is read', `HTTP/1.1 200 X\r\nContent-Length: ${2 ** 25 + 1}\r\n\r\n${'x'.repeat(2 ** 25 + 1)}`],
  ])('(%s) leaves open over TLS whether it was processed, if it must not be done twice', async (_, answer) => {
    const certificate = makeCertificate();
    await using lab = await disposable({ tls: certificate });
    const memory = new WinRmMemory();
    await using between = await startBetween(lab, certificate, answer, 0);
    const changes = {
      port: between.port,
      tls: { ca: certificate.cert, servername: 'pc1.lab.test', channelBinding: false },
    };
    await requestsFor(lab, memory, changes);
    await requestsFor(lab, memory, changes);
    expect(await requestsFor(lab, memory, changes, false)).toBe(2);
    between.left = 1;
    await expect(requestsFor(lab, memory, changes, false)).rejects.toMatchObject({ code: 'dropped' });
    expect(between.answered).toBe(1);
  });

  it('is no reason to show a password twice that is refused where messages were taken before', async () => {
    const users = [{ name: 'op', domain: 'LAB', password: labPassword }];
    await using lab = await disposable({ users });
    const memory = new WinRmMemory();
    await requestsFor(lab, memory);
    await requestsFor(lab, memory);
    users.splice(0, 1, { name: 'op', domain: 'LAB', password: 'another' });
    for (const _ of ['at once', 'later']) {
      const count = await countRequests(lab.endpoint.port, async () => {
        await expect(requestsFor(lab, memory)).rejects.toMatchObject({ code: 'unauthenticated' });
      });
      expect(count).toBe(2);
    }
  });
});

describe('a password that is changed on the host before it is known whether the host takes a first message', () => {
  it('is shown a second time at most once: later logins make no trial until one is good', async () => {
    const users = [{ name: 'op', domain: 'LAB', password: labPassword }];
    await using lab = await disposable({ users });
    const memory = new WinRmMemory();
    expect(await requestsFor(lab, memory)).toBe(3);
    users.splice(0, 1, { name: 'op', domain: 'LAB', password: 'another' });
    const counts: number[] = [];
    for (const _ of ['a trial, and without one', 'later', 'again']) {
      const failing = async () => {
        await expect(requestsFor(lab, memory)).rejects.toMatchObject({ code: 'unauthenticated' });
      };
      counts.push(await countRequests(lab.endpoint.port, failing));
    }
    expect(counts).toEqual([2 + 2, 2, 2]);
    users.splice(0, 1, { name: 'op', domain: 'LAB', password: labPassword });
    expect(await requestsFor(lab, memory)).toBe(3);
    expect(await requestsFor(lab, memory)).toBe(2);
  });
});

/** Something between that answers messages that go with a login, so many times, in place of the host. */
async function startBetween(
  lab: WinRmLab,
  certificate: { readonly key?: string; readonly cert?: string },
  answer: string,
  times: number,
) {
  const state = { left: times, answered: 0 };
  const take = (client: Socket): void => {
    const { port } = lab.endpoint;
    const host =
      certificate.key === undefined ? connect(port, '127.0.0.1') : connectTls({ port, rejectUnauthorized: false });
    client.on('data', (bytes: Buffer) => {
      const carries =
        /authorization: negotiate/iu.test(bytes.toString('latin1')) &&
        !/content-length: 0\r/iu.test(bytes.toString('latin1'));
      if (!carries || state.left <= 0) return void host.write(bytes);
      state.left--;
      state.answered++;
      client.write(answer);
    });
    host.on('data', (bytes: Buffer) => client.write(bytes));
    client.on('error', () => undefined).on('close', () => host.destroy());
    host.on('error', () => undefined).on('close', () => client.destroy());
  };
  const server = certificate.key === undefined ? createServer(take) : createTlsServer({ ...certificate }, take);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(state, {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => void server.close(),
  });
}

async function disposable(changes: Parameters<typeof startWinRmLab>[0]): Promise<WinRmLab & AsyncDisposable> {
  const lab = await startWinRmLab(changes);
  return { ...lab, [Symbol.asyncDispose]: () => lab.endpoint.close() };
}
