import { createHash, X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWinRmShell } from '../../../src/remote/transport/winrm/open-winrm-shell.ts';
import type { WinRmOptions } from '../../../src/remote/transport/winrm/winrm-options.ts';
import { curl } from '../../helpers/curl.ts';
import { makeCertificate } from '../../helpers/make-certificate.ts';
import { labPassword, startWinRmLab, type WinRmLab } from '../../helpers/winrm-lab.ts';

const open = async (options: WinRmOptions) => {
  const shell = await openWinRmShell(options);
  await shell.close();
  return shell.info;
};
const fingerprint = (der: Buffer) => createHash('sha256').update(der).digest('hex');

describe('certificates', () => {
  const server = makeCertificate();
  const client = makeCertificate();
  const stranger = makeCertificate();
  let lab: WinRmLab;
  beforeAll(async () => {
    lab = await startWinRmLab({
      tls: { ...server, clientAuthorities: client.cert },
      certificates: { [fingerprint(client.der)]: 'op' },
    });
  });
  afterAll(() => lab.endpoint.close());
  const trusted = { ca: server.cert, servername: 'pc1.lab.test' };
  const withCertificate = ({ cert, key }: typeof client, changes: Partial<WinRmOptions['auth']> = {}) =>
    lab.client({
      tls: { ...trusted, clientCertificate: { cert, key } },
      auth: { mechanisms: ['certificate'], username: '', password: () => 'none', ...changes },
      warn: () => undefined,
    });

  it('one of ours logs in, and no password is asked for', async () => {
    const never = () => {
      throw new Error('asked');
    };
    expect(await open(withCertificate(client, { password: never }))).toMatchObject({
      mechanism: 'certificate',
      sealed: false,
    });
  });

  it('one that the host does not know is refused; the next mechanism follows if there is one', async () => {
    await expect(open(withCertificate(stranger))).rejects.toMatchObject({
      code: 'unauthenticated',
      message: expect.stringContaining('certmapping'),
    });
    const mechanisms = ['certificate', 'negotiate'] as const;
    const auth = { mechanisms, username: 'LAB\\op', password: () => labPassword };
    expect(await open(withCertificate(stranger, auth))).toMatchObject({ mechanism: 'ntlm' });
  });

  it('no login by certificate without TLS, or without one', async () => {
    const auth = { mechanisms: ['certificate'] as const, username: '', password: () => '' };
    await expect(open(lab.client({ auth }))).rejects.toMatchObject({
      code: 'unauthenticated',
      message: expect.stringContaining('clientCertificate'),
    });
    const plain = await startWinRmLab();
    await expect(open(plain.client({ auth }))).rejects.toMatchObject({
      code: 'unauthenticated',
      message: expect.stringContaining('needs TLS'),
    });
    await plain.endpoint.close();
  });

  it('curl logs in by one at the lab', async () => {
    const header = 'Authorization: http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual';
    expect(await curl(lab.endpoint.url, ['--insecure', '--header', header])).toMatchObject({ status: '401' });
    const folder = await mkdtemp(join(tmpdir(), 'kintsugi-test-'));
    const file = join(folder, 'client.pem');
    await writeFile(file, client.cert + client.key);
    const reply = await curl(lab.endpoint.url, ['--insecure', '--header', header, '--cert', file]);
    expect(reply).toMatchObject({ exit: 0, status: '200' });
    await rm(folder, { recursive: true });
  });

  it.each<[string, (der: Buffer) => string]>([
    ['in hex', (der) => `sha256:${fingerprint(der)}`],
    [
      'in capitals with colons',
      (der) =>
        `SHA256:${fingerprint(der)
          .toUpperCase()
          .replaceAll(/(..)(?=.)/gu, '$1:')}`,
    ],
    [
      'of the public key',
      (der) => {
        const key = new X509Certificate(der).publicKey.export({ type: 'spki', format: 'der' });
        return `sha256//${createHash('sha256').update(key).digest('base64')}`;
      },
    ],
  ])('a pin %s takes the certificate without an authority, and no other', async (_, pin) => {
    expect(await open(lab.client({ tls: { pin: [pin(stranger.der), pin(server.der)] } }))).toMatchObject({
      mechanism: 'ntlm',
    });
    await expect(open(lab.client({ tls: { pin: [pin(stranger.der)] } }))).rejects.toMatchObject({
      code: 'untrusted-host',
      message: expect.stringContaining(`got sha256:${fingerprint(server.der)}`),
    });
  });

  it('a pin and an authority must both hold', async () => {
    const pin = [`sha256:${fingerprint(server.der)}`];
    expect(await open(lab.client({ tls: { ...trusted, pin } }))).toMatchObject({ mechanism: 'ntlm' });
    const failing = open(lab.client({ tls: { pin, ca: stranger.cert, servername: 'pc1.lab.test' } }));
    await expect(failing).rejects.toMatchObject({ code: 'untrusted-host' });
  });

  it('one that is not checked is told, once', async () => {
    const warnings: string[] = [];
    await open(lab.client({ tls: { rejectUnauthorized: false }, warn: (text) => warnings.push(text) }));
    expect(warnings).toEqual([expect.stringContaining('certificate is not checked')]);
  });
});
