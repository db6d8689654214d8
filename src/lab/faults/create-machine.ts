import { createHash } from 'node:crypto';
import { Failure } from '../../kernel/failure.ts';
import { takeSpent } from '../evaluator/limit.ts';
import { Machine } from '../windows/machine/machine.ts';
import { createBaseDevices } from './bases/base-devices.ts';
import { createBaseFiles } from './bases/base-files.ts';
import { createBaseNetwork } from './bases/base-network.ts';
import { createBaseRegistry } from './bases/base-registry.ts';
import { createBaseRights } from './bases/base-rights.ts';
import { createBaseServices } from './bases/base-services.ts';
import { createBaseStore } from './bases/base-store.ts';
import { createBaseUsers } from './bases/base-users.ts';
import { type Base, bases } from './bases/editions.ts';
import { addRole, refusedRole } from './bases/roles.ts';
import { applyFault } from './faults.ts';
import { faultFlaw, flawOf, type HostFlaw } from './host-flaw.ts';
import type { HostSpec } from './lab-spec.ts';

const gigabyte = 2 ** 30;

const eventLogs = [
  'Application',
  'Security',
  'Setup',
  'System',
  'Microsoft-Windows-WindowsUpdateClient/Operational',
  'Microsoft-Windows-Bits-Client/Operational',
  'Microsoft-Windows-TaskScheduler/Operational',
  'Microsoft-Windows-Windows Defender/Operational',
  'Microsoft-Windows-WinRM/Operational',
  'Microsoft-Windows-GroupPolicy/Operational',
  'Microsoft-Windows-PowerShell/Operational',
  'Microsoft-Windows-CodeIntegrity/Operational',
  'Microsoft-Windows-Backup',
  'Microsoft-Windows-BitLocker/BitLocker Management',
  'Microsoft-Windows-Kernel-PnP/Configuration',
  'Microsoft-Windows-Ntfs/Operational',
];

