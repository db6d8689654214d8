import type { Machine } from '../machine.ts';
import { BitLocker } from './bitlocker.ts';
import { BootSettings } from './boot-settings.ts';
import { Disks } from './disks.ts';
import { Firmware } from './firmware.ts';
import type { KeptState } from './kept-state.ts';
import { PnpDevices } from './pnp-devices.ts';
import { attachResidents } from './resident-programs.ts';
import { ServiceProcessor } from './service-processor.ts';
import { SetupMedia } from './setup-media.ts';
import { UpdatePackages } from './update-packages.ts';
import { VssWriters } from './vss-writers.ts';
import { WindowsSetup } from './windows-setup.ts';

/** What lies below and around Windows: firmware, disks, devices and drivers, encryption, boot, installed updates, setup, backup. */
export class Hardware {
  readonly #machine: Machine;
  readonly firmware: Firmware;
  readonly serviceProcessor: ServiceProcessor;
  readonly disks: Disks;
  readonly pnp: PnpDevices;
  readonly bitlocker: BitLocker;
  readonly boot: BootSettings;
  readonly packages: UpdatePackages;
  readonly media: SetupMedia;
  readonly setup: WindowsSetup;
  readonly writers: VssWriters;

  /** @param machine whose hardware it is */
  constructor(machine: Machine) {
    this.#machine = machine;
    this.firmware = new Firmware(machine);
    this.serviceProcessor = new ServiceProcessor(machine);
    this.disks = new Disks(machine);
    this.pnp = new PnpDevices(machine);
    this.bitlocker = new BitLocker(machine);
    this.boot = new BootSettings(machine);
    this.packages = new UpdatePackages(machine);
    this.media = new SetupMedia(machine);
    this.setup = new WindowsSetup(machine);
    this.writers = new VssWriters(machine);
  }

  /** Called once the base has its files, registry and services. */
  attach(): void {
    this.disks.attach();
    this.boot.attach();
    this.packages.attach();
    attachResidents(this.#machine);
  }

  /** Whether the machine gets past its firmware when it is started: BitLocker may stop and ask for a PIN. */
  mayStart(): boolean {
    return this.bitlocker.boot();
  }

  /** What runs before Windows is up again: checks of volumes, pending updates, phases of setup. Takes simulated time. */
  start(): void {
    this.packages.boot();
    const tookMs = this.disks.boot() + this.setup.boot();
    if (tookMs > 0) this.#machine.clock.skip(tookMs);
  }

  /** Parts on which it hangs which volumes there are, and the others. */
  #parts(): { readonly volumes: readonly KeptState[]; readonly rest: readonly KeptState[] } {
    return {
      volumes: [this.disks, this.media, this.pnp],
      rest: [this.firmware, this.serviceProcessor, this.bitlocker, this.boot, this.packages, this.setup, this.writers],
    };
  }

  /** What a snapshot shows of all parts. */
  *entries(): Generator<readonly [string, string]> {
    const { volumes, rest } = this.#parts();
    for (const part of [...volumes, ...rest]) yield* part.entries();
  }

  /** Remembers the state of all parts: `volumes` brings back what volumes there are, `rest` the others, once the services are back. */
  save(): { readonly volumes: () => void; readonly rest: () => void } {
    const { volumes, rest } = this.#parts();
    const run = (restores: readonly (() => void)[]) => (): void => {
      for (const restore of restores) restore();
    };
    return { volumes: run(volumes.map((part) => part.save())), rest: run(rest.map((part) => part.save())) };
  }
}
