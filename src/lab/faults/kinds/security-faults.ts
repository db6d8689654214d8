import { systemPid } from '../../windows/machine/change-feed.ts';
import { encodeImage } from '../../windows/machine/devices/image-file.ts';
import type { Machine } from '../../windows/machine/machine.ts';
import { updateNames } from '../../windows/machine/network/site.ts';
import { refusalOfWrite } from '../../windows/machine/protection/file-protection.ts';
import { usualServiceSddl } from '../../windows/machine/services/service.ts';
import { encodeQueue, queuePath, type TransferJob } from '../../windows/machine/updates/transfer-queue.ts';
import { downloadFailed } from '../../windows/machine/updates/update-events.ts';
import { payloadPath } from '../../windows/machine/updates/update-install.ts';
import { hresultOf } from '../../windows/machine/win32-fault.ts';
import { placeFile } from '../bases/base-files.ts';
import { placeFilter } from '../bases/base-network.ts';
import { placeValues } from '../bases/base-registry.ts';
import type { FaultKinds } from '../fault-kinds.ts';

const cache = 'C:\\Windows\\SoftwareDistribution';
const hourMs = 3_600_000;

/** Where the next update is to lie. */
const payload = (machine: Machine): string => {
  const [next] = machine.update.offered;
  return next ? payloadPath(next) : `${cache}\\Download\\windows.cab`;
};

/** The last download failed for what keeps files from being written there, and the logs say so. */
const failDownload = (machine: Machine): void => {
  const [next] = machine.update.offered;
  const code = refusalOfWrite(machine, payload(machine));
  if (next && code !== 0) downloadFailed(machine.events, next, hresultOf(code));
};

type DefenderBlock = 'controlled-folder-access' | 'false-positive' | 'network-protection';

/** Defender keeps the update services from their files: by controlled folder access, or because its signatures are wrong about a file. */
const letDefenderBlock = (machine: Machine, how: DefenderBlock): void => {
  const { defender } = machine;
  if (how === 'network-protection') {
    defender.preferences.set('EnableNetworkProtection', 1);
    defender.blockedHosts = [...updateNames];
    defender.blocksHost(updateNames[0] ?? '');
    return;
  }
  if (how === 'false-positive') {
    defender.suspicions = [
      { threatId: 2_147_735_503, threatName: 'Trojan:Win32/Wacatac.B!ml', folder: `${cache}\\Download` },
    ];
    placeFile(machine, payload(machine), 48 * 2 ** 20, 0);
    defender.inspect(payload(machine));
    return;
  }
  defender.preferences.set('EnableControlledFolderAccess', 1);
  defender.preferences.set('ControlledFolderAccessProtectedFolders', [cache]);
  failDownload(machine);
};

/** A filter whose driver is not of Microsoft. */
const placeForeignFilter = (machine: Machine, name: string, altitude: string, group: string): void => {
  placeFilter(machine, name, altitude, { group, start: 1 });
  void machine.files.write(
    `C:\\Windows\\system32\\drivers\\${name}.sys`,
    encodeImage({
      companyName: 'Example Security',
      fileVersion: '7.2.0.0',
      signer: 'CN=Example Security, O=Example Security, C=US',
    }),
    systemPid,
  );
};

/** An antivirus of another vendor: on clients it takes Defender's place; its service and its filter hold what it looks at. */
const addVendorAntivirus = (machine: Machine, holdsCache: boolean): void => {
  const folder = 'C:\\Program Files\\Example Security';
  placeFile(machine, `${folder}\\exsvc.exe`, 4_194_304, 200);
  placeForeignFilter(machine, 'exavflt', '325990', 'FSFilter Anti-Virus');
  placeValues(machine, 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\exavflt\\Parameters', {
    WatchedFolders: holdsCache ? [`${cache}\\Download`] : [],
  });
  machine.services.add({
    name: 'ExampleAv',
    displayName: 'Example Security Service',
    description: 'Example Security Service',
    start: 'Automatic',
    delayedStart: false,
    trigger: false,
    wantedAfterMs: undefined,
    state: 'Running',
    pid: 0,
    dependsOn: [],
    account: 'LocalSystem',
    path: `"${folder}\\exsvc.exe"`,
    type: 16,
    exitCode: 0,
    sddl: usualServiceSddl,
    hostGroup: undefined,
    isProtected: true,
    stopHangs: false,
  });
  failDownload(machine);
  if (machine.edition.productType !== 1) return;
  placeValues(
    machine,
    'HKLM\\SOFTWARE\\Microsoft\\Security Center\\Provider\\Av\\{8B1A5F26-3C47-4D90-A1E2-5D6C7B8A9F01}',
    {
      DISPLAYNAME: 'Example Security',
      PRODUCTEXE: `${folder}\\exsvc.exe`,
      REPORTINGEXE: `${folder}\\exsvc.exe`,
      // On and up to date.
      STATE: 0x41000,
    },
  );
};

