import { existsSync } from 'node:fs';
import { closest } from '../../kernel/suggestion.ts';
import { checkDocument } from '../document/check-document.ts';
import { type InputFault, type Loaded, optionFault } from '../document/fault.ts';
import { readDocument } from '../document/read-document.ts';
import { readDocumentFile } from '../document/read-file.ts';
import type { DocumentPath, SourceDocument } from '../document/source-document.ts';
import { adviseOnCredSsp, checkConnections } from './check-connections.ts';
import { groupsOfHosts } from './group-tree.ts';
import type { InventoryDocument } from './inventory.generated.ts';
import type { HostSettings, Inventory, InventoryGroup } from './inventory.ts';

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
  if (!checked.ok) return { ok: false, faults: checked.faults.map(adviseOnCredSsp) };
  const document = checked.value;
  const faults: InputFault[] = [];
  checkNames(source, document, faults);
  const groups = new Map(Object.entries(document.groups ?? {}).map(([name, group]) => [name, groupOf(name, group)]));
  const tree = groupsOfHosts(Object.keys(document.hosts), groups);
  if (tree.cycle !== null) {
    const [first = '', second = first] = tree.cycle;
    const message = `the group \`${first}\` contains itself: ${tree.cycle.join(' → ')}`;
    faults.push(
      source.fault(['groups', first, 'groups', Math.max(0, groups.get(first)?.groups.indexOf(second) ?? 0)], {
        message,
      }),
    );
  }
  if (faults.length > 0) return { ok: false, faults };
  const inventory: Inventory = {
    file: source.file,
    hosts: new Map(Object.entries(document.hosts).map(([id, settings]) => [id, settings ?? {}])),
    groups,
    credentials: new Map(Object.entries(document.credentials ?? {})),
    defaults: document.defaults ?? {},
    groupsOf: tree.groupsOf,
  };
  faults.push(...checkConnections(source, inventory));
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

/** Names that are used must exist, and a group and a host cannot share one. */
function checkNames(source: SourceDocument, document: InventoryDocument, faults: InputFault[]): void {
  const hosts = Object.keys(document.hosts);
  const groups = Object.keys(document.groups ?? {});
  const credentials = Object.keys(document.credentials ?? {});
  const hostNames = new Set(hosts);
  const expect = (name: string, kind: string, known: readonly string[], path: DocumentPath) => {
    if (known === hosts ? hostNames.has(name) : known.includes(name)) return;
    const near = closest(name, known);
    const suggestion = near === null ? null : `did you mean \`${near}\`?`;
    faults.push(
      source.fault(path, {
        message: `there is no ${kind} \`${name}\``,
        expected: `a ${kind} of this inventory`,
        suggestion,
      }),
    );
  };
  const settings = (given: HostSettings | null | undefined, path: DocumentPath) => {
    if (given?.credential !== undefined) expect(given.credential, 'credential', credentials, [...path, 'credential']);
    const proxy = given?.proxy?.credential;
    if (proxy !== undefined) expect(proxy, 'credential', credentials, [...path, 'proxy', 'credential']);
  };
  settings(document.defaults, ['defaults']);
  for (const id of hosts) settings(document.hosts[id], ['hosts', id]);
  for (const [name, group] of Object.entries(document.groups ?? {})) {
    if (hostNames.has(name))
      faults.push(source.fault(['groups', name], { message: `\`${name}\` is a host too`, atKey: true }));
    for (const [index, host] of (group.hosts ?? []).entries())
      expect(host, 'host', hosts, ['groups', name, 'hosts', index]);
    for (const [index, child] of (group.groups ?? []).entries())
      expect(child, 'group', groups, ['groups', name, 'groups', index]);
    settings(group.defaults, ['groups', name, 'defaults']);
  }
}
