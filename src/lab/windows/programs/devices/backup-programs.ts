import type { Task } from '../../../evaluator/host.ts';
import { backupMs, backupVersions, checkBackup, makeBackup } from '../../machine/devices/backups.ts';
import { writerStates } from '../../machine/devices/vss-writers.ts';
import type { ProgramCall, WindowsProgram } from '../program.ts';
import { work } from '../work.ts';

const option = (args: readonly string[], name: string): string | undefined =>
  args
    .find((arg) => arg.toLowerCase().startsWith(`/${name}=`) || arg.toLowerCase().startsWith(`-${name}:`))
    ?.slice(name.length + 2);

const sizeOf = (text: string, whole: number): number | undefined => {
  if (/^unbounded$/i.test(text)) return whole;
  const found = /^(\d+(?:\.\d+)?)(%|[KMGTP]B?)?$/i.exec(text);
  if (!found) return undefined;
  const value = Number(found[1]);
  const unit = (found[2] ?? '').toUpperCase();
  return unit === '%'
    ? Math.round((whole * value) / 100)
    : Math.round(value * 1024 ** ' KMGTP'.indexOf(unit.slice(0, 1) || ' '));
};

const writers = ({ machine, line }: ProgramCall): number => {
  for (const { writer, state } of machine.hardware.writers.all()) {
    line(`Writer name: '${writer.name}'`);
    line(`   Writer Id: ${writer.id}`);
    line(`   Writer Instance Id: ${writer.id.replace(/^\{.{8}/, '{0a1b2c3d')}`);
    line(`   State: [${state.state}] ${writerStates[state.state]}`);
    line(`   Last error: ${state.error}`);
    line('');
  }
  return 0;
};

const storage = ({ machine, line }: ProgramCall): number => {
  const { shadows, hardware, files } = machine;
  for (const volume of files.volumes.values()) {
    if (!hardware.writers.hasStorage(volume.drive)) continue;
    const size = (bytes: number): string =>
      `${(bytes / 2 ** 30).toFixed(2)} GB (${Math.round((bytes / volume.sizeBytes) * 100)}%)`;
    line('Shadow Copy Storage association');
    line(`   For volume: (${volume.drive})\\\\?\\Volume${volume.guid}\\`);
    line(`   Shadow Copy Storage volume: (${volume.drive})\\\\?\\Volume${volume.guid}\\`);
    line(`   Used Shadow Copy Storage space: ${size(shadows.copies.length * 64 * 2 ** 20)}`);
    line(`   Allocated Shadow Copy Storage space: ${size(320 * 2 ** 20)}`);
    line(`   Maximum Shadow Copy Storage space: ${size(hardware.writers.limit(volume.drive))}`);
    line('');
  }
  return 0;
};

const shadows = ({ machine, line }: ProgramCall): number => {
  if (machine.shadows.copies.length === 0) {
    line('No items found that satisfy the query.');
    return 1;
  }
  for (const copy of machine.shadows.copies) {
    line(`Contents of shadow copy set ID: ${copy.id.toLowerCase()}`);
    line(`   Contained 1 shadow copies at creation time: ${new Date(copy.createdMs).toISOString()}`);
    line(`      Shadow Copy ID: ${copy.id.toLowerCase()}`);
    line(`         Original Volume: (C:)${copy.volume}`);
    line(`         Shadow Copy Volume: ${copy.deviceObject}`);
    line("         Provider: 'Microsoft Software Shadow Copy provider 1.0'");
    line('         Type: ClientAccessible');
    line('');
  }
  return 0;
};

/** vssadmin.exe: list writers, providers, shadows, shadowstorage, volumes; resize shadowstorage; create shadow (server); delete shadows. */
export const shadowProgram: WindowsProgram = {
  path: 'C:\\Windows\\System32\\vssadmin.exe',
  *run(call) {
    const { machine, process, args, line } = call;
    const [verb = '', what = ''] = args.map((arg) => arg.toLowerCase());
    line('vssadmin 1.1 - Volume Shadow Copy Service administrative command-line tool');
    line('(C) Copyright 2001-2013 Microsoft Corp.');
    line('');
    if (machine.services.find('VSS')?.start === 'Disabled') {
      line('Error: The shadow copy service could not be started.');
      return 2;
    }
    yield machine.clock.wait(process.pid, 6000);
    if (verb === 'list' && what === 'writers') return writers(call);
    if (verb === 'list' && what === 'shadowstorage') return storage(call);
    if (verb === 'list' && what === 'shadows') return shadows(call);
    if (verb === 'list' && what === 'providers') {
      line("Provider name: 'Microsoft Software Shadow Copy provider 1.0'");
      line('   Provider type: System');
      line('   Provider Id: {b5946137-7b9f-4925-af80-51abd60b20d5}');
      line('   Version: 1.0.0.7');
      return 0;
    }
    const drive = (option(args, 'for') ?? 'C:').slice(0, 2).toUpperCase();
    const volume = machine.files.volumes.get(drive);
    if (!volume) {
      line('Error: The specified volume was not found.');
      return 2;
    }
    if (verb === 'resize' && what === 'shadowstorage') {
      const bytes = sizeOf(option(args, 'maxsize') ?? '', volume.sizeBytes);
      if (bytes === undefined || bytes < 320 * 2 ** 20) {
        line('Error: Specified number is invalid');
        return 2;
      }
      yield machine.hardware.writers.setLimit(drive, bytes, process.parentPid);
      line('Successfully resized the shadow copy storage association');
      return 0;
    }
    if (verb === 'create' && what === 'shadow' && machine.edition.productType !== 1) {
      yield machine.clock.wait(process.pid, machine.shadows.createMs);
      const made = machine.shadows.create(`${drive}\\`, 'ClientAccessible', process.parentPid);
      line(
        made.copy
          ? `Successfully created shadow copy for '${drive}\\'`
          : 'Error: Insufficient storage available to create either the shadow copy storage file or other shadow copy data.',
      );
      return made.copy ? 0 : 2;
    }
    if (verb === 'delete' && what === 'shadows') {
      const id = option(args, 'shadow')?.toLowerCase();
      const chosen = machine.shadows.copies.filter((copy) => id === undefined || copy.id.toLowerCase() === id);
      const [oldest] = chosen;
      for (const copy of args.some((arg) => /^\/oldest$/i.test(arg)) && oldest ? [oldest] : chosen)
        machine.shadows.remove(copy.id, process.parentPid);
      line(`Successfully deleted ${chosen.length} shadow copies.`);
      return chosen.length === 0 ? 1 : 0;
    }
    line('Error: Invalid command.');
    return 2;
  },
};

