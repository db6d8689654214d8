import type { Credential, Settings } from './inventory.generated.ts';

/** Settings of a host that a group or the whole inventory can give too; the nearest one wins (host > group > inventory). */
export type HostSettings = NonNullable<Settings>;

/** A group: hosts, further groups, and settings for all of them. */
export type InventoryGroup = {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly groups: readonly string[];
  readonly defaults: HostSettings;
};

/** An inventory, checked: every name that is used exists, and no group contains itself. */
export type Inventory = {
  readonly file: string;
  /** Settings of each host itself, in the order of the file. */
  readonly hosts: ReadonlyMap<string, HostSettings>;
  readonly groups: ReadonlyMap<string, InventoryGroup>;
  /** Passwords are references (`env:NAME`, `file:path`), never values. */
  readonly credentials: ReadonlyMap<string, Credential>;
  readonly defaults: HostSettings;
  /** For each host, the groups that it belongs to, widest first: the last one that gives a setting wins. */
  readonly groupsOf: ReadonlyMap<string, readonly string[]>;
};
