import { systemPid } from '../change-feed.ts';
import { compareVersions, type DriverPackage, dateRank, deviceClasses } from '../devices/driver-package.ts';
import type { Machine } from '../machine.ts';
import { hresultOf } from '../win32-fault.ts';
import type { OfferedDriver } from './update-database.ts';
import { UpdateFault } from './update-fault.ts';

type Level = Pick<DriverPackage, 'date' | 'version'>;

/** ERROR_NO_MORE_ITEMS (winerror.h): no device has a better driver in it. */
const noMoreItems = 0x103;

/** Whether a driver is newer than another: by date, then by version, as Windows ranks them. */
const isNewer = (one: Level, other: Level): boolean =>
  (dateRank(one.date) - dateRank(other.date) || compareVersions(one.version, other.version)) > 0;

/**
 * Puts the driver of an update on the devices that it is for.
 * @throws UpdateFault 0x80070103 where each has one that is as new
 */
export const installDriver = (machine: Machine, offered: OfferedDriver): void => {
  const { pnp } = machine.hardware;
  const better = pnp.devices.filter((device) => {
    if (!device.hardwareIds.some((id) => offered.hardwareIds.includes(id))) return false;
    const current = pnp.driverOf(device);
    return !current || current.isInbox || isNewer(offered, current);
  });
  if (better.length === 0) throw new UpdateFault(hresultOf(noMoreItems));
  const added = pnp.store.add(
    {
      ...offered,
      classGuid: deviceClasses[offered.className] ?? '',
      signer: 'Microsoft Windows Hardware Compatibility Publisher',
      isBootCritical: offered.className === 'SCSIAdapter',
      flaw: {},
    },
    systemPid,
  );
  for (const device of better) void pnp.setDriver(device, added, systemPid);
};
