import { afterEach, describe, expect, it, vi } from 'vitest';
import { Failure } from '../../../src/kernel/failure.ts';
import { encodeReply } from '../../../src/remote/protocol/wsman/encode-reply.ts';
import { makeFault } from '../../../src/remote/protocol/wsman/fault.ts';
import { faultCodes } from '../../../src/remote/protocol/wsman/fault-codes.ts';
import { plainContentType, sealedContentType } from '../../../src/remote/protocol/wsman/sealed-body.ts';
import { WinRmMemory } from '../../../src/remote/transport/winrm/winrm-memory.ts';
import { startRelay } from '../../helpers/tcp-relay.ts';
import { closeAll, echo, open, opened, ranOf, startLab } from './troubled-lab.ts';

afterEach(closeAll);

const http = (status: number, type = 'text/html', body = '', more = '') =>
  Buffer.from(
    `HTTP/1.1 ${status} X\r\nContent-Type: ${type}\r\n${more}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
const fault = (code: number) =>
  encodeReply(makeFault(code, 'so it is said'), {
    messageId: 'uuid:0',
    relatesTo: undefined,
    machine: 'PC1',
    operationId: undefined,
  });
const forgeries: readonly (readonly [string, Buffer])[] = [
  ['a fault that grants no access', http(500, plainContentType, fault(faultCodes.accessDenied))],
  ['a fault that knows no shell', http(500, plainContentType, fault(faultCodes.invalidSelectors))],
  ['HTTP 200 with SOAP', http(200, plainContentType, fault(faultCodes.operationTimedOut))],
  ['HTTP 200 with a page', http(200)],
  ['HTTP 400', http(400)],
  ['HTTP 401', http(401)],
  ['HTTP 403', http(403)],
  ['HTTP 404', http(404)],
  ['HTTP 500 without a word', http(500)],
  ['HTTP 502', http(502)],
  ['HTTP 503', http(503)],
  ['a seal that does not hold', http(200, sealedContentType('spnego'), 'nothing')],
];

/** A lab behind somebody who hands sealed requests on and answers them himself, `times` over. */
const startBehindForger = async (forgery: Buffer, robust: boolean) => {
  const lab = await startLab({ robust, limits: { operationTimeoutMs: 200 } });
  const state = { times: 0, sealed: false, forged: 0 };
  const relay = await startRelay(lab.endpoint.port, (bytes, direction) => {
    if (direction === 'toServer') {
      state.sealed = bytes.includes('multipart/encrypted');
      return { bytes };
    }
    if (state.times === 0 || !state.sealed) return { bytes };
    state.times--;
    state.forged++;
    return { bytes: forgery };
  });
  opened.push(async () => relay.close());
  return { lab, relay, state };
};

describe('an answer in clear to a sealed request, which anybody on the way could have written,', () => {
  it.each(forgeries)(
    '(%s) makes a call neither fail nor run twice where the host keeps its answers',
    async (_, forgery) => {
      const { lab, relay, state } = await startBehindForger(forgery, true);
      const shell = await open(lab, { port: relay.port });
      await shell.invoke(echo('before'));
      state.times = 1;
      expect((await shell.invoke(echo('after'))).output).toEqual(['after']);
      expect(state.forged).toBe(1);
      expect(ranOf(lab)).toBe(2);
    },
  );

  it.each(forgeries)('(%s) never tells that a call did not run where the host keeps none', async (_, forgery) => {
    const { lab, relay, state } = await startBehindForger(forgery, false);
    const shell = await open(lab, { port: relay.port });
    await shell.invoke(echo('before'));
    state.times = 1;
    const verdict = await shell.invoke(echo('after')).then(
      ({ output }) => String(output),
      (error: unknown) => (error instanceof Failure ? error.code : String(error)),
    );
    expect(['after', 'dropped']).toContain(verdict);
    expect(state.forged).toBe(1);
    expect(ranOf(lab)).toBe(2);
  });

  const token = (text: string) => http(200, 'text/html', 'x', `WWW-Authenticate: Negotiate ${text}\r\n`);
  it.each([
    ['HTTP 400', true, http(400)],
    ['HTTP 400', false, http(400)],
    ['no token', true, token('AAAA')],
    ['half a token', true, token('YIIB')],
    ['a token that accepts another mechanism', true, token('oQcwBaADCgED')],
  ] as const)(
    'is not believed either when a session is taken up again (%s, host keeps answers: %s)',
    async (...given) => {
      const [, robust, forgery] = given;
      const { lab, relay, state } = await startBehindForger(forgery, robust);
      const memory = new WinRmMemory();
      // The first session proves the login, the second one that the host takes messages with it.
      for (const n of [1, 2]) {
        const earlier = await open(lab, { memory, port: relay.port });
        await earlier.invoke(echo(n));
        await earlier.close();
      }
      const shell = await open(lab, { memory, port: relay.port });
      await shell.invoke(echo('before'));
      // What an idle session has left to say goes first.
      const requests = lab.endpoint.requests + 1;
      await vi.waitFor(() => expect(lab.endpoint.requests).toBe(requests));
      lab.endpoint.cutConnections();
      await vi.waitFor(() => expect(relay.open).toBe(0));
      state.times = 1;
      const verdict = await shell.invoke(echo('after')).then(
        ({ output }) => String(output),
        (error: unknown) => (error instanceof Failure ? error.code : String(error)),
      );
      expect(robust ? ['after'] : ['after', 'dropped']).toContain(verdict);
      expect(state.forged).toBe(1);
      expect(ranOf(lab)).toBe(4);
    },
  );

  it.each([
    ['keeps its answers', true],
    ['keeps none', false],
  ])(
    'ends the call where it comes three times, whatever asked, and says what came (the host %s)',
    async (_, robust) => {
      const { lab, relay, state } = await startBehindForger(forgeries[0]?.[1] ?? Buffer.alloc(0), robust);
      const unanswered: string[] = [];
      const onExchange = ({ request, response }: { readonly request: string; readonly response?: string }) => {
        if (response === undefined) unanswered.push(request);
      };
      const shell = await open(lab, { port: relay.port, onExchange });
      await shell.invoke(echo('before'));
      state.times = Number.POSITIVE_INFINITY;
      await expect(shell.invoke(echo('after'))).rejects.toMatchObject({
        code: 'dropped',
        message: expect.stringMatching(/in clear \(HTTP 500, fault 5: so it is said\).*HTTPS/u),
        facts: { cause: 'unproven' },
      });
      expect(unanswered).toHaveLength(3);
      expect(ranOf(lab)).toBe(2);
    },
  );

  it('(HTTP 401) says nothing of a password by which the host has let us in', async () => {
    const { lab, relay, state } = await startBehindForger(http(401), true);
    state.times = Number.POSITIVE_INFINITY;
    await expect(open(lab, { port: relay.port })).rejects.toMatchObject({
      code: 'unreachable',
      facts: { cause: 'unproven', httpStatus: 401 },
    });
  });

  it('opens no session: that nothing has run is certain there', async () => {
    const { lab, relay, state } = await startBehindForger(forgeries[0]?.[1] ?? Buffer.alloc(0), true);
    state.times = Number.POSITIVE_INFINITY;
    await expect(open(lab, { port: relay.port })).rejects.toMatchObject({
      code: 'unreachable',
      facts: { cause: 'unproven' },
    });
  });
});
