import type { EventRecord } from './event-log.ts';
import { createNode, type FileNode, type Volume } from './files/file-node.ts';
import type { Machine } from './machine.ts';
import type { RegistryValue } from './registry/registry.ts';
import type { SecurityDescriptor } from './rights/security-descriptor.ts';
import type { Service } from './services/service.ts';
import type { ScheduledTask } from './tasks/scheduled-task.ts';
import type { UsersCopy } from './users/users.ts';

type KeyCopy = {
  readonly path: string;
  readonly values: readonly RegistryValue[];
  readonly security: SecurityDescriptor | undefined;
};

/** A copy of everything that lasts on a machine, to be put back as it was. Processes and open shells are not part of it. */
export type StateCopy = {
  readonly volumes: readonly {
    readonly drive: string;
    readonly root: FileNode;
    readonly otherBytes: number;
    readonly usedBytes: number;
  }[];
  readonly keys: readonly KeyCopy[];
  readonly services: readonly Service[];
  readonly tasks: readonly ScheduledTask[];
  readonly events: ReadonlyMap<string, readonly EventRecord[]>;
  readonly skewMs: number;
  readonly components: Pick<Machine['components'], 'isMarked' | 'supersededBytes'>;
  readonly restore: { readonly points: Machine['restore']['points']; readonly drives: readonly string[] };
  readonly preferences: Machine['defender']['preferences'];
  readonly features: ReadonlyMap<string, boolean>;
  readonly roles: ReturnType<Machine['roles']['states']>;
  readonly web: { readonly sites: Machine['web']['sites']; readonly pools: Machine['web']['pools'] };
  readonly wsus: ReturnType<typeof copyWsus>;
  readonly hardware: ReturnType<Machine['hardware']['save']>;
  readonly update: Pick<Machine['update'], 'offered' | 'pending'>;
  readonly defender: Pick<Machine['defender'], 'signatureVersion' | 'suspicions' | 'detections' | 'blockedHosts'>;
  readonly unloadedFilters: readonly string[];
  readonly users: UsersCopy;
};

const copyWsus = ({ wsus }: Machine) => ({
  settings: { ...wsus.settings },
  history: wsus.history,
  waiting: wsus.waiting,
  content: wsus.database.copy(),
});

const copyTree = (node: FileNode): FileNode => {
  const copy = Object.assign(createNode(node.name, node.isFolder, node.createdMs), {
    ...node,
    children: new Map<string, FileNode>(),
    parent: undefined,
  });
  for (const [name, child] of node.children) {
    const below = copyTree(child);
    below.parent = copy;
    copy.children.set(name, below);
  }
  return copy;
};

/** Copies the lasting state of a machine. */
export const copyState = (machine: Machine): StateCopy => ({
  volumes: [...machine.files.volumes.values()].map(({ drive, root, otherBytes, usedBytes }) => ({
    drive,
    root: copyTree(root),
    otherBytes,
    usedBytes,
  })),
  keys: [...machine.registry.walk()].map(([path, key]) => ({
    path,
    values: [...key.values.values()],
    security: key.security,
  })),
  services: machine.services.all().map((service) => ({ ...service })),
  tasks: machine.tasks.all().map((task) => ({ ...task })),
  events: new Map(machine.events.names().map((name) => [name, [...(machine.events.records(name) ?? [])]])),
  skewMs: machine.clock.skewMs,
  components: {
    isMarked: machine.components.isMarked,
    supersededBytes: machine.components.supersededBytes,
  },
  restore: { points: [...machine.restore.points], drives: [...machine.restore.protectedDrives] },
  preferences: new Map(machine.defender.preferences),
  features: new Map(machine.features),
  roles: new Map(machine.roles.states()),
  web: { sites: new Map(machine.web.sites), pools: new Map(machine.web.pools) },
  wsus: copyWsus(machine),
  hardware: machine.hardware.save(),
  update: { offered: machine.update.offered, pending: machine.update.pending },
  defender: {
    signatureVersion: machine.defender.signatureVersion,
    suspicions: machine.defender.suspicions,
    detections: machine.defender.detections,
    blockedHosts: machine.defender.blockedHosts,
  },
  unloadedFilters: [...machine.filters.unloaded],
  users: machine.users.copy(),
});

/** Replaces the content of a volume's root. */
const putTree = (volume: Volume, root: FileNode): void => {
  const copy = copyTree(root);
  volume.root.children.clear();
  volume.root.security = copy.security;
  for (const [name, child] of copy.children) {
    child.parent = volume.root;
    volume.root.children.set(name, child);
  }
};

/**
 * Puts a machine back into a copied state. Services keep the processes they have now where they run in both states; nothing must be
 * running on the machine meanwhile.
 */
export const restoreState = (machine: Machine, state: StateCopy): void => {
  for (const service of machine.services.all())
    if (service.pid !== 0 && machine.processes.get(service.pid)) void machine.processes.end(service.pid, 0, 4);
  state.hardware.volumes();
  for (const { drive, root, otherBytes, usedBytes } of state.volumes) {
    const volume = machine.files.volume(drive);
    putTree(volume, root);
    Object.assign(volume, { otherBytes, usedBytes });
  }
  machine.registry.replace(state.keys);
  machine.users.replace(state.users);
  machine.services.replace(state.services);
  machine.tasks.replace(state.tasks);
  machine.events.replace(state.events);
  machine.clock.skewMs = state.skewMs;
  Object.assign(machine.components, state.components);
  machine.restore.points = [...state.restore.points];
  machine.restore.protectedDrives = new Set(state.restore.drives);
  for (const copy of machine.shadows.copies) machine.shadows.remove(copy.id, 4);
  machine.defender.preferences.clear();
  for (const [name, value] of state.preferences) machine.defender.preferences.set(name, value);
  machine.features.clear();
  for (const [name, isOn] of state.features) machine.features.set(name, isOn);
  machine.roles.replace(state.roles);
  for (const kind of ['sites', 'pools'] as const) {
    machine.web[kind].clear();
    for (const [name, run] of state.web[kind]) machine.web[kind].set(name, run);
  }
  Object.assign(machine.wsus, {
    settings: { ...state.wsus.settings },
    history: state.wsus.history,
    waiting: state.wsus.waiting,
    syncingSinceMs: undefined,
  });
  machine.wsus.database.content = structuredClone(state.wsus.content);
  state.hardware.rest();
  Object.assign(machine.update, state.update);
  Object.assign(machine.defender, state.defender);
  machine.filters.unloaded.clear();
  for (const name of state.unloadedFilters) machine.filters.unloaded.add(name);
  machine.network.cache.clear();
};
