import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShell } from '../../../src/compose/open-shell.ts';
import { checkInventory } from '../../../src/input/inventory/read-inventory.ts';
import { resolveConnection } from '../../../src/planning/connection.ts';
import { type ConnectProxy, startConnectProxy } from '../../helpers/connect-proxy.ts';
import { makeCertificate } from '../../helpers/make-certificate.ts';
import { type MitRealm, readRealmKeytab, realmPassword, startMitRealm } from '../../helpers/mit-realm.ts';
import { labPassword, startWinRmLab, type WinRmLab } from '../../helpers/winrm-lab.ts';

describe('a session is opened as the inventory tells', () => {
  const server = makeCertificate();
  const client = makeCertificate();
  let realm: MitRealm;
  let proxy: ConnectProxy;
  let lab: WinRmLab;
  let secure: WinRmLab;
  let folder: string;
  beforeAll(async () => {
    realm = await startMitRealm();
    Object.assign(process.env, realm.env, { KT_OP: labPassword, KT_KERBEROS: realmPassword, KT_PROXY: 'of the proxy' });
    const keytab = await readRealmKeytab(realm);
    proxy = await startConnectProxy('pat:of the proxy');
    const robot = { name: 'robot', domain: 'LAB', password: labPassword };
    lab = await startWinRmLab({ keytab, users: [robot, { name: 'op', domain: 'LAB', password: labPassword }] });
    const certificates = { [createHash('sha256').update(client.der).digest('hex')]: 'op' };
    secure = await startWinRmLab({ tls: { ...server, clientAuthorities: client.cert }, certificates });
    folder = await mkdtemp(join(tmpdir(), 'kintsugi-test-'));
    await writeFile(join(folder, 'op.keytab'), keytab);
    await writeFile(join(folder, 'ca.pem'), server.cert);
    await writeFile(join(folder, 'client.pem'), client.cert);
    await writeFile(join(folder, 'client.key'), client.key);
  });
  afterAll(async () => {
    await Promise.all([lab, secure].map(({ endpoint }) => endpoint.close()));
    await proxy[Symbol.asyncDispose]();
    await realm[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });
  const open = async (settings: string, port: number) => {
    const text = `kintsugi: inventory/v1
hosts: { pc1: { address: 127.0.0.1, port: ${port}, ${settings} } }
credentials:
  op: { username: 'LAB\\op', password: "env:KT_OP" }
  kerberos: { username: op@lab.test, password: "env:KT_KERBEROS" }
  robot: { username: robot }
  proxy: { username: pat, password: "env:KT_PROXY" }
`;
    const inventory = checkInventory(text, 'inventory.yaml');
    if (!inventory.ok) throw new Error(JSON.stringify(inventory.faults));
    const connection = resolveConnection(inventory.value, 'pc1');
    const { password } = connection;
    const value = password && (process.env[password.secret.slice(4)] ?? '');
    await using shell = await openShell(connection, { password: value, connectMs: 5_000, folder });
    return shell.info;
  };
  const plain = (settings: string) => open(settings, lab.endpoint.port);
  const pin = `sha256:${createHash('sha256').update(server.der).digest('hex')}`;

  it('by Kerberos with a keytab and no password', async () => {
    const settings =
      'credential: robot, mechanisms: [kerberos], kerberos: { spn: HTTP/pc1.lab.test, keytab: op.keytab }';
    expect(await plain(settings)).toMatchObject({ mechanism: 'kerberos', sealed: true });
  });

  it('by Kerberos within negotiate with a password, through a proxy', async () => {
    const settings =
      'credential: kerberos, kerberos: { spn: HTTP/pc1.lab.test }, proxy: { url: "PROXY", credential: proxy }';
    expect(await plain(settings.replace('PROXY', proxy.url))).toMatchObject({ mechanism: 'kerberos', sealed: true });
    expect(proxy.asked).toContain(`200 127.0.0.1:${lab.endpoint.port}`);
  });

  it('by a client certificate over a pinned certificate, and by NTLM over one with an authority', async () => {
    const certificate = 'clientCertificate: { cert: client.pem, key: "file:client.key" }';
    const byPin = `credential: robot, mechanisms: [certificate], tls: { pin: ["${pin}"], ${certificate} }`;
    expect(await open(byPin, secure.endpoint.port)).toMatchObject({ mechanism: 'certificate', sealed: false });
    const byAuthority = 'credential: op, tls: { ca: ca.pem, servername: pc1.lab.test }';
    expect(await open(byAuthority, secure.endpoint.port)).toMatchObject({ mechanism: 'ntlm', sealed: false });
  });

  it('or not at all, where a file of it is not there', async () => {
    const opening = open('credential: op, tls: { ca: none.pem }', secure.endpoint.port);
    await expect(opening).rejects.toMatchObject({
      code: 'secret-missing',
      message: expect.stringContaining('none.pem'),
    });
  });
});
