import { defineEnum } from '../../evaluator/define.ts';
import { Hashtable } from '../../evaluator/hashtable.ts';
import type { Extension } from '../../evaluator/host.ts';
import { customObject, enumValue } from '../../evaluator/make.ts';
import type { Runspace } from '../../evaluator/pipeline.ts';
import { createRunspace } from '../../evaluator/runspace.ts';
import type { Surface } from '../../evaluator/surface.ts';
import type { Machine } from '../machine/machine.ts';
import type { SimulatedProcess } from '../machine/processes.ts';
import { createHooks } from './process-hooks.ts';
import { windowsLanguage } from './windows-language.ts';

/** System.Management.Automation.PSLanguageMode. */
const languageModeEnum = defineEnum('System.Management.Automation.PSLanguageMode', {
  FullLanguage: 0,
  RestrictedLanguage: 1,
  NoLanguage: 2,
  ConstrainedLanguage: 3,
});

/** Versions that `$PSVersionTable` shows, as texts. */
export const versionsOf = (machine: Machine): Readonly<Record<string, string>> => {
  const { build, ubr } = machine.edition;
  return {
    PSVersion: `5.1.${build}.${ubr}`,
    PSEdition: 'Desktop',
    BuildVersion: `10.0.${build}.${ubr}`,
    CLRVersion: '4.0.30319.42000',
    WSManStackVersion: '3.0',
    PSRemotingProtocolVersion: '2.3',
    SerializationVersion: '1.1.0.1',
  };
};

/** What differs from machine to machine. */
const ownExtension = (machine: Machine): Extension => ({
  enums: [languageModeEnum],
  variables: {
    ExecutionContext: customObject({
      SessionState: customObject({ LanguageMode: enumValue(languageModeEnum, machine.languageMode) }),
      Host: customObject({ Name: 'ServerRemoteHost' }),
    }),
  },
});

/**
 * Opens a session of the language in a process of the machine; `extras` are what only this process has, such as a console; with a surface,
 * one without language for its client.
 */
export const openLanguage = (
  machine: Machine,
  process: SimulatedProcess,
  extras: readonly Extension[] = [],
  surface?: Surface,
): Runspace => {
  const home = process.environment.get('USERPROFILE')?.value ?? 'C:\\Windows\\system32';
  const isRemote = process.name === 'wsmprovhost';
  const location =
    isRemote && machine.files.exists(`${home}\\Documents`) ? `${home}\\Documents` : 'C:\\Windows\\system32';
  const runspace = createRunspace({
    hooks: createHooks(machine, process, location),
    shared: windowsLanguage,
    extensions: [ownExtension(machine), ...extras],
    ...(surface ? { surface } : {}),
  });
  const table = runspace.getVariable('PSVersionTable');
  if (table instanceof Hashtable) {
    for (const [name, text] of Object.entries(versionsOf(machine))) {
      if (name !== 'PSEdition') table.set(name, runspace.context.convert(text, 'version'));
    }
  }
  return runspace;
};
