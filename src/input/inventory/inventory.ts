import type { Json } from '../../kernel/words.ts';

/** Settings of a host that a group or the whole inventory can give too; the nearest one wins (host > group > inventory). */
export type HostSettings = {
  readonly address?: string;
  readonly port?: number;
  readonly transport?: 'winrm';
  readonly tls?: boolean | { readonly ca?: string; readonly verify?: boolean };
  readonly mechanisms?: readonly ('negotiate' | 'ntlm' | 'basic')[];
  readonly allowUnencrypted?: boolean;
  readonly configurationName?: string;
  /** Name of a credential of the inventory. */
  readonly credential?: string;
  /** Values for parameters of playbooks, by name; what a playbook does not declare is left out. */
  readonly parameters?: { readonly [name: string]: Json };
  /** Own variables; a value `$name` in `parameters` takes the variable's value as seen from the host. */
  readonly vars?: { readonly [name: string]: Json };
};

/** A host of the inventory. */
export type InventoryHost = HostSettings & { readonly id: string };

/** A group: hosts, further groups, and settings for all of them. */
export type InventoryGroup = {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly groups: readonly string[];
  readonly defaults: HostSettings;
};

/** A credential: the password is a reference (`env:NAME`, `file:path`), never a value. */
export type InventoryCredential = { readonly username: string; readonly password: string };

/** An inventory, checked: every name that is used exists, and no group contains itself. */
export type Inventory = {
  readonly file: string;
  /** In the order of the file. */
  readonly hosts: ReadonlyMap<string, InventoryHost>;
  readonly groups: ReadonlyMap<string, InventoryGroup>;
  readonly credentials: ReadonlyMap<string, InventoryCredential>;
  readonly defaults: HostSettings;
};
