import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { endProcess, freePort, run } from './mit-realm.ts';

/** An Active Directory domain of Samba's, `LAB` (`LAB.TEST`), of which only the KDC runs. Needs root. */
export type SambaDomain = AsyncDisposable & {
  /** Variables by which Kerberos libraries find the domain. */
  readonly env: Readonly<Record<string, string>>;
  /** Path of the keytab with the keys of all services. */
  readonly keytab: string;
};

/** Services, and the encryption types that their accounts support (msDS-SupportedEncryptionTypes). */
export const domainServices = { 'HTTP/short.lab.test': 8, 'HTTP/long.lab.test': 16 } as const;

/** Password of the user `op`. */
export const domainPassword = 'Passw0rd!op';

/** Sets the domain up, which takes some seconds, and starts its KDC on a free port of this machine. */
export async function startSambaDomain(): Promise<SambaDomain> {
  const folder = await mkdtemp(join(tmpdir(), 'kintsugi-domain-'));
  const [port, passwordPort] = [await freePort(), await freePort()];
  const env = { KRB5_CONFIG: join(folder, 'krb5.conf'), KRB5RCACHETYPE: 'none' };
  await writeFile(env.KRB5_CONFIG, krb5Conf(port));
  const settings = [
    `krb5 port = ${port}`,
    `kpasswd port = ${passwordPort}`,
    'interfaces = 127.0.0.1',
    'bind interfaces only = yes',
    'server services = kdc',
    'dcerpc endpoint servers = -all',
    `pid directory = ${folder}`,
    `log file = ${folder}/log`,
    `ncalrpc dir = ${folder}/ncalrpc`,
  ];
  await run(
    'samba-tool',
    [
      'domain',
      'provision',
      '--realm=LAB.TEST',
      '--domain=LAB',
      `--targetdir=${folder}`,
      '--server-role=dc',
      '--dns-backend=NONE',
      '--adminpass=Passw0rd!admin',
      '--host-name=dc1',
      '--host-ip=127.0.0.1',
      ...settings.map((setting) => `--option=${setting}`),
    ],
    { env },
  );
  const configuration = join(folder, 'etc', 'smb.conf');
  const keytab = join(folder, 'services.keytab');
  const services = Object.entries(domainServices).map(([spn, enctypes], index) => ({
    account: `service${index}`,
    spn,
    enctypes,
    keytab,
  }));
  const script = fileURLToPath(new URL('samba-accounts.py', import.meta.url));
  const accounts = JSON.stringify({ users: { op: domainPassword }, services });
  await run('/usr/bin/python3', [script, configuration, accounts], { env });
  const kdc = spawn(
    'samba',
    ['-i', '-M', 'single', '-s', configuration, ...settings.map((setting) => `--option=${setting}`)],
    {
      env: { ...process.env, ...env },
      stdio: 'ignore',
    },
  );
  await listens(port, kdc);
  return {
    env,
    keytab,
    async [Symbol.asyncDispose]() {
      await endProcess(kdc);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function listens(port: number, process: ChildProcess): Promise<void> {
  while (process.exitCode === null) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
    await pause(20);
  }
  throw new Error(`samba ended with ${process.exitCode}`);
}

const krb5Conf = (port: number): string => `[libdefaults]
  default_realm = LAB.TEST
  dns_lookup_kdc = false
  dns_lookup_realm = false
  rdns = false
[realms]
  LAB.TEST = {
    kdc = 127.0.0.1:${port}
  }
[domain_realm]
  .lab.test = LAB.TEST
`;
