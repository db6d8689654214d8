import type { CallContext } from './host.ts';
import { registryOf } from './registry-of.ts';
import { genericParts, typeChain } from './type-names.ts';
import { isBoxed, typeNameOf } from './types-of.ts';
import type { Value } from './value.ts';

const assemblies = {
  core: 'mscorlib, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089',
  automation: 'System.Management.Automation, Version=3.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35',
} as const;

const boundParameters = 'System.Management.Automation.PSBoundParametersDictionary';

/** Name of a type as Windows PowerShell 5.1 writes it: arguments of generic types with their assemblies. */
const runtimeName = (name: string): string => {
  const rank = /(?:\[,*\])*$/.exec(name)?.[0] ?? '';
  const plain = rank === '' ? name : name.slice(0, -rank.length);
  const { name: open, args } = genericParts(plain);
  if (args.length === 0) return name;
  const full = args.map((arg) => {
    const home = arg.startsWith('System.Management.Automation.') ? assemblies.automation : assemblies.core;
    return `[${runtimeName(arg)}, ${home}]`;
  });
  return `${open}\`${args.length}[${full.join(',')}]${rank}`;
};

/** Whether a name is that of a class: interfaces are no part of the type names that an object shows. */
const isClass = (name: string): boolean => !/^I[A-Z][a-z]/.test(name.slice(name.lastIndexOf('.') + 1));

/** Type names of a value as CLIXML carries them (MS-PSRP 2.2.5.2.3), most special first. */
export const clixmlTypeNames = (value: Value, context: CallContext): readonly string[] => {
  if (isBoxed(value)) {
    if (value.kind === 'custom') return value.typeNames;
    if (value.kind === 'instance' && value.typeNames) return value.typeNames;
    if (value.kind === 'enum') return [value.type.name, 'System.Enum', 'System.ValueType', 'System.Object'];
    if (value.kind === 'type')
      return [
        'System.RuntimeType',
        'System.Reflection.TypeInfo',
        'System.Type',
        'System.Reflection.MemberInfo',
        'System.Object',
      ];
    if (value.kind === 'switch')
      return ['System.Management.Automation.SwitchParameter', 'System.ValueType', 'System.Object'];
    if (value.kind === 'hashtable' && value.type === boundParameters)
      return [
        boundParameters,
        runtimeName('System.Collections.Generic.Dictionary`2[System.String,System.Object]'),
        'System.Object',
      ];
    if (value.kind === 'hashtable' || value.kind === 'list')
      return [runtimeName(typeNameOf(value) ?? ''), 'System.Object'];
  }
  const name = typeNameOf(value) ?? 'System.Object';
  if (name.endsWith(']')) return [runtimeName(name), 'System.Array', 'System.Object'];
  return [...new Set(typeChain(registryOf(context), name).filter(isClass).map(runtimeName))];
};
