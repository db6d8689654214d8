import { poolSid, sidOfName, sids } from '../../accounts.ts';
import type { Machine } from '../machine.ts';
import type { WebPool } from './web-sites.ts';

/** Who opens a file: the name, the SIDs of the token, and the name under which other machines see it. */
export type WebIdentity = { readonly name: string; readonly sids: readonly string[]; readonly remoteName: string };

const everybody = ['S-1-1-0', 'S-1-5-11', sids.users];
const workers = 'S-1-5-32-568';

/** The identity under which anonymous visitors read when the pool's own is not used. */
export const anonymousUser: WebIdentity = {
  name: 'NT AUTHORITY\\IUSR',
  sids: ['S-1-5-17', ...everybody],
  remoteName: 'NT AUTHORITY\\ANONYMOUS LOGON',
};

/** A named account of the machine or its domain. */
export const namedIdentity = (machine: Machine, name: string): WebIdentity => {
  const sid = sidOfName(name.replace(/^\.\\/, ''), machine.accounts);
  const account = machine.accounts.find((one) => one.sid === sid);
  return {
    name,
    sids: [...(sid === undefined ? [] : [sid]), ...(account?.groups ?? []), ...everybody],
    remoteName: name,
  };
};

/** The identity of a pool's worker process; `undefined` when its account or password is not valid. */
export const poolIdentity = (machine: Machine, pool: WebPool): WebIdentity | undefined => {
  const computer = `${machine.name}$`;
  const worker = [workers, ...everybody, 'S-1-5-6', poolSid(pool.name)];
  switch (pool.identityType.toLowerCase()) {
    case 'localsystem':
      return {
        name: 'NT AUTHORITY\\SYSTEM',
        sids: [sids.system, sids.administrators, ...worker],
        remoteName: computer,
      };
    case 'localservice':
      return {
        name: 'NT AUTHORITY\\LOCAL SERVICE',
        sids: ['S-1-5-19', ...worker],
        remoteName: 'NT AUTHORITY\\ANONYMOUS LOGON',
      };
    case 'networkservice':
      return { name: 'NT AUTHORITY\\NETWORK SERVICE', sids: ['S-1-5-20', ...worker], remoteName: computer };
    case 'specificuser': {
      if (!machine.web.acceptsPassword(pool.userName, pool.password)) return undefined;
      const named = namedIdentity(machine, pool.userName);
      return { ...named, sids: [...named.sids, ...worker] };
    }
    default:
      return { name: `IIS APPPOOL\\${pool.name}`, sids: worker, remoteName: computer };
  }
};

/** Encrypts a password as configuration files hold it; only the machine itself reads it back. */
export const sealPassword = (machine: Machine, plain: string): string =>
  plain === ''
    ? ''
    : `[enc:IISWASOnlyAesProvider:${Buffer.from(`${machine.machineId}:${plain}`).toString('base64')}:enc]`;

/** The password of a configuration file; what another machine sealed cannot be read. */
export const openPassword = (machine: Machine, sealed: string): string => {
  const body = /^\[enc:\w+:(.*):enc\]$/.exec(sealed)?.[1];
  if (body === undefined) return sealed;
  const text = Buffer.from(body, 'base64').toString();
  return text.startsWith(`${machine.machineId}:`) ? text.slice(machine.machineId.length + 1) : '';
};
