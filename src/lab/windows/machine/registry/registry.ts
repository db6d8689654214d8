import { type ChangeFeed, type Held, systemPid } from '../change-feed.ts';
import { type MayUse, neededRights } from '../rights/access-check.ts';
import {
  type AccessRule,
  formatSddl,
  noRules,
  parseSddl,
  passOnRules,
  type SecurityDescriptor,
} from '../rights/security-descriptor.ts';
import { Win32Fault, win32 } from '../win32-fault.ts';
import type { HiveKey } from './hive-file.ts';

/** Kinds of registry data as Microsoft.Win32.RegistryValueKind names them. */
export type RegistryKind = 'String' | 'ExpandString' | 'Binary' | 'DWord' | 'MultiString' | 'QWord' | 'None';

/** Data by kind: text, list of texts, number (DWord, unsigned), bigint (QWord), bytes. */
export type RegistryData = string | readonly string[] | number | bigint | Uint8Array;

/** A named value of a key. The default value has the empty name. */
export type RegistryValue = { readonly name: string; readonly kind: RegistryKind; readonly data: RegistryData };

/** A key. Volatile keys vanish at the next start. */
export type RegistryKey = {
  readonly name: string;
  readonly values: Map<string, RegistryValue>;
  readonly keys: Map<string, RegistryKey>;
  security: SecurityDescriptor | undefined;
  readonly parent: RegistryKey | undefined;
};

const usualSecurity: SecurityDescriptor = {
  owner: 'S-1-5-32-544',
  group: 'S-1-5-18',
  isProtected: false,
  rules: [],
};
/** Rights of the root keys, which hives without rights of their own take over. */
const rootSecurity = parseSddl('O:BAG:SYD:P(A;CI;KR;;;WD)(A;CI;KA;;;BA)(A;CI;KA;;;SY)', usualSecurity);

const newKey = (name: string, parent: RegistryKey | undefined): RegistryKey => ({
  name,
  values: new Map(),
  keys: new Map(),
  security: undefined,
  parent,
});

const copyKey = (key: RegistryKey, name: string, parent: RegistryKey): RegistryKey => {
  const copy: RegistryKey = { ...key, name, parent, values: new Map(key.values), keys: new Map() };
  for (const [id, child] of key.keys) copy.keys.set(id, copyKey(child, child.name, copy));
  return copy;
};

/** Names of the keys below a key, in the order in which the registry keeps them: by name without regard to case. */
export const subKeyNames = (key: RegistryKey): string[] =>
  Array.from(key.keys.values(), ({ name }) => name).sort((a, b) => (a.toUpperCase() < b.toUpperCase() ? -1 : 1));

/** Short and long names of the root keys. */
const roots: Readonly<Record<string, string>> = {
  HKLM: 'HKEY_LOCAL_MACHINE',
  HKU: 'HKEY_USERS',
  HKCU: 'HKEY_CURRENT_USER',
  HKCR: 'HKEY_CLASSES_ROOT',
  HKCC: 'HKEY_CURRENT_CONFIG',
};

/** The registry of a machine. Paths begin with a root name, long or short; HKCU needs the SID of who asks. */
export class Registry {
  readonly #changes: ChangeFeed;
  readonly #root = newKey('', undefined);

  readonly #may: MayUse;

  /**
   * @param changes feed that is told of every mutation
   * @param may whether a process has rights
   */
  constructor(changes: ChangeFeed, may: MayUse = () => true) {
    this.#changes = changes;
    this.#may = may;
    for (const name of ['HKEY_LOCAL_MACHINE', 'HKEY_USERS'])
      this.#root.keys.set(name.toLowerCase(), { ...newKey(name, this.#root), security: rootSecurity });
  }

  /** Long form of a path, with HKCU as the hive of the SID. */
  resolve(path: string, sid = 'S-1-5-18'): string {
    const parts = path.split(/\\+/).filter(Boolean);
    const first = (parts[0] ?? '').toUpperCase();
    const root = roots[first] ?? first;
    if (root === 'HKEY_CURRENT_USER') return this.#inUser([sid, ...parts.slice(1)]);
    if (root === 'HKEY_USERS') return this.#inUser(parts.slice(1));
    if (root === 'HKEY_CLASSES_ROOT')
      return ['HKEY_LOCAL_MACHINE', 'SOFTWARE', 'Classes', ...parts.slice(1)].join('\\');
    return [root, ...parts.slice(1)].join('\\');
  }

