import { isIP } from 'node:net';
import { Failure } from '../../../kernel/failure.ts';
import type { TicketOrigin } from './ticket-origin.ts';

/** How Kerberos tickets are had for a host. */
export type KerberosSettings = {
  /** Name of the service; default `HTTP/<host>`. */
  readonly spn?: string;
  /** Realm of the user name; default: the domain of `user@domain` in upper case, else the one of the system's configuration. */
  readonly realm?: string;
  /** Path of a credential cache of type FILE that somebody else keeps; `default` takes the one of KRB5CCNAME. */
  readonly cache?: string;
  /** Path of a keytab with the user's key. */
  readonly keytab?: string;
};

/** The service whose ticket logs in at a host. @throws Failure `unauthenticated` for an address, which no service is named by */
export function serviceOf(host: string, settings: KerberosSettings): string {
  if (settings.spn !== undefined) return settings.spn;
  if (isIP(host) === 0) return `HTTP/${host}`;
  throw new Failure(
    'unauthenticated',
    `Kerberos needs the name of the host, and ${host} is an address. Give the name as the host's address, or as kerberos.spn: HTTP/<name>.`,
  );
}

/** Where the tickets of a user come from: a cache goes before a keytab, a keytab before the password. */
export function originOf(
  settings: KerberosSettings,
  username: string,
  password: () => Promise<string> | string,
): TicketOrigin {
  const { cache, keytab } = settings;
  if (cache !== undefined) return { kind: 'cache', file: cache === 'default' ? null : cache };
  const principal = principalOf(username, settings.realm);
  if (keytab !== undefined) return { kind: 'keytab', file: keytab, principal };
  return { kind: 'password', principal, password };
}

/** `DOMAIN\user` loses its NetBIOS name, which is no realm. */
function principalOf(username: string, realm: string | undefined): string {
  const user = username.slice(username.indexOf('\\') + 1);
  const at = user.lastIndexOf('@');
  if (realm !== undefined) return `${at < 0 ? user : user.slice(0, at)}@${realm}`;
  return at < 0 ? user : `${user.slice(0, at)}@${user.slice(at + 1).toUpperCase()}`;
}
