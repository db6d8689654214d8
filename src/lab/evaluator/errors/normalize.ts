import { errorRecord, NetError, PowerShellError } from '../define.ts';
import { LimitReached } from '../limit.ts';
import { runtimeError } from '../raise.ts';

/** What the engine says when a text, an array or a buffer would be longer than it can make them. */
const tooLarge =
  /invalid (?:string|(?:typed )?array|array buffer|count)|buffer allocation|out of memory|size out of range/i;

/** What JavaScript code threw as PowerShell sees it: too deep recursion, too large values and bare .NET exceptions. */
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
  // No expression here: with the stack full it could not be compiled, which is a SyntaxError of its own.
  if (error instanceof Error && (error.message.includes('call stack') || error.message.endsWith('Stack overflow'))) {
    return runtimeError({ id: 'CallDepthOverflow', message: 'The script failed due to call depth overflow.' });
  }
  if (error instanceof RangeError && tooLarge.test(error.message))
    return new LimitReached('LabMemoryLimit', 'one operation asked for more memory than a value may have');
  return error;
};
