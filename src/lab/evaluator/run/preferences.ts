import { isTrue } from '../conversion/truth.ts';
import { actionPreferenceEnum } from '../dotnet/automation-enums.ts';
import { parsePreference } from '../errors/preference.ts';
import type { Frame } from '../frame.ts';
import { enumValue, switchValue } from '../make.ts';
import type { Value } from '../value.ts';

const actions: Readonly<Record<string, string>> = {
  erroraction: 'ErrorActionPreference',
  warningaction: 'WarningPreference',
  informationaction: 'InformationPreference',
};

/** Sets the preference variables that common parameters of an advanced function mean in its scope. */
export const applyPreferences = (frame: Frame, bound: (name: string) => Value): void => {
  for (const [parameter, variable] of Object.entries(actions)) {
    const action = parsePreference(bound(parameter));
    if (action !== undefined) frame.scope.put(variable, enumValue(actionPreferenceEnum, action));
  }
  const verbose = bound('verbose');
  if (verbose !== undefined)
    frame.scope.put(
      'VerbosePreference',
      enumValue(actionPreferenceEnum, isTrue(verbose) ? 'Continue' : 'SilentlyContinue'),
    );
  const debug = bound('debug');
  if (debug !== undefined)
    frame.scope.put(
      'DebugPreference',
      enumValue(actionPreferenceEnum, isTrue(debug) ? 'Continue' : 'SilentlyContinue'),
    );
  const whatIf = bound('whatif');
  if (whatIf !== undefined) frame.scope.put('WhatIfPreference', switchValue(isTrue(whatIf)));
  const confirm = bound('confirm');
  if (confirm !== undefined) frame.scope.put('ConfirmPreference', isTrue(confirm) ? 'Low' : 'None');
};