/** A machine id that follows from the host's name, so that a lab is the same at each start. */
const machineIdOf = (name: string): string => {
  const hex = createHash('sha256').update(`lab machine ${name}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

const setEnvironment = (machine: Machine): void => {
  const variables: Readonly<Record<string, string>> = {
    ALLUSERSPROFILE: 'C:\\ProgramData',
    CommonProgramFiles: 'C:\\Program Files\\Common Files',
    ComSpec: 'C:\\Windows\\system32\\cmd.exe',
    DriverData: 'C:\\Windows\\System32\\Drivers\\DriverData',
    NUMBER_OF_PROCESSORS: '4',
    OS: 'Windows_NT',
    Path: 'C:\\Windows\\system32;C:\\Windows;C:\\Windows\\System32\\Wbem;C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\',
    PATHEXT: '.COM;.EXE;.BAT;.CMD;.VBS;.VBE;.JS;.JSE;.WSF;.WSH;.MSC;.CPL',
    PROCESSOR_ARCHITECTURE: 'AMD64',
    ProgramData: 'C:\\ProgramData',
    ProgramFiles: 'C:\\Program Files',
    'ProgramFiles(x86)': 'C:\\Program Files (x86)',
    ProgramW6432: 'C:\\Program Files',
    PSModulePath:
      'C:\\Program Files\\WindowsPowerShell\\Modules;C:\\Windows\\system32\\WindowsPowerShell\\v1.0\\Modules',
    PUBLIC: 'C:\\Users\\Public',
    SystemDrive: 'C:',
    SystemRoot: 'C:\\Windows',
    windir: 'C:\\Windows',
  };
  for (const [name, value] of Object.entries(variables)) machine.environment.set(name, value);
};

/** Makes a machine of a base, before any fault. */
const createHealthy = (name: string, base: Base, spec: HostSpec, users: readonly string[]): Machine => {
  const machine = new Machine({
    name: name.toUpperCase().slice(0, 15),
    edition: base.edition,
    uiLanguage: spec.uiLanguage ?? 'en-US',
    timeZone:
      spec.uiLanguage === 'ja-JP' ? { id: 'Tokyo Standard Time', offsetMinutes: 540 } : { id: 'UTC', offsetMinutes: 0 },
    memoryBytes: base.memoryGB * gigabyte,
    volume: { sizeBytes: base.sizeGB * gigabyte, freeBytes: base.freeGB * gigabyte },
    uptimeMs: 3 * 86_400_000,
    executionPolicy: base.edition.productType === 1 ? 'Restricted' : 'RemoteSigned',
    eventLogs,
    users,
    machineId: machineIdOf(name),
  });
  setEnvironment(machine);
  createBaseFiles(machine, users);
  createBaseRegistry(machine);
  createBaseUsers(machine);
  for (const service of createBaseServices(base.edition.productType === 1)) machine.services.add(service);
  createBaseStore(machine);
  // The figure of the base is what is free with all its files laid.
  const volume = machine.files.volume('C:');
  volume.otherBytes -= volume.usedBytes;
  createBaseNetwork(machine);
  createBaseRights(machine);
  machine.update.attach();
  machine.web.attach();
  createBaseDevices(machine);
  machine.transfers.attach();
  machine.policy.attach();
  machine.network.attach();
  machine.update.offered = [
    {
      title: '2026-11 Security Intelligence Update for Microsoft Defender Antivirus',
      updateId: '5c1f7f0a-7d0c-4b1b-9d37-6b5f8d7d2f11',
      kb: 'KB2267602',
      kind: 'definition',
    },
  ];
  if (base.edition.productType === 1) machine.restore.protectedDrives.add('C:');
  machine.components.supersededBytes = 0;
  for (const [feature, isOn] of [
    ['NetFx3', false],
    ['SMB1Protocol', false],
    ['TelnetClient', false],
    ['Printing-Foundation-Features', true],
  ] as const)
    machine.features.set(feature, isOn);
  const day = 86_400_000;
  machine.components.log('CSI', '00000004 [SR] Verify complete', machine.clock.wallMs() - day / 3);
  machine.events.write({
    log: 'Microsoft-Windows-WindowsUpdateClient/Operational',
    provider: 'Microsoft-Windows-WindowsUpdateClient',
    id: 26,
    timeMs: machine.clock.wallMs() - day,
    message: 'Windows Update successfully found 0 updates.',
    data: [['updateCount', 0]],
  });
  return machine;
};

/** Gives a healthy machine its service processor, roles and faults, in order; what it cannot be or have is told and left out. */
const layOn = (machine: Machine, spec: HostSpec, onFlaw: (flaw: HostFlaw) => void): void => {
  const attempt = (lay: () => void, flaw: (error: unknown) => HostFlaw | null): void => {
    try {
      lay();
    } catch (error) {
      const told = flaw(error);
      if (told !== null) onFlaw(told);
    } finally {
      // This work is no script's.
      takeSpent();
    }
  };
  if (spec.bmc)
    attempt(
      () => machine.hardware.serviceProcessor.demand('bmc: true'),
      (error) => flawOf(machine, ['bmc'], error),
    );
  const refused = new Set<unknown>();
  for (const [index, role] of (spec.roles ?? []).entries())
    attempt(
      () => addRole(machine, role, 'it is to have'),
      (error) => {
        refused.add(role);
        return flawOf(machine, ['roles', index], error);
      },
    );
  for (const [index, fault] of (spec.faults ?? []).entries())
    attempt(
      () => applyFault(machine, fault),
      // A role that the host was refused is told once.
      (error) => (refused.has(refusedRole(error)) ? null : faultFlaw(machine, fault, index, error)),
    );
};

/**
 * Makes a machine of its declaration: a base, then each fault in order.
 * @throws Failure `bad-input` where it cannot be or have what is declared
 */
export const createMachine = (name: string, spec: HostSpec, users: readonly string[] = ['operator']): Machine => {
  const machine = createHealthy(name, bases[spec.base], spec, users);
  layOn(machine, spec, ({ at, message, suggestion }) => {
    machine.close();
    throw new Failure('bad-input', `Host ${name}: ${[message, suggestion].filter(Boolean).join('; ')}`, {
      facts: { host: name, at: at.join('.') },
    });
  });
  return machine;
};

/** Everything that a host cannot be or have that its declaration asks for. */
export const tryHost = (name: string, spec: HostSpec): readonly HostFlaw[] => {
  // Every base can be made.
  if (!spec.bmc && !spec.roles?.length && !spec.faults?.length) return [];
  const flaws: HostFlaw[] = [];
  const machine = createHealthy(name, bases[spec.base], spec, ['operator']);
  layOn(machine, spec, (flaw) => flaws.push(flaw));
  machine.close();
  return flaws;
};
