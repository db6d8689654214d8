import { systemPid } from '../change-feed.ts';
import type { Machine } from '../machine.ts';
import { damageImage, decodeImage, encodeImage, readImageContent } from './image-file.ts';
import type { KeptState } from './kept-state.ts';
import { microsoftSigner } from './update-package.ts';

const gigabyte = 2 ** 30;

/** A Windows image inside an install.wim. */
export type WindowsImage = {
  readonly index: number;
  readonly name: string;
  readonly edition: string;
  readonly build: number;
  readonly ubr: number;
  readonly language: string;
};

/** Content of an install.wim. */
export type WimContent = { readonly kind: 'wim'; readonly images: readonly WindowsImage[] };

/** What is wrong with media: its Windows image is damaged, or its setup program is not what was signed. */
export type MediaDamage = 'none' | 'content' | 'signature';

/** Content of an ISO file. */
export type IsoContent = {
  readonly kind: 'iso';
  readonly label: string;
  readonly images: readonly WindowsImage[];
  readonly damage: MediaDamage;
};

/** A disk image that is attached. */
export type AttachedImage = { readonly path: string; readonly drive: string };

/** Bytes of an ISO file with Windows setup. */
export const encodeIso = (content: IsoContent): Uint8Array => encodeImage({}, JSON.stringify(content));

/** Bytes of an install.wim. */
export const encodeWim = (images: readonly WindowsImage[]): Uint8Array =>
  encodeImage({}, JSON.stringify({ kind: 'wim', images } satisfies WimContent));

/** Images of a WIM or ESD file; `undefined` where it is damaged or none. */
export const readWim = (bytes: Uint8Array | undefined): readonly WindowsImage[] | undefined =>
  readImageContent<WimContent>(bytes, 'wim')?.images;

/** Whether bytes are a file with a Windows image at all, damaged or not. */
export const isWim = (bytes: Uint8Array | undefined): boolean =>
  decodeImage(bytes)?.content.includes('"kind":"wim"') ?? false;

/** Bytes of the setup program of media. */
const encodeSetup = (build: number): Uint8Array =>
  encodeImage(
    {
      companyName: 'Microsoft Corporation',
      productName: 'Microsoft® Windows® Operating System',
      fileDescription: 'Windows Installer and Upgrade Setup',
      fileVersion: `10.0.${build}.1`,
      signer: microsoftSigner,
    },
    JSON.stringify({ kind: 'windows-setup', build }),
  );

/** Disk images that are attached as drives. */
export class SetupMedia implements KeptState {
  readonly #machine: Machine;
  attached: AttachedImage[] = [];

  /** @param machine whose drives they are */
  constructor(machine: Machine) {
    this.#machine = machine;
  }

  find(path: string): AttachedImage | undefined {
    return this.attached.find((one) => one.path.toLowerCase() === path.toLowerCase());
  }

  /** Attaches an ISO file, or the virtual disk of a backup, as the next free drive. @returns the drive, `undefined` when the file is no disk image */
  mount(path: string, pid: number): string | undefined {
    const there = this.find(path);
    if (there) return there.drive;
    const { files, hardware, changes } = this.#machine;
    const { bytes } = files.get(path);
    const iso = readImageContent<IsoContent>(bytes, 'iso');
    if (!iso && !readImageContent(bytes, 'vhdx')) return undefined;
    const letter = Array.from('DEFGHIJKLMNOPQRSTUVWXYZ').find((one) => !files.volumes.has(`${one}:`)) ?? 'Z';
    const drive = `${letter}:`;
    this.attached.push({ path, drive });
    void changes.record('image.mount', path, undefined, drive, pid);
    if (!iso) {
      hardware.disks.addVolume(drive, 128 * gigabyte, { label: '', fileSystem: 'NTFS' });
      return drive;
    }
    hardware.disks.addVolume(drive, 5 * gigabyte, { label: iso.label, fileSystem: 'UDF', isOptical: true });
    files.volume(drive).otherBytes = 0;
    const build = iso.images[0]?.build ?? 0;
    const [setup, wim] = [encodeSetup(build), encodeWim(iso.images)];
    void files.createFolder(`${drive}\\sources`, systemPid);
    void files.write(`${drive}\\setup.exe`, iso.damage === 'signature' ? damageImage(setup) : setup, systemPid);
    void files.write(`${drive}\\sources\\setuphost.exe`, encodeSetup(build), systemPid);
    void files.write(`${drive}\\sources\\install.wim`, iso.damage === 'content' ? damageImage(wim) : wim, systemPid);
    void files.write(`${drive}\\sources\\boot.wim`, encodeWim(iso.images.slice(0, 1)), systemPid);
    void files.write(`${drive}\\autorun.inf`, Buffer.from('[AutoRun.Amd64]\r\nopen=setup.exe\r\n'), systemPid);
    const volume = files.volume(drive);
    volume.otherBytes = volume.sizeBytes - volume.usedBytes;
    return drive;
  }

  /** Detaches a disk image. @returns false when it was not attached */
  dismount(path: string, pid: number): boolean {
    const there = this.find(path);
    if (!there) return false;
    this.attached = this.attached.filter((one) => one !== there);
    this.#machine.files.volumes.delete(there.drive);
    void this.#machine.changes.record('image.dismount', path, there.drive, undefined, pid);
    return true;
  }

  *entries(): Generator<readonly [string, string]> {
    for (const { path, drive } of this.attached) yield [`disk-image:${path}`, drive];
  }

  save(): () => void {
    const kept = [...this.attached];
    return () => {
      for (const { path, drive } of this.attached)
        if (!kept.some((one) => one.path === path)) this.#machine.files.volumes.delete(drive);
      this.attached = [...kept];
    };
  }
}

/** The Windows image that fits a machine as a source of good files: same build and edition. */
export const fitsAsSource = (machine: Machine, image: WindowsImage): boolean =>
  image.build === machine.edition.build &&
  image.edition === machine.edition.editionId &&
  image.ubr >= Math.min(machine.edition.ubr, 1);
