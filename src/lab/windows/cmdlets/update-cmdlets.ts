import type { CommandContext } from '../../evaluator/host.ts';
import { customObject, int64, timeSpanFromMs } from '../../evaluator/make.ts';
import { absolutePath } from '../machine/files/paths.ts';
import type { Machine } from '../machine/machine.ts';
import { operationalLog } from '../machine/updates/update-events.ts';
import { UpdateFault } from '../machine/updates/update-fault.ts';
import { Win32Fault } from '../machine/win32-fault.ts';
import { actorOf } from '../runtime/process-hooks.ts';
import { command } from './command-syntax.ts';
import { itemError } from './items/item-errors.ts';

const traceFolder = 'C:\\Windows\\Logs\\WindowsUpdate';
const packFolder = /\\diagnostics\\system\\windowsupdate\\?$/i;

/** The lines that decoding the agent's traces gives: what it did, by the records of its log. */
const traceLines = (machine: Machine): string[] =>
  (machine.events.records(operationalLog) ?? []).flatMap((record) => {
    const at = new Date(record.timeMs + machine.timeZone.offsetMinutes * 60_000).toISOString();
    const head = `${at.slice(0, 10).replaceAll('-', '/')} ${at.slice(11, 19)}.${at.slice(20, 23)}0000 1056  4120 `;
    const code = record.data.find(([name]) => name === 'errorCode')?.[1];
    const line = (component: string, text: string): string => `${head} ${component.padEnd(15)} ${text}`;
    const failed = typeof code === 'string' ? code.slice(2).toUpperCase() : '';
    switch (record.id) {
      case 25:
        return [
          line('ProtocolTalker', `*FAILED* [${failed}] SyncUpdates_WithRecover`),
          line('Agent', `*FAILED* [${failed}] Agent: Failed to search for updates`),
          line('Agent', `* END * Finding updates CallerId = UpdateOrchestrator  Id = 3  Exit code = 0x${failed}`),
        ];
      case 26:
        return [line('Agent', '* END * Finding updates CallerId = UpdateOrchestrator  Id = 3  Exit code = 0x00000000')];
      case 31:
        return [line('DownloadManager', `*FAILED* [${failed}] Download of update failed`)];
      case 41:
        return [line('DownloadManager', 'Download job completed successfully')];
      default:
        return [];
    }
  });

const getLog = command('Get-WindowsUpdateLog', {
  commandType: 'Function',
  simulated: ['LogPath', 'ForceFlush'],
  *process(context, bound) {
    const { machine, process, pid } = actorOf(context);
    const given = bound.text('LogPath');
    const desktop = `${process.environment.get('USERPROFILE')?.value ?? 'C:'}\\Desktop`;
    const path = absolutePath(
      given === undefined
        ? `${desktop}\\WindowsUpdate.log`
        : /^[a-z]:/i.test(given)
          ? given
          : `${context.location}\\${given}`,
    );
    if (!context.shouldProcess(path, 'Get-WindowsUpdateLog')) return;
    yield machine.clock.wait(pid, 20_000);
    const text = [...traceLines(machine), ''].join('\r\n');
    try {
      if (given === undefined && !machine.files.exists(desktop)) yield machine.files.createFolder(desktop, pid);
      yield machine.files.write(path, new Uint8Array(Buffer.from(text)), pid);
    } catch (error) {
      if (!(error instanceof Win32Fault)) throw error;
      return context.writeError(itemError(error, { io: 'FileOpenFailure', denied: 'FileOpenFailure' }));
    }
    context.writeInformation(`Converting ${traceFolder} into ${path}`, ['PSHOST']);
    context.writeInformation(`WindowsUpdate.log written to ${path}`, ['PSHOST']);
  },
});

const deliveryFolder =
  'C:\\Windows\\ServiceProfiles\\NetworkService\\AppData\\Local\\Microsoft\\Windows\\DeliveryOptimization\\Cache';

const getDelivery = command('Get-DeliveryOptimizationStatus', {
  commandType: 'Function',
  simulated: [],
  process: (context) => {
    const { machine } = actorOf(context);
    for (const file of machine.files.find(deliveryFolder)?.children.values() ?? [])
      context.write(
        customObject(
          {
            FileId: file.name,
            FileSize: int64(file.sizeBytes),
            FileSizeInCache: int64(file.sizeBytes),
            TotalBytesDownloaded: int64(file.sizeBytes),
            PercentPeerCaching: 0,
            BytesFromPeers: int64(0),
            BytesFromHttp: int64(file.sizeBytes),
            Status: 'Caching',
            Priority: 'Background',
            BytesFromCacheServer: int64(0),
            BytesFromLanPeers: int64(0),
            BytesFromGroupPeers: int64(0),
            BytesFromInternetPeers: int64(0),
            BytesToLanPeers: int64(0),
            BytesToGroupPeers: int64(0),
            BytesToInternetPeers: int64(0),
            DownloadDuration: timeSpanFromMs(12_000),
            HttpConnectionCount: 1,
            DownloadMode: downloadMode(machine),
            IsPinned: false,
          },
          ['Microsoft.Windows.DeliveryOptimization.AdminCommands.DeliveryOptimizationStatus'],
        ),
      );
  },
});

