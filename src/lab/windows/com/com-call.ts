import type { NetError } from '../../evaluator/define.ts';
import { netError } from '../../evaluator/define.ts';
import type { CallContext } from '../../evaluator/host.ts';
import { UpdateFault } from '../machine/updates/update-fault.ts';
import { actorOf } from '../runtime/process-hooks.ts';

/** The exception that .NET makes of an HRESULT a COM object returned. */
export const comError = (hresult: number): NetError => {
  const code = `0x${(hresult >>> 0).toString(16).toUpperCase().padStart(8, '0')}`;
  if (hresult === (0x80070005 | 0)) {
    return netError(
      'System.UnauthorizedAccessException',
      `Access is denied. (Exception from HRESULT: ${code} (E_ACCESSDENIED))`,
      { hresult },
    );
  }
  if (hresult === (0x80070002 | 0)) {
    return netError(
      'System.IO.FileNotFoundException',
      `The system cannot find the file specified. (Exception from HRESULT: ${code})`,
      { hresult },
    );
  }
  return netError('System.Runtime.InteropServices.COMException', `Exception from HRESULT: ${code}`, {
    hresult,
    properties: { ErrorCode: hresult | 0 },
  });
};

/** A caller with a network logon (WinRM) is refused, as on Windows. */
export const refuseNetworkLogon = (context: CallContext): void => {
  if (actorOf(context).process.account.logon === 'network') throw comError(0x80070005 | 0);
};

/** Runs agent code; its refusals become exceptions. */
export const asCom = <T>(run: () => T): T => {
  try {
    return run();
  } catch (error) {
    if (error instanceof UpdateFault) throw comError(error.hresult);
    throw error;
  }
};
