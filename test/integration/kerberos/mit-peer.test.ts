import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WinRmConnection } from '../../../src/remote/transport/winrm/winrm-connection.ts';
import { WinRmMemory } from '../../../src/remote/transport/winrm/winrm-memory.ts';
import type { Mechanism, WinRmOptions } from '../../../src/remote/transport/winrm/winrm-options.ts';
import { type GssPeer, startGssPeer } from '../../helpers/gss-peer.ts';
import { makeCertificate } from '../../helpers/make-certificate.ts';
import { enctypesByService, type MitRealm, realmPassword, run, startMitRealm } from '../../helpers/mit-realm.ts';

const limits = { timeoutMs: 10_000, harmless: true };
const spn = 'HTTP/pc1.lab.test';

describe('Kerberos against a KDC and GSS-API of MIT', () => {
  const certificate = makeCertificate();
  let realm: MitRealm;
  let plain: GssPeer;
  let secure: GssPeer;
  let elsewhere: GssPeer;
  /** Where the product's temporary folders would lie. */
  let temporary: string;
  beforeAll(async () => {
    realm = await startMitRealm();
    temporary = await mkdtemp(join(tmpdir(), 'kintsugi-test-'));
    // The tools that the product starts look at these.
    Object.assign(process.env, realm.env, { TMPDIR: temporary });
    const files = [join(realm.folder, 'cert.pem'), join(realm.folder, 'key.pem')] as const;
    await writeFile(files[0], certificate.cert);
    await writeFile(files[1], certificate.key);
    const other = makeCertificate();
    const otherFile = join(realm.folder, 'other.pem');
    await writeFile(otherFile, other.cert + other.key);
    const env = { ...realm.env, KRB5_KTNAME: realm.keytab };
    [plain, secure, elsewhere] = await Promise.all([
      startGssPeer(env),
      startGssPeer(env, '--tls', ...files),
      startGssPeer(env, '--tls', otherFile, otherFile),
    ]);
  });
  afterAll(async () => {
    for (const each of [plain, secure, elsewhere, realm]) await each[Symbol.asyncDispose]();
    await rm(temporary, { recursive: true });
  });
  const options = (peer: GssPeer, changes: Partial<WinRmOptions> = {}): WinRmOptions => ({
    host: '127.0.0.1',
    port: peer.port,
    auth: auth(),
    kerberos: { spn },
    connectTimeoutMs: 20_000,
    operationTimeoutMs: 20_000,
    ...(peer === plain ? {} : { tls: { ca: certificate.cert, servername: 'pc1.lab.test' } }),
    ...changes,
  });
  const auth = (changes: Partial<WinRmOptions['auth']> = {}): WinRmOptions['auth'] => ({
    mechanisms: ['kerberos'],
    username: 'op@lab.test',
    password: () => realmPassword,
    ...changes,
  });
  /** What the peer saw of one message. */
  const ask = async (given: WinRmOptions) => {
    const connection = new WinRmConnection(given);
    try {
      const answer = await connection.exchange('<text/>', limits);
      expect(answer.endsWith('\n<text/>')).toBe(true);
      return { seen: answer.split('\n')[0], sealed: connection.sealed, mechanism: connection.mechanism };
    } finally {
      connection.close();
    }
  };

  it.each(Object.entries(enctypesByService))('%s: bodies of all sizes are sealed both ways (%s)', async (service) => {
    const connection = new WinRmConnection(options(plain, { kerberos: { spn: service } }));
    for (const size of [1, 15, 16, 17, 31, 32, 33, 1000, 153_600]) {
      const text = 'ü'.repeat(size);
      const answer = await connection.exchange(text, limits);
      expect(answer.slice(answer.indexOf('\n') + 1)).toBe(text);
      expect(answer).toContain('who="op@LAB.TEST" mechanism="<OID 1.2.840.113554.1.2.2>"');
    }
    expect(connection).toMatchObject({ mechanism: 'kerberos', sealed: true });
    connection.close();
  });

  it.each<Mechanism>(['kerberos', 'negotiate'])('%s: over TLS the message goes with the login', async (mechanism) => {
    const { seen, sealed } = await ask(options(secure, { auth: auth({ mechanisms: [mechanism] }) }));
    expect(seen).toContain('requests="1" who="op@LAB.TEST"');
    expect(sealed).toBe(false);
  });

  it('within SPNEGO it is Kerberos, sealed over plain HTTP', async () => {
    expect(await ask(options(plain, { auth: auth({ mechanisms: ['negotiate'] }) }))).toMatchObject({
      seen: expect.stringContaining('requests="2" who="op@LAB.TEST"'),
      sealed: true,
      mechanism: 'kerberos',
    });
  });

  it('is refused where the channel bindings are those of another certificate', async () => {
    const front = options(elsewhere, { tls: { rejectUnauthorized: false }, warn: () => undefined });
    expect((await ask(front)).seen).toContain('who="op@LAB.TEST"');
    // The certificate that the client sees is not the one that the server believes to have shown.
    const key = makeCertificate();
    const file = join(realm.folder, 'relay.pem');
    await writeFile(file, key.cert + key.key);
    await using relay = await startGssPeer(
      { ...realm.env, KRB5_KTNAME: realm.keytab },
      '--tls',
      file,
      file,
      '--bindings-of',
      join(realm.folder, 'cert.pem'),
    );
    await expect(ask({ ...front, port: relay.port })).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('takes a message again without the login where a host refuses it there, and remembers that', async () => {
    await using strict = await startGssPeer(
      { ...realm.env, KRB5_KTNAME: realm.keytab },
      '--no-body',
      '--tls',
      join(realm.folder, 'cert.pem'),
      join(realm.folder, 'key.pem'),
    );
    const given = { ...options(secure), port: strict.port, memory: new WinRmMemory() };
    // The refused one was on a connection that was given up.
    expect((await ask(given)).seen).toContain('requests="2"');
    expect((await ask(given)).seen).toContain('requests="2"');
  });

  it('takes tickets by a keytab, and from a cache that somebody else keeps, which it leaves as it was', async () => {
    const byKeytab = options(plain, { auth: auth({ username: 'robot' }), kerberos: { spn, keytab: realm.keytab } });
    expect((await ask(byKeytab)).seen).toContain('who="robot@LAB.TEST"');
    const cache = join(realm.folder, 'cache');
    await run('kinit', ['-c', cache, 'op'], { env: realm.env, input: `${realmPassword}\n` });
    const before = await readFile(cache);
    expect((await ask(options(plain, { kerberos: { spn, cache } }))).seen).toContain('who="op@LAB.TEST"');
    process.env['KRB5CCNAME'] = `FILE:${cache}`;
    expect((await ask(options(plain, { kerberos: { spn, cache: 'default' } }))).seen).toContain('who="op@LAB.TEST"');
    expect(await readFile(cache)).toEqual(before);
  });

  it('tells by how much the clocks differ where the host finds the login too old', async () => {
    const cache = join(realm.folder, 'skewed');
    await run('kinit', ['-c', cache, 'op'], { env: realm.env, input: `${realmPassword}\n` });
    await run('kvno', ['-c', cache, spn], { env: realm.env });
    const bytes = await readFile(cache);
    // The header of the cache says how far the KDC's clock is from ours: an hour, says this one.
    bytes.writeInt32BE(-3600, 8);
    await writeFile(cache, bytes);
    const failure: unknown = await ask(options(plain, { kerberos: { spn, cache } })).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'clock-skew',
      message: expect.stringMatching(/the host's is 3[56]\d\d s ahead of/u),
    });
  });

  it.each<[string, string, RegExp, () => Partial<WinRmOptions>]>([
    ['unauthenticated', 'a wrong password', /Check the password/u, () => ({ auth: auth({ password: () => 'wrong' }) })],
    ['unauthenticated', 'an unknown user', /knows no such name/u, () => ({ auth: auth({ username: 'nobody' }) })],
    [
      'unauthenticated',
      'a service without an account',
      /setspn -Q/u,
      () => ({ kerberos: { spn: 'HTTP/no.lab.test' } }),
    ],
    ['unauthenticated', 'an address without a name', /kerberos\.spn/u, () => ({ kerberos: {} })],
    ['unreachable', 'a realm without a KDC', /No domain controller/u, () => ({ kerberos: { spn, realm: 'FAR.TEST' } })],
    ['unauthenticated', 'a cache that is not there', /cannot be read/u, () => ({ kerberos: { spn, cache: '/none' } })],
    ['unauthenticated', 'a keytab that is not there', /keytab/u, () => ({ kerberos: { spn, keytab: '/none' } })],
    ['unauthenticated', 'a cache of another type', /type FILE/u, () => ({ kerberos: { spn, cache: 'KEYRING:x' } })],
  ])('fails %s for %s', async (code, _, message, changes) => {
    const given = options(plain, changes());
    await expect(ask(given)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('names the package where the tools are not installed', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = '/nowhere';
    try {
      await expect(ask(options(plain))).rejects.toMatchObject({ message: expect.stringContaining('krb5-user') });
    } finally {
      process.env['PATH'] = path;
    }
  });

  it('goes on with what is configured next, loudly, and with nothing else', async () => {
    const warnings: string[] = [];
    const mechanisms: Mechanism[] = ['kerberos', 'basic'];
    const given = options(plain, {
      auth: auth({ mechanisms, username: 'nobody@lab.test' }),
      warn: (text) => warnings.push(text),
    });
    await expect(ask(given)).rejects.toMatchObject({
      code: 'unauthenticated',
      message: expect.stringContaining('basic (needs TLS)'),
    });
    expect(warnings.join()).toMatch(/kerberos did not come about, basic is tried as configured/u);
  });

  it('shows the password and the secrets of others to no process list', async () => {
    const folder = join(realm.folder, 'bin');
    const log = join(realm.folder, 'seen');
    await mkdir(folder);
    // Stands before the real tool and notes how it was called.
    const script = `#!/bin/sh\n{ echo "$@"; env; } >> ${log}\nexec /usr/bin/kinit "$@"\n`;
    await writeFile(join(folder, 'kinit'), script, { mode: 0o755 });
    const path = process.env['PATH'];
    Object.assign(process.env, { PATH: `${folder}:${path}`, KT_OTHER_SECRET: 'not-for-tools' });
    try {
      await ask(options(plain));
    } finally {
      process.env['PATH'] = path;
    }
    const seen = await readFile(log, 'utf8');
    expect(seen).toContain('-- op@LAB.TEST');
    expect(seen).toContain('KRB5_CONFIG=');
    for (const secret of [realmPassword, 'not-for-tools']) expect(seen).not.toContain(secret);
  });

  it('leaves nothing behind in the folder for temporary files', async () => {
    await ask(options(plain));
    expect(await readdir(temporary)).toEqual([]);
  });
});
