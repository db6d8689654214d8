import { closest } from '../../kernel/suggestion.ts';
import { type InputFault, type Loaded, optionFault } from '../document/fault.ts';
import type { Inventory } from './inventory.ts';

/**
 * Hosts that a pattern names, in the order of the inventory: names, groups, globs (`web*`, `web0?`), `all`; a comma unites,
 * `:&` intersects, `:!` excludes (from left to right within one part: `web:&prod:!web03,db`). `limit` (a pattern, too) narrows
 * the result. What matches nothing is a fault.
 * @param option what faults of the pattern name
 */
export function selectHosts(
  inventory: Inventory,
  pattern: string,
  limit: string | null,
  option = '--hosts',
): Loaded<readonly string[]> {
  const faults: InputFault[] = [];
  const selected = matchPattern(inventory, pattern, option, faults);
  const narrowed = limit === null ? selected : intersect(selected, matchPattern(inventory, limit, '--limit', faults));
  if (faults.length > 0) return { ok: false, faults };
  const hosts = [...inventory.hosts.keys()].filter((id) => narrowed.has(id));
  if (hosts.length > 0) return { ok: true, value: hosts };
  const words = limit === null ? `\`${pattern}\`` : `\`${pattern}\` with the limit \`${limit}\``;
  return { ok: false, faults: [optionFault(option, `${words} leaves no host`, { expected: 'at least one host' })] };
}

function matchPattern(inventory: Inventory, pattern: string, option: string, faults: InputFault[]): Set<string> {
  const parts = pattern.split(',').map((part) => part.trim());
  const united = new Set<string>();
  for (const part of parts) for (const id of matchPart(inventory, part, option, faults)) united.add(id);
  return united;
}

/** One part between commas: a name, then names to intersect with or to leave out. */
function matchPart(inventory: Inventory, part: string, option: string, faults: InputFault[]): Set<string> {
  const pieces = part.split(/:(?=[&!])/);
  let matched = new Set<string>();
  for (const [index, piece] of pieces.entries()) {
    const operator = index === 0 ? '' : piece.charAt(0);
    const name = index === 0 ? piece : piece.slice(1);
    const found = matchName(inventory, name, option, faults);
    if (operator === '&') matched = intersect(matched, found);
    else if (operator === '!') matched = new Set([...matched].filter((id) => !found.has(id)));
    else matched = found;
  }
  return matched;
}

function matchName(inventory: Inventory, name: string, option: string, faults: InputFault[]): Set<string> {
  if (name === 'all') return new Set(inventory.hosts.keys());
  const names = [...inventory.hosts.keys(), ...inventory.groups.keys()];
  const matches = globOf(name);
  const found = matches === null ? names.filter((each) => each === name) : names.filter((each) => matches.test(each));
  if (found.length === 0) {
    const near = closest(name, [...names, 'all']);
    const suggestion = near === null ? null : `did you mean \`${near}\`?`;
    const message =
      name === '' || /[:&!]/.test(name) ? `\`${name}\` is no pattern` : `no host and no group matches \`${name}\``;
    const expected = 'a name of the inventory, a glob, or `all`; `,` unites, `:&` intersects, `:!` excludes';
    faults.push(optionFault(option, message, { expected, suggestion }));
  }
  const hosts = found.filter((each) => inventory.hosts.has(each));
  const groups = new Set(found.filter((each) => inventory.groups.has(each)));
  for (const [id, of] of inventory.groupsOf) if (of.some((each) => groups.has(each))) hosts.push(id);
  return new Set(hosts);
}

/** A glob as a regular expression: `*` any text, `?` one letter; null where the name has neither. */
function globOf(name: string): RegExp | null {
  if (!/[*?]/.test(name)) return null;
  const source = name
    .replace(/[\\^$.|+()[\]{}]/g, String.raw`\$&`)
    .replaceAll(/\*+/g, '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'u');
}

const intersect = (one: ReadonlySet<string>, other: ReadonlySet<string>): Set<string> =>
  new Set([...one].filter((id) => other.has(id)));
