import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Realm of all tests, and password of its users. */
export const realmName = 'LAB.TEST';
export const realmPassword = 'Pässw0rd für Kerberos';

/** A realm with a KDC of MIT Kerberos of its own, on a free port of this machine. */
export type MitRealm = AsyncDisposable & {
  readonly folder: string;
  /** Variables by which the Kerberos libraries of other programs find the realm. */
  readonly env: Readonly<Record<string, string>>;
  /** Path of the keytab that holds the keys of all services and of the user `robot`. */
  readonly keytab: string;
  /** Runs commands of kadmin.local, one a line. */
  admin(...commands: string[]): Promise<string>;
};

/** Encryption types by the services that get tickets with such session keys. */
export const enctypesByService = {
  'HTTP/sha1-256.lab.test': 'aes256-cts-hmac-sha1-96',
  'HTTP/sha1-128.lab.test': 'aes128-cts-hmac-sha1-96',
  'HTTP/sha2-384.lab.test': 'aes256-cts-hmac-sha384-192',
  'HTTP/sha2-256.lab.test': 'aes128-cts-hmac-sha256-128',
} as const;

/** A free TCP port of this machine. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Runs a program to its end; gives what it wrote. Rejects if it does not end well. */
export function run(
  program: string,
  args: readonly string[],
  options: { env: Record<string, string>; input?: string },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...options.env };
    const child = execFile(program, args, { env }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${program} ${args.join(' ')}: ${stderr || error.message}`, { cause: error }));
      else resolve(stdout);
    });
    child.stdin?.on('error', () => undefined).end(options.input ?? '');
  });
}

/** Starts a realm with the users `op` and `robot`, a service for each encryption type and `HTTP/pc1.lab.test`. */
export async function startMitRealm(): Promise<MitRealm> {
  const folder = await mkdtemp(join(tmpdir(), 'kintsugi-realm-'));
  const port = await freePort();
  const env = {
    KRB5_CONFIG: join(folder, 'krb5.conf'),
    KRB5_KDC_PROFILE: join(folder, 'kdc.conf'),
    KRB5RCACHETYPE: 'none',
  };
  await writeFile(env.KRB5_CONFIG, krb5Conf(port));
  await writeFile(env.KRB5_KDC_PROFILE, kdcConf(folder, port));
  const keytab = join(folder, 'all.keytab');
  const admin = (...commands: string[]) =>
    run('kadmin.local', ['-r', realmName], { env, input: `${commands.join('\n')}\n` });
  await run('kdb5_util', ['create', '-s', '-r', realmName, '-P', 'master'], { env });
  const services = Object.entries(enctypesByService);
  await admin(
    `addprinc -pw "${realmPassword}" op`,
    'addprinc -randkey robot',
    'addprinc -randkey HTTP/pc1.lab.test',
    ...services.flatMap(([name, enctype]) => [
      `addprinc -randkey -e ${enctype}:normal ${name}`,
      `setstr ${name} session_enctypes ${enctype}`,
    ]),
    `ktadd -k ${keytab} HTTP/pc1.lab.test robot`,
    ...services.map(([name]) => `ktadd -norandkey -k ${keytab} ${name}`),
  );
  const kdc = await startKdc(env);
  return {
    folder,
    env,
    keytab,
    admin,
    async [Symbol.asyncDispose]() {
      await endProcess(kdc);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Content of the realm's keytab. */
export async function readRealmKeytab(realm: MitRealm): Promise<Buffer> {
  return await readFile(realm.keytab);
}

/** Ends a process of ours and waits until it has gone. */
export function endProcess(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

function startKdc(env: Record<string, string>): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    const kdc = spawn('krb5kdc', ['-n', '-r', realmName], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    const listen = (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('starting...')) resolve(kdc);
    };
    kdc.stdout.on('data', listen);
    kdc.stderr.on('data', listen);
    kdc.once('error', reject);
    kdc.once('exit', (code) => reject(new Error(`krb5kdc ended with ${code}: ${said}`)));
  });
}

const krb5Conf = (port: number): string => `[libdefaults]
  default_realm = ${realmName}
  dns_lookup_kdc = false
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  rdns = false
[realms]
  ${realmName} = {
    kdc = 127.0.0.1:${port}
  }
[domain_realm]
  .lab.test = ${realmName}
`;

const kdcConf = (folder: string, port: number): string => `[kdcdefaults]
  kdc_listen = 127.0.0.1:${port}
  kdc_tcp_listen = 127.0.0.1:${port}
[realms]
  ${realmName} = {
    database_name = ${folder}/principal
    key_stash_file = ${folder}/stash
    acl_file = ${folder}/acl
    max_life = 10h
    supported_enctypes = aes256-cts-hmac-sha1-96:normal aes128-cts-hmac-sha1-96:normal aes256-cts-hmac-sha384-192:normal aes128-cts-hmac-sha256-128:normal
  }
[logging]
  kdc = FILE:${folder}/kdc.log
  default = FILE:${folder}/kdc.log
`;
