import { accelerators } from '../known-types.ts';
import type { Registry } from '../registry.ts';
import { resolveTypeText, valueTypes } from '../type-names.ts';

/** Whether a short name is one of the language's own for a type, as `int` and `datetime` are, or that of a simple value. */
const isNamedInLanguage = (registry: Registry, short: string, full: string): boolean =>
  registry.typeNames.has(short.toLowerCase()) ||
  short.toLowerCase() in accelerators ||
  valueTypes.has(full) ||
  full === 'System.String' ||
  full === 'System.Object';

const withoutRanks = (name: string): string => name.replace(/(?:\[,*\])+$/, '');

/**
 * The full .NET name of a parameter's type. A module's own types are written by their short names (`Action` of NetSecurity): there a
 * short name means no type below `System` but those that have a name in the language.
 * @param module of the command; undefined for what belongs to PowerShell itself
 */
export const resolveParameterType = (
  registry: Registry,
  text: string,
  module: string | undefined,
): string | undefined => {
  const found = resolveTypeText(registry, text);
  if (found === undefined || text.includes('.') || module === undefined || module.startsWith('Microsoft.PowerShell.'))
    return found;
  return isNamedInLanguage(registry, withoutRanks(text), withoutRanks(found)) ? found : undefined;
};
