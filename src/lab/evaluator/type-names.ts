import { parseTypeName } from '../../powershell/parse-script.ts';
import type { TypeName } from '../../powershell/syntax-tree.ts';
import { knownTypes } from './known-types.ts';
import type { Registry } from './registry.ts';
import { genericName, typeNameOf } from './types-of.ts';
import type { Value } from './value.ts';

const sequences = ['System.Collections.IList', 'System.Collections.ICollection', 'System.Collections.IEnumerable'];

const baseTypes: Readonly<Record<string, readonly string[]>> = {
  'System.Collections.Hashtable': [
    'System.Collections.IDictionary',
    'System.Collections.ICollection',
    'System.Collections.IEnumerable',
  ],
  'System.Collections.Specialized.OrderedDictionary': [
    'System.Collections.IDictionary',
    'System.Collections.ICollection',
    'System.Collections.IEnumerable',
  ],
  'System.Collections.ArrayList': sequences,
  'System.Collections.Generic.Dictionary': [
    'System.Collections.IDictionary',
    'System.Collections.ICollection',
    'System.Collections.IEnumerable',
  ],
  'System.Collections.Generic.List': sequences,
  'System.Collections.ObjectModel.Collection': sequences,
  'System.Collections.Generic.HashSet': ['System.Collections.IEnumerable'],
  'System.Collections.Generic.Queue': ['System.Collections.ICollection', 'System.Collections.IEnumerable'],
  'System.Collections.Generic.Stack': ['System.Collections.ICollection', 'System.Collections.IEnumerable'],
  'System.Collections.Queue': ['System.Collections.ICollection', 'System.Collections.IEnumerable'],
  'System.Collections.Stack': ['System.Collections.ICollection', 'System.Collections.IEnumerable'],
  'System.String': ['System.IComparable', 'System.Collections.IEnumerable', 'System.IConvertible'],
  'System.Management.Automation.PSCustomObject': ['System.Management.Automation.PSObject'],
  // A reference to a typed value is one without type.
  'System.Management.Automation.PSReference': ['System.Management.Automation.PSReference'],
  'System.RuntimeType': ['System.Type', 'System.Reflection.TypeInfo', 'System.Reflection.MemberInfo'],
};

/** Types of simple values. */
export const valueTypes: ReadonlySet<string> = new Set([
  'System.Int32',
  'System.Int64',
  'System.Int16',
  'System.UInt16',
  'System.UInt32',
  'System.UInt64',
  'System.Byte',
  'System.SByte',

  'System.Single',
  'System.Double',
  'System.Decimal',
  'System.Boolean',
  'System.Char',
  'System.DateTime',
  'System.TimeSpan',
  'System.Management.Automation.SwitchParameter',
  'System.Guid',
]);

const lookUp = (registry: Registry, name: string, usings: readonly string[]): string | undefined => {
  const lower = name.toLowerCase();
  const direct =
    registry.typeNames.get(lower) ??
    knownTypes.get(lower) ??
    registry.typeNames.get(`system.${lower}`) ??
    knownTypes.get(`system.${lower}`);
  if (direct !== undefined) return direct;
  for (const space of usings) {
    const full = `${space}.${name}`.toLowerCase();
    const found = registry.typeNames.get(full) ?? knownTypes.get(full);
    if (found !== undefined) return found;
  }
  return undefined;
};

