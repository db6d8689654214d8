import type { CommandContext, ErrorSpec, Task } from '../../../evaluator/host.ts';
import type { ErrorCategory } from '../../../evaluator/value.ts';
import type { Held } from '../../machine/change-feed.ts';
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

/** Makes one change; a refusal is written as error. Yields what must be waited for; says whether it was made. */
export function* attempt(
  context: CommandContext,
  run: () => Held,
  toError: (fault: Win32Fault) => ErrorSpec,
): Task<boolean> {
  try {
    yield run();
    return true;
  } catch (error) {
    if (!(error instanceof Win32Fault)) throw error;
    context.writeError(toError(error));
    return false;
  }
}
/** Turns a refusal into the error of an operation. */
export const withIds = (ids: ItemErrorIds, options?: Parameters<typeof itemError>[2]) => (fault: Win32Fault) =>
  itemError(fault, ids, options);
