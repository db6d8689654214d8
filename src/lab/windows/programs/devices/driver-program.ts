import type { Task } from '../../../evaluator/host.ts';
import type { DriverPackage } from '../../machine/devices/driver-package.ts';
import { type Device, problems } from '../../machine/devices/pnp-devices.ts';
import { absolutePath } from '../../machine/files/paths.ts';
import type { ProgramCall, WindowsProgram } from '../program.ts';

/** Exit codes of pnputil: nothing better, no such thing, in use by devices (ERROR_INF_IN_USE_BY_DEVICES). */
const codes = {
  done: 0,
  notFound: 2,
  invalid: 87,
  noMore: 259,
  restart: 3010,
  noSuchDevice: 0xe000020b,
  inUse: 0xe000023d,
} as const;

const showDriver = ({ line }: ProgramCall, one: DriverPackage): void => {
  line(`Published Name:     ${one.published}`);
  line(`Original Name:      ${one.original.toLowerCase()}`);
  line(`Provider Name:      ${one.provider}`);
  line(`Class Name:         ${one.className}`);
  line(`Class GUID:         ${one.classGuid}`);
  line(`Driver Version:     ${one.date} ${one.version}`);
  line(`Signer Name:        ${one.signer}`);
  line('');
};

const showDevice = ({ line, machine }: ProgramCall, device: Device): void => {
  const { pnp } = machine.hardware;
  const problem = pnp.problemOf(device);
  const status =
    problem === 0
      ? 'Started'
      : problem === problems.disabled
        ? 'Disabled'
        : problem === problems.phantom
          ? 'Disconnected'
          : 'Problem';
  line(`Instance ID:                ${device.instanceId}`);
  line(`Device Description:         ${pnp.driverOf(device)?.description ?? device.name}`);
  line(`Class Name:                 ${device.className}`);
  line(`Class GUID:                 ${device.classGuid}`);
  line(`Manufacturer Name:          ${device.manufacturer}`);
  line(`Status:                     ${status}`);
  if (status === 'Problem') line(`Problem Code:               ${problem} (0x${problem.toString(16).toUpperCase()})`);
  if (device.driver !== undefined) line(`Driver Name:                ${device.driver}`);
  line('');
};

const addDriver = function* (call: ProgramCall, verbs: ReadonlySet<string>): Task<number> {
  const { machine, process, args, line } = call;
  const { pnp } = machine.hardware;
  const wanted = absolutePath(args[1] ?? '');
  const folder = wanted.slice(0, wanted.lastIndexOf('\\'));
  const names = /[*]\.inf$/i.test(wanted)
    ? Array.from(machine.files.find(folder)?.children.values() ?? []).flatMap(({ name }) =>
        /\.inf$/i.test(name) ? [`${folder}\\${name}`] : [],
      )
    : [wanted];
  let [added, changed] = [0, 0];
  yield machine.clock.wait(process.pid, 15_000);
  for (const path of names) {
    const read = pnp.store.read(path);
    if (!read) continue;
    line(`Adding driver package:  ${path.slice(path.lastIndexOf('\\') + 1)}`);
    const one = pnp.store.add(read, process.parentPid);
    added++;
    line('Driver package added successfully.');
    line(`Published Name:         ${one.published}`);
    if (verbs.has('install')) changed += yield* pnp.scan(process.parentPid, one);
  }
  line('');
  line(`Total driver packages:  ${names.length}`);
  line(`Added driver packages:  ${added}`);
  if (added === 0) return codes.notFound;
  return verbs.has('install') && changed === 0 ? codes.noMore : codes.done;
};

const deleteDriver = function* (call: ProgramCall, verbs: ReadonlySet<string>): Task<number> {
  const { machine, process, args, line } = call;
  const { pnp } = machine.hardware;
  const one = pnp.store.find(args[1] ?? '');
  if (!one || one.isInbox) {
    line('Failed to delete driver package: The specified file is not an installed OEM INF.');
    return one ? 0xe000023c : codes.notFound;
  }
  const users = pnp.devices.filter(({ driver }) => driver === one.published);
  if (users.length > 0 && !verbs.has('uninstall') && !verbs.has('force')) {
    line('Failed to delete driver package: One or more devices are presently installed using the specified INF.');
    return codes.inUse;
  }
  yield machine.clock.wait(process.pid, 12_000);
  yield pnp.store.remove(one, process.parentPid);
  // Devices that ran on it get the next best that the store has.
  for (const device of users) yield pnp.setDriver(device, pnp.bestDriver(device), process.parentPid);
  line('Driver package uninstalled.');
  line('Driver package deleted successfully.');
  return one.isBootCritical && users.length > 0 ? codes.restart : codes.done;
};