const downloadMode = (machine: Machine): string => {
  const mode = machine.registry.data(
    'HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\DeliveryOptimization',
    'DODownloadMode',
  );
  const names: Readonly<Record<number, string>> = {
    0: 'CdnOnly',
    1: 'Lan',
    2: 'Group',
    3: 'Internet',
    99: 'Simple',
    100: 'Bypass',
  };
  return names[typeof mode === 'number' ? mode : 1] ?? 'Lan';
};

const getPerformance = command('Get-DeliveryOptimizationPerfSnap', {
  commandType: 'Function',
  simulated: [],
  process: (context) => {
    const { machine } = actorOf(context);
    const files = [...(machine.files.find(deliveryFolder)?.children.values() ?? [])];
    const bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    context.write(
      customObject({
        FilesDownloaded: int64(files.length),
        FilesUploaded: int64(0),
        Files: files.length,
        TotalBytesDownloaded: int64(bytes),
        TotalBytesUploaded: int64(0),
        AverageDownloadSize: int64(files.length === 0 ? 0 : Math.round(bytes / files.length)),
        AverageUploadSize: int64(0),
        DownloadMode: downloadMode(machine),
        CacheSizeBytes: int64(bytes),
        TotalDiskBytes: int64(machine.files.volume('C:').sizeBytes),
        AvailableDiskBytes: int64(machine.files.freeBytes('C:')),
        CpuUsagePct: 0,
        MemUsageKB: 12_288,
        NumberOfPeers: 0,
      }),
    );
  },
});

const getPack = command('Get-TroubleshootingPack', {
  className: 'Microsoft.Windows.Diagnosis.Commands.GetTroubleshootingPackCommand',
  pipeline: { Path: 'both' },
  simulated: ['Path'],
  process: (context, bound) => {
    const { machine } = actorOf(context);
    const path = absolutePath(bound.text('Path') ?? '');
    if (!machine.files.exists(path))
      return context.fail({
        id: 'Microsoft.Windows.Diagnosis.DiagnosticPackageNotFound',
        message: `The troubleshooting pack ${path} was not found.`,
        category: 'ObjectNotFound',
        target: path,
        exception: 'System.IO.FileNotFoundException',
      });
    if (!packFolder.test(path)) context.unsupported(`the troubleshooting pack ${path}`);
    return context.write(
      customObject(
        {
          Path: path,
          Id: 'WindowsUpdateDiagnostic',
          Name: 'Windows Update',
          Version: '4.0',
          Publisher: 'Microsoft Windows',
        },
        ['Microsoft.Windows.Diagnosis.DiagPack'],
      ),
    );
  },
});

/** What of the Windows Update pack the lab runs: it starts the services anew and searches once. */
function* runPack(context: CommandContext): Generator<Promise<unknown> | undefined, string, unknown> {
  const { machine, pid } = actorOf(context);
  for (const name of ['UsoSvc', 'wuauserv', 'BITS', 'CryptSvc'])
    try {
      yield machine.services.stop(name, pid);
    } catch (error) {
      if (!(error instanceof Win32Fault)) throw error;
    }
  yield machine.clock.wait(pid, 60_000);
  for (const name of ['CryptSvc', 'BITS', 'wuauserv'])
    try {
      yield machine.services.start(name, pid);
    } catch (error) {
      if (!(error instanceof Win32Fault)) throw error;
    }
  try {
    machine.update.search();
    return '0x00000000';
  } catch (error) {
    if (error instanceof UpdateFault) return `0x${(error.hresult >>> 0).toString(16).toUpperCase()}`;
    throw error;
  }
}

const runTroubleshooter = command('Invoke-TroubleshootingPack', {
  className: 'Microsoft.Windows.Diagnosis.Commands.InvokeTroubleshootingPackCommand',
  pipeline: { Pack: 'value' },
  simulated: ['Pack', 'Result', 'Unattended'],
  outsideCall: (given) => (given.flag('Unattended') ? undefined : 'Invoke-TroubleshootingPack without -Unattended'),
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    const code = yield* runPack(context);
    const folder = bound.text('Result');
    if (folder === undefined) return;
    const path = absolutePath(folder);
    yield machine.files.createFolder(path, pid);
    const xml = `<?xml version="1.0" encoding="utf-16"?>\r\n<ResultReport><Package id="WindowsUpdateDiagnostic"><Problem><Title>Windows Update</Title><Data>${code}</Data></Problem></Package></ResultReport>`;
    yield machine.files.write(`${path}\\ResultReport.xml`, new Uint8Array(Buffer.from(`\ufeff${xml}`, 'utf16le')), pid);
  },
});

/** Log of the update client, delivery optimization, troubleshooting packs. */
export const updateCmdlets = [getLog, getDelivery, getPerformance, getPack, runTroubleshooter];
