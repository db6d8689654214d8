import type { Account } from '../../accounts.ts';
import { sids } from '../../accounts.ts';
import type { Machine } from '../machine.ts';

const policyKey = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System';

/**
 * The token that an account gets by a logon. User Account Control filters that of a local administrator who comes over the network, unless
 * LocalAccountTokenFilterPolicy is 1; the built-in administrator (RID 500) gets the full one unless FilterAdministratorToken is 1.
 */
export const tokenOf = (machine: Machine, account: Account, logon: Account['logon']): Account => {
  const token = { ...account, logon };
  const read = (name: string): unknown => machine.registry.data(policyKey, name);
  const isLocal = machine.accounts.some(({ sid }) => sid === account.sid);
  const isBuiltIn = account.sid.endsWith('-500');
  const isFiltered =
    logon === 'network' &&
    isLocal &&
    read('EnableLUA') !== 0 &&
    (isBuiltIn ? read('FilterAdministratorToken') === 1 : read('LocalAccountTokenFilterPolicy') !== 1);
  if (!isFiltered || !account.groups.includes(sids.administrators)) return token;
  return {
    ...token,
    groups: account.groups.filter((group) => group !== sids.administrators),
    denyOnly: [sids.administrators],
  };
};
