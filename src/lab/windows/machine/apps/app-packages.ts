import { type Held, systemPid } from '../change-feed.ts';
import type { Machine } from '../machine.ts';
import { subKeyNames } from '../registry/registry.ts';
import { appReaders, mayRead } from './app-access.ts';
import {
  type PackageContent,
  type PackageIdentity,
  readBlockMap,
  readFullName,
  readManifest,
  writeBlockMap,
  writeManifest,
} from './app-package.ts';

const appx = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Appx';
const allUserStore = `${appx}\\AppxAllUserStore`;
const repository =
  'HKLM\\SOFTWARE\\Classes\\Local Settings\\Software\\Microsoft\\Windows\\CurrentVersion\\AppModel\\PackageRepository\\Packages';

/** A volume that packages may be installed on. */
export type PackageVolume = {
  /** `\\?\Volume{…}`. */
  readonly name: string;
  readonly path: string;
  readonly isSystem: boolean;
  /** Its disk is not there, or the volume was dismounted. */
  readonly isOffline: boolean;
};

/** What keeps a package from running, as PackageManager tells it. */
export type PackageState = 'Ok' | 'Modified' | 'NeedsRemediation' | 'PackageOffline';

/** The packages of a client: what is staged, who has it registered, what every new user gets. All of it lies in files and keys. */
export class AppPackages {
  readonly #machine: Machine;
  /** HRESULT of the last look for updates of apps; it is not kept over a restart. */
  lastScanResult: number | undefined;

  /** @param machine whose packages they are */
  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Whether this Windows has the Store and its packages. */
  get exists(): boolean {
    return this.#machine.edition.productType === 1;
  }

  /** Packages that are on the machine, for whomever. */
  staged(): PackageIdentity[] {
    return this.#namesBelow(repository).flatMap((name) => readFullName(name) ?? []);
  }

  /** Packages that an account has. */
  of(sid: string): PackageIdentity[] {
    return this.#namesBelow(`${allUserStore}\\${sid}`).flatMap((name) => readFullName(name) ?? []);
  }