/** The full .NET name of a type as written; undefined if there is no such type. */
export const resolveType = (registry: Registry, type: TypeName, usings: readonly string[] = []): string | undefined => {
  const plain = type.name.replace(/`\d+$/, '').replace(/,.*$/, '').trim();
  let name = lookUp(registry, plain, usings);
  if (name === undefined) return undefined;
  if (type.arguments.length > 0) {
    const args = type.arguments.map((argument) => resolveType(registry, argument, usings));
    if (args.some((argument) => argument === undefined)) return undefined;
    name = genericName(name, args as string[]);
  }
  for (const rank of type.ranks) name += `[${','.repeat(rank - 1)}]`;
  return name;
};

const texts = new WeakMap<
  Registry['typeNames'],
  { readonly version: number; readonly byText: Map<string, string | undefined> }
>();

/** Texts kept for each registry: scripts can make up as many as they like. */
const mostTexts = 2000;

/** The full .NET name of a type given as text; undefined if there is no such type. */
export const resolveTypeText = (registry: Registry, text: string): string | undefined => {
  const { version } = registry;
  let known = texts.get(registry.typeNames);
  if (known?.version !== version || known.byText.size > mostTexts) {
    known = { version, byText: new Map() };
    texts.set(registry.typeNames, known);
  }
  const { byText } = known;
  const found = byText.get(text);
  if (found !== undefined || byText.has(text)) return found;
  const resolved = resolveNewText(registry, text);
  byText.set(text, resolved);
  return resolved;
};

const resolveNewText = (registry: Registry, text: string): string | undefined => {
  try {
    return resolveType(registry, parseTypeName(text));
  } catch {
    return undefined;
  }
};

/** `T[]` → `T`; undefined if the type is no array. */
export const arrayElement = (name: string): string | undefined => (name.endsWith('[]') ? name.slice(0, -2) : undefined);

/** Name and arguments of a generic type; a plain type has no arguments. */
export const genericParts = (name: string): { readonly name: string; readonly args: readonly string[] } => {
  const match = name.includes('`') ? /^([^`[]+)`\d+\[(.*)\]$/.exec(name) : null;
  if (!match) return { name, args: [] };
  const args: string[] = [];
  let depth = 0;
  let start = 0;
  const text = match[2] ?? '';
  for (let i = 0; i <= text.length; i++) {
    const c = text[i];
    if (c === '[') depth++;
    else if (c === ']') depth--;
    else if ((c === ',' && depth === 0) || c === undefined) {
      args.push(text.slice(start, i));
      start = i + 1;
    }
  }
  return { name: match[1] ?? name, args };
};

const chains = new WeakMap<
  Registry['typeNames'],
  { readonly version: number; readonly byName: Map<string, readonly string[]> }
>();

/** All types that a type is, itself first, System.Object last. */
export const typeChain = (registry: Registry, name: string): readonly string[] => {
  const { version } = registry;
  let known = chains.get(registry.typeNames);
  if (known?.version !== version) {
    known = { version, byName: new Map() };
    chains.set(registry.typeNames, known);
  }
  const found = known.byName.get(name);
  if (found) return found;
  const made = findChain(registry, name);
  known.byName.set(name, made);
  return made;
};

const findChain = (registry: Registry, name: string): readonly string[] => {
  const chain = [name];
  const element = arrayElement(name);
  if (element !== undefined) {
    chain.push(
      'System.Array',
      'System.Collections.IList',
      'System.Collections.ICollection',
      'System.Collections.IEnumerable',
    );
    if (element !== 'System.Object' && !valueTypes.has(element)) chain.push('System.Object[]');
  }
  if (/\[,+\]$/.test(name)) chain.push('System.Array', 'System.Collections.IList', 'System.Collections.IEnumerable');
  const plain = genericParts(name).name;
  chain.push(...(baseTypes[plain] ?? []), ...(registry.types.get(plain.toLowerCase())?.bases ?? []));
  if (registry.enums.has(name.toLowerCase())) chain.push('System.Enum', 'System.ValueType');
  if (valueTypes.has(name)) chain.push('System.ValueType', 'System.IComparable', 'System.IConvertible');
  let exception = registry.exceptions.get(name.toLowerCase());
  while (exception && exception.base !== exception.name) {
    chain.push(exception.base);
    exception = registry.exceptions.get(exception.base.toLowerCase());
  }
  chain.push('System.Object');
  return chain;
};

/** `-is`. */
export const isOfType = (registry: Registry, value: Value, type: string): boolean => {
  const name = typeNameOf(value);
  if (name === undefined) return false;
  if (type === 'System.Management.Automation.PSObject') return name === 'System.Management.Automation.PSCustomObject';
  const wanted = type.toLowerCase();
  return typeChain(registry, name).some((candidate) => candidate.toLowerCase() === wanted);
};
