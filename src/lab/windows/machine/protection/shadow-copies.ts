import { copyTree, type Volume } from '../files/file-node.ts';
import type { Machine } from '../machine.ts';

/** A volume shadow copy: the file tree as it was. */
export type ShadowCopy = {
  readonly id: string;
  readonly deviceObject: string;
  readonly volume: string;
  readonly context: string;
  readonly createdMs: number;
};

/** What a copy needs at least, and what one takes as it grows, in bytes. */
const [leastBytes, copyBytes] = [320 * 2 ** 20, 64 * 2 ** 20];

/** The shadow copies of a machine. */
export class ShadowCopies {
  readonly #machine: Machine;
  copies: ShadowCopy[] = [];
  /** How long making one takes, in ms. */
  readonly createMs = 12_000;
  #count = 0;

  /** @param machine whose copies they are */
  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Makes a copy. @returns the code of Win32_ShadowCopy.Create: 0, 2 bad argument, 3 no such volume, 5 bad context, 6 storage, 1 refused */
  create(volume: string, context: string, pid: number): { readonly code: number; readonly copy?: ShadowCopy } {
    if (!/^[A-Za-z]:\\$/.test(volume) && !volume.startsWith('\\\\?\\Volume{')) return { code: 2 };
    if (context !== 'ClientAccessible') return { code: 5 };
    const guid = /\{[^}]*\}/.exec(volume)?.[0].toLowerCase();
    const found = [...this.#machine.files.volumes.values()].find((one) =>
      guid === undefined ? one.drive === volume.slice(0, 2).toUpperCase() : one.guid.toLowerCase() === guid,
    );
    if (!found) return { code: 3 };
    const { drive } = found;
    const { services, files } = this.#machine;
    if (services.find('VSS')?.start === 'Disabled' || services.find('swprv')?.start === 'Disabled') return { code: 12 };
    const limit = this.#machine.hardware.writers.limit(drive);
    if (files.freeBytes(drive) < leastBytes || limit < leastBytes) return { code: 6 };
    this.#makeRoom(found, limit);
    const deviceObject = `\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy${++this.#count}`;
    const copy: ShadowCopy = {
      id: `{${crypto.randomUUID().toUpperCase()}}`,
      deviceObject,
      volume: `\\\\?\\Volume${found.guid}\\`,
      context,
      createdMs: this.#machine.clock.wallMs(),
    };
    files.devices.set(deviceObject.toLowerCase(), copyTree(found.root));
    this.copies.push(copy);
    void this.#machine.changes.record('shadow.create', copy.id, undefined, deviceObject, pid);
    return { code: 0, copy };
  }

  /** The oldest copies go where the next one would not fit any more. */
  #makeRoom({ drive, guid }: Volume, limit: number): void {
    const own = this.copies.filter(({ volume }) => volume.includes(guid));
    for (const [index, oldest] of own.entries()) {
      if ((own.length - index + 1) * copyBytes <= limit) return;
      this.remove(oldest.id, 4);
      this.#machine.events.write({
        log: 'System',
        provider: 'volsnap',
        id: 33,
        message: `The oldest shadow copy of volume ${drive} was deleted to keep disk space usage for shadow copies below the user defined limit.`,
        data: [['', drive]],
      });
    }
  }

  /** Removes a copy by its id; nothing happens when there is none. */
  remove(id: string, pid: number): void {
    const copy = this.copies.find((other) => other.id.toLowerCase() === id.toLowerCase());
    if (!copy) return;
    this.copies = this.copies.filter((other) => other !== copy);
    this.#machine.files.devices.delete(copy.deviceObject.toLowerCase());
    void this.#machine.changes.record('shadow.remove', copy.id, copy.deviceObject, undefined, pid);
  }

  /** Copies of the kind made here are kept over a restart. */
  restart(): void {
    for (const copy of this.copies) if (copy.context !== 'ClientAccessible') this.remove(copy.id, 4);
  }
}
