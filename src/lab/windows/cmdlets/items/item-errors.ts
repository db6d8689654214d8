import type { ErrorSpec } from '../../../evaluator/host.ts';
import type { ErrorCategory } from '../../../evaluator/value.ts';
import { Win32Fault, win32 } from '../../machine/win32-fault.ts';
import { ioException } from '../../runtime/net-faults.ts';

/** Error id and category of an operation of the file-system provider, by the .NET exception it met. */
export type ItemErrorIds = { readonly io: string; readonly denied: string; readonly category?: ErrorCategory };

/** The error that the file-system provider writes where a Win32 call was refused. */
export const itemError = (
  fault: Win32Fault,
  ids: ItemErrorIds,
  options: { prefix?: string; ioWhenDenied?: boolean } = {},
): ErrorSpec => {
  const thrown = ioException(fault);
  const isDenied = fault.code === win32.accessDenied && options.ioWhenDenied !== true;
  const message = `${options.prefix ?? ''}${thrown.message}`;
  return {
    id: isDenied ? ids.denied : ids.io,
    message,
    category: isDenied ? 'PermissionDenied' : (ids.category ?? 'WriteError'),
    target: fault.target,
    exception: {
      ...thrown,
      message,
      ...(fault.code === win32.accessDenied && options.ioWhenDenied ? { type: 'System.IO.IOException' } : {}),
    },
  };
};

/** Runs a step of an item cmdlet; a refusal becomes a non-terminating error and `false`. */
export const tryItem = (run: () => void, writeError: (fault: Win32Fault) => void): boolean => {
  try {
    run();
    return true;
  } catch (error) {
    if (!(error instanceof Win32Fault)) throw error;
    writeError(error);
    return false;
  }
};
