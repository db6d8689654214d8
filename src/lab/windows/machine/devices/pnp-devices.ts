import { systemPid } from '../change-feed.ts';
import type { Machine } from '../machine.ts';
import { compareVersions, type DriverPackage, dateRank } from './driver-package.ts';
import { DriverStore } from './driver-store.ts';
import type { KeptState } from './kept-state.ts';
import { writeDeviceLog } from './setupapi-log.ts';

/** A device of the PnP tree. */
export type Device = {
  readonly instanceId: string;
  readonly name: string;
  readonly className: string;
  readonly classGuid: string;
  readonly manufacturer: string;
  readonly hardwareIds: readonly string[];
  isDisabled: boolean;
  isPresent: boolean;
  /** Published name of the driver package it runs on. */
  driver: string | undefined;
  /** Extend code with which Windows setup rolls back while the device is there. */
  readonly setupExtend?: number;
};

/** Problem codes of the configuration manager. */
export const problems = {
  none: 0,
  failedStart: 10,
  disabled: 22,
  notInstalled: 28,
  driverMissing: 39,
  failed: 43,
  phantom: 45,
} as const;

/** Devices and the drivers they run on. */
export class PnpDevices implements KeptState {
  readonly #machine: Machine;
  readonly store: DriverStore;
  devices: Device[] = [];

  /** @param machine whose devices they are */
  constructor(machine: Machine) {
    this.#machine = machine;
    this.store = new DriverStore(machine);
  }

  find(instanceId: string): Device | undefined {
    return this.devices.find((device) => device.instanceId.toLowerCase() === instanceId.toLowerCase());
  }

  /** The package that a device runs on. */
  driverOf(device: Device): DriverPackage | undefined {
    return device.driver === undefined ? undefined : this.store.find(device.driver);
  }

  /** The configuration manager's problem code of a device. */
  problemOf(device: Device): number {
    if (!device.isPresent) return problems.phantom;
    if (device.isDisabled) return problems.disabled;
    const driver = this.driverOf(device);
    if (!driver) return problems.notInstalled;
    if (!driver.isInbox && !this.#machine.files.exists(this.store.binaryOf(driver))) return problems.driverMissing;
    return driver.flaw.problem ?? problems.none;
  }

  /** The package of the store that fits a device best: by hardware id, then date, then version. */
  bestDriver(device: Device): DriverPackage | undefined {
    const rank = (one: DriverPackage): number =>
      device.hardwareIds.findIndex((id) => one.hardwareIds.some((other) => other.toLowerCase() === id.toLowerCase()));
    return this.store.packages
      .filter((one) => rank(one) >= 0)
      .toSorted(
        (a, b) => rank(a) - rank(b) || dateRank(b.date) - dateRank(a.date) || compareVersions(b.version, a.version),
      )[0];
  }

  /** Gives a device the driver; `undefined` leaves it without one. */
  setDriver(device: Device, driver: DriverPackage | undefined, pid: number): Promise<void> | undefined {
    const before = device.driver;
    if (before === driver?.published) return undefined;
    device.driver = driver?.published;
    if (driver) this.store.placeBinary(driver, pid);
    writeDeviceLog(this.#machine, device.instanceId, driver, this.problemOf(device));
    return this.#machine.changes.record('device.driver', device.instanceId, before, driver?.published, pid);
  }

  /** Looks for better drivers for every device (`pnputil /scan-devices`, an added package). @returns how many changed */
  *scan(pid: number, only?: DriverPackage): Generator<Promise<void> | undefined, number, unknown> {
    let changed = 0;
    for (const device of this.devices.filter(({ isPresent }) => isPresent)) {
      const best = this.bestDriver(device);
      if (!best || best.published === device.driver || (only && best !== only)) continue;
      yield this.setDriver(device, best, pid);
      changed++;
    }
    return changed;
  }

  /** Enables or disables a device; a disk's volumes go and come with it. */
  setEnabled(device: Device, isEnabled: boolean, pid: number): Promise<void> | undefined {
    if (device.isDisabled === !isEnabled) return undefined;
    device.isDisabled = !isEnabled;
    this.#follow(device);
    void this.#machine.registry.set(
      `HKLM\\SYSTEM\\CurrentControlSet\\Enum\\${device.instanceId}`,
      { name: 'ConfigFlags', kind: 'DWord', data: isEnabled ? 0 : 1 },
      systemPid,
    );
    return this.#machine.changes.record('device.enable', device.instanceId, !isEnabled, isEnabled, pid);
  }

  /** Somebody pulls a device out or plugs it in again. */
  setPresent(device: Device, isPresent: boolean): void {
    device.isPresent = isPresent;
    this.#follow(device);
  }

  #follow(device: Device): void {
    const disk = this.#machine.hardware.disks.disks.find(({ instanceId }) => instanceId === device.instanceId);
    if (disk) this.#machine.hardware.disks.setPresent(disk, device.isPresent && !device.isDisabled);
  }

  *entries(): Generator<readonly [string, string]> {
    for (const device of this.devices) yield [`device:${device.instanceId}`, JSON.stringify(device)];
    for (const one of this.store.packages) if (!one.isInbox) yield [`driver:${one.published}`, JSON.stringify(one)];
  }

  save(): () => void {
    const kept = { devices: structuredClone(this.devices), packages: [...this.store.packages] };
    return () => {
      this.devices = structuredClone(kept.devices);
      this.store.packages = [...kept.packages];
      for (const device of this.devices) this.#follow(device);
    };
  }
}
