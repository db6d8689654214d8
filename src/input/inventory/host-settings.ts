import type { Json } from '../../kernel/words.ts';
import type { DocumentPath } from '../document/source-document.ts';
import type { HostSettings, Inventory } from './inventory.ts';

/** A host's settings as they come to be: its own, over those of its groups, over the inventory's defaults. */
export function settingsOf(inventory: Inventory, host: string): HostSettings {
  const layers = layersOf(inventory, host);
  const merged: HostSettings = Object.assign({}, ...layers);
  return {
    ...merged,
    // A group says what is common, such as the key; a host adds what is its own, such as its host key.
    ...(merged.winrm === undefined ? {} : { winrm: Object.assign({}, ...layers.map((each) => each.winrm ?? {})) }),
    ...(merged.ssh === undefined ? {} : { ssh: Object.assign({}, ...layers.map((each) => each.ssh ?? {})) }),
    ...(merged.bridge === undefined ? {} : { bridge: Object.assign({}, ...layers.map((each) => each.bridge ?? {})) }),
    vars: Object.assign({}, ...layers.map((each) => each.vars ?? {})),
    parameters: parametersOf(inventory, host),
  } as HostSettings;
}

/** A host's values of parameters, variables put in: host over group over the inventory's defaults. A `$name` without a variable stays as it is. */
export function parametersOf(inventory: Inventory, host: string): { readonly [name: string]: Json } {
  const layers = layersOf(inventory, host);
  const vars: Record<string, Json> = Object.assign({}, ...layers.map((each) => each.vars ?? {}));
  const parameters: Record<string, Json> = Object.assign({}, ...layers.map((each) => each.parameters ?? {}));
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, withVariables(value, vars)]));
}

/** Names of variables that a host's parameters speak of and that nothing gives. */
export function missingVariables(inventory: Inventory, host: string): readonly string[] {
  const vars: Record<string, Json> = Object.assign({}, ...layersOf(inventory, host).map((each) => each.vars ?? {}));
  return Object.values(parametersOf(inventory, host)).flatMap((value) =>
    typeof value === 'string' && isReference(value) && !Object.hasOwn(vars, value.slice(1)) ? [value.slice(1)] : [],
  );
}

/** Settings of one place of the inventory that hold for a host. */
export type SettingsLayer = { readonly path: DocumentPath; readonly settings: HostSettings };

/** Where a host's settings come from, widest place first. */
export function layersOfHost(inventory: Inventory, host: string): readonly SettingsLayer[] {
  const groups = (inventory.groupsOf.get(host) ?? []).map((name) => ({
    path: ['groups', name, 'defaults'],
    settings: inventory.groups.get(name)?.defaults ?? {},
  }));
  return [
    { path: ['defaults'], settings: inventory.defaults },
    ...groups,
    { path: ['hosts', host], settings: inventory.hosts.get(host) ?? {} },
  ];
}

function layersOf(inventory: Inventory, host: string): readonly HostSettings[] {
  return layersOfHost(inventory, host).map(({ settings }) => settings);
}

function withVariables(value: Json, vars: Readonly<Record<string, Json>>): Json {
  if (typeof value !== 'string' || !value.startsWith('$')) return value;
  if (!isReference(value)) return value.slice(1);
  return Object.hasOwn(vars, value.slice(1)) ? (vars[value.slice(1)] as Json) : value;
}

const isReference = (value: string): boolean => value.startsWith('$') && !value.startsWith('$$');
