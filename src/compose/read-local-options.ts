import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Failure } from '../kernel/failure.ts';
import type { HostConnection, SecretReference } from '../planning/plan.ts';
import type { KerberosSettings } from '../remote/transport/kerberos/kerberos-settings.ts';
import type { WinRmProxy, WinRmTls } from '../remote/transport/winrm/tls-options.ts';
import type { WinRmOptions } from '../remote/transport/winrm/winrm-options.ts';
import { resolveSecret } from './resolve-secret.ts';

/** The part of a connection's options that stands in files and secrets of the machine that connects. */
type LocalOptions = Pick<WinRmOptions, 'tls' | 'kerberos' | 'proxy'>;

/**
 * Reads what a connection refers to: certificates, keys, and secrets.
 * @param folder what relative paths start from
 * @throws Failure `secret-missing` if something cannot be read
 */
export async function readLocalOptions(connection: HostConnection, folder: string): Promise<LocalOptions> {
  const { tls, kerberos, proxy } = connection;
  return {
    ...(tls === null ? {} : { tls: await readTls(tls, folder) }),
    ...(kerberos === undefined ? {} : { kerberos: placeKerberos(kerberos, folder) }),
    ...(proxy === undefined ? {} : { proxy: placeProxy(proxy, folder) }),
  };
}

async function readTls(tls: NonNullable<HostConnection['tls']>, folder: string): Promise<WinRmTls> {
  const { verify, ca, clientCertificate, ...rest } = tls;
  const secret = (reference: SecretReference) => resolveSecret(reference.secret, folder);
  return {
    ...rest,
    rejectUnauthorized: verify,
    ...(ca === undefined ? {} : { ca: await readCertificate(ca, folder) }),
    ...(clientCertificate === undefined
      ? {}
      : {
          clientCertificate: {
            cert: await readCertificate(clientCertificate.cert, folder),
            key: await secret(clientCertificate.key),
            ...(clientCertificate.passphrase ? { passphrase: await secret(clientCertificate.passphrase) } : {}),
          },
        }),
  };
}

async function readCertificate(file: string, folder: string): Promise<string> {
  try {
    return await readFile(resolve(folder, file), 'utf8');
  } catch (error) {
    throw new Failure('secret-missing', `The certificate file ${file} cannot be read where the worker runs.`, {
      cause: error,
    });
  }
}

function placeKerberos(kerberos: KerberosSettings, folder: string): KerberosSettings {
  const { cache, keytab } = kerberos;
  return {
    ...kerberos,
    ...(cache === undefined || cache === 'default' ? {} : { cache: resolve(folder, cache.replace(/^FILE:/u, '')) }),
    ...(keytab === undefined ? {} : { keytab: resolve(folder, keytab) }),
  };
}

function placeProxy({ url, username, password }: NonNullable<HostConnection['proxy']>, folder: string): WinRmProxy {
  return {
    url,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password: () => resolveSecret(password.secret, folder) }),
  };
}