const filterKinds = {
  encryption: ['exencflt', '145500', 'FSFilter Encryption'],
  backup: ['exbkflt', '281600', 'FSFilter Continuous Backup'],
  screening: ['exscrflt', '265400', 'FSFilter Content Screener'],
} as const;

const updateJob = (machine: Machine, hours: number, file: string, index: number): TransferJob => ({
  id: `{6b1d0c5e-2f4a-4b7c-9d1e-${(0x3a5c7e9b1d00 + index).toString(16)}}`,
  name: 'Windows Update',
  description: 'This job is a Windows Update download',
  ownerSid: 'S-1-5-18',
  state: index % 2 === 0 ? 'TransientError' : 'Error',
  priority: 'Low',
  createdMs: machine.clock.wallMs() - (hours + 1) * hourMs,
  modifiedMs: machine.clock.wallMs() - hours * hourMs,
  files: [
    {
      url: `http://tlu.dl.delivery.mp.microsoft.com/filestreamingservice/files/${file}.cab`,
      local: `${cache}\\Download\\${file}.cab`,
      bytes: 50_331_648,
      done: 1_048_576,
    },
  ],
  // BG_E_HTTP_ERROR_404: the file that the job wants is gone.
  error: 0x80190194 | 0,
});

const stickTransfers = (machine: Machine, damage: 'jobs' | 'database', hasForeign: boolean): void => {
  const jobs = machine.update.offered.map(({ updateId }, index) => updateJob(machine, 30 + index, updateId, index));
  const foreign: TransferJob = {
    ...updateJob(machine, 2, 'ccm', 8),
    name: 'CCMDTS Job',
    description: 'Software distribution',
    state: 'Suspended',
    error: 0,
    files: [
      {
        url: 'https://dp1.corp.example/SMS_DP_SMSPKG$/P0100023',
        local: 'C:\\Windows\\ccmcache\\1',
        bytes: 9_000,
        done: 0,
      },
    ],
  };
  const bytes = encodeQueue([...jobs, ...(hasForeign ? [foreign] : [])]);
  placeFile(machine, queuePath, 0, 2, damage === 'database' ? bytes.slice(0, Math.floor(bytes.length / 2)) : bytes);
  for (const job of jobs)
    machine.events.write({
      log: 'Microsoft-Windows-Bits-Client/Operational',
      provider: 'Microsoft-Windows-Bits-Client',
      id: 61,
      level: 3,
      timeMs: job.modifiedMs,
      message: 'BITS stopped transferring the Windows Update transfer job.',
      data: [
        ['transferId', job.id],
        ['name', job.name],
        ['Id', job.id],
        ['url', job.files[0]?.url ?? ''],
        ['hr', job.error >>> 0],
      ],
    });
  if (damage === 'database')
    machine.events.write({
      log: 'Application',
      provider: 'ESENT',
      id: 467,
      level: 2,
      timeMs: machine.clock.wallMs() - 3 * hourMs,
      message: 'Database qmgr.db: Index is corrupted.',
      data: [
        ['', 'svchost.exe'],
        ['', 'qmgr.dll'],
        ['', queuePath],
      ],
    });
};

/** What security software and queues keep from working. */
export type SecurityFault =
  | { readonly kind: 'defender-blocks'; readonly how?: DefenderBlock }
  | { readonly kind: 'third-party-av'; readonly holdsCache?: boolean }
  | { readonly kind: 'filter-driver'; readonly class?: keyof typeof filterKinds; readonly watches?: readonly string[] }
  | { readonly kind: 'bits-queue-stuck'; readonly damage?: 'jobs' | 'database'; readonly foreignJob?: boolean };

/** States of security products, file-system filters and the transfer queue. */
export const securityFaults: FaultKinds<SecurityFault> = {
  'defender-blocks': (machine, { how }) => letDefenderBlock(machine, how ?? 'controlled-folder-access'),
  'third-party-av': (machine, { holdsCache }) => addVendorAntivirus(machine, holdsCache ?? true),
  'filter-driver': (machine, fault) => {
    const [name, altitude, group] = filterKinds[fault.class ?? 'encryption'];
    placeForeignFilter(machine, name, altitude, group);
    placeValues(machine, `HKLM\\SYSTEM\\CurrentControlSet\\Services\\${name}\\Parameters`, {
      WatchedFolders: [...(fault.watches ?? [cache])],
    });
    failDownload(machine);
  },
  'bits-queue-stuck': (machine, { damage, foreignJob }) =>
    stickTransfers(machine, damage ?? 'jobs', foreignJob ?? false),
};
