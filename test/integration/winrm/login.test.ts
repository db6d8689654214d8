import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Connections } from '../../../src/remote/transport/winrm/connections.ts';
import { openWinRmShell } from '../../../src/remote/transport/winrm/open-winrm-shell.ts';
import { WinRmMemory } from '../../../src/remote/transport/winrm/winrm-memory.ts';
import type { WinRmOptions } from '../../../src/remote/transport/winrm/winrm-options.ts';
import { curl } from '../../helpers/curl.ts';
import { makeCertificate } from '../../helpers/make-certificate.ts';
import { startWinRmLab, type WinRmLab } from '../../helpers/winrm-lab.ts';

// curl hashes the bytes of a password as if each were a character: only ASCII gives the hash that Windows has.
const asciiPassword = 'Passw0rd!';
const asciiUsers = [{ name: 'op', domain: 'LAB', password: asciiPassword }];

const open = async (options: WinRmOptions) => {
  const shell = await openWinRmShell(options);
  try {
    return await shell.describe();
  } finally {
    await shell.close();
  }
};

describe('curl, an NTLM client that we did not write,', () => {
  const certificate = makeCertificate();
  let lax: WinRmLab;
  let strict: WinRmLab;
  let secure: WinRmLab;
  beforeAll(async () => {
    const schemes = { negotiate: true, ntlm: true, basic: true };
    const users = asciiUsers;
    lax = await startWinRmLab({ schemes, users, allowUnencrypted: true });
    strict = await startWinRmLab({ schemes, users });
    secure = await startWinRmLab({ schemes, users, tls: certificate });
  });
  afterAll(() => Promise.all([lax, strict, secure].map((lab) => lab.endpoint.close())));

  it('logs in by NTLM over HTTP and gets a SOAP reply', async () => {
    const reply = await curl(lax.endpoint.url, ['--ntlm', '--user', `LAB\\op:${asciiPassword}`]);
    expect(reply).toMatchObject({ exit: 0, status: '200' });
    expect(reply.body).toContain('IdentifyResponse');
  });

  it('logs in by NTLM over HTTPS', async () => {
    const reply = await curl(secure.endpoint.url, ['--insecure', '--ntlm', '--user', `op:${asciiPassword}`]);
    expect(reply).toMatchObject({ exit: 0, status: '200' });
    expect(reply.body).toContain('IdentifyResponse');
  });

  it('is refused with a wrong password', async () => {
    expect(await curl(lax.endpoint.url, ['--ntlm', '--user', 'LAB\\op:wrong'])).toMatchObject({
      exit: 0,
      status: '401',
    });
  });

  it('is refused on plain HTTP because its body is not sealed, without a word, as Windows does', async () => {
    const reply = await curl(strict.endpoint.url, ['--ntlm', '--user', `LAB\\op:${asciiPassword}`]);
    expect(reply).toEqual({ exit: 0, status: '500', body: '' });
  });

  it('gets in by Basic over HTTPS only', async () => {
    expect((await curl(secure.endpoint.url, ['--insecure', '--user', `op:${asciiPassword}`])).status).toBe('200');
    expect((await curl(lax.endpoint.url, ['--user', `op:${asciiPassword}`])).status).toBe('401');
  });

  it('finds no NTLM scheme on an endpoint with its defaults', async () => {
    const lab = await startWinRmLab({ users: asciiUsers, allowUnencrypted: true });
    expect((await curl(lab.endpoint.url, ['--ntlm', '--user', `LAB\\op:${asciiPassword}`])).status).toBe('401');
    await lab.endpoint.close();
  });

  it('may ask who is there without a login', async () => {
    const reply = await curl(strict.endpoint.url, ['--header', 'WSMANIDENTIFY: unauthenticated']);
    expect(reply.status).toBe('200');
    expect(reply.body).toContain('IdentifyResponse');
  });
});

