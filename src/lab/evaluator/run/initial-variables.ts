import { actionPreferenceEnum } from '../dotnet/automation-enums.ts';
import { executionContextType } from '../dotnet/execution-context.ts';
import { versionType } from '../dotnet/identifiers.ts';
import { invocationInfoType } from '../dotnet/invocation-info.ts';
import { hostValue } from '../dotnet/ps-host.ts';
import { parsePreference } from '../errors/preference.ts';
import { Hashtable } from '../hashtable.ts';
import { enumValue, newObject, typedArray } from '../make.ts';
import { pathInfo } from '../path-info.ts';
import type { Session } from '../session.ts';
import type { Value } from '../value.ts';
import { commandValue } from './command-info.ts';

const versionValue = (text: string): Value => {
  return newObject(versionType, text.split('.').map(Number));
};

/** The preference variables of a session take names and numbers of actions; what is none stays as it is. */
const toAction = (value: Value): Value => {
  const action = parsePreference(value);
  return action === undefined ? value : enumValue(actionPreferenceEnum, action);
};

/** Sets what a new Windows PowerShell session has. */
export const setInitialVariables = (session: Session): void => {
  const { global, hooks } = session;
  const action = (name: string): ReturnType<typeof enumValue> => enumValue(actionPreferenceEnum, name);
  global.put('ErrorActionPreference', action('Continue'));
  global.put('WarningPreference', action('Continue'));
  global.put('VerbosePreference', action('SilentlyContinue'));
  global.put('DebugPreference', action('SilentlyContinue'));
  global.put('InformationPreference', action('SilentlyContinue'));
  global.put('ProgressPreference', action('Continue'));
  for (const name of ['Error', 'Warning', 'Verbose', 'Debug', 'Information', 'Progress']) {
    const variable = global.find(`${name.toLowerCase()}${name === 'Error' ? 'action' : ''}preference`);
    if (variable) variable.constraint = (value) => toAction(value);
  }
  global.put('WhatIfPreference', false);
  global.put('ConfirmPreference', 'High');
  global.put('Error', session.errors);
  global.put('PID', hooks.pid).option = 'Constant';
  global.put('HOME', hooks.environment.get('USERPROFILE') ?? 'C:\\Windows\\system32\\config\\systemprofile');
  global.put('PWD', pathInfo(session.location));
  global.put('PSHOME', 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0');
  global.put('PSCulture', hooks.culture);
  global.put('PSUICulture', hooks.culture);
  global.put('Host', hostValue());
  global.put('ExecutionContext', newObject(executionContextType, null));
  global.put('args', []);
  global.put('PSBoundParameters', new Hashtable('System.Management.Automation.PSBoundParametersDictionary'));
  global.put('input', []);
  global.put('LASTEXITCODE', null);
  global.put(
    'MyInvocation',
    newObject(invocationInfoType, {
      commandName: '',
      command: commandValue({ kind: 'script', path: '', text: '' }),
      position: undefined,
      bound: undefined,
    }),
  );
  global.put('PSScriptRoot', '');
  global.put('PSCommandPath', '');
  global.put('NestedPromptLevel', 0);
  global.put('Matches', null);
  global.put('PSDefaultParameterValues', new Hashtable());
  global.put('ShellId', 'Microsoft.PowerShell');
  global.put('MaximumHistoryCount', 4096);
  const table = Hashtable.of({
    PSVersion: versionValue('5.1.20348.2849'),
    PSEdition: 'Desktop',
    PSCompatibleVersions: typedArray(
      'System.Version',
      ['1.0', '2.0', '3.0', '4.0', '5.0', '5.1.20348.2849'].map((text) => versionValue(text)),
    ),
    BuildVersion: versionValue('10.0.20348.2849'),
    CLRVersion: versionValue('4.0.30319.42000'),
    WSManStackVersion: versionValue('3.0'),
    PSRemotingProtocolVersion: versionValue('2.3'),
    SerializationVersion: versionValue('1.1.0.1'),
  });
  global.put('PSVersionTable', table);
  for (const [name, value] of session.registry.variables) global.put(name, value);
};
