import type { Machine } from '../../machine/machine.ts';

/** A module that comes with a role or feature. */
export type RoleModule = { readonly name: string; readonly isThere: (machine: Machine) => boolean };

/** Modules of roles and features. */
export const roleModules = {
  serverManager: { name: 'ServerManager', isThere: (machine) => machine.edition.productType !== 1 },
  webAdministration: {
    name: 'WebAdministration',
    isThere: (machine) => machine.roles.isInstalled('Web-Scripting-Tools'),
  },
  updateServices: { name: 'UpdateServices', isThere: (machine) => machine.roles.isInstalled('UpdateServices-API') },
  serverBackup: {
    name: 'WindowsServerBackup',
    isThere: (machine) => machine.roles.isInstalled('Windows-Server-Backup'),
  },
} as const satisfies Readonly<Record<string, RoleModule>>;

/** The module of a role by name. */
export const roleModuleOf = (name: string): RoleModule | undefined =>
  Object.values(roleModules).find((one) => one.name.toLowerCase() === name.toLowerCase());
