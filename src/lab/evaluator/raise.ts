import { errorRecord, PowerShellError } from './define.ts';
import { exception } from './make.ts';
import type { ErrorCategory, ErrorRecord, Exception, Value } from './value.ts';

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

const ownRecords = new WeakMap<Exception, ErrorRecord>();

/** The record that an exception of the engine's own brings with it (IContainsErrorRecord). */
export const ownRecordOf = (thrown: Exception): ErrorRecord | undefined => ownRecords.get(thrown);

/** A PowerShell runtime error (statement-terminating) to be thrown. */
export const runtimeError = ({ id, message, category, target, type, inner }: Raised): PowerShellError => {
  const thrown = exception(type ?? 'System.Management.Automation.RuntimeException', message, inner ? { inner } : {});
  const record = errorRecord({
    id,
    message,
    category: category ?? 'InvalidOperation',
    target: target ?? null,
    exception: thrown,
  });
  ownRecords.set(thrown, record);
  return new PowerShellError(record);
};

/** Throws a PowerShell runtime error. */
export const raise = (raised: Raised): never => {
  throw runtimeError(raised);
};
