import { isTrue } from '../conversion/truth.ts';
import type { Preference } from '../errors/preference.ts';
import { parsePreference, preference } from '../errors/preference.ts';
import type { ProgressRecord } from '../host.ts';
import type { Scope } from '../scope.ts';
import type { Value } from '../value.ts';

const variables = {
  error: 'erroractionpreference',
  warning: 'warningpreference',
  verbose: 'verbosepreference',
  debug: 'debugpreference',
  information: 'informationpreference',
} as const;

/** Streams whose records obey a preference. */
export type ActionStream = keyof typeof variables;

const parameters: Readonly<Record<string, string>> = {
  error: 'erroraction',
  warning: 'warningaction',
  information: 'informationaction',
};

const defaults: Readonly<Record<ActionStream, Preference>> = {
  error: 'Continue',
  warning: 'Continue',
  verbose: 'SilentlyContinue',
  debug: 'SilentlyContinue',
  information: 'SilentlyContinue',
};

/** What happens to a record of a stream: the call's own parameter says it, else the preference variable. */
export const actionFor = (stream: ActionStream, bound: (name: string) => Value, scope: Scope): Preference => {
  const parameter = parameters[stream];
  const own = parameter === undefined ? undefined : parsePreference(bound(parameter));
  if (own !== undefined) return own;
  const toggle = stream === 'verbose' || stream === 'debug' ? bound(stream) : undefined;
  if (toggle !== undefined) return isTrue(toggle) ? 'Continue' : 'SilentlyContinue';
  return preference(scope, variables[stream], defaults[stream]);
};

/** A progress record with what Write-Progress takes where nothing is said. */
export const progressRecord = (given: Partial<ProgressRecord> & { activity: string }): ProgressRecord => ({
  activityId: 0,
  parentId: -1,
  status: 'Processing',
  currentOperation: '',
  percent: -1,
  secondsRemaining: -1,
  type: 'Processing',
  ...given,
});
