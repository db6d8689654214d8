import { Failure } from '../../../kernel/failure.ts';
import { systemPid } from '../../windows/machine/change-feed.ts';
import type { Machine } from '../../windows/machine/machine.ts';
import { layFeature } from '../../windows/machine/roles/role-features.ts';
import { fillServer, postInstall } from '../../windows/machine/wsus/install-wsus.ts';

/** What a host is for. Clients may have a web server only. */
export type RoleName = 'web-server' | 'update-server' | 'server-backup';

/** Features that a role of a lab's host has. */
const featuresOf: Readonly<Record<RoleName, readonly string[]>> = {
  'web-server': ['Web-Server', 'Web-Asp-Net45', 'Web-Mgmt-Console', 'Web-Scripting-Tools'],
  'update-server': ['Web-Server', 'Web-Scripting-Tools', 'UpdateServices', 'UpdateServices-API'],
  'server-backup': ['Windows-Server-Backup'],
};

/** Roles that only servers have. */
const serverRoles: readonly RoleName[] = ['update-server', 'server-backup'];

/**
 * Installs a role where it is not there yet.
 * @param asks what asks for it, as a message begins
 * @throws Failure `bad-input` on a client, for what only servers have
 */
export const addRole = (machine: Machine, role: RoleName, asks: string): void => {
  if (machine.edition.productType === 1 && serverRoles.includes(role))
    throw new Failure(
      'bad-input',
      `${asks} the role ${role}, which ${machine.edition.caption} cannot have; give it a base of Windows Server`,
      { facts: { role, base: machine.edition.caption } },
    );
  const before = new Map(machine.roles.states());
  for (const feature of featuresOf[role]) layFeature(machine, feature);
  const isNew = featuresOf[role].some((feature) => before.get(feature) !== 'Installed');
  if (isNew && role !== 'server-backup') startWeb(machine);
  if (role === 'update-server' && !machine.wsus.isInstalled) {
    postInstall(machine, 'C:\\WSUS', systemPid);
    fillServer(machine);
  }
};

const startWeb = (machine: Machine): void => {
  for (const name of ['WAS', 'AppHostSvc', 'W3SVC'])
    if (machine.services.find(name)?.state === 'Stopped') void machine.services.start(name, systemPid);
};

/** Installs the role that a fault is one of, where the host's declaration does not name it. @throws Failure `bad-input` on a client */
export const bringRole = (machine: Machine, role: RoleName): void => addRole(machine, role, 'this fault brings');

/** The role that a host was refused; undefined where it was refused something else. */
export const refusedRole = (error: unknown): unknown => (error instanceof Failure ? error.facts['role'] : undefined);