describe('our client', () => {
  const certificate = makeCertificate();
  let plain: WinRmLab;
  let secure: WinRmLab;
  beforeAll(async () => {
    plain = await startWinRmLab();
    secure = await startWinRmLab({ tls: certificate });
  });
  afterAll(() => Promise.all([plain, secure].map((lab) => lab.endpoint.close())));
  const auth = (changes: Partial<WinRmOptions['auth']>) => ({ auth: { ...plain.client().auth, ...changes } });

  it('says how it is connected', async () => {
    expect(await open(plain.client())).toMatchObject({
      host: '127.0.0.1',
      transport: 'winrm',
      mechanism: 'ntlm',
      sealed: true,
      psVersion: '5.1.20348.1',
      protocolVersion: '2.3',
    });
    expect(await open(secure.client(auth({ mechanisms: ['basic'] })))).toMatchObject({
      mechanism: 'basic',
      sealed: false,
    });
  });

  it('passes over mechanisms that the host does not offer', async () => {
    expect(await open(plain.client(auth({ mechanisms: ['ntlm', 'negotiate'] })))).toMatchObject({
      mechanism: 'ntlm',
    });
  });

  it('warns at each step to another mechanism, with the reason, and once', async () => {
    const warnings: string[] = [];
    const memory = new WinRmMemory();
    const options = plain.client({
      ...auth({ mechanisms: ['kerberos', 'certificate', 'ntlm', 'negotiate'] }),
      memory,
      warn: (text) => warnings.push(text),
    });
    for (const _ of [1, 2]) await open(options);
    expect(warnings).toEqual([
      expect.stringMatching(/kerberos did not come about, certificate is tried as configured: .*is an address/u),
      expect.stringMatching(/certificate did not come about, ntlm is tried as configured: needs TLS/u),
      expect.stringMatching(/ntlm did not come about, negotiate is tried as configured: the host offers Negotiate/u),
    ]);
  });

  it('says of mechanisms that do not fit what the host takes, what is allowed, and where to change it', async () => {
    const failure = open(plain.client(auth({ mechanisms: ['ntlm', 'basic'] })));
    await expect(failure).rejects.toMatchObject({
      code: 'unauthenticated',
      message: expect.stringMatching(
        /No mechanism .* is left: ntlm \(the host offers Negotiate\), basic \(needs TLS\)\. Allowed here: ntlm, basic\. The host takes kerberos, negotiate\. .*inventory/u,
      ),
    });
  });

  it.each<[string, string, () => WinRmOptions | Promise<WinRmOptions>]>([
    ['unauthenticated', 'a wrong password', () => plain.client(auth({ password: () => 'wrong' }))],
    [
      'unauthenticated',
      'a wrong password with Basic',
      () => secure.client(auth({ mechanisms: ['basic'], password: () => 'no' })),
    ],
    ['unauthenticated', 'an unknown account', () => plain.client(auth({ username: 'LAB\\nobody' }))],
    [
      'unauthenticated',
      'Basic over plain HTTP, before the password is sent',
      () => plain.client(auth({ mechanisms: ['basic'] })),
    ],
    ['unauthenticated', 'a mechanism that is not offered', () => plain.client(auth({ mechanisms: ['ntlm'] }))],
    ['forbidden', 'an account that may not open sessions', () => plain.client(auth({ username: 'LAB\\guest' }))],
    ['unreachable', 'a session configuration that does not exist', () => plain.client({ configurationName: 'Other' })],
    ['untrusted-host', 'a certificate that nobody vouches for', () => secure.client({ tls: {} })],
    [
      'untrusted-host',
      'a certificate for another name',
      () => secure.client({ tls: { ca: certificate.cert, servername: 'pc2.lab.test' } }),
    ],
    ['unreachable', 'plain HTTP on a TLS port', () => ({ ...plain.client(), port: secure.endpoint.port })],
    ['unreachable', 'a name that does not resolve', () => plain.client({ host: 'no-such-host.invalid' })],
  ])('fails %s for %s', async (code, _, options) => {
    await expect(open(await options())).rejects.toMatchObject({ name: 'Failure', code });
  });

  it('fails unreachable where nothing listens', async () => {
    const gone = await startWinRmLab();
    const options = gone.client();
    await gone.endpoint.close();
    await expect(open(options)).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('quickconfig'),
    });
  });

  it('fails unreachable where something else than WinRM listens', async () => {
    const server = createServer((_, response) => response.writeHead(404).end('nothing here'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await expect(open(plain.client({ port }))).rejects.toMatchObject({ code: 'unreachable' });
    server.closeAllConnections();
    server.close();
  });

  it('fails unreachable within its limit where a port takes connections and says nothing', async () => {
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await expect(open(plain.client({ port, connectTimeoutMs: 200 }))).rejects.toMatchObject({ code: 'unreachable' });
    server.closeAllConnections();
    server.close();
  });

  it('gives up opening when its signal is aborted', async () => {
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const reason = new Error('never mind');
    const controller = new AbortController();
    const opening = openWinRmShell(plain.client({ port }), controller.signal);
    controller.abort(reason);
    await expect(opening).rejects.toBe(reason);
    server.closeAllConnections();
    server.close();
  });

  it('shows a wrong password once, though several connections of a session want to log in', async () => {
    let shown = 0;
    const password = () => {
      shown++;
      return 'wrong';
    };
    const connections = new Connections(plain.client(auth({ password })));
    const calls = [1, 2, 3].map(() => connections.exchange('<a/>', 'short', { timeoutMs: 5_000 }));
    const codes = (await Promise.allSettled(calls)).map((each) => each.status === 'rejected' && each.reason.code);
    expect(codes).toEqual(['unauthenticated', 'unauthenticated', 'unauthenticated']);
    expect(shown).toBe(1);
    connections.close();
  });

  it('shows the password in no failure', async () => {
    const outcome = await open(plain.client(auth({ password: () => 'top-secret-word' }))).catch(
      (error: unknown) => error,
    );
    expect(JSON.stringify(outcome, Object.getOwnPropertyNames(outcome))).not.toContain('top-secret-word');
  });
});
