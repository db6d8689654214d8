import type { BoundParameters, CmdletStep, CommandContext, ErrorSpec } from '../../evaluator/host.ts';
import { exception } from '../../evaluator/make.ts';
import { isElevated } from '../accounts.ts';
import { hresultOf, win32 } from '../machine/win32-fault.ts';
import { actorOf } from '../runtime/process-hooks.ts';

/** How a command refuses a caller without administrator rights; `ends` where the error ends the command. */
type Refusal = { readonly ends: boolean; readonly error: () => ErrorSpec };

/** A command over CIM: the provider's HRESULT is the id. */
const overCim = (code: number, message: string, category: ErrorSpec['category'] = 'PermissionDenied'): Refusal => ({
  ends: false,
  error: () => ({
    id: `HRESULT 0x${(code >>> 0).toString(16)}`,
    message,
    category,
    exception: exception('Microsoft.Management.Infrastructure.CimException', message, { hresult: 0x80131500 }),
  }),
});

const thrown = (
  id: string,
  message: string,
  type: string,
  hresult: number,
  category: ErrorSpec['category'],
): Refusal => ({
  ends: true,
  error: () => ({ id, message, category, exception: exception(type, message, { hresult }) }),
});

const dism = thrown(
  '',
  'The requested operation requires elevation.',
  'System.Runtime.InteropServices.COMException',
  hresultOf(740),
  'NotSpecified',
);
const restore = thrown(
  'GetWMIManagementException',
  'Access denied ',
  'System.Management.ManagementException',
  0x80131501,
  'InvalidOperation',
);
const defender = overCim(
  0xc0000142,
  "You don't have enough permissions to perform the requested operation.",
  'NotSpecified',
);
const task = overCim(hresultOf(win32.accessDenied), 'Access is denied.');
const storage = overCim(40001, 'Access denied', 'PermissionDenied');
const wmi = overCim(0x80041003, 'Access denied', 'PermissionDenied');
const appx = thrown(
  'DeploymentError',
  'Deployment failed with HRESULT: 0x80070005, Access is denied.',
  'System.UnauthorizedAccessException',
  hresultOf(win32.accessDenied),
  'PermissionDenied',
);

const rows: readonly (readonly [names: string, refusal: Refusal])[] = [
  [
    'Repair-WindowsImage Get-WindowsImage Get-WindowsPackage Add-WindowsPackage Remove-WindowsPackage Get-WindowsDriver Export-WindowsDriver Get-WindowsOptionalFeature Enable-WindowsOptionalFeature Disable-WindowsOptionalFeature Get-WindowsCapability Add-WindowsCapability Get-AppxProvisionedPackage Add-AppxProvisionedPackage Remove-AppxProvisionedPackage',
    dism,
  ],
  ['Checkpoint-Computer Enable-ComputerRestore Disable-ComputerRestore Get-ComputerRestorePoint', restore],
  ['Set-MpPreference Add-MpPreference Remove-MpPreference', defender],
  [
    'Register-ScheduledTask Unregister-ScheduledTask Set-ScheduledTask Enable-ScheduledTask Disable-ScheduledTask Start-ScheduledTask Stop-ScheduledTask',
    task,
  ],
  ['Repair-Volume Get-StorageReliabilityCounter', storage],
  [
    'Get-BitLockerVolume Suspend-BitLocker Resume-BitLocker Enable-BitLocker Disable-BitLocker Enable-PnpDevice Disable-PnpDevice Set-NetFirewallProfile Set-DnsClientServerAddress Enable-NetAdapter Disable-NetAdapter Restart-NetAdapter',
    wmi,
  ],
  ['Add-AppxVolume Set-AppxDefaultVolume Remove-AppxVolume', appx],
  [
    'Set-Date',
    thrown(
      'System.ComponentModel.Win32Exception',
      'A required privilege is not held by the client',
      'System.ComponentModel.Win32Exception',
      0x80004005,
      'NotSpecified',
    ),
  ],
  [
    'Restart-Computer Stop-Computer',
    thrown(
      'RestartcomputerFailed',
      'Failed to restart the computer with the following error message: Access is denied.',
      'System.InvalidOperationException',
      0x80131509,
      'OperationStopped',
    ),
  ],
  [
    'Confirm-SecureBootUEFI',
    thrown(
      'GetFWVarFailed',
      'Unable to set proper privileges. Access was denied.',
      'System.UnauthorizedAccessException',
      hresultOf(win32.accessDenied),
      'PermissionDenied',
    ),
  ],
  [
    'Install-WindowsFeature Uninstall-WindowsFeature Get-WindowsFeature',
    thrown(
      'Access_Denied',
      'You do not have adequate user rights to make changes to the target computer.',
      'System.Exception',
      0x80131500,
      'PermissionDenied',
    ),
  ],
];

const refusals = new Map(rows.flatMap(([names, refusal]) => names.split(' ').map((name) => [name, refusal] as const)));

/** A step of a command that only a full administrator token may take; for other commands the step as it is. */
export const elevated = (name: string, step: CmdletStep): CmdletStep => {
  const refusal = refusals.get(name);
  if (!refusal) return step;
  return function* (context: CommandContext, bound: BoundParameters) {
    if (!isElevated(actorOf(context).process.account)) {
      if (refusal.ends) context.fail(refusal.error());
      context.writeError(refusal.error());
      return;
    }
    const going = step(context, bound);
    if (going) yield* going;
  };
};
