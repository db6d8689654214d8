import type { ErrorSpec } from '../../evaluator/host.ts';
import { hresultOf, type Win32Fault, win32 } from '../machine/win32-fault.ts';

/** The error of a caller that lacks a right on a registry key. */
export const deniedKey = ({ target }: Win32Fault): ErrorSpec => ({
  id: 'System.Security.SecurityException',
  message: 'Requested registry access is not allowed.',
  category: 'PermissionDenied',
  target,
  exception: 'System.Security.SecurityException',
});

/** The error of a command that has no right to what it wants to read or change, where it has no error of its own for that. */
export const denied = (fault: Win32Fault): ErrorSpec =>
  /^(HKEY_|HK\w\w\\)/.test(fault.target)
    ? deniedKey(fault)
    : {
        id: 'UnauthorizedAccess',
        message: `Access to the path '${fault.target}' is denied.`,
        category: 'PermissionDenied',
        target: fault.target,
        exception: 'System.UnauthorizedAccessException',
        hresult: hresultOf(win32.accessDenied),
      };
