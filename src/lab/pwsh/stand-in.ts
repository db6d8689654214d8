import { createMachine } from '../faults/create-machine.ts';
import type { HostSpec } from '../faults/lab-spec.ts';
import type { Machine } from '../windows/machine/machine.ts';
import type { SimulatedProcess } from '../windows/machine/processes.ts';
import { installLauncher } from '../windows/runtime/launcher.ts';

/** The simulated machine that a `pwsh` of the lab runs on, and its process there. */
export type StandIn = { readonly machine: Machine; readonly process: SimulatedProcess };

const user = 'operator';
const path = 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe';

/** Makes a machine and the process of a PowerShell on it, under an account of an administrator. */
export const startStandIn = (
  args: readonly string[],
  logon: 'interactive' | 'network',
  spec: HostSpec = { base: 'windows-server-2022' },
): StandIn => {
  const machine = createMachine('standin', spec, [user]);
  installLauncher(machine);
  const known = machine.accountOf(user);
  if (!known) throw new Error(`the stand-in has no account ${user}`);
  const account = { ...known, logon };
  const process = machine.processes.start({
    name: 'powershell',
    path,
    commandLine: `"${path}" ${args.join(' ')}`,
    account,
    environment: machine.newEnvironment(account),
    sessionId: logon === 'interactive' ? 1 : 0,
  });
  return { machine, process };
};
