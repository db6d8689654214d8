import { createHash } from 'node:crypto';
import type { EventRecord } from './event-log.ts';
import { type FileNode, fileAttributes, hasOtherNames } from './files/file-node.ts';
import type { Machine } from './machine.ts';
import { isHive } from './registry/hive-file.ts';
import { writeTaskXml } from './tasks/task-xml.ts';

/** The whole lasting state of a machine as texts by path, and how far each event log had come. */
export type Snapshot = {
  readonly takenAtMs: number;
  /** `file:C:\…`, `registry:HKEY_…[:value]`, `service:name`, `task:\name`, `clock`, … → canonical text. */
  readonly entries: ReadonlyMap<string, string>;
  /** Number of the last record of each log. */
  readonly events: ReadonlyMap<string, number>;
};

/** One thing that differs between two snapshots; `undefined` where it was not there. */
export type Difference = {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
};

/** What differs; records that event logs got are listed apart, since Windows writes those itself. */
export type SnapshotDiff = { readonly differences: readonly Difference[]; readonly newEvents: readonly EventRecord[] };

const digests = new WeakMap<Uint8Array, string>();
const digestOf = (bytes: Uint8Array): string => {
  const known = digests.get(bytes);
  if (known !== undefined) return known;
  const made = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  digests.set(bytes, made);
  return made;
};

/** Files of settings that Windows rewrites as a whole for each change: their content tells all, the time of writing nothing. */
const rewritten = /\\(?:applicationHost|web)\.config$/i;

/** What of a file's content counts. Loading and unloading touches a hive file; what it holds is told by its digest. */
const contentOf = (node: FileNode, path: string): object => ({
  sizeBytes: node.sizeBytes,
  ...(node.bytes && (isHive(node.bytes) || rewritten.test(path))
    ? {}
    : { modified: new Date(node.modifiedMs).toISOString() }),
  ...(node.bytes ? { sha256: digestOf(node.bytes) } : {}),
});

const describeFile = (machine: Machine, node: FileNode, path: string): string =>
  JSON.stringify({
    kind: node.isFolder ? 'folder' : 'file',
    ...(node.isFolder || machine.hives.isLoaded(node) ? {} : contentOf(node, path)),
    // The archive bit is set by every write and means nothing here.
    attributes: node.attributes & ~fileAttributes.Archive,
    sddl: machine.files.sddlOf(node),
    ...(node.target === undefined ? {} : { target: node.target }),
    ...(hasOtherNames(node) ? { names: machine.files.namesOf(node).toSorted() } : {}),
  });

function* files(machine: Machine): Generator<readonly [string, string]> {
  for (const volume of machine.files.volumes.values()) {
    const stack: (readonly [string, FileNode])[] = [[`${volume.drive}\\`, volume.root]];
    for (let next = stack.pop(); next; next = stack.pop()) {
      const [path, node] = next;
      yield [`file:${path}`, describeFile(machine, node, path)];
      const prefix = path.endsWith('\\') ? path : `${path}\\`;
      for (const child of node.children.values()) stack.push([`${prefix}${child.name}`, child]);
    }
  }
}

function* registry(machine: Machine): Generator<readonly [string, string]> {
  for (const [path, key] of machine.registry.walk()) {
    yield [`registry:${path}`, machine.registry.sddlOf(key)];
    for (const value of key.values.values()) {
      const data =
        typeof value.data === 'bigint'
          ? value.data.toString()
          : value.data instanceof Uint8Array
            ? Buffer.from(value.data).toString('hex')
            : value.data;
      yield [`registry:${path}:${value.name}`, JSON.stringify([value.kind, data])];
    }
  }
}

function* settings(machine: Machine): Generator<readonly [string, string]> {
  for (const service of machine.services.all()) {
    yield [`service:${service.name}:state`, service.state];
    yield [
      `service:${service.name}:config`,
      JSON.stringify({
        ...machine.services.configOf(service),
        description: service.description,
        dependsOn: service.dependsOn,
        sddl: service.sddl,
      }),
    ];
  }
  for (const task of machine.tasks.all()) yield [`task:${task.path}${task.name}`, writeTaskXml(task)];
  for (const { account, station, state } of machine.users.sessions)
    yield [`session:${account.name}`, `${state} ${station}`.trim()];
  yield ['clock:skewMs', String(Math.round(machine.clock.skewMs))];
  yield ['power:boots', String(machine.power.boots)];
  if (machine.power.planned) yield ['power:planned', machine.power.planned.kind];
  yield [
    'component-store',
    JSON.stringify({
      isMarked: machine.components.isMarked,
      supersededBytes: machine.components.supersededBytes,
    }),
  ];
  for (const [name, value] of machine.defender.preferences) yield [`defender:${name}`, JSON.stringify(value)];
  yield ['defender:tamper', String(machine.defender.isTamperProtected)];
  yield ['defender:signatures', machine.defender.signatureVersion];
  for (const { kb, title } of machine.update.offered) yield [`update:offered:${kb}`, title];
  for (const { kb, title } of machine.update.pending) yield [`update:pending:${kb}`, title];
  for (const { name } of machine.filters.loaded()) yield [`filter:${name}`, 'loaded'];
  for (const [name, isOn] of machine.features) yield [`feature:${name}`, String(isOn)];
  yield ['restore:protected', [...machine.restore.protectedDrives].sort().join(',')];
  for (const [name, state] of machine.roles.states()) if (state !== 'Available') yield [`role:${name}`, state];
  yield* machine.web.entries();
  yield* machine.wsus.entries();
  for (const point of machine.restore.points) yield [`restore:point:${point.sequence}`, JSON.stringify(point)];
  for (const copy of machine.shadows.copies) yield [`shadow:${copy.id}`, JSON.stringify(copy)];
  yield* machine.hardware.entries();
}

/** Takes a snapshot of everything that lasts: files, registry, services, tasks, clock, component store, protection. */
export const takeSnapshot = (machine: Machine): Snapshot => ({
  takenAtMs: machine.clock.wallMs(),
  entries: new Map([...files(machine), ...registry(machine), ...settings(machine)]),
  events: new Map(machine.events.names().map((name) => [name, machine.events.records(name)?.at(-1)?.recordId ?? 0])),
});

/** Compares two snapshots of a machine; `machine` gives the event records that came in between. */
export const diffSnapshots = (before: Snapshot, after: Snapshot, machine: Machine): SnapshotDiff => {
  const differences: Difference[] = [];
  for (const path of new Set([...before.entries.keys(), ...after.entries.keys()])) {
    const [was, is] = [before.entries.get(path), after.entries.get(path)];
    if (was !== is) differences.push({ path, before: was, after: is });
  }
  const newEvents = machine.events
    .names()
    .flatMap((name) =>
      (machine.events.records(name) ?? []).filter(
        (record) =>
          record.recordId > (before.events.get(name) ?? 0) && record.recordId <= (after.events.get(name) ?? 0),
      ),
    );
  return { differences: differences.sort((a, b) => (a.path < b.path ? -1 : 1)), newEvents };
};
