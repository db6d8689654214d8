import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withoutCredentials } from '../../../src/remote/protocol/kerberos/credential-cache.ts';
import { TicketKeeper } from '../../../src/remote/transport/kerberos/ticket-keeper.ts';
import { openWinRmShell } from '../../../src/remote/transport/winrm/open-winrm-shell.ts';
import { WinRmMemory } from '../../../src/remote/transport/winrm/winrm-memory.ts';
import type { Mechanism, WinRmOptions } from '../../../src/remote/transport/winrm/winrm-options.ts';
import { curl } from '../../helpers/curl.ts';
import { makeCertificate } from '../../helpers/make-certificate.ts';
import { type MitRealm, readRealmKeytab, realmPassword, run, startMitRealm } from '../../helpers/mit-realm.ts';
import { startWinRmLab, type WinRmLab } from '../../helpers/winrm-lab.ts';

const ntlmPassword = 'Passw0rd!';

describe("the lab's endpoint", () => {
  const certificate = makeCertificate();
  let realm: MitRealm;
  let keytab: Buffer;
  let plain: WinRmLab;
  let secure: WinRmLab;
  let lax: WinRmLab;
  let ntlmEnv: Readonly<Record<string, string>>;
  beforeAll(async () => {
    realm = await startMitRealm();
    Object.assign(process.env, realm.env);
    keytab = await readRealmKeytab(realm);
    const users = [{ name: 'op', domain: 'LAB', password: ntlmPassword }];
    plain = await startWinRmLab({ keytab });
    secure = await startWinRmLab({ keytab, tls: certificate });
    lax = await startWinRmLab({ keytab, users, allowUnencrypted: true });
    const cache = join(realm.folder, 'curl');
    await run('kinit', ['-c', cache, 'op'], { env: realm.env, input: `${realmPassword}\n` });
    process.env['KRB5CCNAME'] = `FILE:${cache}`;
    const file = join(realm.folder, 'ntlm');
    await writeFile(file, `LAB:op:${ntlmPassword}\n`);
    ntlmEnv = { NTLM_USER_FILE: file, KRB5CCNAME: 'FILE:/nowhere' };
  });
  afterAll(async () => {
    await Promise.all([plain, secure, lax].map((lab) => lab.endpoint.close()));
    await realm[Symbol.asyncDispose]();
  });
  const address = (lab: WinRmLab) => lab.endpoint.url.replace('127.0.0.1', 'pc1.lab.test');
  const negotiate = (lab: WinRmLab) => [
    '--negotiate',
    '--user',
    ':',
    '--insecure',
    '--resolve',
    `pc1.lab.test:${lab.endpoint.port}:127.0.0.1`,
  ];
  const open = async (lab: WinRmLab, mechanism: Mechanism, changes: Partial<WinRmOptions> = {}) => {
    const shell = await openWinRmShell(
      lab.client({
        auth: { mechanisms: [mechanism], username: 'op', password: () => realmPassword },
        kerberos: { spn: 'HTTP/pc1.lab.test' },
        ...changes,
      }),
    );
    await shell.close();
    return shell.info;
  };

  it.each(['--negotiate over HTTPS', '--negotiate over HTTP'])('takes curl %s with a ticket', async (way) => {
    const lab = way.endsWith('S') ? secure : lax;
    const reply = await curl(address(lab), negotiate(lab));
    expect(reply).toMatchObject({ exit: 0, status: '200' });
    expect(reply.body).toContain('IdentifyResponse');
  });

  it('takes curl --negotiate with NTLM of GSS-NTLMSSP within SPNEGO', async () => {
    const reply = await curl(address(lax), negotiate(lax), ntlmEnv);
    expect(reply).toMatchObject({ exit: 0, status: '200' });
    expect(reply.body).toContain('IdentifyResponse');
  });

  it('refuses curl --negotiate with a wrong password, and without any ticket', async () => {
    const file = join(realm.folder, 'wrong');
    await writeFile(file, 'LAB:op:wrong\n');
    expect(await curl(address(lax), negotiate(lax), { ...ntlmEnv, NTLM_USER_FILE: file })).toMatchObject({
      status: '401',
    });
    const nobody = { KRB5CCNAME: 'FILE:/nowhere', NTLM_USER_FILE: '/nowhere' };
    expect(await curl(address(lax), negotiate(lax), nobody)).toMatchObject({ status: '401' });
  });

  it.each<[Mechanism, string]>([
    ['kerberos', 'HTTP'],
    ['negotiate', 'HTTP'],
    ['kerberos', 'HTTPS'],
    ['negotiate', 'HTTPS'],
  ])('opens a session by %s over %s', async (mechanism, way) => {
    const info = await open(way === 'HTTP' ? plain : secure, mechanism);
    expect(info).toMatchObject({ mechanism: 'kerberos', sealed: way === 'HTTP' });
  });

  it('tells by how much its clock differs', async () => {
    const late = await startWinRmLab({ keytab, clock: { now: () => Date.now() - 600_000 } });
    await expect(open(late, 'kerberos')).rejects.toMatchObject({
      code: 'clock-skew',
      message: expect.stringMatching(/is 6\d\d s behind/u),
    });
    await late.endpoint.close();
  });

  it('refuses a ticket for a service whose key it has not', async () => {
    const other = await startWinRmLab({ keytab: Buffer.from('0502', 'hex') });
    await expect(open(other, 'kerberos')).rejects.toMatchObject({
      code: 'unauthenticated',
      message: expect.stringContaining('error 45'),
    });
    await other.endpoint.close();
  });

  it('is not shown a ticket of a kept cache again that it refused: another one is bought, and the cache stays as it is', async () => {
    const name = 'HTTP/sha1-256.lab.test';
    const file = join(realm.folder, 'kept');
    await run('kinit', ['-c', file, 'op'], { env: realm.env, input: `${realmPassword}\n` });
    await run('kvno', ['-q', '-c', file, name], { env: realm.env });
    const before = await readFile(file);
    // The host gets another key, as when it joins its domain again: the ticket in the cache is worth nothing now.
    const fresh = join(realm.folder, 'fresh.keytab');
    await realm.admin(`cpw -randkey ${name}`, `ktadd -norandkey -k ${fresh} ${name}`);
    await using rejoined = disposable(await startWinRmLab({ keytab: await readFile(fresh) }));
    const withCache = (cache: string, memory: WinRmMemory) =>
      open(rejoined, 'kerberos', { kerberos: { spn: name, cache }, memory });
    const memory = new WinRmMemory();
    await expect(withCache(file, memory)).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(await withCache(file, memory)).toMatchObject({ mechanism: 'kerberos' });
    expect(await readFile(file)).toEqual(before);

    const ticketsOnly = join(realm.folder, 'tickets-only');
    await writeFile(
      ticketsOnly,
      withoutCredentials(before, ({ server }) => server.components[0] === 'krbtgt'),
    );
    await expect(withCache(ticketsOnly, memory)).rejects.toMatchObject({
      code: 'unauthenticated',
      message: expect.stringMatching(/did not take the ticket .*Take new tickets: kinit -c FILE:.*tickets-only/u),
    });
  });

  it('loses a ticket by two refusals in a row, where no reason was given: one could be anybody’s on the way', async () => {
    const name = 'HTTP/sha1-256.lab.test';
    const file = join(realm.folder, 'only-one');
    await run('kinit', ['-c', file, 'op'], { env: realm.env, input: `${realmPassword}\n` });
    await run('kvno', ['-q', '-c', file, name], { env: realm.env });
    await writeFile(
      file,
      withoutCredentials(await readFile(file), ({ server }) => server.components[0] === 'krbtgt'),
    );
    const keeper = new TicketKeeper();
    const take = () => keeper.ticket(name, { kind: 'cache', file }, { timeoutMs: 10_000 });
    const ticket = await take();
    keeper.refuse(ticket, false);
    keeper.accept(await take());
    keeper.refuse(await take(), false);
    expect(await take()).toEqual(ticket);
    keeper.refuse(ticket, false);
    await expect(take()).rejects.toMatchObject({ message: expect.stringContaining('kinit -c') });
  });

  it.each<[string, readonly Mechanism[]]>([
    ['kerberos', ['kerberos', 'negotiate', 'ntlm']],
    ['negotiate', ['negotiate', 'ntlm']],
  ])(
    'is not shown a password that the domain has refused (%s first); nor is the domain again',
    async (first, mechanisms) => {
      const name = `pat-${first}`;
      await realm.admin(`addprinc -pw right ${name}`);
      await using lab = disposable(
        await startWinRmLab({ keytab, users: [{ name, domain: 'LAB', password: ntlmPassword }] }),
      );
      const memory = new WinRmMemory();
      const openBy = (password: string, spn: string, known: WinRmMemory) =>
        open(lab, 'kerberos', {
          auth: { mechanisms, username: `${name}@lab.test`, password: () => password },
          kerberos: { spn },
          memory: known,
        });
      await expect(openBy('wrong', 'HTTP/pc1.lab.test', memory)).rejects.toMatchObject({
        code: 'unauthenticated',
        message: expect.stringMatching(/kinit: Password incorrect .*Check the password/u),
      });
      // For another host neither: even now that it is right, the domain is not asked.
      await realm.admin(`cpw -pw wrong ${name}`);
      await expect(openBy('wrong', 'HTTP/sha1-256.lab.test', memory)).rejects.toMatchObject({
        code: 'unauthenticated',
        message: expect.stringMatching(
          /Password incorrect .* until 2.* not shown again.*Another one is tried at once/u,
        ),
      });
      expect(lab.endpoint.requests).toBe(0);
      expect(await openBy('wrong', 'HTTP/pc1.lab.test', new WinRmMemory())).toMatchObject({ mechanism: 'kerberos' });
      // Another one is shown at once.
      await realm.admin(`cpw -pw corrected ${name}`);
      expect(await openBy('corrected', 'HTTP/pc1.lab.test', memory)).toMatchObject({ mechanism: 'kerberos' });
    },
  );

  it('is not shown the password of an account that the domain has locked, until it is open again', async () => {
    await realm.admin('addprinc -pw right -allow_tix locked');
    await using lab = disposable(
      await startWinRmLab({ keytab, users: [{ name: 'locked', domain: 'LAB', password: ntlmPassword }] }),
    );
    const auth = { mechanisms: ['kerberos', 'ntlm'], username: 'locked@lab.test', password: () => 'right' } as const;
    const memory = new WinRmMemory();
    await expect(open(lab, 'kerberos', { auth, memory })).rejects.toMatchObject({
      code: 'unauthenticated',
      message: expect.stringContaining('locked or disabled'),
    });
    expect(lab.endpoint.requests).toBe(0);
    await realm.admin('modprinc +allow_tix locked');
    expect(await open(lab, 'kerberos', { auth, memory })).toMatchObject({ mechanism: 'kerberos' });
  });

  it('within SPNEGO only, where it does not offer the scheme Kerberos: the client finds out', async () => {
    const lab = await startWinRmLab({
      keytab,
      schemes: { negotiate: true, kerberos: false, ntlm: false, basic: false },
    });
    expect(await open(lab, 'kerberos')).toMatchObject({ mechanism: 'kerberos', sealed: true });
    await lab.endpoint.close();
  });
});

const disposable = (lab: WinRmLab): WinRmLab & AsyncDisposable => ({
  ...lab,
  [Symbol.asyncDispose]: () => lab.endpoint.close(),
});
