import { elementTypeOf } from './make.ts';
import type { Boxed, Value } from './value.ts';

/** Whether a value carries a `kind`. */
export const isBoxed = (value: Value): value is Boxed =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof Uint8Array);

/** Full .NET name of a generic type with arguments. */
export const genericName = (name: string, args: readonly string[]): string =>
  `${name}\`${args.length}[${args.join(',')}]`;

/** Full .NET type name of a value; undefined for null. */
export const typeNameOf = (value: Value): string | undefined => {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'string') return 'System.String';
  if (typeof value === 'number') return 'System.Int32';
  if (typeof value === 'boolean') return 'System.Boolean';
  if (Array.isArray(value)) return `${elementTypeOf(value)}[]`;
  if (value instanceof Uint8Array) return 'System.Byte[]';
  switch (value.kind) {
    case 'integer':
      return value.type === 'BigInteger' ? 'System.Numerics.BigInteger' : `System.${value.type}`;
    case 'float':
      return `System.${value.type}`;
    case 'decimal':
      return 'System.Decimal';
    case 'char':
      return 'System.Char';
    case 'datetime':
      return 'System.DateTime';
    case 'timespan':
      return 'System.TimeSpan';
    case 'enum':
      return value.type.name;
    case 'hashtable':
      return value.typeArguments ? genericName(value.type, value.typeArguments) : value.type;
    case 'list':
      return value.elementType === undefined ? value.type : genericName(value.type, [value.elementType]);
    case 'custom':
      return 'System.Management.Automation.PSCustomObject';
    case 'instance':
      return value.type.name;
    case 'scriptblock':
      return 'System.Management.Automation.ScriptBlock';
    case 'error':
      return 'System.Management.Automation.ErrorRecord';
    case 'exception':
      return value.type;
    case 'type':
      return 'System.RuntimeType';
    case 'switch':
      return 'System.Management.Automation.SwitchParameter';
    case 'ref':
      return genericName('System.Management.Automation.PSReference', [typeNameOf(value.get()) ?? 'System.Object']);
  }
};

/** The part of a type name behind the last dot, with array brackets and without arguments of generic types. */
export const shortName = (name: string): string => {
  const plain = name.replace(/\[.*?\w.*\](?=(\[,*\])*$)/, '');
  return plain.slice(Math.max(plain.lastIndexOf('.'), plain.lastIndexOf('+')) + 1);
};
