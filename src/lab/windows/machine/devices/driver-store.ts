import { leafOf, parentOf } from '../files/paths.ts';
import type { Machine } from '../machine.ts';
import { type DriverPackage, readDriverFiles, repositoryFolder, writeDriverFiles } from './driver-package.ts';

/** The driver store: packages by published name, and their files. */
export class DriverStore {
  readonly #machine: Machine;
  packages: DriverPackage[] = [];

  /** @param machine whose store it is */
  constructor(machine: Machine) {
    this.#machine = machine;
  }

  find(published: string): DriverPackage | undefined {
    return this.packages.find((one) => one.published.toLowerCase() === published.toLowerCase());
  }

  /** Where the program of a package lies once a device runs on it. */
  binaryOf(one: DriverPackage): string {
    return `C:\\Windows\\System32\\drivers\\${one.original.replace(/\.inf$/i, '')}.sys`;
  }

  /** Adds a package of Windows itself; its files are not told of. */
  addInbox(one: Omit<DriverPackage, 'published' | 'isInbox' | 'signer' | 'provider' | 'flaw'>): void {
    this.packages.push({
      ...one,
      published: one.original,
      provider: 'Microsoft',
      signer: 'Microsoft Windows',
      isInbox: true,
      flaw: {},
    });
  }

  /** Adds a package to the store under the next free name; one that is there already keeps its name. */
  add(one: Omit<DriverPackage, 'published' | 'isInbox'>, pid: number): DriverPackage {
    const there = this.packages.find(
      (other) =>
        !other.isInbox && other.original.toLowerCase() === one.original.toLowerCase() && other.version === one.version,
    );
    if (there) return there;
    const taken = new Set(this.packages.map(({ published }) => published));
    let number = 0;
    while (taken.has(`oem${number}.inf`)) number++;
    const added: DriverPackage = { ...one, published: `oem${number}.inf`, isInbox: false };
    const { files } = this.#machine;
    const parts = writeDriverFiles(one);
    const folder = repositoryFolder(one);
    const base = one.original.replace(/\.inf$/i, '');
    void files.createFolder(folder, pid);
    void files.createFolder('C:\\Windows\\INF', pid);
    this.#lay(one, `${folder}\\${one.original}`, Buffer.from(parts.inf), pid);
    this.#lay(one, `${folder}\\${base}.sys`, parts.sys, pid);
    this.#lay(one, `${folder}\\${base}.cat`, Buffer.from('PKCS7'), pid);
    this.#lay(one, `C:\\Windows\\INF\\${added.published}`, Buffer.from(parts.inf), pid);
    this.packages.push(added);
    void this.#machine.changes.record('driver.add', added.published, undefined, one.original, pid);
    return added;
  }

  /** Removes a package and its files. */
  remove(one: DriverPackage, pid: number): Promise<void> | undefined {
    const { files } = this.#machine;
    const folder = repositoryFolder(one);
    for (const child of Array.from(files.find(folder)?.children.values() ?? []))
      void files.remove(`${folder}\\${child.name}`, pid, { force: true });
    if (files.exists(folder)) void files.remove(folder, pid, { force: true });
    if (files.exists(`C:\\Windows\\INF\\${one.published}`))
      void files.remove(`C:\\Windows\\INF\\${one.published}`, pid, { force: true });
    this.packages = this.packages.filter((other) => other !== one);
    return this.#machine.changes.record('driver.remove', one.published, one.original, undefined, pid);
  }

  /** Copies the program of a package to where Windows loads it from, and writes its service key. */
  placeBinary(one: DriverPackage, pid: number): void {
    if (one.isInbox) return;
    const { registry } = this.#machine;
    this.#lay(one, this.binaryOf(one), writeDriverFiles(one).sys, pid);
    const key = `HKLM\\SYSTEM\\CurrentControlSet\\Services\\${one.service}`;
    const path = `\\SystemRoot\\System32\\drivers\\${leafOf(this.binaryOf(one))}`;
    void registry.set(key, { name: 'ImagePath', kind: 'ExpandString', data: path }, pid);
    void registry.set(key, { name: 'Type', kind: 'DWord', data: 1 }, pid);
    void registry.set(key, { name: 'Start', kind: 'DWord', data: one.isBootCritical ? 0 : 3 }, pid);
  }

  /** Reads a package from a folder, e.g. one that was exported. */
  read(infPath: string): Omit<DriverPackage, 'published' | 'isInbox'> | undefined {
    const { files } = this.#machine;
    const node = files.find(infPath);
    if (!node || node.isFolder) return undefined;
    const name = leafOf(infPath);
    const sys = files.find(`${parentOf(infPath)}\\${name.replace(/\.inf$/i, '')}.sys`);
    return readDriverFiles(name, Buffer.from(files.read(node)).toString('utf8'), sys?.bytes);
  }

  /** Writes a package into a sub-folder of a folder. @returns the folder */
  export(one: DriverPackage, target: string, pid: number): string {
    const { files } = this.#machine;
    const folder = `${target.replace(/\\+$/, '')}\\${leafOf(repositoryFolder(one))}`;
    const parts = writeDriverFiles(one);
    const base = one.original.replace(/\.inf$/i, '');
    void files.createFolder(folder, pid);
    this.#lay(one, `${folder}\\${one.original}`, Buffer.from(parts.inf), pid);
    this.#lay(one, `${folder}\\${base}.sys`, parts.sys, pid);
    this.#lay(one, `${folder}\\${base}.cat`, Buffer.from('PKCS7'), pid);
    return folder;
  }

  /** Files of packages are copied, so that each keeps the time at which its maker wrote it. */
  #lay(one: { readonly date: string }, path: string, bytes: Uint8Array, pid: number): void {
    const { files } = this.#machine;
    void files.write(path, bytes, pid);
    const node = files.find(path);
    const writtenMs = Date.parse(`${one.date} UTC`);
    if (node && !Number.isNaN(writtenMs)) node.modifiedMs = writtenMs;
  }
}
