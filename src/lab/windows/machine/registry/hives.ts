import { type Held, systemPid } from '../change-feed.ts';
import type { FileHandle } from '../files/file-handles.ts';
import type { FileNode } from '../files/file-node.ts';
import type { Machine } from '../machine.ts';
import { Win32Fault, win32 } from '../win32-fault.ts';
import { decodeHive, encodeHive, type HiveKey } from './hive-file.ts';

/** ERROR_BADDB: the file is no hive, or a torn one. */
const badDatabase = 1009;

/** A hive file that is part of the registry now. */
export type LoadedHive = {
  /** Long path of the key that stands for its root, e.g. `HKEY_USERS\S-1-5-21-…-1001`. */
  readonly path: string;
  readonly file: string;
  /** Loaded by Windows with a profile; it stays until the user has signed out. */
  readonly byProfile: boolean;
};

/** Keys that are there only while the hive is loaded. */
const volatileKeys = /^(Volatile Environment)(\\|$)/i;

/** Hive files that are loaded below HKEY_LOCAL_MACHINE and HKEY_USERS, beside those that Windows always has. */
export class Hives {
  readonly #machine: Machine;
  readonly #loaded = new Map<string, LoadedHive & { readonly handle: FileHandle }>();
  /** Open keys of loaded hives by process. They last until they are closed, collected or the process has ended. */
  readonly #open = new Map<number, Map<string, number>>();

  /** @param machine whose hives they are */
  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** The hive whose root a path is; `undefined` when it is none. */
  find(path: string): LoadedHive | undefined {
    return this.#loaded.get(this.#machine.registry.resolve(path).toLowerCase());
  }

  /** Whether a file is that of a loaded hive: its content lags behind the keys. */
  isLoaded(node: FileNode): boolean {
    for (const { handle } of this.#loaded.values()) if (handle.node.file === node.file) return true;
    return false;
  }

  /** The loaded hives. */
  all(): LoadedHive[] {
    return Array.from(this.#loaded.values(), ({ path, file, byProfile }) => ({ path, file, byProfile }));
  }

  /**
   * Makes a hive file part of the registry.
   * @throws Win32Fault fileNotFound, sharingViolation (somebody has the file open, or it is loaded already), alreadyExists, 1009 (no hive)
   */
  load(path: string, file: string, pid: number, byProfile = false): Held {
    const { files, registry, changes } = this.#machine;
    const full = registry.resolve(path);
    if (!/^HKEY_(LOCAL_MACHINE|USERS)\\[^\\]+$/i.test(full)) throw new Win32Fault(win32.invalidParameter, path);
    const node = files.get(file);
    if (node.isFolder) throw new Win32Fault(win32.accessDenied, file);
    const handle = files.handles.open({ node, access: 3, share: 0, pid: systemPid }, file);
    const keys = registry.find(full) ? 'taken' : decodeHive(files.read(node));
    if (keys === undefined || keys === 'taken') {
      files.handles.close(handle);
      throw new Win32Fault(keys === 'taken' ? win32.alreadyExists : badDatabase, file);
    }
    registry.attach(full, keys);
    this.#loaded.set(full.toLowerCase(), { path: full, file: files.pathOf(node), byProfile, handle });
    return changes.record('hive.load', full, undefined, file, pid);
  }

  /**
   * Takes a hive out of the registry; its file gets what was changed.
   * @throws Win32Fault accessDenied while somebody has a key of it open or its user is signed in, invalidParameter when it is no hive
   */
  unload(path: string, pid: number, isForced = false): Held {
    const { changes, registry } = this.#machine;
    const full = registry.resolve(path);
    const hive = this.#loaded.get(full.toLowerCase());
    if (!hive) throw new Win32Fault(win32.invalidParameter, path);
    if (!isForced && (hive.byProfile || this.holders(full).length > 0)) throw new Win32Fault(win32.accessDenied, path);
    this.#drop(hive);
    return changes.record('hive.unload', full, hive.file, undefined, pid);
  }

  /** Processes that have a key of a hive open. */
  holders(path: string): number[] {
    const root = this.#machine.registry.resolve(path).toLowerCase();
    return [...this.#open].flatMap(([pid, keys]) =>
      [...keys.keys()].some((key) => key === root || key.startsWith(`${root}\\`)) ? [pid] : [],
    );
  }

  /** A process opened a key; remembered where it belongs to a loaded hive. */
  open(path: string, pid: number): void {
    if (this.#loaded.size === 0) return;
    const key = this.#machine.registry.resolve(path).toLowerCase();
    const root = key.split('\\').slice(0, 2).join('\\');
    if (!this.#loaded.has(root)) return;
    const keys = this.#open.get(pid) ?? new Map<string, number>();
    keys.set(key, (keys.get(key) ?? 0) + 1);
    this.#open.set(pid, keys);
  }

  /** A process closed a key. */
  close(path: string, pid: number): void {
    const key = this.#machine.registry.resolve(path).toLowerCase();
    const keys = this.#open.get(pid);
    const count = keys?.get(key) ?? 0;
    if (count > 1) keys?.set(key, count - 1);
    else keys?.delete(key);
  }

  /** Everything that a process had open is closed: it ended, or its garbage was collected. */
  closeAllOf(pid: number): void {
    this.#open.delete(pid);
  }

  /** Writes what a loaded hive holds into its file, as Windows does from time to time and at the end. */
  flush(path: string): void {
    const hive = this.#loaded.get(this.#machine.registry.resolve(path).toLowerCase());
    if (hive) this.#save(hive);
  }

  /** The machine restarts: all hives but those of `kept` are out. */
  restart(kept: readonly string[]): void {
    this.#open.clear();
    const stay = new Set(kept.map((path) => path.toLowerCase()));
    for (const [path, hive] of this.#loaded) if (!stay.has(path)) this.#drop(hive);
  }

  /** Takes back which hives are loaded; their keys are in the registry already. */
  replace(hives: readonly LoadedHive[]): void {
    const { handles } = this.#machine.files;
    for (const { handle } of this.#loaded.values()) handles.close(handle);
    this.#loaded.clear();
    for (const hive of hives) {
      const node = this.#machine.files.get(hive.file);
      const handle = handles.open({ node, access: 3, share: 0, pid: systemPid }, hive.file);
      this.#loaded.set(hive.path.toLowerCase(), { ...hive, handle });
    }
  }

  #drop(hive: LoadedHive & { readonly handle: FileHandle }): void {
    this.#machine.files.handles.close(hive.handle);
    this.#save(hive);
    this.#machine.registry.detach(hive.path);
    this.#loaded.delete(hive.path.toLowerCase());
  }

  #save({ path, file }: LoadedHive): void {
    const { files, registry } = this.#machine;
    const root = registry.find(path);
    const node = files.find(file);
    if (!root || !node) return;
    const keys: HiveKey[] = [{ path: '', values: [...root.values.values()], security: root.security }];
    for (const [below, key] of registry.walk(root)) {
      if (!volatileKeys.test(below))
        keys.push({ path: below, values: [...key.values.values()], security: key.security });
    }
    const bytes = encodeHive(keys);
    if (node.bytes && Buffer.compare(node.bytes, bytes) === 0) return;
    void files.replaceContent(node, bytes, systemPid);
  }
}
