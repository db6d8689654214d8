import { errorRecord, PowerShellError } from './define.ts';
import { exception } from './make.ts';
import type { ErrorCategory, Exception, Value } from './value.ts';

/** What `raise` says. */
export type Raised = {
  readonly id: string;
  readonly message: string;
  readonly category?: ErrorCategory;
  readonly target?: Value;
  /** Full .NET type; default RuntimeException. */
  readonly type?: string;
  readonly inner?: Exception;
};

/** A PowerShell runtime error (statement-terminating) to be thrown. */
export const runtimeError = ({ id, message, category, target, type, inner }: Raised): PowerShellError =>
  new PowerShellError(
    errorRecord({
      id,
      message,
      category: category ?? 'InvalidOperation',
      target: target ?? null,
      exception: exception(type ?? 'System.Management.Automation.RuntimeException', message, inner ? { inner } : {}),
    }),
  );

/** Throws a PowerShell runtime error. */
export const raise = (raised: Raised): never => {
  throw runtimeError(raised);
};
