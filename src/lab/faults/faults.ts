import { sidOfName } from '../windows/accounts.ts';
import { systemPid } from '../windows/machine/change-feed.ts';
import type { Machine } from '../windows/machine/machine.ts';
import { parseSddl } from '../windows/machine/security-descriptor.ts';
import { encodeDatabase } from '../windows/machine/update-agent.ts';
import { placeFile } from './bases/base-files.ts';
import { placeValues } from './bases/base-registry.ts';
import type { FaultSpec } from './lab-spec.ts';

const hourMs = 3_600_000;
const gigabyte = 2 ** 30;
const client = 'Microsoft-Windows-WindowsUpdateClient';
const database = 'C:\\Windows\\SoftwareDistribution\\DataStore\\DataStore.edb';
const updateId = '9f1ad0a7-34c2-4d4e-9a26-0b52b4c3f1d8';

/**
 * The update database no longer fits the downloaded files, or is damaged itself. The damage is in the file: it goes where the file goes.
 */
const corruptCache = (machine: Machine, damage: 'missing-payload' | 'database'): void => {
  const now = machine.clock.wallMs();
  const node = machine.files.get(database);
  const title = '2026-11 Cumulative Update for Windows (KB5068861)';
  const failed = (hours: number) => ({
    title,
    updateId,
    atMs: now - hours * hourMs,
    operation: 1,
    resultCode: 4,
    hresult: 0x80070002 | 0,
  });
  const content = encodeDatabase({
    payloads: [
      { file: `C:\\Windows\\SoftwareDistribution\\Download\\${updateId.replaceAll('-', '')}\\windows.cab`, updateId },
    ],
    history: [failed(52), failed(27), failed(3)],
  });
  node.bytes = damage === 'database' ? content.slice(0, Math.floor(content.length / 2)) : content;
  node.sizeBytes = node.bytes.length;
  for (const hours of [52, 27, 3]) {
    machine.events.write({
      log: 'System',
      provider: client,
      id: 20,
      level: 2,
      task: 1,
      timeMs: now - hours * hourMs,
      message: `Installation Failure: Windows failed to install the following update with error 0x80070002: ${title}.`,
      data: [
        ['errorCode', '0x80070002'],
        ['updateTitle', title],
        ['updateGuid', `{${updateId.toUpperCase()}}`],
        ['updateRevisionNumber', 200],
        ['serviceGuid', '{7971F918-A847-4430-9279-4A52D1EFE18D}'],
      ],
    });
    machine.events.write({
      log: `${client}/Operational`,
      provider: client,
      id: 25,
      level: 2,
      task: 1,
      timeMs: now - hours * hourMs - 60_000,
      message: 'Windows Update failed to check for updates.',
      data: [
        ['errorCode', '0x80070002'],
        ['serviceGuid', '{9482F4B4-E343-43B6-B170-9A65BC822C77}'],
      ],
    });
  }
  if (damage === 'database') {
    machine.events.write({
      log: 'Application',
      provider: 'ESENT',
      id: 454,
      level: 2,
      timeMs: now - 3 * hourMs,
      message: 'Database recovery failed.',
      data: [
        ['', 'wuaueng.dll'],
        ['', '1234'],
        ['', 'SUS20ClientDataStore: '],
        ['', database],
        ['', '-1216'],
      ],
    });
  }
};

const skewClock = (machine: Machine, minutes: number, cause: 'service-stopped' | 'server-silent'): void => {
  machine.clock.skewMs = minutes * 60_000;
  if (cause === 'server-silent')
    placeValues(machine, 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\W32Time\\Parameters', {
      NtpServer: 'clock.old-domain.example,0x8',
    });
};

/** Little is free; of what fills the disk, `reclaimableGB` lies in caches and old temporary files, the rest belongs to the user. */
const fillDisk = (machine: Machine, freeGB: number, reclaimableGB: number): void => {
  const volume = machine.files.volume('C:');
  const cache =
    'C:\\Windows\\ServiceProfiles\\NetworkService\\AppData\\Local\\Microsoft\\Windows\\DeliveryOptimization\\Cache';
  const reclaimable = Math.round(reclaimableGB * gigabyte);
  const parts: readonly (readonly [string, number, number])[] = [
    [`${cache}\\a1f0c9d2.dat`, 0.5, 12],
    ['C:\\Windows\\Temp\\msedge_installer.tmp', 0.2, 30],
    ['C:\\Windows\\Temp\\wct1F2A.tmp', 0.1, 21],
    ['C:\\Windows\\Logs\\CBS\\CbsPersist_20260801103000.cab', 0.1, 110],
    ['C:\\ProgramData\\Microsoft\\Windows\\WER\\ReportArchive\\AppCrash_example\\memory.hdmp', 0.1, 45],
  ];
  for (const [path, share, ageDays] of parts) {
    const folder = path.slice(0, path.lastIndexOf('\\'));
    if (!machine.files.exists(folder)) void machine.files.createFolder(folder, systemPid);
    if (reclaimable > 0) placeFile(machine, path, Math.floor(reclaimable * share), ageDays);
  }
  placeFile(machine, 'C:\\Windows\\Temp\\today.tmp', 24 * 2 ** 20, 0.1);
  volume.otherBytes = volume.sizeBytes - volume.usedBytes - Math.round(freeGB * gigabyte);
};

