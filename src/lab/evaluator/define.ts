import type { CmdletDefinition, ErrorSpec, Extension } from './host.ts';
import { exception } from './make.ts';
import type { EnumDefinition, TypeDefinition } from './type-definition.ts';
import type { ErrorRecord, Exception, Value } from './value.ts';

/** Defines a cmdlet; add it to an `Extension`. */
export const defineCmdlet = (definition: CmdletDefinition): CmdletDefinition => definition;

/** Defines a simulated .NET type: `defineType<ServiceState>({ name: 'System.ServiceProcess.ServiceController', properties: { … } })`. */
export const defineType = <S>(definition: TypeDefinition<S>): TypeDefinition<S> => definition;

/** Defines an enum type: `defineEnum('System.ServiceProcess.ServiceControllerStatus', { Stopped: 1, … })`. */
export const defineEnum = (
  name: string,
  values: Readonly<Record<string, number>>,
  options: { flags?: boolean; aliases?: readonly string[]; underlying?: 'Byte' | 'Int32' | 'UInt32' | 'Int64' } = {},
): EnumDefinition => ({ name, values, ...options });

/** Names an extension for readers; it is only the bag itself. */
export const defineExtension = (extension: Extension): Extension => extension;

/** A PowerShell error on its way up: what `throw`, terminating errors and failing .NET methods throw inside the evaluator. */
export class PowerShellError extends Error {
  readonly record: ErrorRecord;
  /** Ends the script even outside of `try`: `throw`, and errors under the action `Stop`. */
  readonly endsScript: boolean;

  /**
   * @param record the error record that `catch` sees
   * @param endsScript whether only `catch` can keep the script going
   */
  constructor(record: ErrorRecord, endsScript = false) {
    super(record.exception.message);
    this.name = 'PowerShellError';
    this.record = record;
    this.endsScript = endsScript;
  }
}

/** A .NET exception thrown by a simulated method or constructor; the evaluator wraps it as PowerShell does (MethodInvocationException). */
export class NetError extends Error {
  readonly exception: Exception;

  /** @param thrown the exception that the method threw */
  constructor(thrown: Exception) {
    super(thrown.message);
    this.name = 'NetError';
    this.exception = thrown;
  }
}

/** Makes the error that a simulated .NET method throws: `throw netError('System.ArgumentException', '…')`. */
export const netError = (
  type: string,
  message: string,
  options: { hresult?: number; inner?: Exception; properties?: Record<string, Value> } = {},
): NetError => new NetError(exception(type, message, options));

/** Builds an error record from its description (no invocation yet). */
export const errorRecord = (spec: ErrorSpec, className?: string): ErrorRecord => {
  const thrown =
    typeof spec.exception === 'object'
      ? spec.exception
      : exception(
          spec.exception ?? 'System.Exception',
          spec.message,
          spec.hresult === undefined ? {} : { hresult: spec.hresult },
        );
  return {
    kind: 'error',
    exception: thrown,
    // As in PowerShell: an error without an id of its own is named after the command alone.
    id: [spec.id, className].filter((part) => part !== undefined && part !== '').join(','),
    category: spec.category,
    activity: spec.activity ?? '',
    reason: spec.reason ?? '',
    targetName: spec.targetName ?? '',
    targetType: '',
    target: spec.target,
    ...(spec.message === thrown.message ? {} : { details: spec.message }),
  };
};
