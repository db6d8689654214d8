import type { HostFacts } from '../../kernel/host-facts.ts';

/** The names below a fact that is a map; null where it is a value or a list. */
type NamesOf<Fact> = Fact extends readonly unknown[]
  ? null
  : Fact extends object
    ? { readonly [name in keyof Fact]-?: null }
    : null;

/** Facts that are known of every host as soon as it is connected, with the names in each: kept whole by the type of the facts. */
const names: { readonly [area in keyof HostFacts]-?: NamesOf<HostFacts[area]> } = {
  machineId: null,
  computerName: null,
  os: { build: null, ubr: null, productType: null, caption: null, uiLanguage: null },
  powershell: { version: null, languageMode: null, executionPolicy: null, jeaModule: null },
  elevated: null,
  uptimeMs: null,
  clockSkewMs: null,
  systemDrive: { freeBytes: null, sizeBytes: null },
  pendingReboot: null,
  domainJoined: null,
  roles: null,
};

/** Names that a condition can speak of below `facts.<area>`, by area; none where the fact is a value or a list. */
export const hostFactNames: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(names).map(([area, below]) => [area, Object.keys(below ?? {})]),
);
