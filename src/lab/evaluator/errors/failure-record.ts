import { Failure } from '../../../kernel/failure.ts';
import { errorRecord, PowerShellError } from '../define.ts';
import { LimitReached } from '../limit.ts';
import { exception } from '../make.ts';
import { runtimeError } from '../raise.ts';
import type { ErrorRecord } from '../value.ts';
import { faultPlace } from './fault-place.ts';
import { normalizeError } from './normalize.ts';

/** What ended a pipeline as an error record; what no script can catch has the place of the statement in which it came up. */
export const failureRecord = (thrown: unknown): ErrorRecord => {
  const error = normalizeError(thrown);
  if (error instanceof PowerShellError) return error.record;
  const record = recordOf(error);
  const place = faultPlace(thrown);
  if (place === undefined) return record;
  record.invocation ??= place.invocation;
  record.stack ??= place.stack;
  return record;
};

const recordOf = (error: unknown): ErrorRecord => {
  if (error instanceof LimitReached) {
    const { id, message } = error;
    return runtimeError({ id, message, category: 'LimitsExceeded' }).record;
  }
  const isFailure = error instanceof Failure;
  const message = error instanceof Error ? error.message : String(error);
  const type = isFailure ? 'Kintsugi.LabUnsupportedException' : 'System.Management.Automation.RuntimeException';
  const id = isFailure && error.code === 'lab-unsupported' ? 'LabUnsupported' : 'LabFault';
  const raised = exception(type, isFailure ? message : `The lab itself failed: ${faultText(error)}`);
  return errorRecord({ id, message: raised.message, category: 'NotImplemented', target: null, exception: raised });
};

/** A fault of the lab with where it happened; where its files lie on this machine is nobody's business. */
const faultText = (error: unknown): string => {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return text
    .replaceAll(/(?:file:\/\/)?\/[^\s()]*\/(?=(?:src|dist|node_modules)\/)/g, '')
    .replaceAll(/(?<=[\s(])(?:file:\/\/)?\/[^\s()]*\//g, '');
};
