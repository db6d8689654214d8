import type { Task } from '../../../evaluator/host.ts';
import { systemPid } from '../change-feed.ts';
import { windowsFile } from '../files/windows-rights.ts';
import type { Machine } from '../machine.ts';
import { hasContent, hasInSources } from './repair-source.ts';
import { ServicingLog } from './servicing-log.ts';
import { type Component, componentsOf, flawedComponent, packageManifest } from './system-files.ts';

const pendingKey = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\RebootPending';
const packagesKey = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\Packages';
/** What servicing leaves to the next start. */
const pendingFile = 'C:\\Windows\\WinSxS\\pending.xml';
const packagesFolder = 'C:\\Windows\\servicing\\Packages';

/** A file of the component store that is not what it should be. */
export type StoreDamage = {
  readonly kind: 'payload' | 'manifest' | 'package';
  readonly file: string;
  /** What it should hold. */
  readonly bytes: Uint8Array;
  readonly sizeBytes: number;
  /** Whether the update source has a good copy. */
  readonly hasSource: boolean;
  /** The file is not there at all. */
  readonly isMissing: boolean;
};

/** What DISM says of the store. */
export type StoreHealth = 'Healthy' | 'Repairable' | 'NonRepairable';

/** Exit codes of DISM (unsigned HRESULTs as Win32 processes return them). */
export const dismCodes = {
  done: 0,
  sourceMissing: 0x800f081f,
  downloadFailed: 0x800f0906,
  pending: 0x800f0806,
  invalid: 87,
  hostDied: 1726,
} as const;

/** What servicing says of a code. */
export const dismMessages: Readonly<Record<number, string>> = {
  [dismCodes.pending]: 'The operation could not be completed due to pending operations.',
};

/**
 * The component store and the system files that come from it: a system file is a second name of the file in the store (a hard link), so what
 * is written into it is written into the store, while one that was replaced is not. Damage is nothing but files that differ: of the store from
 * what the installed components say, of the system from the store.
 */
export class ComponentStore {
  readonly #machine: Machine;
  readonly #log: ServicingLog;
  /** When the files of this Windows were made, in ms. */
  #madeMs = 0;
  /** Files (lower-case paths) of which Windows Update has no good copy: a fact of the world, not of the machine. */
  readonly withoutSource = new Set<string>();
  /** Marked as damaged by an earlier scan or a failed servicing operation; this is what CheckHealth reads. */
  isMarked = false;
  /** What StartComponentCleanup can win, in bytes. */
  supersededBytes = 0;
  /** How long programs take, in ms. */
  readonly durations = { scanMs: 300_000, restoreMs: 600_000, cleanupMs: 480_000, sfcMs: 900_000 };

  /** @param machine whose store it is */
  constructor(machine: Machine) {
    this.#machine = machine;
    this.#log = new ServicingLog(machine);
  }

  /** The components as the build and the installed updates make them. */
  get components(): readonly Component[] {
    const { edition, hardware } = this.#machine;
    const made = componentsOf(edition.build);
    const { releaseFlaw } = hardware.setup;
    const ofRelease = releaseFlaw
      ? [flawedComponent(releaseFlaw, edition.displayVersion ?? '', `10.0.${edition.build}.1`)]
      : [];
    const ofUpdates = hardware.packages.updates.flatMap(({ state, flaw, kb, ubr }) =>
      state === 'Installed' && flaw ? [flawedComponent(flaw, kb, `10.0.${edition.build}.${ubr}`)] : [],
    );
    const flaws = [...ofUpdates, ...ofRelease];
    if (flaws.length === 0) return made;
    return made.map((one) => flaws.find(({ file }) => file.toLowerCase() === one.file.toLowerCase()) ?? one);
  }

  /** The component that brings a file; `undefined` where the file is not protected. */
  componentOf(file: string): Component | undefined {
    return this.components.find((one) => one.file.toLowerCase() === file.toLowerCase());
  }

  /** Lays files and store copies of all components, or of some: Windows was installed, or an update. */
  lay(components: readonly Component[] = this.components, madeMs = this.#madeMs): void {
    this.#madeMs = madeMs;
    for (const component of components) {
      const { payload, manifest, bytes, manifestBytes, sizeBytes } = component;
      this.#put(payload, bytes, sizeBytes);
      this.#put(manifest, manifestBytes, manifestBytes.length);
      this.#project(component);
    }
  }

  /** Takes the store copies of a component away. */
  drop({ payload, manifest }: Component): void {
    const { files } = this.#machine;
    for (const path of [payload, payload.slice(0, payload.lastIndexOf('\\')), manifest])
      if (files.exists(path)) void files.remove(path, systemPid, { force: true });
  }

