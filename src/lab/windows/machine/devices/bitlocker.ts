import type { Machine } from '../machine.ts';
import type { KeptState } from './kept-state.ts';

/** Kinds of key protectors with the numbers of Win32_EncryptableVolume. */
export const protectorKinds = { Tpm: 1, ExternalKey: 2, RecoveryPassword: 3, TpmPin: 4, Password: 8 } as const;

/** A key protector of an encrypted volume. */
export type KeyProtector = {
  readonly id: string;
  readonly kind: keyof typeof protectorKinds;
  readonly recoveryPassword?: string;
  /** Kept in the directory, so that the operator finds it when the machine asks for it. */
  isEscrowed: boolean;
};

/** BitLocker's state of one volume. */
export type EncryptedVolume = {
  isEncrypted: boolean;
  /** Protection is off while it is suspended. */
  isProtected: boolean;
  /** Starts until protection comes back by itself; 0: until it is resumed. */
  suspendedStarts: number | undefined;
  protectors: KeyProtector[];
};

const none = (): EncryptedVolume => ({
  isEncrypted: false,
  isProtected: false,
  suspendedStarts: undefined,
  protectors: [],
});

/** BitLocker: encryption of volumes and their key protectors. */
export class BitLocker implements KeptState {
  readonly #machine: Machine;
  readonly #volumes = new Map<string, EncryptedVolume>();

  /** @param machine whose volumes it guards */
  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** State of a volume (`C:`). */
  volume(drive: string): EncryptedVolume {
    const name = drive.slice(0, 2).toUpperCase();
    const found = this.#volumes.get(name) ?? none();
    this.#volumes.set(name, found);
    return found;
  }

  /** Suspends protection for so many starts (0: until it is resumed). */
  suspend(drive: string, starts: number, pid: number): Promise<void> | undefined {
    const volume = this.volume(drive);
    if (!volume.isEncrypted) return undefined;
    const before = { isProtected: volume.isProtected, starts: volume.suspendedStarts };
    Object.assign(volume, { isProtected: false, suspendedStarts: starts });
    return this.#machine.changes.record('bitlocker.suspend', drive, before, { isProtected: false, starts }, pid);
  }

  /** Puts protection on again. */
  resume(drive: string, pid: number): Promise<void> | undefined {
    const volume = this.volume(drive);
    if (!volume.isEncrypted || volume.isProtected) return undefined;
    Object.assign(volume, { isProtected: true, suspendedStarts: undefined });
    return this.#machine.changes.record('bitlocker.resume', drive, 'off', 'on', pid);
  }

  /** Keeps a recovery password in the directory. */
  escrow(drive: string, protector: KeyProtector, pid: number): Promise<void> | undefined {
    protector.isEscrowed = true;
    return this.#machine.changes.record('bitlocker.escrow', `${drive} ${protector.id}`, false, true, pid);
  }

  /** The machine starts. @returns false where it stops and asks for a PIN that nobody types */
  boot(): boolean {
    const system = this.volume('C:');
    const asks = system.isProtected && system.protectors.some(({ kind }) => kind === 'TpmPin');
    for (const volume of this.#volumes.values()) {
      if (volume.suspendedStarts === undefined || volume.suspendedStarts === 0) continue;
      volume.suspendedStarts--;
      if (volume.suspendedStarts === 0) Object.assign(volume, { isProtected: true, suspendedStarts: undefined });
    }
    return !asks;
  }

  *entries(): Generator<readonly [string, string]> {
    for (const [drive, volume] of this.#volumes)
      if (volume.isEncrypted) yield [`bitlocker:${drive}`, JSON.stringify(volume)];
  }

  save(): () => void {
    const kept = structuredClone(this.#volumes);
    return () => {
      this.#volumes.clear();
      for (const [drive, volume] of structuredClone(kept)) this.#volumes.set(drive, volume);
    };
  }
}

/** Event 845: the directory in the cloud keeps the recovery password of a volume. */
export const writeEscrowEvent = (machine: Machine, drive: string, atMs = machine.clock.wallMs()): void => {
  machine.events.write({
    log: 'Microsoft-Windows-BitLocker/BitLocker Management',
    provider: 'Microsoft-Windows-BitLocker-API',
    id: 845,
    timeMs: atMs,
    message: `BitLocker Drive Encryption recovery information for volume ${drive} was backed up successfully to your Azure AD.`,
    data: [['VolumeName', drive]],
  });
};
