import { systemPid } from '../change-feed.ts';
import type { Machine } from '../machine.ts';

const cbsLog = 'C:\\Windows\\Logs\\CBS\\CBS.log';
const pendingKey = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\RebootPending';
const pendingFile = 'C:\\Windows\\WinSxS\\pending.xml';

/** A damaged file of the component store. */
export type StoreDamage = {
  readonly file: string;
  /** Whether the update source has a good copy. */
  readonly hasSource: boolean;
  /** The file is not there at all; a repair puts it back. */
  readonly isMissing?: boolean;
};

/** A system file that differs from the store. */
export type SystemFileDamage = {
  readonly file: string;
  /** Its good copy takes its place at the next start. */
  readonly isPending?: boolean;
};

const damageWord = (file: string): string =>
  /\.mum$/i.test(file) ? 'CBS MUM Missing' : /\.manifest$/i.test(file) ? 'CSI Manifest Corrupt' : 'CSI Payload Corrupt';

/** What DISM says of the store. */
export type StoreHealth = 'Healthy' | 'Repairable' | 'NonRepairable';

/** Exit codes of DISM (unsigned HRESULTs as Win32 processes return them). */
export const dismCodes = {
  done: 0,
  sourceMissing: 0x800f081f,
  downloadFailed: 0x800f0906,
  invalid: 87,
  hostDied: 1726,
} as const;

/** The component store, the system files that come from it, and the logs both write. */
export class ComponentStore {
  readonly #machine: Machine;
  damage: StoreDamage[] = [];
  /** Marked as damaged by an earlier scan or a failed servicing operation; this is what CheckHealth reads. */
  isMarked = false;
  /** System files that differ from the store. */
  systemFiles: SystemFileDamage[] = [];
  /** What StartComponentCleanup can win, in bytes. */
  supersededBytes = 0;
  /** How long programs take, in ms. */
  readonly durations = { scanMs: 300_000, restoreMs: 600_000, cleanupMs: 480_000, sfcMs: 900_000 };
  #lines = 291;

  /** @param machine whose store it is */
  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Health as marked, without looking. */
  get markedHealth(): StoreHealth {
    if (!this.isMarked) return 'Healthy';
    return this.damage.every(({ hasSource }) => hasSource) ? 'Repairable' : 'NonRepairable';
  }