  /** Enters a package into the store, with the file that describes it. */
  register(identity: string): void {
    const { registry } = this.#machine;
    const name = { name: 'InstallName', kind: 'String', data: `${identity}.mum` } as const;
    void registry.set(`${packagesKey}\\${identity}`, name, systemPid);
    const bytes = packageManifest(identity);
    this.#put(`${packagesFolder}\\${identity}.mum`, bytes, bytes.length);
  }

  /** Takes a package out of the store. */
  unregister(identity: string): void {
    const { registry, files } = this.#machine;
    if (registry.find(`${packagesKey}\\${identity}`)) void registry.remove(`${packagesKey}\\${identity}`, systemPid);
    const mum = `${packagesFolder}\\${identity}.mum`;
    if (files.exists(mum)) void files.remove(mum, systemPid, { force: true });
  }

  /** Files of the store that are not what they should be. */
  get damage(): readonly StoreDamage[] {
    const { registry, files } = this.#machine;
    const wanted: (readonly [StoreDamage['kind'], string, Uint8Array, number])[] = [];
    for (const { payload, manifest, bytes, manifestBytes, sizeBytes } of this.components)
      wanted.push(['payload', payload, bytes, sizeBytes], ['manifest', manifest, manifestBytes, manifestBytes.length]);
    for (const { name } of registry.find(packagesKey)?.keys.values() ?? []) {
      const bytes = packageManifest(name);
      wanted.push(['package', `${packagesFolder}\\${name}.mum`, bytes, bytes.length]);
    }
    return wanted
      .filter(([, file, bytes]) => !hasContent(this.#machine, file, bytes))
      .map(([kind, file, bytes, sizeBytes]) => ({
        kind,
        file,
        bytes,
        sizeBytes,
        hasSource: !this.withoutSource.has(file.toLowerCase()),
        isMissing: !files.exists(file),
      }));
  }

  /** Whether an operation waits for the next start: until then servicing begins no other. */
  get isPending(): boolean {
    return this.#machine.files.exists(pendingFile);
  }

  /** Servicing has left work for the next start: pending.xml with files to be exchanged, and the key by which everybody sees it. */
  needRestart(exchanged: readonly string[] = []): void {
    const { registry, files } = this.#machine;
    if (!registry.find(pendingKey)) void registry.create(pendingKey, systemPid);
    const all = new Set([...this.#exchanged(), ...exchanged]);
    const entries = Array.from(all, (file) => `  <HardlinkFile destination="${file}"/>\r\n`).join('');
    const text = `<?xml version="1.0" encoding="utf-8"?>\r\n<PendingTransaction Version="3.1">\r\n${entries}</PendingTransaction>\r\n`;
    void files.write(pendingFile, Buffer.from(text), systemPid);
  }

  /** The machine starts: files that were in use are exchanged, those of the store first, and nothing is pending any more. */
  restart(): void {
    const { files } = this.#machine;
    const exchanged = new Set(this.#exchanged().map((file) => file.toLowerCase()));
    for (const { payload, bytes, sizeBytes } of this.components)
      if (exchanged.has(payload.toLowerCase())) this.#put(payload, bytes, sizeBytes);
    for (const component of this.components)
      if (exchanged.has(component.file.toLowerCase()) && hasContent(this.#machine, component.payload, component.bytes))
        this.#project(component);
    if (files.exists(pendingFile)) void files.remove(pendingFile, systemPid, { force: true });
  }

  /** What sfc writes of a file that it found damaged and did not repair. */
  logUnrepaired(file: string, atMs?: number): void {
    const component = this.componentOf(file);
    if (component) this.#log.systemFile(component, false, atMs);
  }

  /** Files that pending.xml says are exchanged at the next start. */
  #exchanged(): readonly string[] {
    const node = this.#machine.files.find(pendingFile);
    const text = Buffer.from(node?.bytes ?? []).toString('utf8');
    return [...text.matchAll(/<HardlinkFile destination="([^"]+)"/g)].flatMap(([, file]) => file ?? []);
  }

  #isHeld(file: string): boolean {
    const node = this.#machine.files.find(file);
    return node !== undefined && this.#machine.files.handles.of(node).length > 0;
  }

  /** Health as marked, without looking. */
  get markedHealth(): StoreHealth {
    if (!this.isMarked) return 'Healthy';
    return this.damage.every(({ hasSource }) => hasSource) ? 'Repairable' : 'NonRepairable';
  }

  /** Looks at every component; marks what it finds. */
  scan(): StoreHealth {
    const { damage } = this;
    this.isMarked = damage.length > 0;
    this.#log.summary(
      'scan',
      damage.map((one) => ({ ...one, isFixed: false })),
    );
    return this.markedHealth;
  }

  /** Repairs from the given sources and from Windows Update; a file in use is exchanged at the next start. @returns the exit code of DISM */
  *restore(options: { readonly sources: readonly string[]; readonly limitAccess: boolean }, pid: number): Task<number> {
    if (this.isPending) return dismCodes.pending;
    const machine = this.#machine;
    const isOnline =
      !options.limitAccess && machine.update.isReachable && machine.services.find('wuauserv')?.start !== 'Disabled';
    const found = this.damage.map((one) => ({
      ...one,
      isFixed: (isOnline && one.hasSource) || hasInSources(machine, options.sources, one.file, one.bytes),
    }));
    const held: string[] = [];
    for (const { file, bytes, sizeBytes, isFixed, isMissing } of found) {
      if (!isFixed) continue;
      if (this.#isHeld(file)) held.push(file);
      else this.#put(file, bytes, sizeBytes);
      yield machine.changes.record('component.repair', file, isMissing ? 'missing' : 'damaged', 'whole', pid);
    }
    if (held.length > 0) this.needRestart(held);
    const isWhole = found.every(({ isFixed }) => isFixed);
    this.isMarked = !isWhole;
    this.#log.summary('repair', found);
    if (isWhole) return dismCodes.done;
    return isOnline || options.limitAccess ? dismCodes.sourceMissing : dismCodes.downloadFailed;
  }

  /** Removes superseded components; the space they took becomes free. @returns the exit code of DISM */
  *cleanup(pid: number): Task<number> {
    if (this.isPending) return dismCodes.pending;
    const volume = this.#machine.files.volume('C:');
    if (this.supersededBytes === 0) return dismCodes.done;
    volume.otherBytes -= this.supersededBytes;
    const before = this.supersededBytes;
    this.supersededBytes = 0;
    this.log('CBS', 'Scavenge: Completed, disposition: 0X1');
    yield this.#machine.changes.record('component.cleanup', 'component store', before, 0, pid);
    return dismCodes.done;
  }

  /** Compares system files with the store and, to repair, puts the good copies of the store in their place. */
  *checkSystemFiles(
    isRepair: boolean,
    pid: number,
  ): Task<{ readonly found: number; readonly unrepaired: number; readonly pending: number }> {
    const machine = this.#machine;
    const { components } = this;
    this.#log.systemFiles(`Verifying ${components.length} components`);
    this.#log.systemFiles(`Beginning Verify ${isRepair ? 'and Repair ' : ''}transaction`);
    const damaged = components.filter(({ file, bytes }) => !hasContent(machine, file, bytes));
    const pending: string[] = [];
    let unrepaired = 0;
    for (const component of damaged) {
      const { file, payload, bytes } = component;
      const isUsable = hasContent(machine, payload, bytes);
      if (!isRepair) {
        this.log('CSI', `Corrupt file: \\??\\${file}`);
        continue;
      }
      this.#log.systemFile(component, isUsable);
      if (!isUsable) unrepaired++;
      else {
        const was = machine.files.exists(file) ? 'damaged' : 'missing';
        const isHeld = this.#isHeld(file);
        if (isHeld) pending.push(file);
        else this.#project(component);
        yield machine.changes.record(
          'systemfiles.repair',
          file,
          was,
          isHeld ? 'whole after the restart' : 'whole',
          pid,
        );
      }
    }
    if (pending.length > 0) this.needRestart(pending);
    this.#log.systemFiles('Verify complete');
    return { found: damaged.length, unrepaired, pending: pending.length };
  }

  /** Appends a line to CBS.log as servicing writes it. */
  log(component: 'CBS' | 'CSI' | 'DPX', text: string, atMs?: number): void {
    this.#log.write(component, text, atMs);
  }

  /** Lays a file of servicing anew, with the rights of one and the times of this Windows; other names of what was there stay with that. */
  #put(path: string, bytes: Uint8Array, sizeBytes: number): void {
    const { files } = this.#machine;
    this.#clear(path);
    void files.write(path, bytes, systemPid);
    const node = files.get(path);
    files.volume(path).usedBytes += sizeBytes - node.sizeBytes;
    node.sizeBytes = sizeBytes;
    node.createdMs = node.modifiedMs = node.accessedMs = this.#madeMs;
    node.security = windowsFile;
  }

  /** Makes the system file a name of the file in the store. */
  #project({ file, payload }: Component): void {
    this.#clear(file);
    void this.#machine.files.link(file, payload, systemPid);
  }

  /** Makes room for a name. */
  #clear(path: string): void {
    const { files } = this.#machine;
    if (files.exists(path)) void files.remove(path, systemPid, { force: true });
    else void files.createFolder(path.slice(0, path.lastIndexOf('\\')), systemPid);
  }
}