  /** Accounts that have a package. */
  usersOf(fullName: string): string[] {
    return this.#namesBelow(allUserStore).filter(
      (sid) => sid.startsWith('S-1-5-21-') && this.#machine.registry.find(`${allUserStore}\\${sid}\\${fullName}`),
    );
  }

  /** Packages that users get when they first sign in. */
  provisioned(): PackageIdentity[] {
    return this.#namesBelow(`${allUserStore}\\Applications`).flatMap((name) => readFullName(name) ?? []);
  }

  /** Folder of a package. */
  folderOf(fullName: string): string {
    const path = this.#machine.registry.data(`${repository}\\${fullName}`, 'Path');
    return typeof path === 'string' ? path : `C:\\Program Files\\WindowsApps\\${fullName}`;
  }

  /** What the manifest of a package says; `undefined` when it is missing or torn. */
  manifestOf(fullName: string): ReturnType<typeof readManifest> {
    const { files } = this.#machine;
    const node = files.find(`${this.folderOf(fullName)}\\AppxManifest.xml`);
    return node ? readManifest(Buffer.from(files.read(node)).toString()) : undefined;
  }

  /** Files of a package that are not there. */
  missingFiles(fullName: string): string[] {
    const { files } = this.#machine;
    const folder = this.folderOf(fullName);
    const map = files.find(`${folder}\\AppxBlockMap.xml`);
    if (!map) return ['AppxBlockMap.xml'];
    return readBlockMap(Buffer.from(files.read(map)).toString()).filter((name) => !files.exists(`${folder}\\${name}`));
  }

  /** Whether apps may read the files of a package. */
  isReadable(fullName: string): boolean {
    const { files } = this.#machine;
    const node = files.find(this.folderOf(fullName));
    return node === undefined || mayRead(files, node, appReaders);
  }

  /** State of a package on this machine. */
  stateOf(fullName: string): PackageState {
    const drive = this.folderOf(fullName).slice(0, 2).toUpperCase();
    if (!this.#machine.files.volumes.has(drive)) return 'PackageOffline';
    if (!this.manifestOf(fullName)) return 'NeedsRemediation';
    return this.missingFiles(fullName).length > 0 ? 'Modified' : 'Ok';
  }

  /** Lays the files of a package and makes it known; whoever asked is told by the feed. */
  stage(content: PackageContent, pid: number, store = 'C:\\Program Files\\WindowsApps'): Held {
    const { files, registry } = this.#machine;
    const folder = `${store}\\${content.fullName}`;
    const lay = (name: string, text: string): void =>
      void files.write(`${folder}\\${name}`, Buffer.from(text), systemPid);
    void files.createFolder(folder, systemPid);
    lay('AppxManifest.xml', writeManifest(content));
    const payload = { 'AppxManifest.xml': 1024, ...content.files };
    lay('AppxBlockMap.xml', writeBlockMap(payload));
    lay('AppxSignature.p7x', 'PKCX');
    for (const [name, size] of Object.entries(content.files)) {
      const cut = name.lastIndexOf('\\');
      if (cut >= 0) void files.createFolder(`${folder}\\${name.slice(0, cut)}`, systemPid);
      if (!files.exists(`${folder}\\${name}`)) void files.write(`${folder}\\${name}`, new Uint8Array(), systemPid);
      const node = files.get(`${folder}\\${name}`);
      files.volume(folder).usedBytes += size - node.sizeBytes;
      node.bytes = undefined;
      node.sizeBytes = size;
    }
    void registry.set(`${repository}\\${content.fullName}`, { name: 'Path', kind: 'String', data: folder }, systemPid);
    return this.#machine.changes.record('app.stage', content.fullName, undefined, folder, pid);
  }

  /** Takes the files of a package away. */
  unstage(fullName: string): void {
    const { registry } = this.#machine;
    this.#removeTree(this.folderOf(fullName));
    if (registry.find(`${repository}\\${fullName}`)) void registry.remove(`${repository}\\${fullName}`, systemPid);
  }

  /**
   * Gives an account a package: it is registered, and its folder for data is made where it has none. The deployment service writes both;
   * the change is that of whoever asked.
   */
  register(sid: string, fullName: string, pid: number): Held {
    const { registry, files, users, changes } = this.#machine;
    const endOfLife = `${allUserStore}\\EndOfLife\\${sid}\\${fullName}`;
    if (registry.find(endOfLife)) void registry.remove(endOfLife, systemPid);
    void registry.create(`${allUserStore}\\${sid}\\${fullName}`, systemPid);
    const family = readFullName(fullName)?.familyName ?? fullName;
    const profile = users.profileOf(sid);
    if (profile !== undefined)
      for (const folder of ['AC', 'LocalCache', 'LocalState', 'RoamingState', 'Settings', 'TempState'])
        void files.createFolder(`${profile}\\AppData\\Local\\Packages\\${family}\\${folder}`, systemPid);
    return changes.record('app.register', fullName, undefined, sid, pid);
  }

  /** Takes a package from an account; it is not given back at the next sign-in. */
  unregister(sid: string, fullName: string, pid: number, keepsData = false): Held {
    const { registry, users, changes } = this.#machine;
    void registry.create(`${allUserStore}\\EndOfLife\\${sid}\\${fullName}`, systemPid);
    const profile = users.profileOf(sid);
    if (!keepsData && profile !== undefined) this.#removeTree(this.dataFolder(profile, fullName));
    void registry.remove(`${allUserStore}\\${sid}\\${fullName}`, systemPid);
    return changes.record('app.unregister', fullName, sid, undefined, pid);
  }

  /** Folder in which an account's copy of an app keeps its data. */
  dataFolder(profile: string, fullName: string): string {
    return `${profile}\\AppData\\Local\\Packages\\${readFullName(fullName)?.familyName ?? fullName}`;
  }

  /** Lets every user who signs in from now on have a package. */
  provision(fullName: string, pid: number): Held {
    const value = { name: 'Path', kind: 'String', data: `${this.folderOf(fullName)}\\AppxManifest.xml` } as const;
    return this.#machine.registry.set(`${allUserStore}\\Applications\\${fullName}`, value, pid);
  }

  /** Users who sign in from now on do not get a package any more. */
  deprovision(fullName: string, pid: number): Held {
    return this.#machine.registry.remove(`${allUserStore}\\Applications\\${fullName}`, pid);
  }

  /** A user signs in: what is provisioned and was never taken from him is registered, with the frameworks it needs. */
  signedIn(sid: string): void {
    const { registry } = this.#machine;
    const frameworks = this.staged().filter(({ fullName }) => this.manifestOf(fullName)?.isFramework === true);
    for (const { fullName } of [...this.provisioned(), ...frameworks]) {
      const isThere =
        registry.find(`${allUserStore}\\${sid}\\${fullName}`) ??
        registry.find(`${allUserStore}\\EndOfLife\\${sid}\\${fullName}`);
      if (!isThere && this.stateOf(fullName) === 'Ok') void this.register(sid, fullName, systemPid);
    }
  }

  /** Volumes that packages may be installed on. */
  volumes(): PackageVolume[] {
    const { registry, files } = this.#machine;
    return this.#namesBelow(`${appx}\\PackageVolumes`).map((guid) => {
      const key = `${appx}\\PackageVolumes\\${guid}`;
      const path = String(registry.data(key, 'Path') ?? '');
      const isHere = [...files.volumes.values()].some((volume) => volume.guid === guid);
      return {
        name: `\\\\?\\Volume${guid}`,
        path,
        isSystem: path.toUpperCase().startsWith('C:'),
        isOffline: !isHere || registry.data(key, 'Offline') === 1,
      };
    });
  }

  /** The volume that new packages go to. */
  defaultVolume(): PackageVolume | undefined {
    const guid = this.#machine.registry.data(`${appx}\\PackageVolumes`, 'Default');
    return this.volumes().find(({ name }) => name === `\\\\?\\Volume${String(guid)}`);
  }

  /** Sets where new packages go. */
  setDefaultVolume({ name }: PackageVolume, pid: number): Held {
    const value = { name: 'Default', kind: 'String', data: name.replace('\\\\?\\Volume', '') } as const;
    return this.#machine.registry.set(`${appx}\\PackageVolumes`, value, pid);
  }

  /** Makes a volume known, with the folder in which its packages lie. */
  addVolume(guid: string, path: string, pid: number): Held {
    const { registry, files } = this.#machine;
    if (files.volumes.has(path.slice(0, 2).toUpperCase())) void files.createFolder(path, systemPid);
    return registry.set(`${appx}\\PackageVolumes\\${guid}`, { name: 'Path', kind: 'String', data: path }, pid);
  }

  /** Makes a volume unknown. */
  removeVolume({ name }: PackageVolume, pid: number): Held {
    return this.#machine.registry.remove(`${appx}\\PackageVolumes\\${name.replace('\\\\?\\Volume', '')}`, pid);
  }

  /** Takes a volume out of use, or into use again. */
  setOffline({ name }: PackageVolume, isOffline: boolean, pid: number): Held {
    const key = `${appx}\\PackageVolumes\\${name.replace('\\\\?\\Volume', '')}`;
    return this.#machine.registry.set(key, { name: 'Offline', kind: 'DWord', data: isOffline ? 1 : 0 }, pid);
  }

  #namesBelow(path: string): string[] {
    const key = this.#machine.registry.find(path);
    return key ? subKeyNames(key) : [];
  }

  #removeTree(path: string): void {
    const { files } = this.#machine;
    const node = files.find(path, { noFollow: true });
    for (const child of node?.children.values() ?? []) this.#removeTree(`${path}\\${child.name}`);
    if (node) void files.remove(path, systemPid, { force: true });
  }
}
