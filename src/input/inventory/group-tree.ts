import type { InventoryGroup } from './inventory.ts';

/**
 * The groups of every host, widest first (a group comes after all groups that contain it; else in the order of the file),
 * or the first cycle: names from a group back to itself.
 */
export function groupsOfHosts(
  hosts: readonly string[],
  groups: ReadonlyMap<string, InventoryGroup>,
): { readonly groupsOf: ReadonlyMap<string, readonly string[]>; readonly cycle: readonly string[] | null } {
  const sorted = sortGroups(groups);
  const groupsOf = new Map<string, string[]>(hosts.map((host) => [host, []]));
  if ('cycle' in sorted) return { groupsOf, cycle: fromFirst(sorted.cycle, [...groups.keys()]) };
  const members = membersOfGroups(sorted.order, groups);
  for (const name of sorted.order) for (const host of members.get(name) ?? []) groupsOf.get(host)?.push(name);
  return { groupsOf, cycle: null };
}

/** The same cycle, told from the group that comes first in the file. */
function fromFirst(cycle: readonly string[], order: readonly string[]): readonly string[] {
  const ring = cycle.slice(0, -1);
  const start = ring.indexOf(order.find((name) => ring.includes(name)) ?? '');
  const turned = [...ring.slice(start), ...ring.slice(0, start)];
  return [...turned, ...turned.slice(0, 1)];
}

/** The hosts of each group, those of its groups included; `order` has every group after those that contain it. */
function membersOfGroups(
  order: readonly string[],
  groups: ReadonlyMap<string, InventoryGroup>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const members = new Map<string, Set<string>>();
  for (const name of order.toReversed()) {
    const group = groups.get(name);
    const hosts = new Set(group?.hosts ?? []);
    for (const child of group?.groups ?? []) for (const host of members.get(child) ?? []) hosts.add(host);
    members.set(name, hosts);
  }
  return members;
}

/** Groups with every group after those that contain it, or a cycle. */
function sortGroups(
  groups: ReadonlyMap<string, InventoryGroup>,
): { readonly order: readonly string[] } | { readonly cycle: readonly string[] } {
  const done = new Set<string>();
  const order: string[] = [];
  const visit = (name: string, way: readonly string[]): readonly string[] | null => {
    if (way.includes(name)) return [...way.slice(way.indexOf(name)), name];
    if (done.has(name)) return null;
    // Reversed twice, siblings keep the order of the file.
    for (const child of (groups.get(name)?.groups ?? []).toReversed()) {
      const cycle = visit(child, [...way, name]);
      if (cycle !== null) return cycle;
    }
    done.add(name);
    order.push(name);
    return null;
  };
  for (const name of [...groups.keys()].toReversed()) {
    const cycle = visit(name, []);
    if (cycle !== null) return { cycle };
  }
  return { order: order.toReversed() };
}
