import type { RunspaceInfo } from '../../server/runspace-host.ts';
import { type Account, sids } from '../accounts.ts';
import type { Machine } from '../machine/machine.ts';
import type { SimulatedProcess } from '../machine/processes.ts';
import { tokenOf } from '../machine/users/logon-token.ts';

/** The account that stands in for whoever opens a session of a restricted endpoint: known to this machine alone, an administrator. */
const virtualAccount = (user: string): Account => ({
  name: `WinRM Virtual Users\\WinRM VA_1_${user.replace('\\', '_')}`,
  sid: 'S-1-5-94-1',
  groups: [sids.administrators, 'S-1-5-11'],
  logon: 'network',
});

/**
 * Starts the process of a shell that an endpoint opens.
 * @param isVirtual whether a virtual account stands in for whoever opened it
 * @throws Error when the machine is down or does not know the account
 */
export const startShellProcess = (machine: Machine, info: RunspaceInfo, isVirtual = false): SimulatedProcess => {
  if (machine.power.state === 'down') throw new Error('the machine is down');
  const known = isVirtual ? virtualAccount(info.user) : machine.accountOf(info.user);
  if (!known) throw new Error(`no account ${info.user} on ${machine.name}`);
  const account = tokenOf(machine, known, info.logon);
  return machine.processes.start({
    name: 'wsmprovhost',
    path: 'C:\\Windows\\System32\\wsmprovhost.exe',
    commandLine: 'C:\\Windows\\system32\\wsmprovhost.exe -Embedding',
    account,
    environment: machine.newEnvironment(account),
    parentPid: machine.services.find('WinRM')?.pid ?? 4,
  });
};
