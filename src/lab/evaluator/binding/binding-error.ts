import { errorRecord, PowerShellError } from '../define.ts';
import { exception } from '../make.ts';
import type { ErrorCategory, Value } from '../value.ts';

/** The command an error of binding belongs to. */
export type Target = { readonly commandName: string; readonly errorClass: string };

const types = {
  general: 'System.Management.Automation.ParameterBindingException',
  validation: 'System.Management.Automation.ParameterBindingValidationException',
  transformation: 'System.Management.Automation.ParameterBindingArgumentTransformationException',
} as const;

/** Makes an error of parameter binding. */
export const bindingError = (
  target: Target,
  id: string,
  message: string,
  kind: keyof typeof types = 'general',
  category: ErrorCategory = kind === 'general' ? 'InvalidArgument' : 'InvalidData',
  parameter = '',
): PowerShellError =>
  new PowerShellError(
    errorRecord({
      id: target.errorClass === '' ? id : `${id},${target.errorClass}`,
      message,
      category,
      target: null,
      activity: target.commandName,
      exception: exception(types[kind], message, { properties: { ParameterName: parameter, ErrorId: id } }),
    }),
  );

/** The error of a pipeline object that no parameter takes. */
export const notBound = (target: Target, value: Value): PowerShellError => {
  const error = bindingError(
    target,
    'InputObjectNotBound',
    'The input object cannot be bound to any parameters for the command either because the command does not take pipeline input or the input and its properties do not match any of the parameters that take pipeline input.',
  );
  error.record.target = value;
  return error;
};

/** Whether a mandatory parameter refuses a value, and why. */
export const emptyReason = (
  value: Value,
  allow: { allowNull: boolean; allowEmptyString: boolean; allowEmptyCollection: boolean },
  isList: boolean,
): readonly [string, string] | undefined => {
  if ((value === null || value === undefined) && !allow.allowNull)
    return ['ParameterArgumentValidationErrorNullNotAllowed', 'it is null'];
  if (value === '' && !allow.allowEmptyString)
    return ['ParameterArgumentValidationErrorEmptyStringNotAllowed', 'it is an empty string'];
  if (!Array.isArray(value) || !isList) return undefined;
  if (value.length === 0 && !allow.allowEmptyCollection)
    return ['ParameterArgumentValidationErrorEmptyArrayNotAllowed', 'it is an empty array'];
  if (value.includes('') && !allow.allowEmptyString)
    return ['ParameterArgumentValidationErrorEmptyStringNotAllowed', 'it is an empty string'];
  return undefined;
};
