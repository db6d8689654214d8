import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { readCredentialCache } from '../../../src/remote/protocol/kerberos/credential-cache.ts';
import { KerberosClient } from '../../../src/remote/protocol/kerberos/kerberos-client.ts';
import type { MessageSeal } from '../../../src/remote/protocol/security/message-seal.ts';
import type { KerberosPackage } from '../../../src/remote/transport/kerberos/sspi.ts';
import { openWinRmShell } from '../../../src/remote/transport/winrm/open-winrm-shell.ts';
import { WinRmMemory } from '../../../src/remote/transport/winrm/winrm-memory.ts';
import type { WinRmOptions } from '../../../src/remote/transport/winrm/winrm-options.ts';
import { makeCertificate } from '../../helpers/make-certificate.ts';
import { labPassword, startWinRmLab, type WinRmLab } from '../../helpers/winrm-lab.ts';

const readFixture = (name: string) => readFileSync(new URL(`../../fixtures/kerberos/${name}`, import.meta.url));
const spn = 'HTTP/sha1-256.lab.test';
const ticket = readCredentialCache(readFixture('cache-v4')).credentials.find(
  ({ server }) => server.components.join('/') === spn,
)!;
/** A time at which the tickets of the fixtures are good. */
const nowMs = ticket.startsAtMs + 60_000;

type Asked = Parameters<KerberosPackage['initializeClient']>;
type Broken = Partial<Record<'load' | 'initialize' | 'step' | 'answer' | 'wrap' | 'unwrap', string>>;

/** Stands in for the package `kerberos` on Windows: SSPI's side is played by our own client with a ticket of the fixtures. */
const standIn = (broken: Broken = {}) => {
  const asked: Asked[] = [];
  const fail = (where: keyof Broken) => {
    if (broken[where] !== undefined) throw new Error(broken[where]);
  };
  const initializeClient = async (...given: Asked) => {
    asked.push(given);
    fail('initialize');
    const client = new KerberosClient({ ...ticket, clockOffsetMs: 0 }, { nowMs, randomBytes });
    let seal: MessageSeal | undefined;
    return {
      async step(token: string) {
        fail(token === '' ? 'step' : 'answer');
        if (token === '') return client.start().token?.toString('base64') ?? null;
        seal = client.proceed(Buffer.from(token, 'base64')).seal;
        return null;
      },
      async wrap(message: string, { protect }: { protect: boolean }) {
        fail('wrap');
        expect(protect).toBe(true);
        const { signature, sealed } = seal!.seal(Buffer.from(message, 'base64'));
        return Buffer.concat([signature, sealed]).toString('base64');
      },
      async unwrap(message: string) {
        fail('unwrap');
        const token = Buffer.from(message, 'base64');
        return seal!.unseal(token.subarray(0, 60), token.subarray(60)).toString('base64');
      },
    };
  };
  const load = async (): Promise<KerberosPackage> => {
    fail('load');
    return { initializeClient };
  };
  return { asked, memory: new WinRmMemory(load), broken };
};

const labs: WinRmLab[] = [];
afterEach(() => Promise.all(labs.splice(0).map(({ endpoint }) => endpoint.close())));
const start = async (tls?: ReturnType<typeof makeCertificate>) => {
  const lab = await startWinRmLab({
    keytab: readFixture('services.keytab'),
    clock: { now: () => nowMs },
    ...(tls ? { tls } : {}),
  });
  labs.push(lab);
  return lab;
};
const options = (lab: WinRmLab, { memory }: { memory: WinRmMemory }, changes: Partial<WinRmOptions> = {}) =>
  lab.client({
    auth: { mechanisms: ['kerberos'], username: 'LAB\\op', password: () => labPassword },
    kerberos: { spn },
    memory,
    ...changes,
  });
const open = async (given: WinRmOptions) => {
  const shell = await openWinRmShell(given);
  await shell.close();
  return shell.info;
};