  /** A path below HKEY_USERS; `Software\\Classes` of a profile is a hive of its own. */
  #inUser(parts: readonly string[]): string {
    const [sid = '', software = '', classes = ''] = parts;
    const isLink = /^software$/i.test(software) && /^classes$/i.test(classes) && sid.startsWith('S-1-5-21-');
    const hive = `${sid}_Classes`;
    const isLoaded = isLink && this.#root.keys.get('hkey_users')?.keys.has(hive.toLowerCase());
    return ['HKEY_USERS', ...(isLoaded ? [hive, ...parts.slice(3)] : parts)].join('\\');
  }

  find(path: string, sid?: string): RegistryKey | undefined {
    let key: RegistryKey | undefined = this.#root;
    for (const part of this.resolve(path, sid).split('\\')) key = key?.keys.get(part.toLowerCase());
    return key;
  }

  /** A value's data; `undefined` when key or value is missing. */
  data(path: string, name: string, sid?: string): RegistryData | undefined {
    return this.find(path, sid)?.values.get(name.toLowerCase())?.data;
  }

  /** Creates a key and those above it. */
  create(path: string, pid: number, sid?: string): Held {
    const full = this.resolve(path, sid);
    let key: RegistryKey = this.#root;
    let isNew = false;
    for (const part of full.split('\\')) {
      let next = key.keys.get(part.toLowerCase());
      if (!next) {
        if (key === this.#root) throw new Win32Fault(win32.fileNotFound, path);
        // Only hives stand directly below HKEY_USERS; nobody can make one there by creating a key.
        if (key.name === 'HKEY_USERS' && /^(HKU|HKEY_USERS)\b/i.test(path) && pid !== systemPid)
          throw new Win32Fault(win32.invalidParameter, path);
        this.requireRight(key, neededRights.createKey, pid, full);
        next = newKey(part, key);
        key.keys.set(part.toLowerCase(), next);
        isNew = true;
      }
      key = next;
    }
    return isNew ? this.#changes.record('registry.create', full, undefined, 'key', pid) : undefined;
  }

  /** Removes a key with all below it. */
  remove(path: string, pid: number, sid?: string): Held {
    const full = this.resolve(path, sid);
    const key = this.find(full);
    if (!key?.parent || key.parent === this.#root) throw new Win32Fault(win32.fileNotFound, path);
    this.requireRight(key, neededRights.delete, pid, full);
    key.parent.keys.delete(key.name.toLowerCase());
    return this.#changes.record('registry.remove', full, 'key', undefined, pid);
  }

  /** Gives a key another name; it keeps all below it. @throws Win32Fault fileNotFound, alreadyExists */
  rename(path: string, name: string, pid: number, sid?: string): Held {
    const full = this.resolve(path, sid);
    const key = this.find(full);
    if (!key?.parent || key.parent === this.#root) throw new Win32Fault(win32.fileNotFound, path);
    const there = key.parent.keys.get(name.toLowerCase());
    if (there && there !== key) throw new Win32Fault(win32.alreadyExists, path);
    this.requireRight(key.parent, neededRights.createKey, pid, full);
    this.requireRight(key, neededRights.delete, pid, full);
    key.parent.keys.delete(key.name.toLowerCase());
    key.parent.keys.set(name.toLowerCase(), copyKey(key, name, key.parent));
    return this.#changes.record('registry.rename', full, key.name, name, pid);
  }

  /** Sets a value; the key is created where it is missing. */
  set(path: string, value: RegistryValue, pid: number, sid?: string): Held {
    const full = this.resolve(path, sid);
    const made = this.find(full) ? undefined : this.create(path, pid, sid);
    const key = this.find(full);
    if (key) this.requireRight(key, neededRights.setValue, pid, full);
    const before = key?.values.get(value.name.toLowerCase());
    key?.values.set(value.name.toLowerCase(), { ...value, name: before?.name ?? value.name });
    const held = this.#changes.record('registry.set', `${full}:${value.name}`, before?.data, value.data, pid);
    return made && held ? Promise.all([made, held]).then(() => undefined) : (held ?? made);
  }

  /** Removes a value. @throws Win32Fault fileNotFound when there is none */
  removeValue(path: string, name: string, pid: number, sid?: string): Held {
    const full = this.resolve(path, sid);
    const key = this.find(full);
    const before = key?.values.get(name.toLowerCase());
    if (!before) throw new Win32Fault(win32.fileNotFound, `${full}:${name}`);
    if (key) this.requireRight(key, neededRights.setValue, pid, full);
    key?.values.delete(name.toLowerCase());
    return this.#changes.record('registry.removeValue', `${full}:${name}`, before.data, undefined, pid);
  }

  /** Owner and own rules of a key, and what it inherits. */
  securityOf(key: RegistryKey): { readonly security: SecurityDescriptor; readonly inherited: readonly AccessRule[] } {
    return { security: key.security ?? usualSecurity, inherited: this.#inherited(key) };
  }

  /** SDDL of a key. */
  sddlOf(key: RegistryKey): string {
    return formatSddl(key.security ?? usualSecurity, this.#inherited(key));
  }

  setSddl(path: string, sddl: string, pid: number, sid?: string): Held {
    const key = this.find(path, sid);
    if (!key) throw new Win32Fault(win32.fileNotFound, path);
    this.requireRight(key, neededRights.writeRules, pid, path);
    const before = this.sddlOf(key);
    key.security = parseSddl(sddl, key.security ?? usualSecurity);
    return this.#changes.record('registry.security', this.resolve(path, sid), before, this.sddlOf(key), pid);
  }

  /** Gives a key of the base its own rules; the key is created. */
  setOwnSddl(path: string, sddl: string): void {
    void this.create(path, 4);
    void this.setSddl(path, sddl, 4);
  }

  /** Hangs the keys of a hive file below a root key; whoever loads it tells the feed. */
  attach(path: string, keys: readonly HiveKey[]): void {
    for (const { path: below, values, security } of keys) {
      const key = this.#make(below === '' ? path : `${path}\\${below}`);
      key.security = security;
      for (const value of values) key.values.set(value.name.toLowerCase(), value);
    }
  }

  /** Takes the keys of a hive file away. */
  detach(path: string): void {
    const key = this.find(path);
    key?.parent?.keys.delete(key.name.toLowerCase());
  }

  /** Takes a whole registry back: keys with their values, parents before children. */
  replace(
    keys: readonly {
      readonly path: string;
      readonly values: readonly RegistryValue[];
      readonly security: SecurityDescriptor | undefined;
    }[],
  ): void {
    for (const root of this.#root.keys.values()) {
      root.keys.clear();
      root.values.clear();
    }
    for (const { path, values, security } of keys) {
      const key = this.#make(path);
      key.security = security;
      for (const value of values) key.values.set(value.name.toLowerCase(), value);
    }
  }

  #make(path: string): RegistryKey {
    const there = this.find(path);
    if (there) return there;
    const cut = path.lastIndexOf('\\');
    const parent = cut < 0 ? this.#root : this.#make(path.slice(0, cut));
    const key = newKey(path.slice(cut + 1), parent);
    parent.keys.set(key.name.toLowerCase(), key);
    return key;
  }

  /** All keys with their full paths. */
  *walk(key: RegistryKey = this.#root, path = ''): Generator<readonly [string, RegistryKey]> {
    for (const child of key.keys.values()) {
      const full = path === '' ? child.name : `${path}\\${child.name}`;
      yield [full, child];
      yield* this.walk(child, full);
    }
  }

  /** Refuses a process that lacks a right on a key. @throws Win32Fault accessDenied */
  requireRight(key: RegistryKey, wanted: number, pid: number, path: string): void {
    if (pid === systemPid) return;
    const { security, inherited } = this.securityOf(key);
    if (!this.#may(pid, security, inherited, wanted)) throw new Win32Fault(win32.accessDenied, path);
  }

  #inherited({ parent }: RegistryKey): readonly AccessRule[] {
    return parent ? passOnRules(parent.security ?? usualSecurity, this.#inherited(parent), true) : noRules;
  }
}
