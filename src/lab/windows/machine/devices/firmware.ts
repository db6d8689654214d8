import type { Machine } from '../machine.ts';
import type { KeptState } from './kept-state.ts';

/** Firmware of the machine: UEFI or not, secure boot, the trusted platform module, and what of it the power button wakes. */
export class Firmware implements KeptState {
  readonly #machine: Machine;
  state = {
    isUefi: true,
    secureBoot: true,
    tpm: { isPresent: true, isReady: true, isEnabled: true, isActivated: true, isOwned: true, version: '2.0' },
    /** Level of the firmware and the day it was made (ms since 1970). */
    bios: { version: '4.1', releasedMs: Date.UTC(2026, 2, 18) },
    /** Charge of a laptop's battery in percent and whether it is on mains; a desktop or server has none. */
    battery: undefined as { percent: number; isOnMains: boolean } | undefined,
  };

  /** @param machine whose firmware it is */
  constructor(machine: Machine) {
    this.#machine = machine;
    this.state.tpm.isPresent = machine.edition.productType === 1 || machine.edition.build >= 20_348;
  }

  /** Whether the machine meets what Windows 11 asks of hardware. */
  get fitsWindows11(): boolean {
    const { isUefi, tpm } = this.state;
    return (
      isUefi && tpm.isPresent && tpm.isEnabled && tpm.version === '2.0' && this.#machine.memoryBytes >= 4 * 2 ** 30
    );
  }

  *entries(): Generator<readonly [string, string]> {
    yield ['firmware', JSON.stringify(this.state)];
  }

  save(): () => void {
    const kept = structuredClone(this.state);
    return () => {
      this.state = structuredClone(kept);
    };
  }
}