describe("Kerberos through Windows' SSPI", () => {
  it("logs in as the host's credential, by the SPN as Windows writes it, and seals over HTTP", async () => {
    const sspi = standIn();
    expect(await open(options(await start(), sspi))).toMatchObject({ mechanism: 'kerberos', sealed: true });
    expect(sspi.asked).toEqual([
      [spn, { flags: 0x1001e, mechOID: 9, user: 'op', domain: 'LAB', password: labPassword }],
    ]);
  });

  it.each([
    ['op@lab.test', undefined, { user: 'op@lab.test', domain: '' }],
    ['op@lab.test', 'OTHER.TEST', { user: 'op', domain: 'OTHER.TEST' }],
  ])('takes %s with the realm %s for %o', async (username, realm, expected) => {
    const sspi = standIn();
    const auth = { mechanisms: ['kerberos'], username, password: () => labPassword } as const;
    await open(options(await start(), sspi, { auth, kerberos: { spn, ...(realm ? { realm } : {}) } }));
    expect(sspi.asked[0]?.[1]).toMatchObject(expected);
  });

  it("logs in as the process's own account only if the settings say so, and asks for no password then", async () => {
    const sspi = standIn();
    const password = () => Promise.reject(new Error('nobody has one'));
    const auth = { mechanisms: ['kerberos'], username: 'gmsa$', password } as const;
    await open(options(await start(), sspi, { auth, kerberos: { spn, cache: 'default' } }));
    expect(sspi.asked).toEqual([[spn, { flags: 0x1001e, mechOID: 9 }]]);
  });

  it.each([
    ['a keytab', { keytab: 'op.keytab' }, labPassword, /neither a credential cache nor a keytab, and op\.keytab/u],
    ['a credential cache', { cache: 'kept.cache' }, labPassword, /neither a credential cache nor a keytab, and kept/u],
    ['an empty password', {}, '', /password of LAB\\op is empty/u],
  ])('refuses %s, which would log in as somebody else', async (_, settings, password, message) => {
    const sspi = standIn();
    const auth = { mechanisms: ['kerberos'], username: 'LAB\\op', password: () => password } as const;
    const failure = open(options(await start(), sspi, { auth, kerberos: { spn, ...settings } }));
    await expect(failure).rejects.toMatchObject({
      name: 'Failure',
      code: 'unauthenticated',
      message: expect.stringMatching(message),
    });
    expect(sspi.asked).toEqual([]);
  });

  it.each<[string, Broken, string, RegExp]>([
    ['is not installed', { load: 'no such package' }, 'unauthenticated', /npm install kerberos@7/u],
    ['takes no login', { initialize: 'AcquireCredentialsHandle: no' }, 'unauthenticated', /no login of op.*klist get/u],
    ['has no ticket', { step: 'InitializeSecurityContext: no' }, 'unauthenticated', /no Kerberos ticket of op.*klist/u],
    ['finds the clocks apart', { step: 'The clocks are skewed.' }, 'clock-skew', /w32tm/u],
    ["does not take the host's proof", { answer: 'bad token' }, 'unauthenticated', /answer of HTTP.*bad token/u],
    ['cannot seal', { wrap: 'EncryptMessage: context expired' }, 'unreachable', /context expired.*new login/u],
    ['cannot unseal', { unwrap: 'DecryptMessage: altered' }, 'unreachable', /DecryptMessage: altered/u],
  ])('fails with a remedy where Windows, or the package, %s', async (_, broken, code, message) => {
    const failure: unknown = await open(options(await start(), standIn(broken))).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'Failure', code, message: expect.stringMatching(message) });
    expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toContain(labPassword);
  });

  it('goes on with the next mechanism where no ticket is to be had', async () => {
    const given = options(await start(), standIn({ step: 'no' }), { warn: () => undefined });
    const auth = { ...given.auth, mechanisms: ['kerberos', 'negotiate'] as const };
    expect(await open({ ...given, auth })).toMatchObject({ mechanism: 'ntlm' });
  });

  it('does not go on with a password that Windows says is wrong', async () => {
    const lab = await start();
    const given = options(lab, standIn({ step: 'InitializeSecurityContext: The logon attempt failed' }));
    const auth = { ...given.auth, mechanisms: ['kerberos', 'negotiate'] as const };
    await expect(open({ ...given, auth })).rejects.toMatchObject({
      code: 'unauthenticated',
      message: expect.stringContaining('The logon attempt failed'),
    });
    expect(lab.endpoint.requests).toBe(0);
  });

  it('is not bound to a certificate over HTTPS: it warns of it once, unless that is known', async () => {
    const warnings: string[] = [];
    const warn = (text: string) => warnings.push(text);
    const lab = await start(makeCertificate());
    const { tls } = lab.client();
    const sspi = standIn();
    for (const _ of [1, 2]) expect(await open(options(lab, sspi, { warn }))).toMatchObject({ mechanism: 'kerberos' });
    expect(warnings).toEqual([expect.stringMatching(/CbtHardeningLevel Strict refuses it.*transport: bridge/u)]);
    await open(options(lab, standIn(), { warn, tls: { ...tls, channelBinding: false } }));
    expect(warnings).toHaveLength(1);
  });
});
