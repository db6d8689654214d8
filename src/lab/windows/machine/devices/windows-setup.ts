import { systemPid } from '../change-feed.ts';
import type { Machine } from '../machine.ts';
import type { KeptState } from './kept-state.ts';
import { writeCompatData, writeSetupFailure, writeSetupLogs } from './setup-logs.ts';
import { compatibilityStop, imageFor, rollbackStop, type SetupStop } from './setup-rules.ts';
import type { UpdateFlaw } from './update-package.ts';

/** Result codes of setup.exe that are no failure of a phase. Unsigned. */
export const setupCodes = {
  done: 0,
  unknownOption: 0xc190010a,
  cleanupPending: 0xc1900107,
  scanClean: 0xc1900210,
} as const;

const pendingKey = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\RebootPending';

/** Windows setup as an upgrade or a repair in place: what waits for the next start, and what can be gone back to. */
export class WindowsSetup implements KeptState {
  readonly #machine: Machine;
  /** Media folder of a setup whose next phases come with the next start. */
  waiting: string | undefined;
  /** The Windows before the last upgrade, while it can be gone back to. */
  previous: { readonly edition: Machine['edition']; readonly untilMs: number } | undefined;
  /** A file that this release of Windows has with a mistake in it. */
  releaseFlaw: UpdateFlaw | undefined;
  /** Going back to it begins with the next start. */
  isGoingBack = false;
  /** How long the phases take, in ms: the scan, what runs in the old Windows, and the restarts. */
  readonly durations = { scanMs: 600_000, downlevelMs: 1_500_000, restartsMs: 2_400_000 };

  /** @param machine whose Windows it is */
  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** The scan of setup (`/Compat ScanOnly`). @returns the code that setup.exe ends with */
  scan(root: string): number {
    const found = this.#before(root);
    writeSetupLogs(this.#machine, found, 'scan');
    if (found) writeCompatData(this.#machine, found);
    return found?.result ?? setupCodes.scanClean;
  }

  /** What runs in the old Windows; the rest comes with the next start. @returns the code that setup.exe ends with */
  begin(root: string, pid: number): number {
    const found = this.#before(root);
    writeSetupLogs(this.#machine, found, 'downlevel');
    if (found) {
      writeCompatData(this.#machine, found);
      return found.result;
    }
    this.waiting = root;
    const { registry, files } = this.#machine;
    void files.createFolder('C:\\$WINDOWS.~BT\\NewOS', systemPid);
    if (!registry.find(pendingKey)) void registry.create(pendingKey, systemPid);
    void this.#machine.changes.record('setup.begin', root, undefined, 'waits for the restart', pid);
    return setupCodes.done;
  }

  /** The machine starts. @returns how long setup kept it, in ms */
  boot(): number {
    if (this.isGoingBack) return this.#goBack();
    const root = this.waiting;
    if (root === undefined) return 0;
    this.waiting = undefined;
    const found = rollbackStop(this.#machine, root);
    if (found) {
      writeSetupFailure(this.#machine, found);
      void this.#machine.changes.record('setup.rollback', root, undefined, found.extend ?? found.result, systemPid);
    } else this.#succeed(root);
    return this.durations.restartsMs;
  }

  /** Goes back to the Windows before the upgrade with the next start. @returns false when there is none */
  goBack(pid: number): boolean {
    if (!this.previous || this.previous.untilMs < this.#machine.clock.wallMs()) return false;
    this.isGoingBack = true;
    void this.#machine.changes.record('setup.uninstall', 'Windows', undefined, this.previous.edition.build, pid);
    return true;
  }

  *entries(): Generator<readonly [string, string]> {
    const { edition } = this.#machine;
    yield ['windows', `${edition.productName} ${edition.version}.${edition.ubr}`];
    if (this.waiting !== undefined) yield ['setup:waiting', this.waiting];
    if (this.previous) yield ['setup:previous', this.previous.edition.version];
  }

  save(): () => void {
    const { waiting, previous, isGoingBack, releaseFlaw } = this;
    const kept = { waiting, previous, isGoingBack, releaseFlaw };
    return () => Object.assign(this, kept);
  }

  #before(root: string): SetupStop | undefined {
    return compatibilityStop(this.#machine, root);
  }

  /** The new Windows: build and revision of the image; the component store and the system files are new. */
  #succeed(root: string): void {
    const machine = this.#machine;
    const image = imageFor(machine, root);
    if (!image) return;
    const isUpgrade = image.build > machine.edition.build;
    const before = machine.edition;
    const ubr = isUpgrade ? image.ubr : Math.max(image.ubr, machine.edition.ubr);
    setEdition(machine, {
      ...machine.edition,
      build: image.build,
      ubr,
      version: `10.0.${image.build}`,
      ...(isUpgrade ? versionNames(image.build) : {}),
    });
    if (isUpgrade) {
      this.releaseFlaw = undefined;
      this.previous = { edition: before, untilMs: machine.clock.wallMs() + 10 * 86_400_000 };
      void machine.files.createFolder('C:\\Windows.old\\Windows', systemPid);
      if (machine.restore.exists) {
        // An upgrade turns System Restore off and its points are lost.
        machine.restore.protectedDrives.clear();
        machine.restore.points = [];
      }
    }
    machine.hardware.packages.renew();
    machine.components.isMarked = false;
    void machine.changes.record('setup.done', root, before.version, machine.edition.version, systemPid);
  }

  #goBack(): number {
    this.isGoingBack = false;
    const back = this.previous;
    if (!back) return 0;
    this.previous = undefined;
    setEdition(this.#machine, back.edition);
    this.releaseFlaw = undefined;
    this.#machine.hardware.packages.renew();
    void this.#machine.changes.record('setup.uninstalled', 'Windows', undefined, back.edition.version, systemPid);
    return this.durations.restartsMs / 2;
  }
}

const names: Readonly<Record<number, string>> = {
  19045: '22H2',
  22631: '23H2',
  26100: '24H2',
  26200: '25H2',
  20348: '21H2',
};

const versionNames = (build: number): { displayVersion?: string } => {
  const name = names[build];
  return name === undefined ? {} : { displayVersion: name };
};

/** The machine becomes another Windows: everybody who asks is told, the registry too. */
export const setEdition = (machine: Machine, edition: Machine['edition']): void => {
  machine.edition = edition;
  const key = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';
  const set = (name: string, data: string | number): void =>
    void machine.registry.set(key, { name, kind: typeof data === 'number' ? 'DWord' : 'String', data }, systemPid);
  set('CurrentBuild', String(edition.build));
  set('CurrentBuildNumber', String(edition.build));
  set('UBR', edition.ubr);
  if (edition.displayVersion !== undefined) set('DisplayVersion', edition.displayVersion);
};
