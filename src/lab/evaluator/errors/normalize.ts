import { errorRecord, NetError, PowerShellError } from '../define.ts';
import { runtimeError } from '../raise.ts';

/** What JavaScript code threw as PowerShell sees it: too deep recursion and bare .NET exceptions become error records. */
export const normalizeError = (error: unknown): unknown => {
  if (error instanceof NetError) {
    const { exception } = error;
    return new PowerShellError(
      errorRecord({
        id: exception.type,
        message: exception.message,
        category: 'OperationStopped',
        target: null,
        exception,
      }),
    );
  }
  if (error instanceof RangeError && /call stack/i.test(error.message)) {
    return runtimeError({ id: 'CallDepthOverflow', message: 'The script failed due to call depth overflow.' });
  }
  return error;
};
