import { errorRecord, NetError, PowerShellError } from '../define.ts';
import { LimitReached } from '../limit.ts';
import { runtimeError } from '../raise.ts';

/** Words of the JavaScript engine for a text, array or buffer that is larger than it can make. */
const tooLarge: readonly string[] = [
  'Invalid string length',
  'Invalid array length',
  'Invalid typed array length',
  'Invalid array buffer length',
  'Array buffer allocation failed',
  'Invalid count value',
];

/** Whether the engine's stack is used up. There is little left of it then: no regular expression can be run, and one that was tried says so. */
const isTooDeep = (error: Error): boolean =>
  (error instanceof RangeError && error.message.startsWith('Maximum call stack')) ||
  (error instanceof SyntaxError && error.message.endsWith('Stack overflow'));

/**
 * What JavaScript code threw as PowerShell sees it: too deep recursion and bare .NET exceptions become error records, and what is too large to
 * be made is a limit of the lab.
 */
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
  if (error instanceof Error && isTooDeep(error)) {
    return runtimeError({ id: 'CallDepthOverflow', message: 'The script failed due to call depth overflow.' });
  }
  if (error instanceof RangeError && tooLarge.some((words) => error.message.startsWith(words))) {
    return new LimitReached('LabMemoryLimit', 'one text, array or buffer of it is larger than the lab can hold');
  }
  return error;
};
