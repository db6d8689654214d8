import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WinRmConnection } from '../../../src/remote/transport/winrm/winrm-connection.ts';
import { type GssPeer, startGssPeer } from '../../helpers/gss-peer.ts';
import { domainPassword, domainServices, type SambaDomain, startSambaDomain } from '../../helpers/samba-domain.ts';

describe.skipIf(process.getuid?.() !== 0)("Kerberos in an Active Directory domain of Samba's", () => {
  let domain: SambaDomain;
  let peer: GssPeer;
  beforeAll(async () => {
    domain = await startSambaDomain();
    Object.assign(process.env, domain.env);
    peer = await startGssPeer({ ...domain.env, KRB5_KTNAME: domain.keytab });
  }, 180_000);
  afterAll(async () => {
    await peer[Symbol.asyncDispose]();
    await domain[Symbol.asyncDispose]();
  });
  const connect = (spn: string, mechanism: 'kerberos' | 'negotiate', password = domainPassword) =>
    new WinRmConnection({
      host: '127.0.0.1',
      port: peer.port,
      auth: { mechanisms: [mechanism], username: 'op@lab.test', password: () => password },
      kerberos: { spn },
      connectTimeoutMs: 10_000,
      operationTimeoutMs: 20_000,
    });

  it.each(Object.keys(domainServices))('logs in at %s and seals, alone and within SPNEGO', async (spn) => {
    for (const mechanism of ['kerberos', 'negotiate'] as const) {
      const connection = connect(spn, mechanism);
      for (const text of ['<one/>', 'x'.repeat(40_000)]) {
        const answer = await connection.exchange(text, { timeoutMs: 10_000 });
        expect(answer.slice(answer.indexOf('\n') + 1)).toBe(text);
        expect(answer).toContain('who="op@LAB.TEST"');
      }
      expect(connection).toMatchObject({ mechanism: 'kerberos', sealed: true });
      connection.close();
    }
  });

  it('tells a wrong password', async () => {
    const asking = connect('HTTP/long.lab.test', 'kerberos', 'wrong').exchange('<a/>', { timeoutMs: 10_000 });
    await expect(asking).rejects.toMatchObject({
      code: 'unauthenticated',
      message: expect.stringContaining('Check the password'),
    });
  });
});
