import { systemPid } from '../change-feed.ts';
import type { Machine } from '../machine.ts';
import type { DriverPackage } from './driver-package.ts';

const logPath = 'C:\\Windows\\INF\\setupapi.dev.log';

/** Appends lines to a text file of Windows, creating it where it is missing. */
export const appendLines = (machine: Machine, path: string, lines: readonly string[]): void => {
  const { files } = machine;
  const folder = path.slice(0, path.lastIndexOf('\\'));
  if (!files.exists(folder)) void files.createFolder(folder, systemPid);
  const old = files.find(path);
  const text = Buffer.from(lines.map((line) => `${line}\r\n`).join(''));
  void files.write(path, Buffer.concat([old ? files.read(old) : new Uint8Array(), text]), systemPid);
};

/** Local time as logs of Windows setup write it: `2026/11/25 09:12:33.123`, or with dashes and without ms. */
export const logTime = (machine: Machine, ms: number, style: 'setupapi' | 'setup' = 'setupapi'): string => {
  const text = new Date(ms + machine.timeZone.offsetMinutes * 60_000).toISOString();
  return style === 'setup'
    ? `${text.slice(0, 10)} ${text.slice(11, 19)}`
    : `${text.slice(0, 10).replaceAll('-', '/')} ${text.slice(11, 23)}`;
};

/** Writes what Windows writes when a device gets a driver: a section of setupapi.dev.log and the events of UserPnp. */
export const writeDeviceLog = (
  machine: Machine,
  instanceId: string,
  driver: DriverPackage | undefined,
  problem: number,
  atMs = machine.clock.wallMs(),
): void => {
  const status = problem === 0 ? 'SUCCESS' : 'FAILURE(0x0000000a)';
  appendLines(machine, logPath, [
    `>>>  [Device Install (Hardware initiated) - ${instanceId}]`,
    `>>>  Section start ${logTime(machine, atMs)}`,
    ...(driver
      ? [
          `     inf:      Provider       - ${driver.provider}`,
          `     inf:      Driver Version - ${driver.date},${driver.version}`,
          `     dvi:      Selected Driver: ${driver.published} (${driver.original})`,
        ]
      : ['     dvi:      Device has no driver.']),
    ...(problem === 0
      ? []
      : [`!!!  dvi: Device not started: Device has problem: 0x${problem.toString(16).padStart(2, '0')}`]),
    `<<<  Section end ${logTime(machine, atMs + 800)}`,
    `<<<  [Exit status: ${status}]`,
    '',
  ]);
  if (!driver) return;
  machine.events.write({
    log: 'System',
    provider: 'Microsoft-Windows-UserPnp',
    id: 20_001,
    timeMs: atMs,
    level: problem === 0 ? 4 : 3,
    message: `Driver Management concluded the process to install driver ${driver.original} for Device Instance ID ${instanceId} with the following status: 0x${problem.toString(16)}.`,
    data: [
      ['DriverName', driver.original],
      ['DriverVersion', driver.version],
      ['DriverProvider', driver.provider],
      ['DeviceInstanceID', instanceId],
      ['SetupClass', driver.classGuid],
      ['RebootOption', 'false'],
      ['UpgradeDevice', 'true'],
      ['IsDriverOEM', String(!driver.isInbox)],
      ['InstallStatus', `0x${problem.toString(16)}`],
      ['DriverDescription', driver.description],
    ],
  });
  machine.events.write({
    log: 'System',
    provider: 'Microsoft-Windows-UserPnp',
    id: 20_003,
    timeMs: atMs + 200,
    message: `Driver Management has concluded the process to add Service ${driver.service} for Device Instance ID ${instanceId} with the following status: 0.`,
    data: [
      ['ServiceName', driver.service],
      ['DriverFileName', `\\SystemRoot\\System32\\drivers\\${driver.original.replace(/\.inf$/i, '')}.sys`],
      ['DeviceInstanceID', instanceId],
      ['PrimaryService', 'true'],
      ['UpdateService', 'true'],
      ['AddServiceStatus', '0'],
    ],
  });
};
