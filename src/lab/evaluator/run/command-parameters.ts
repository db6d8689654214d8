import { signatureOf } from '../binding/cmdlet-signature.ts';
import { commonSpecs, shouldProcessSpecs } from '../binding/common-parameters.ts';
import type { ParameterSpec, Signature } from '../binding/signature.ts';
import { bodyOf } from '../compile/body.ts';
import { defineType } from '../define.ts';
import { Hashtable } from '../hashtable.ts';
import { newObject, typedArray, typeLiteral } from '../make.ts';
import { frameOf } from '../registry-of.ts';
import type { TypeDefinition } from '../type-definition.ts';
import type { Value } from '../value.ts';
import type { Resolved } from './command-info.ts';

/** ParameterMetadata. */
export const parameterMetadataType: TypeDefinition<ParameterSpec> = defineType<ParameterSpec>({
  name: 'System.Management.Automation.ParameterMetadata',
  properties: {
    Name: { get: ({ name }) => name },
    Aliases: { get: ({ writtenAliases, aliases }) => typedArray('System.String', [...(writtenAliases ?? aliases)]) },
    ParameterType: { get: ({ type }, context) => typeLiteral(type(frameOf(context))) },
    SwitchParameter: { get: ({ isSwitch }) => isSwitch },
  },
});

const signatureFor = (command: Resolved): Signature | undefined => {
  if (command.kind === 'function') return bodyOf(command.definition.body).signature;
  return command.kind === 'cmdlet' ? signatureOf(command.definition) : undefined;
};

/** `(Get-Command name).Parameters`: the parameters of a function or cmdlet by name; null for other commands. */
export const parametersOf = (command: Resolved): Value => {
  const signature = signatureFor(command);
  if (!signature) return null;
  const table = new Hashtable('System.Collections.Generic.Dictionary');
  const common = signature.isAdvanced ? commonSpecs : [];
  const risk = signature.supportsShouldProcess ? shouldProcessSpecs : [];
  for (const spec of [...signature.specs, ...common, ...risk])
    table.set(spec.name, newObject(parameterMetadataType, spec));
  return table;
};

/** `(Get-Command name).CmdletBinding`: whether a function is an advanced one; null for other commands. */
export const isAdvanced = (command: Resolved): Value =>
  command.kind === 'function' ? bodyOf(command.definition.body).signature.isAdvanced : null;