  /** Looks at every component; marks what it finds. */
  scan(): StoreHealth {
    this.isMarked = this.damage.length > 0;
    this.#summary(
      'Scan',
      this.damage.length,
      0,
      this.damage.map((one) => [one, false]),
    );
    return this.markedHealth;
  }

  /** Repairs from the given source or the update source. @returns the exit code of DISM */
  restore(options: { readonly hasGoodSource: boolean; readonly limitAccess: boolean }): number {
    const found = this.damage.length;
    const online =
      !options.limitAccess &&
      this.#machine.update.isReachable &&
      this.#machine.services.find('wuauserv')?.start !== 'Disabled';
    const left = options.hasGoodSource ? [] : online ? this.damage.filter(({ hasSource }) => !hasSource) : this.damage;
    const before = this.damage;
    this.damage = left;
    this.isMarked = left.length > 0;
    if (before !== left && before.length !== left.length) {
      void this.#machine.changes.record('component.repair', 'component store', before.length, left.length, systemPid);
    }
    for (const { file, isMissing } of before)
      if (isMissing && !left.some((one) => one.file === file)) this.#putBack(file);
    this.#summary(
      'Repair',
      found,
      found - left.length,
      before.map((one) => [one, !left.includes(one)]),
    );
    if (left.length === 0) return dismCodes.done;
    return online || options.limitAccess ? dismCodes.sourceMissing : dismCodes.downloadFailed;
  }

  /** Removes superseded components; the space they took becomes free. */
  cleanup(): void {
    const volume = this.#machine.files.volume('C:');
    if (this.supersededBytes === 0) return;
    volume.otherBytes -= this.supersededBytes;
    const before = this.supersededBytes;
    this.supersededBytes = 0;
    void this.#machine.changes.record('component.cleanup', 'component store', before, 0, systemPid);
    this.log('CBS', 'Scavenge: Completed, disposition: 0X1');
  }

  /** Servicing has left work for the next start: pending.xml, and the key by which everybody sees it. */
  needRestart(): void {
    const { registry, files } = this.#machine;
    if (!registry.find(pendingKey)) void registry.create(pendingKey, systemPid);
    void files.write(
      pendingFile,
      Buffer.from('<?xml version="1.0" encoding="utf-8"?>\r\n<PendingTransaction Version="3.1" />\r\n'),
      systemPid,
    );
  }

  /** The machine starts: system files that were in use are exchanged, and nothing is pending any more. */
  restart(): void {
    const { files } = this.#machine;
    for (const { file } of this.systemFiles.filter(({ isPending }) => isPending === true)) this.#exchange(file);
    this.systemFiles = this.systemFiles.filter(({ isPending }) => isPending !== true);
    if (files.exists(pendingFile)) void files.remove(pendingFile, systemPid, { force: true });
  }

  /** Compares system files with the store and repairs them from it; what a program holds open is exchanged at the next start. */
  checkSystemFiles(): { readonly repaired: number; readonly unrepaired: number; readonly pending: number } {
    this.log('CSI', `${this.#sequence()} [SR] Verifying 100 components`);
    this.log('CSI', `${this.#sequence()} [SR] Beginning Verify and Repair transaction`);
    const isUsable = this.damage.length === 0;
    const files = this.systemFiles;
    for (const { file } of files) {
      const at = file.lastIndexOf('\\');
      if (isUsable)
        this.log(
          'CSI',
          `${this.#sequence()} [SR] Repairing corrupted file \\??\\${file.slice(0, at)}\\${file.slice(at + 1)} from store`,
        );
      else this.logUnrepaired(file);
    }
    const inUse = isUsable ? files.filter(({ file }) => this.#isHeld(file)) : [];
    if (isUsable && files.length > 0) {
      for (const damaged of files) if (!inUse.includes(damaged)) this.#exchange(damaged.file);
      this.systemFiles = inUse.map(({ file }) => ({ file, isPending: true }));
      if (inUse.length > 0) this.needRestart();
      void this.#machine.changes.record('systemfiles.repair', 'system files', files.length, inUse.length, systemPid);
    }
    this.log('CSI', `${this.#sequence()} [SR] Verify complete`);
    return { repaired: isUsable ? files.length : 0, unrepaired: isUsable ? 0 : files.length, pending: inUse.length };
  }

  /** What sfc writes of a file that it found damaged and did not repair. */
  logUnrepaired(file: string, atMs?: number): void {
    const name = file.slice(file.lastIndexOf('\\') + 1);
    this.log(
      'CSI',
      `${this.#sequence()} [SR] Cannot repair member file [l:${name.length}]'${name}' of Microsoft-Windows-System, version ${this.#machine.edition.version}.1, arch amd64, nonSxS, pkt {l:8 b:31bf3856ad364e35} in the store, hash mismatch`,
      atMs,
    );
  }

  /** Appends a line to CBS.log as servicing writes it. */
  log(component: 'CBS' | 'CSI' | 'DPX', text: string, atMs = this.#machine.clock.wallMs()): void {
    const local = new Date(atMs + this.#machine.timeZone.offsetMinutes * 60_000).toISOString();
    const line = `${local.slice(0, 10)} ${local.slice(11, 19)}, Info                  ${component}    ${text}\r\n`;
    const { files } = this.#machine;
    const old = files.find(cbsLog);
    void files.write(cbsLog, Buffer.concat([old ? files.read(old) : new Uint8Array(), Buffer.from(line)]), systemPid);
  }

  #isHeld(file: string): boolean {
    const node = this.#machine.files.find(file);
    return node !== undefined && this.#machine.files.handles.of(node).length > 0;
  }

  /** The good copy of the store takes the place of a damaged file. */
  #exchange(file: string): void {
    const { files } = this.#machine;
    const node = files.find(file);
    if (node) void files.replaceContent(node, Buffer.from('repaired'), systemPid);
  }

  #putBack(file: string): void {
    const { files } = this.#machine;
    void files.createFolder(file.slice(0, file.lastIndexOf('\\')), systemPid);
    if (!files.exists(file)) void files.write(file, Buffer.from('repaired'), systemPid);
  }

  #summary(
    operation: string,
    detected: number,
    repaired: number,
    damage: readonly (readonly [StoreDamage, boolean])[],
  ): void {
    this.log('CBS', '=================================');
    this.log('CBS', 'Checking System Update Readiness.');
    this.log('CBS', '');
    for (const [{ file }, isFixed] of damage) {
      const name = file.replace(/^C:\\Windows\\(?:WinSxS|servicing\\Packages)\\/i, '');
      this.log('CBS', `(p)\t${damageWord(file)}\t(n)\t${isFixed ? '(Fixed)\t' : '\t'}${name}`);
      if (operation !== 'Scan' && !isFixed) this.log('CBS', 'Repair failed: Missing replacement payload.');
    }
    this.log('CBS', 'Summary:');
    this.log('CBS', `Operation: ${operation === 'Scan' ? 'Detect only' : 'Detect and Repair'}`);
    this.log('CBS', `Operation result: ${detected === repaired || operation === 'Scan' ? '0x0' : '0x800f081f'}`);
    this.log('CBS', 'Last Successful Step: Entire operation completes.');
    this.log('CBS', `Total Detected Corruption:\t${detected}`);
    this.log('CBS', `\tCBS Manifest Corruption:\t0`);
    this.log('CBS', `\tCSI Payload File Corrupt:\t${detected}`);
    this.log('CBS', `Total Repaired Corruption:\t${repaired}`);
    this.log('CBS', 'Total Operation Time: 300 seconds.');
  }

  #sequence(): string {
    return (++this.#lines).toString(16).padStart(8, '0');
  }
}
