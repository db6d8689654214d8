import { describe, expect, it } from 'vitest';
import { encodeRequest } from '../../../src/remote/protocol/wsman/requests.ts';
import { WinRmConnection } from '../../../src/remote/transport/winrm/winrm-connection.ts';
import { WinRmMemory } from '../../../src/remote/transport/winrm/winrm-memory.ts';
import type { WinRmOptions } from '../../../src/remote/transport/winrm/winrm-options.ts';
import { countRequests } from '../../helpers/count-requests.ts';
import { makeCertificate } from '../../helpers/make-certificate.ts';
import { startWinRmLab, type WinRmLab } from '../../helpers/winrm-lab.ts';

const identify = encodeRequest(
  { kind: 'identify' },
  { to: '', sessionId: '', messageId: '', operationTimeoutMs: 0, maxEnvelopeBytes: 0 },
);

/** Requests that a connection of its own takes for one message. */
const requestsFor = (lab: WinRmLab, memory: WinRmMemory, changes: Partial<WinRmOptions> = {}, harmless = true) =>
  countRequests(lab.endpoint.port, async () => {
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
    'over %s goes with the login only if it may be done twice, or nobody can forge a refusal',
    async (scheme, requests) => {
      await using lab = await disposable(scheme === 'http' ? {} : { tls: makeCertificate() });
      const memory = new WinRmMemory();
      await requestsFor(lab, memory);
      expect(await requestsFor(lab, memory, {}, false)).toBe(requests);
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

  it('goes with the only request by Basic', async () => {
    await using lab = await disposable({ tls: makeCertificate() });
    const auth = { ...lab.client().auth, mechanisms: ['basic'] as const };
    expect(await requestsFor(lab, new WinRmMemory(), { auth })).toBe(1);
  });
});

async function disposable(changes: Parameters<typeof startWinRmLab>[0]): Promise<WinRmLab & AsyncDisposable> {
  const lab = await startWinRmLab(changes);
  return { ...lab, [Symbol.asyncDispose]: () => lab.endpoint.close() };
}