const lockPath = (machine: Machine, path: string, name: string): void => {
  const process = machine.processes.start({
    name: name.replace(/\.exe$/i, ''),
    path: `C:\\Program Files\\${name.replace(/\.exe$/i, '')}\\${name}`,
  });
  machine.files.handles.open({ node: machine.files.get(path), access: 1, share: 3, pid: process.pid }, path);
};

const corruptStore = (machine: Machine, count: number, repairable: boolean): void => {
  machine.components.damage = Array.from({ length: count }, (_, index) => ({
    file: `C:\\Windows\\WinSxS\\amd64_microsoft-windows-example_31bf3856ad364e35_${index}\\example${index}.dll`,
    hasSource: repairable,
  }));
  machine.components.isMarked = true;
  machine.components.systemFiles = [{ file: 'C:\\Windows\\System32\\example0.dll' }];
  const at = machine.clock.wallMs() - 5 * hourMs;
  machine.components.log('CBS', `Total Detected Corruption:\t${count}`, at);
  machine.components.log('CBS', 'Total Repaired Corruption:\t0', at);
};

const disableRestore = (machine: Machine): void => {
  machine.restore.protectedDrives.clear();
  if (machine.restore.exists)
    placeValues(machine, 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\SystemRestore', {
      RPSessionInterval: 0,
    });
};

/** Somebody other than an administrator owns a folder and may write into it. */
const tamperFolder = (machine: Machine, path: string, owner: string): void => {
  if (!machine.files.exists(path)) void machine.files.createFolder(path, systemPid);
  const sid = sidOfName(owner, machine.accounts) ?? 'S-1-5-32-545';
  const node = machine.files.get(path);
  node.security = parseSddl(
    `O:${sid}G:${sid}D:PAI(A;OICI;FA;;;${sid})(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)`,
    machine.files.securityOf(node),
  );
};

/** Puts a machine into the state that a fault describes. */
export const applyFault = (machine: Machine, fault: FaultSpec): void => {
  switch (fault.kind) {
    case 'update-cache-corrupt':
      return corruptCache(machine, fault.damage ?? 'missing-payload');
    case 'clock-skew':
      return skewClock(machine, fault.minutes, fault.cause ?? 'service-stopped');
    case 'disk-low':
      return fillDisk(machine, fault.freeGB, fault.reclaimableGB ?? 0);
    case 'service-disabled': {
      const service = machine.services.get(fault.name);
      void machine.services.configure(fault.name, { start: 'Disabled' }, systemPid);
      if (service.state === 'Running') void machine.services.stop(fault.name, systemPid);
      return undefined;
    }
    case 'service-stuck':
      machine.services.get(fault.name).stopHangs = true;
      return undefined;
    case 'file-locked':
      return lockPath(machine, fault.path, fault.process);
    case 'restore-disabled':
      return disableRestore(machine);
    case 'kit-folder-tampered':
      return tamperFolder(machine, fault.path ?? 'C:\\ProgramData\\Kintsugi', fault.owner ?? 'BUILTIN\\Users');
    case 'constrained-language':
      machine.languageMode = 'ConstrainedLanguage';
      return undefined;
    case 'execution-policy':
      placeValues(machine, 'HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\PowerShell', {
        ExecutionPolicy: fault.policy,
        EnableScripts: 1,
      });
      return undefined;
    case 'component-store-corrupt':
      return corruptStore(machine, fault.files ?? 3, fault.repairable ?? true);
    case 'update-source-unreachable':
      machine.update.isReachable = false;
      return undefined;
    case 'tamper-protection':
      machine.defender.isTamperProtected = true;
      return undefined;
    case 'reboot-pending':
      placeValues(
        machine,
        'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\RebootPending',
        {},
      );
      return undefined;
  }
};
