import type { KeptState } from './devices/kept-state.ts';
import { copyTree, type FileNode, type Volume } from './files/file-node.ts';
import type { Machine } from './machine.ts';

type Saving = KeptState['save'];

/** A copy of a container; what is in it is never changed in place. */
const copyOf = <T>(value: T): T => {
  if (value instanceof Map) return new Map(value) as T;
  if (value instanceof Set) return new Set(value) as T;
  return Array.isArray(value) ? (value.slice() as T) : value;
};

const refill = (is: Map<unknown, unknown>, was: ReadonlyMap<unknown, unknown>): void => {
  is.clear();
  for (const [key, value] of was) is.set(key, value);
};

/** Saves fields of a part that hold values, or maps, sets and lists of values. */
const fields =
  <T extends object>(part: T, ...names: readonly (keyof T)[]): Saving =>
  () => {
    const saved = names.map((name) => [name, copyOf(part[name])] as const);
    return () => {
      for (const [name, was] of saved) {
        const is = part[name];
        if (is instanceof Map && was instanceof Map) refill(is, was);
        else part[name] = copyOf(was);
      }
    };
  };

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

const files =
  ({ files: { volumes } }: Machine): Saving =>
  () => {
    const saved = [...volumes.values()].map(({ drive, root, otherBytes, usedBytes }) => ({
      drive,
      root: copyTree(root),
      otherBytes,
      usedBytes,
    }));
    return () => {
      for (const { drive, root, ...sizes } of saved) {
        const volume = volumes.get(drive);
        if (!volume) continue;
        putTree(volume, root);
        Object.assign(volume, sizes);
      }
    };
  };

const registry =
  (machine: Machine): Saving =>
  () => {
    const saved = [...machine.registry.walk()].map(([path, key]) => ({
      path,
      values: [...key.values.values()],
      security: key.security,
    }));
    return () => machine.registry.replace(saved);
  };

/** Services keep the processes they have now where they run in both states. */
const services =
  (machine: Machine): Saving =>
  () => {
    const saved = machine.services.all().map((service) => ({ ...service }));
    return () => machine.services.replace(saved);
  };

const tasks =
  (machine: Machine): Saving =>
  () => {
    const saved = machine.tasks.all().map((task) => ({ ...task }));
    return () => machine.tasks.replace(saved);
  };

const events =
  (machine: Machine): Saving =>
  () => {
    const saved = new Map(machine.events.names().map((name) => [name, [...(machine.events.records(name) ?? [])]]));
    return () => machine.events.replace(saved);
  };

const users =
  (machine: Machine): Saving =>
  () => {
    const saved = machine.users.copy();
    return () => machine.users.replace(saved);
  };

const updateServer = (machine: Machine): Saving => {
  const plain = fields(machine.wsus, 'history', 'waiting');
  return () => {
    const [restore, settings, content] = [plain(), { ...machine.wsus.settings }, machine.wsus.database.copy()];
    return () => {
      restore();
      Object.assign(machine.wsus, { settings: { ...settings }, syncingSinceMs: undefined });
      machine.wsus.database.content = structuredClone(content);
    };
  };
};

const roles =
  (machine: Machine): Saving =>
  () => {
    const saved = new Map(machine.roles.states());
    return () => machine.roles.replace(saved);
  };

/** All parts of a machine, in the order in which they come back: which volumes there are first, then what lies on them, then what reads it. */
const partsOf = (machine: Machine): readonly Saving[] => [
  files(machine),
  registry(machine),
  users(machine),
  services(machine),
  tasks(machine),
  events(machine),
  fields(machine.clock, 'skewMs'),
  fields(machine.components, 'isMarked', 'supersededBytes'),
  fields(machine.restore, 'points', 'protectedDrives'),
  fields(machine.shadows, 'copies'),
  fields(machine.files, 'devices'),
  fields(
    machine.defender,
    'isTamperProtected',
    'signatureVersion',
    'suspicions',
    'detections',
    'preferences',
    'blockedHosts',
  ),
  fields(machine, 'edition', 'executionPolicy', 'languageMode', 'features', 'environment'),
  roles(machine),
  fields(machine.web, 'sites', 'pools', 'passwords', 'shares'),
  updateServer(machine),
  fields(machine.update, 'offered', 'pending', 'lastReportMs'),
  fields(machine.filters, 'unloaded'),
  fields(machine.policy, 'domainPolicies', 'applied'),
  fields(machine.network, 'sites', 'nameServers', 'inspection', 'directly', 'cache'),
  () => machine.power.save(),
];

/**
 * Saves everything that lasts on a machine; the function that is given back puts it back as it was. Processes and open shells are not part of
 * it: nothing must be running on the machine when it is put back.
 */
export const saveState = (machine: Machine): (() => void) => {
  const hardware = machine.hardware.save();
  const restores = partsOf(machine).map((save) => save());
  return () => {
    for (const service of machine.services.all())
      if (service.pid !== 0 && machine.processes.get(service.pid)) void machine.processes.end(service.pid, 0, 4);
    hardware.volumes();
    for (const restore of restores) restore();
    hardware.rest();
  };
};
