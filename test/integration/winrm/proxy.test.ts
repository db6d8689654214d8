import { createHash, X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWinRmShell } from '../../../src/remote/transport/winrm/open-winrm-shell.ts';
import type { WinRmOptions } from '../../../src/remote/transport/winrm/winrm-options.ts';
import { contractScripts } from '../../contract/remote-shell-scripts.ts';
import { type ConnectProxy, startConnectProxy } from '../../helpers/connect-proxy.ts';
import { makeCertificate } from '../../helpers/make-certificate.ts';
import { startWinRmLab, type WinRmLab } from '../../helpers/winrm-lab.ts';

const open = async (options: WinRmOptions) => {
  const shell = await openWinRmShell(options);
  await shell.close();
  return shell.info;
};

describe('an HTTP proxy', () => {
  let proxy: ConnectProxy;
  let plain: WinRmLab;
  let secure: WinRmLab;
  beforeAll(async () => {
    proxy = await startConnectProxy('pat:of the proxy');
    plain = await startWinRmLab();
    secure = await startWinRmLab({ tls: makeCertificate() });
  });
  afterAll(async () => {
    await Promise.all([plain, secure].map((lab) => lab.endpoint.close()));
    await proxy[Symbol.asyncDispose]();
  });
  const through = (password: string) => ({ url: proxy.url, username: 'pat', password: () => password });

  it.each(['http', 'https'])('tunnels each connection over %s, and the login stays with it', async (scheme) => {
    const lab = scheme === 'http' ? plain : secure;
    const before = proxy.asked.length;
    const shell = await openWinRmShell(lab.client({ proxy: through('of the proxy') }));
    // A stop beside the output that is awaited takes a second connection.
    const stop = new AbortController();
    const onStream = () => stop.abort(new Error('enough'));
    const call = shell.invoke({ kind: 'script', text: contractScripts.endless }, { signal: stop.signal, onStream });
    await expect(call).rejects.toThrow('enough');
    await shell.close();
    expect(shell.info).toMatchObject({ mechanism: 'ntlm' });
    const place = `200 127.0.0.1:${lab.endpoint.port}`;
    expect(proxy.asked.slice(before)).toEqual([place, place]);
  });

  it('leaves TLS as it is: the pin is compared and the login bound to the certificate behind it', async () => {
    const { tls } = secure.client();
    const pin = createHash('sha256')
      .update(new X509Certificate(String(tls?.ca)).raw)
      .digest('hex');
    const way = { proxy: through('of the proxy') };
    expect(await open(secure.client({ ...way, tls: { ...tls, pin: [pin] } }))).toMatchObject({ mechanism: 'ntlm' });
    const wrong = openWinRmShell(secure.client({ ...way, tls: { ...tls, pin: ['00'.repeat(32)] } }));
    await expect(wrong).rejects.toMatchObject({ code: 'untrusted-host' });
    // Its authority is not known: nothing may be written before that is found.
    const unknown = openWinRmShell(secure.client({ ...way, tls: { servername: 'pc1.lab.test' } }));
    await expect(unknown).rejects.toMatchObject({ code: 'untrusted-host' });
  });

  it('refuses who does not know its password; the failure says so and shows none', async () => {
    const failure: unknown = await open(plain.client({ proxy: through('guessed') })).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'unreachable', message: expect.stringContaining('HTTP 407') });
    expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toContain('guessed');
  });

  it('that is away makes the host unreachable', async () => {
    const away = await startConnectProxy();
    await away[Symbol.asyncDispose]();
    await expect(open(plain.client({ proxy: { url: away.url } }))).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('that finds no host answers so', async () => {
    const silent = await startConnectProxy();
    const nowhere = await startWinRmLab();
    await nowhere.endpoint.close();
    const given = nowhere.client({ proxy: { url: silent.url } });
    await expect(open(given)).rejects.toMatchObject({ code: 'unreachable' });
    await silent[Symbol.asyncDispose]();
  });
});
