import { systemPid } from '../change-feed.ts';
import type { Machine } from '../machine.ts';

const key = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\SystemRestore';

/** A System Restore point. */
export type RestorePoint = {
  readonly sequence: number;
  readonly description: string;
  /** 0 application install, 7 checkpoint, 10 driver install, 12 modify settings. */
  readonly type: number;
  readonly eventType: number;
  readonly createdMs: number;
};

/** System Restore: clients only. */
export class RestorePoints {
  readonly #machine: Machine;
  points: RestorePoint[] = [];
  /** Drives with protection on (`C:`). */
  protectedDrives = new Set<string>();
  /** How long making a point takes, in ms. */
  readonly createMs = 40_000;
  #last = 0;

  /** @param machine whose System Restore it is */
  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Whether this Windows has System Restore at all. */
  get exists(): boolean {
    return this.#machine.edition.productType === 1;
  }

  /** Turns protection of a drive on. @returns Win32 code */
  enable(drive: string, pid: number): number {
    if (
      this.#machine.registry.data('HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows NT\\SystemRestore', 'DisableSR') === 1
    )
      return 1058;
    const name = drive.slice(0, 2).toUpperCase();
    if (!this.#machine.files.volumes.has(name)) return 15;
    if (this.protectedDrives.has(name)) return 0;
    this.protectedDrives.add(name);
    void this.#machine.registry.set(key, { name: 'RPSessionInterval', kind: 'DWord', data: 1 }, pid);
    void this.#machine.changes.record('restore.enable', name, 'off', 'on', pid);
    return 0;
  }

  /** Turns protection off; every point of the drive is lost. */
  disable(drive: string, pid: number): number {
    const name = drive.slice(0, 2).toUpperCase();
    if (!this.protectedDrives.delete(name)) return 0;
    // Points are those of the volume of Windows.
    if (name === 'C:') this.points = [];
    if (this.protectedDrives.size === 0)
      void this.#machine.registry.set(key, { name: 'RPSessionInterval', kind: 'DWord', data: 0 }, pid);
    void this.#machine.changes.record('restore.disable', name, 'on', 'off', pid);
    return 0;
  }

  /** Minutes that must lie between two points. */
  frequencyMinutes(): number {
    const set = this.#machine.registry.data(key, 'SystemRestorePointCreationFrequency');
    return typeof set === 'number' ? set : 1440;
  }

  /** Whether a point made now would be left out because the last one is too young. */
  isThrottled(): boolean {
    const last = this.points.at(-1);
    return last !== undefined && this.#machine.clock.wallMs() - last.createdMs < this.frequencyMinutes() * 60_000;
  }

  /**
   * Makes a point. Too soon after the last one it says success without making one, as the interface of Windows does.
   * @returns Win32 code
   */
  create(description: string, type: number, eventType: number, pid: number): number {
    const { events, files } = this.#machine;
    if (!this.protectedDrives.has('C:')) return 1058;
    const disabled =
      this.#machine.services.find('VSS')?.start === 'Disabled' ||
      this.#machine.services.find('swprv')?.start === 'Disabled';
    const isSmall = this.#machine.hardware.writers.limit('C:') < 300 * 2 ** 20;
    if (disabled || isSmall || files.freeBytes('C:') < 300 * 2 ** 20) {
      events.write({
        log: 'Application',
        provider: 'System Restore',
        id: 8193,
        level: 2,
        message: 'Failed to create restore point.',
        data: [['', description]],
      });
      // VSS_E_INSUFFICIENT_STORAGE where the space set aside for copies is too small.
      return disabled ? 0x80070422 : isSmall ? 0x8004231f : 112;
    }
    if (this.isThrottled()) {
      events.write({
        log: 'Application',
        provider: 'System Restore',
        id: 8216,
        level: 3,
        message: 'Skipping creation of restore point: a recent restore point exists.',
        data: [['', description]],
      });
      return 0;
    }
    const sequence = Math.max(this.#last, this.points.at(-1)?.sequence ?? 0) + 1;
    this.#last = sequence;
    this.points.push({ sequence, description, type, eventType, createdMs: this.#machine.clock.wallMs() });
    events.write({
      log: 'Application',
      provider: 'System Restore',
      id: 8194,
      message: `Successfully created restore point (${description}).`,
      data: [['', description]],
    });
    void this.#machine.changes.record('restore.create', description, undefined, sequence, pid || systemPid);
    return 0;
  }
}
