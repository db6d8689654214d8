import type { ParameterSpec, SetRole } from './signature.ts';
import { allSets } from './signature.ts';

const role: SetRole = { position: undefined, mandatory: false, fromValue: false, fromName: false, remaining: false };

const common = (name: string, alias: string, type: string): ParameterSpec => ({
  name,
  lower: name.toLowerCase(),
  aliases: [alias],
  type: () => type,
  isSwitch: type === 'System.Management.Automation.SwitchParameter',
  isTyped: true,
  roles: new Map([[allSets, role]]),
  validators: [],
  allowNull: true,
  allowEmptyString: true,
  allowEmptyCollection: true,
  defaultValue: undefined,
});

const toggle = 'System.Management.Automation.SwitchParameter';

/** Parameters of every advanced function and cmdlet. */
export const commonSpecs: readonly ParameterSpec[] = [
  common('Verbose', 'vb', toggle),
  common('Debug', 'db', toggle),
  common('ErrorAction', 'ea', 'System.Object'),
  common('WarningAction', 'wa', 'System.Object'),
  common('InformationAction', 'infa', 'System.Object'),
  common('ErrorVariable', 'ev', 'System.String'),
  common('WarningVariable', 'wv', 'System.String'),
  common('InformationVariable', 'iv', 'System.String'),
  common('OutVariable', 'ov', 'System.String'),
  common('OutBuffer', 'ob', 'System.Int32'),
  common('PipelineVariable', 'pv', 'System.String'),
];

/** Those that ShouldProcess brings. */
export const shouldProcessSpecs: readonly ParameterSpec[] = [
  common('WhatIf', 'wi', toggle),
  common('Confirm', 'cf', toggle),
];

/** Lower-case names of all of them. */
export const commonNames: ReadonlySet<string> = new Set(
  [...commonSpecs, ...shouldProcessSpecs].map((spec) => spec.lower),
);

/** Whether a call gives one of them. @param bound values by lower-case name */
export const hasCommon = (bound: ReadonlyMap<string, unknown>): boolean => {
  for (const name of bound.keys()) if (commonNames.has(name)) return true;
  return false;
};