const switchDevice = function* (call: ProgramCall, verb: string): Task<number> {
  const { machine, process, args, line } = call;
  const { pnp } = machine.hardware;
  const device = pnp.find(args[1] ?? '');
  if (!device) {
    line('Failed to find device: There is no such device.');
    return codes.noSuchDevice;
  }
  if (verb === 'disable-device' && pnp.driverOf(device)?.isBootCritical && device.className !== 'DiskDrive') {
    line('Failed to disable device: the device is critical to the system.');
    return 1;
  }
  if (verb === 'restart-device') line('Device restarted successfully.');
  else if (verb === 'remove-device') {
    pnp.setPresent(device, false);
    yield machine.changes.record('device.remove', device.instanceId, true, false, process.parentPid);
    line('Device removed successfully.');
  } else {
    yield pnp.setEnabled(device, verb === 'enable-device', process.parentPid);
    line(`Device ${verb === 'enable-device' ? 'enabled' : 'disabled'} successfully.`);
  }
  return codes.done;
};

/** pnputil.exe. What works on devices came with Windows 10 2004; Server 2019 has only what works on packages. */
export const driverProgram: WindowsProgram = {
  path: 'C:\\Windows\\System32\\pnputil.exe',
  *run(call) {
    const { machine, process, args, line } = call;
    const { pnp } = machine.hardware;
    line('Microsoft PnP Utility');
    line('');
    const verb = (args[0] ?? '').replace(/^[/-]/, '').toLowerCase();
    const verbs = new Set(args.slice(1).map((arg) => arg.replace(/^[/-]/, '').toLowerCase()));
    const hasDevices = machine.edition.build >= 19_041;
    switch (verb) {
      case 'enum-drivers':
      case 'e':
        for (const one of pnp.store.packages) if (!one.isInbox) showDriver(call, one);
        return codes.done;
      case 'add-driver':
        return yield* addDriver(call, verbs);
      case 'delete-driver':
        return yield* deleteDriver(call, verbs);
      case 'export-driver': {
        const [, name = '', target = ''] = args;
        const found = pnp.store.packages.filter(
          (one) => !one.isInbox && (name === '*' || one.published.toLowerCase() === name.toLowerCase()),
        );
        const folder = absolutePath(target);
        if (found.length === 0 || !machine.files.find(folder)?.isFolder) {
          line('Failed to export driver package: The system cannot find the path specified.');
          return found.length === 0 ? codes.notFound : 3;
        }
        for (const one of found) {
          pnp.store.export(one, folder, process.parentPid);
          line(`Exporting driver package:   ${one.published} (${one.original})`);
          line('Driver package exported successfully.');
        }
        return codes.done;
      }
      case 'enum-devices':
      case 'scan-devices':
      case 'disable-device':
      case 'enable-device':
      case 'restart-device':
      case 'remove-device': {
        if (!hasDevices) break;
        if (verb === 'enum-devices') {
          const [id, name] = ['instanceid', 'class'].map(
            (option) => args[args.findIndex((arg) => arg.toLowerCase() === `/${option}`) + 1],
          );
          for (const device of pnp.devices) {
            if (verbs.has('problem') && pnp.problemOf(device) === 0) continue;
            if (verbs.has('connected') && !device.isPresent) continue;
            if (verbs.has('instanceid') && device.instanceId.toLowerCase() !== id?.toLowerCase()) continue;
            if (verbs.has('class') && device.className.toLowerCase() !== name?.toLowerCase()) continue;
            showDevice(call, device);
          }
          return codes.done;
        }
        if (verb !== 'scan-devices') return yield* switchDevice(call, verb);
        yield machine.clock.wait(process.pid, 10_000);
        for (const device of pnp.devices)
          if (!device.isPresent && !device.instanceId.startsWith('USBSTOR')) pnp.setPresent(device, true);
        yield* pnp.scan(process.parentPid);
        line('Scan complete.');
        return codes.done;
      }
      default:
    }
    line('PNPUTIL [/add-driver <...> | /delete-driver <...> | /export-driver <...> | /enum-drivers]');
    return codes.invalid;
  },
};