/** Local time as the program shows it in the language of Windows. */
const localTime = (machine: ProgramCall['machine'], ms: number): string => {
  const at = new Date(ms + machine.timeZone.offsetMinutes * 60_000);
  const minutes = String(at.getUTCMinutes()).padStart(2, '0');
  const [year, month, day, hours] = [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate(), at.getUTCHours()];
  const two = (value: number): string => String(value).padStart(2, '0');
  return machine.uiLanguage === 'ja-JP'
    ? `${year}/${two(month)}/${two(day)} ${two(hours)}:${minutes}`
    : `${month}/${day}/${year} ${hours % 12 || 12}:${minutes} ${hours < 12 ? 'AM' : 'PM'}`;
};

const versions = ({ machine, line }: ProgramCall): number => {
  const all = backupVersions(machine);
  if (all.length === 0) {
    line('ERROR - No backups were found.');
    return 0x80780094 | 0;
  }
  for (const version of all) {
    line(`Backup time: ${localTime(machine, version.atMs)}`);
    line(`Backup target: Fixed Disk labeled Backup(${version.target})`);
    line(`Version identifier: ${version.id}`);
    line(
      `Can recover: ${version.items === 'full' ? 'Volume(s), File(s), Application(s), Bare Metal Recovery, System State' : 'Application(s), System State'}`,
    );
    line('');
  }
  return 0;
};

const start = function* (call: ProgramCall, items: 'full' | 'system-state'): Task<number> {
  const { machine, process, args, line } = call;
  const target = option(args, 'backuptarget');
  if (target === undefined) {
    line('ERROR - A backup target must be specified.');
    return -3;
  }
  if (!args.some((arg) => /^[-/]quiet$/i.test(arg))) {
    line('Do you want to start the backup operation?');
    line('[Y] Yes [N] No');
    yield machine.clock.wait(process.pid, 24 * 3_600_000);
    return -1;
  }
  const startedMs = machine.clock.wallMs();
  yield* work(machine, process.pid, backupMs);
  const job = makeBackup(machine, target, items, startedMs);
  line(
    job.hresult === 0
      ? 'The backup operation successfully completed.'
      : 'The backup operation to the target has failed.',
  );
  return job.hresult === 0 ? 0 : -3;
};

/** wbadmin.exe: get versions, get items, start backup, start systemstatebackup, start recovery (its checks only). */
export const backupProgram: WindowsProgram = {
  path: 'C:\\Windows\\System32\\wbadmin.exe',
  *run(call) {
    const { machine, process, args, line } = call;
    const [verb = '', what = ''] = args.map((arg) => arg.toLowerCase());
    line('wbadmin 1.0 - Backup command-line tool');
    line('(C) Copyright Microsoft Corporation. All rights reserved.');
    line('');
    if (verb === 'get' && what === 'versions') return versions(call);
    const hasFeature = machine.edition.productType === 1 || machine.roles.isInstalled('Windows-Server-Backup');
    if (!hasFeature && verb === 'start') {
      line('ERROR - Command incompatible with the version of Windows: Windows Server Backup is not installed.');
      return -3;
    }
    if (verb === 'start' && what === 'backup') return yield* start(call, 'full');
    if (verb === 'start' && what === 'systemstatebackup' && machine.edition.productType !== 1)
      return yield* start(call, 'system-state');
    if ((verb === 'get' && what === 'items') || (verb === 'start' && what === 'recovery')) {
      const version = backupVersions(machine).find(({ id }) => id === option(args, 'version'));
      if (!version) {
        line('ERROR - The version identifier was not found.');
        return -3;
      }
      if (verb === 'get') {
        line(`Volume ID = ${machine.files.volume('C:').guid}`);
        line("Volume 'Windows', mounted at C:");
        return 0;
      }
      yield* work(machine, process.pid, 60_000);
      const code = checkBackup(machine, version);
      if (code === 0) {
        line('The lab does not bring volumes back: the backup was read and is whole.');
        return 0x80004001 | 0;
      }
      line(`ERROR - The recovery failed. Detailed error: (0x${code.toString(16).toUpperCase()})`);
      return -3;
    }
    line('ERROR - Command syntax incorrect.');
    return 1;
  },
};
