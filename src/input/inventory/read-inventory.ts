import { existsSync } from 'node:fs';
import { closest } from '../../kernel/suggestion.ts';
import { checkDocument } from '../document/check-document.ts';
import { type InputFault, type Loaded, optionFault } from '../document/fault.ts';
import { readDocument } from '../document/read-document.ts';
import { readDocumentFile } from '../document/read-file.ts';
import { validatorOf } from '../document/schemas.ts';
import type { DocumentPath, SourceDocument } from '../document/source-document.ts';
import { adviseOnCredSsp, checkConnections } from './check-connections.ts';
import { groupsOfHosts } from './group-tree.ts';
import type { InventoryDocument } from './inventory.generated.ts';
import type { HostSettings, Inventory, InventoryGroup } from './inventory.ts';
import { type Doubts, noDoubts, soundPart, withGroupsInDoubt } from './sound-part.ts';

/** Largest inventory: some 100,000 hosts. */
const maxBytes = 33_554_432;

/** Reads and checks an inventory; every fault at once, and never the value of a password. */
export function readInventory(file: string): Loaded<Inventory> {
  if (!existsSync(file)) {
    const expected = 'an inventory: `kintsugi: inventory/v1` and `hosts`';
    return {
      ok: false,
      faults: [optionFault(file, 'there is no such file', { expected, suggestion: 'name one with -i' })],
    };
  }
  const read = readDocumentFile(file, { maxBytes, sensitive: true });
  return read.ok ? checkSource(read.value) : read;
}

/** As `readInventory`, for content that is already read. */
export function checkInventory(content: Uint8Array | string, file: string): Loaded<Inventory> {
  const read = readDocument(content, file, { maxBytes, sensitive: true });
  return read.ok ? checkSource(read.value) : read;
}

function checkSource(source: SourceDocument): Loaded<Inventory> {
  const checked = checkDocument<InventoryDocument>(source, 'inventory', mayHoldSecret);
  if (checked.ok) return checkMeaning(source, checked.value, noDoubts);
  const faults = checked.faults.map(adviseOnCredSsp);
  // What the faults leave is looked at too, so that they need not be mended first.
  const sound = soundPart(source.value, checked.places, (value) => validatorOf('inventory')(value));
  if (sound === null) return { ok: false, faults };
  const isShown = !checked.places.some(mayHoldSecret);
  // A line may hold the value that was refused.
  const fault: SourceDocument['fault'] = (path, words) =>
    source.fault(path, isShown ? words : { ...words, hideText: true });
  const more = checkMeaning({ ...source, fault }, sound.document, sound.doubts);
  return { ok: false, faults: more.ok ? faults : [...faults, ...more.faults] };
}

/** Checks what a document says, once it fits the format. */
function checkMeaning(source: SourceDocument, document: InventoryDocument, doubts: Doubts): Loaded<Inventory> {
  const groups = new Map(Object.entries(document.groups ?? {}).map(([name, group]) => [name, groupOf(name, group)]));
  const tree = groupsOfHosts(Object.keys(document.hosts), groups);
  const groupFaults = checkGroups(source, document);
  if (tree.cycle !== null) {
    const [first = '', second = first] = tree.cycle;
    const message = `the group \`${first}\` contains itself: ${tree.cycle.join(' → ')}`;
    groupFaults.push(
      source.fault(['groups', first, 'groups', Math.max(0, groups.get(first)?.groups.indexOf(second) ?? 0)], {
        message,
      }),
    );
  }
  const inventory: Inventory = {
    file: source.file,
    hosts: new Map(Object.entries(document.hosts).map(([id, settings]) => [id, settings ?? {}])),
    groups,
    credentials: new Map(Object.entries(document.credentials ?? {})),
    defaults: document.defaults ?? {},
    groupsOf: tree.groupsOf,
  };
  const faults = [
    ...checkCredentials(source, document),
    ...groupFaults,
    ...checkConnections(source, inventory, groupFaults.length > 0 ? withGroupsInDoubt(doubts) : doubts),
  ];
  return faults.length > 0 ? { ok: false, faults } : { ok: true, value: inventory };
}

/** Places where a secret may have been written instead of a reference to it: all of a credential but the user name, keys, a proxy's URL. */
function mayHoldSecret(path: DocumentPath): boolean {
  if (path[0] === 'credentials') return path.length > 2 && path[2] !== 'username';
  return path.includes('clientCertificate') || (path.includes('proxy') && path.at(-1) === 'url');
}

function groupOf(name: string, group: NonNullable<InventoryDocument['groups']>[string]): InventoryGroup {
  return { name, hosts: group.hosts ?? [], groups: group.groups ?? [], defaults: group.defaults ?? {} };
}

/** A name that is used must exist. */
function nameFaults(
  source: SourceDocument,
  name: string,
  kind: string,
  known: ReadonlySet<string>,
  path: DocumentPath,
): readonly InputFault[] {
  if (known.has(name)) return [];
  const near = closest(name, known);
  return [
    source.fault(path, {
      message: `there is no ${kind} \`${name}\``,
      expected: `a ${kind} of this inventory`,
      suggestion: near === null ? null : `did you mean \`${near}\`?`,
    }),
  ];
}

function checkCredentials(source: SourceDocument, document: InventoryDocument): readonly InputFault[] {
  const known = new Set(Object.keys(document.credentials ?? {}));
  const faultsOf = (given: HostSettings | null | undefined, path: DocumentPath): readonly InputFault[] => [
    ...(given?.credential === undefined
      ? []
      : nameFaults(source, given.credential, 'credential', known, [...path, 'credential'])),
    ...(given?.proxy?.credential === undefined
      ? []
      : nameFaults(source, given.proxy.credential, 'credential', known, [...path, 'proxy', 'credential'])),
  ];
  return [
    ...faultsOf(document.defaults, ['defaults']),
    ...Object.entries(document.hosts).flatMap(([id, settings]) => faultsOf(settings, ['hosts', id])),
    ...Object.entries(document.groups ?? {}).flatMap(([name, group]) =>
      faultsOf(group.defaults, ['groups', name, 'defaults']),
    ),
  ];
}

/** Hosts and groups of a group must exist, and a group and a host cannot share a name. */
function checkGroups(source: SourceDocument, document: InventoryDocument): InputFault[] {
  const hosts = new Set(Object.keys(document.hosts));
  const groups = new Set(Object.keys(document.groups ?? {}));
  return Object.entries(document.groups ?? {}).flatMap(([name, group]) => [
    ...(hosts.has(name) ? [source.fault(['groups', name], { message: `\`${name}\` is a host too`, atKey: true })] : []),
    ...(group.hosts ?? []).flatMap((host, index) =>
      nameFaults(source, host, 'host', hosts, ['groups', name, 'hosts', index]),
    ),
    ...(group.groups ?? []).flatMap((child, index) =>
      nameFaults(source, child, 'group', groups, ['groups', name, 'groups', index]),
    ),
  ]);
}
