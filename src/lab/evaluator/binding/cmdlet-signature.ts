import type { CmdletDefinition, ParameterDefinition } from '../host.ts';
import { resolveParameterType } from './parameter-type.ts';
import type { ParameterSpec, SetRole, Signature, Validator } from './signature.ts';
import { allSets } from './signature.ts';
import { validateRange, validateSet } from './validation.ts';

type RoleSource = { position?: number; mandatory?: boolean; pipeline?: 'value' | 'name' | 'both' };

const roleOf = (definition: ParameterDefinition, own: RoleSource): SetRole => {
  const pipeline = own.pipeline ?? definition.pipeline;
  return {
    position: own.position ?? definition.position,
    mandatory: own.mandatory ?? definition.mandatory ?? false,
    fromValue: pipeline === 'value' || pipeline === 'both',
    fromName: pipeline === 'name' || pipeline === 'both',
    remaining: definition.remaining ?? false,
  };
};

const rolesOf = (definition: ParameterDefinition): Map<string, SetRole> => {
  const { sets } = definition;
  if (!sets) return new Map([[allSets, roleOf(definition, {})]]);
  const entries: [string, RoleSource][] = Array.isArray(sets)
    ? sets.map((set) => [String(set), {}])
    : Object.entries(sets);
  return new Map(entries.map(([set, own]) => [set, roleOf(definition, own)]));
};

const validatorsOf = (definition: ParameterDefinition): Validator[] => {
  const validators: Validator[] = [];
  if (definition.validateSet) validators.push(validateSet(definition.validateSet));
  const { refuses } = definition;
  if (refuses)
    validators.push((value, _frame, fail) => {
      if (typeof value === 'string' && refuses.test(value)) fail(`The argument "${value}" means something else here.`);
    });
  if (definition.validateRange) validators.push(validateRange(...definition.validateRange));
  return validators;
};

const specOf = (name: string, definition: ParameterDefinition, module: string | undefined): ParameterSpec => {
  const isSwitch = /^(switch|switchparameter)$/i.test(definition.type);
  let type: string | undefined;
  return {
    name,
    lower: name.toLowerCase(),
    aliases: (definition.aliases ?? []).map((alias) => alias.toLowerCase()),
    writtenAliases: definition.aliases ?? [],
    type: (frame) => {
      type ??= resolveParameterType(frame.session.registry, definition.type, module) ?? 'System.Object';
      return type;
    },
    isSwitch,
    isTyped: definition.type !== 'object',
    roles: rolesOf(definition),
    validators: validatorsOf(definition),
    allowNull: definition.allowNull ?? false,
    allowEmptyString: definition.allowEmpty ?? false,
    allowEmptyCollection: definition.allowEmpty ?? false,
    defaultValue: undefined,
  };
};

const signatures = new WeakMap<CmdletDefinition, Signature>();

/** The parameters of a simulated cmdlet. */
export const signatureOf = (cmdlet: CmdletDefinition): Signature => {
  const known = signatures.get(cmdlet);
  if (known) return known;
  const specs = Object.entries(cmdlet.parameters).map(([name, definition]) => specOf(name, definition, cmdlet.module));
  const setNames = [...new Set(specs.flatMap((spec) => [...spec.roles.keys()]))].filter((set) => set !== allSets);
  // The first set may have no parameter at all.
  const { defaultParameterSet: first } = cmdlet;
  const isEmpty = !specs.some(({ roles }) => roles.has(allSets));
  if (first !== undefined && setNames.length > 0 && isEmpty && !setNames.includes(first)) setNames.push(first);
  const made: Signature = {
    specs,
    setNames,
    defaultSet: cmdlet.defaultParameterSet,
    isAdvanced: true,
    supportsShouldProcess: cmdlet.supportsShouldProcess ?? false,
    isCmdlet: true,
  };
  signatures.set(cmdlet, made);
  return made;
};

/** What errors of a cmdlet name behind their ids: its class; a function its name. */
export const errorClassOf = ({ name, className, commandType }: CmdletDefinition): string =>
  className ?? (commandType === 'Function' ? name : `Microsoft.PowerShell.Commands.${name.replace('-', '')}Command`);

/** What errors of a cmdlet name: the command and its class. */
export const bindingTargetOf = (cmdlet: CmdletDefinition): { commandName: string; errorClass: string } => ({
  commandName: cmdlet.name,
  errorClass: errorClassOf(cmdlet),
});
