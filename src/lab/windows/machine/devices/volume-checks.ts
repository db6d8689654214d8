import { systemPid } from '../change-feed.ts';
import type { Machine } from '../machine.ts';

/** What a file system has to be repaired: nothing, something that a spot fix or only the offline check repairs, or what no check can. */
export type VolumeDamage = 'none' | 'spot' | 'offline';

/** State of a volume's file system beside its files. */
export type VolumeHealth = {
  isDirty: boolean;
  damage: VolumeDamage;
  /** What a scan has written down for the next spot fix. */
  isLogged: boolean;
  fragmentPercent: number;
  /** A check that runs at the next start. */
  planned: 'none' | 'spot' | 'offline';
  /** Files that lie on sectors which cannot be read. */
  unreadable: string[];
};

const healthy = (): VolumeHealth => ({
  isDirty: false,
  damage: 'none',
  isLogged: false,
  fragmentPercent: 4,
  planned: 'none',
  unreadable: [],
});

const usualHealth = JSON.stringify(healthy());

/** The file systems of volumes beside their files, and the checks that look at them and repair them. */
export class VolumeChecks {
  readonly #machine: Machine;
  readonly #health = new Map<string, VolumeHealth>();
  /** What a check or an optimization of a volume takes, in ms. */
  readonly durations = { scanMs: 480_000, fixMs: 60_000, bootFixMs: 900_000, optimizeMs: 300_000 };

  /** @param machine whose volumes they are */
  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Health of a volume (`C:`). */
  health(drive: string): VolumeHealth {
    const name = drive.slice(0, 2).toUpperCase();
    const found = this.#health.get(name) ?? healthy();
    this.#health.set(name, found);
    return found;
  }

  /** Looks for damage as an online scan does; writes down what it finds. */
  scan(drive: string, pid: number): VolumeDamage {
    const health = this.health(drive);
    const found = health.damage;
    if (health.isLogged !== (found !== 'none')) {
      health.isLogged = found !== 'none';
      void this.#machine.changes.record('volume.scan', drive, 'unknown', found, pid);
    }
    this.#log(26_226, drive, found === 'none' ? 'found no problems' : 'found problems');
    return found;
  }

  /** Repairs what the given kind of check can repair. @returns whether nothing is left */
  fix(drive: string, how: 'spot' | 'offline', pid: number): boolean {
    const health = this.health(drive);
    const isFixed = health.damage === 'none' || how === 'offline' || (health.damage === 'spot' && health.isLogged);
    const before = { ...health };
    // A check cannot bring back what the disk cannot read; it only takes the sectors out of use.
    if (how === 'offline') {
      for (const path of health.unreadable) this.#loseFile(path);
      health.unreadable = [];
    }
    if (isFixed) Object.assign(health, { damage: 'none', isDirty: false, isLogged: false });
    health.planned = 'none';
    if (JSON.stringify(before) !== JSON.stringify(health))
      void this.#machine.changes.record('volume.repair', drive, before.damage, health.damage, pid);
    this.#log(
      how === 'spot' ? 26_214 : 1001,
      drive,
      isFixed ? 'made corrections to the file system' : 'could not repair',
    );
    return isFixed;
  }

  /** The checks that were planned for this start; how long they took, in ms. */
  boot(): number {
    let tookMs = 0;
    for (const [drive, health] of this.#health) {
      // Autochk runs by itself on a volume that is dirty, and does no more than it must.
      const how = health.planned !== 'none' ? health.planned : health.isDirty ? 'offline' : undefined;
      if (how === undefined || !this.#machine.files.volumes.has(drive)) continue;
      this.fix(drive, how, systemPid);
      tookMs += how === 'offline' ? this.durations.bootFixMs : this.durations.fixMs;
    }
    return tookMs;
  }

  /** What of the health of volumes is not usual: whoever asks for it changes nothing. */
  protected *healthEntries(): Generator<readonly [string, string]> {
    for (const [drive, health] of this.#health) {
      const text = JSON.stringify(health);
      if (text !== usualHealth) yield [`volume:${drive}`, text];
    }
  }

  /** Keeps the health of all volumes; the function that is given back puts it back. */
  protected saveHealth(): () => void {
    const saved = structuredClone(this.#health);
    return () => {
      this.#health.clear();
      for (const [drive, one] of structuredClone(saved)) this.#health.set(drive, one);
    };
  }

  #loseFile(path: string): void {
    const { files } = this.#machine;
    if (files.exists(path)) void files.remove(path, systemPid, { force: true });
  }

  #log(id: number, drive: string, text: string): void {
    const isBoot = id === 1001;
    this.#machine.events.write({
      log: 'Application',
      provider: isBoot ? 'Microsoft-Windows-Wininit' : 'Chkdsk',
      id,
      message: `Chkdsk was executed on volume ${drive}: Windows ${text}.`,
      data: [['', `Checking file system on ${drive}`]],
    });
  }
}
