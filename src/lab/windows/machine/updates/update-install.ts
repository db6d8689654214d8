import { systemPid } from '../change-feed.ts';
import { servicingBlock } from '../devices/servicing-block.ts';
import type { Machine } from '../machine.ts';
import { winHttpProxy } from '../network/proxy-settings.ts';
import { refusalOfWrite } from '../protection/file-protection.ts';
import { allows, mayUseFile, mayUseKey, serviceTokens, wantedRights } from '../rights/access-check.ts';
import { hresultOf, Win32Fault, win32 } from '../win32-fault.ts';
import { installDriver } from './driver-update.ts';
import { cacheFolder, catalogFolder } from './update-agent.ts';
import type { OfferedUpdate } from './update-database.ts';
import * as events from './update-events.ts';
import { UpdateFault } from './update-fault.ts';
import { codeOfOutcome, contentUrl, usesWsus } from './update-source.ts';

/** Key that servicing writes as TrustedInstaller. */
export const servicingKey = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing';
const payloadBytes = 48 * 2 ** 20;

/** Codes of downloads and installations (wuerror.h, winerror.h). */
const codes = {
  notDownloaded: 0x80246007,
  noTransferService: 0x80246008,
  notAllowed: 0x80240016,
} as const;

/** Where the file of an update lies once it is loaded. */
export const payloadPath = ({ updateId }: OfferedUpdate): string =>
  `${cacheFolder}\\Download\\${updateId.replaceAll('-', '')}\\windows.cab`;

/** Whether the file of an update is there. */
export const isDownloaded = (machine: Machine, update: OfferedUpdate): boolean =>
  machine.files.exists(payloadPath(update));

const asUpdateFault = (run: () => void): void => {
  try {
    run();
  } catch (error) {
    if (error instanceof Win32Fault) throw new UpdateFault(hresultOf(error.code));
    throw error;
  }
};

/** BITS must run with a queue it can read, and must not hold a broken job for the same file. */
const requireTransfers = (machine: Machine, url: URL): void => {
  const { services, transfers } = machine;
  const service = services.find('BITS');
  if (!service || service.start === 'Disabled' || transfers.jobs() === undefined)
    throw new UpdateFault(codes.noTransferService);
  if (service.state !== 'Running') asUpdateFault(() => void services.start('BITS', systemPid));
  const stuck = transfers
    .jobs()
    ?.find(
      ({ state, files }) =>
        (state === 'Error' || state === 'TransientError') && files.some((file) => file.url === url.href),
    );
  if (stuck) throw new UpdateFault(stuck.error);
};

const load = (machine: Machine, update: OfferedUpdate, selection: number): void => {
  const path = payloadPath(update);
  machine.update.requireCache();
  const url = contentUrl(machine, selection, `${update.updateId}.cab`);
  requireTransfers(machine, url);
  const code = codeOfOutcome(machine.network.request(url, winHttpProxy(machine.registry)), usesWsus(machine));
  if (code !== 0) throw new UpdateFault(code);
  const refused = refusalOfWrite(machine, path);
  if (refused !== 0) throw new UpdateFault(hresultOf(refused));
  asUpdateFault(() => {
    const { files } = machine;
    if (files.freeBytes('C:') < payloadBytes) throw new Win32Fault(win32.diskFull, path);
    void files.createFolder(path.slice(0, path.lastIndexOf('\\')), systemPid);
    void files.write(path, new Uint8Array(Buffer.from(`MSCF\u0000${update.updateId}`)), systemPid);
  });
  const database = machine.update.readDatabase();
  machine.update.writeDatabase({
    ...database,
    payloads: [
      ...database.payloads.filter(({ updateId }) => updateId !== update.updateId),
      { file: path, updateId: update.updateId },
    ],
  });
  machine.defender.inspect(path);
};

/** Downloads an update. @returns its HRESULT, 0 when it is there */
export const downloadUpdate = (machine: Machine, update: OfferedUpdate, selection: number): number => {
  events.downloadStarted(machine.events, update);
  try {
    if (!isDownloaded(machine, update)) load(machine, update, selection);
    events.downloaded(machine.events, update);
    return 0;
  } catch (error) {
    if (!(error instanceof UpdateFault)) throw error;
    events.downloadFailed(machine.events, update, error.hresult);
    return error.hresult;
  }
};

/** Servicing writes what it could not open, as CBS.log names it. */
export const logDenied = (machine: Machine, path: string, atMs?: number): void => {
  const object = path.replace('HKLM', '\\Registry\\Machine');
  machine.components.log('CSI', `(F) STATUS_ACCESS_DENIED #1# from opening ${object} [gle=0xd0000022]`, atMs);
  machine.components.log('CBS', `Failed to open ${object} [HRESULT = 0x80070005 - E_ACCESSDENIED]`, atMs);
};

const requireCatalogs = (machine: Machine): void => {
  const { files, services } = machine;
  if (services.find('CryptSvc')?.start === 'Disabled') throw new UpdateFault(hresultOf(win32.serviceDisabled));
  const node = files.find(catalogFolder);
  if (!node) return;
  const may = allows(
    serviceTokens.cryptsvc,
    files.securityOf(node),
    files.inheritedRules(node),
    wantedRights.modifyFile,
  );
  const below = [...node.children.values()].every((child) =>
    mayUseFile(files, `${catalogFolder}\\${child.name}`, serviceTokens.cryptsvc, wantedRights.modifyFile),
  );
  if (may && below) return;
  logDenied(machine, catalogFolder);
  throw new UpdateFault(hresultOf(win32.accessDenied));
};

/** Another installation is at work, or a restart is due before the next. */
const isBusy = (machine: Machine): boolean => {
  const isRunning = (name: string): boolean => machine.processes.all().some((process) => process.name === name);
  const msi = machine.registry.find('HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Installer\\InProgress');
  return machine.update.pending.length > 0 || isRunning('TiWorker') || (msi !== undefined && isRunning('msiexec'));
};

const service = (machine: Machine, update: OfferedUpdate): void => {
  if (!isDownloaded(machine, update)) throw new UpdateFault(codes.notDownloaded);
  requireCatalogs(machine);
  const refused = refusalOfWrite(machine, payloadPath(update));
  if (refused !== 0) throw new UpdateFault(hresultOf(refused));
  if (update.driver) installDriver(machine, update.driver);
  if (update.kind !== 'cumulative') return;
  if (isBusy(machine)) throw new UpdateFault(codes.notAllowed);
  if (machine.services.find('TrustedInstaller')?.start === 'Disabled')
    throw new UpdateFault(hresultOf(win32.serviceDisabled));
  if (!mayUseKey(machine.registry, servicingKey, serviceTokens.trustedInstaller, wantedRights.writeKey)) {
    logDenied(machine, servicingKey);
    throw new UpdateFault(hresultOf(win32.accessDenied));
  }
  const block = servicingBlock(machine);
  if (!block) return;
  for (const line of block.lines) machine.components.log('CBS', line);
  machine.components.log(
    'CBS',
    `Failed to execute execution chain. [HRESULT = 0x${block.hresult.toString(16)} - ${block.name}]`,
  );
  throw new UpdateFault(block.hresult | 0);
};

const remember = (machine: Machine, update: OfferedUpdate, hresult: number): void => {
  const database = machine.update.readDatabase();
  machine.update.writeDatabase({
    ...database,
    payloads:
      hresult === 0 ? database.payloads.filter(({ updateId }) => updateId !== update.updateId) : database.payloads,
    history: [
      ...database.history,
      {
        title: update.title,
        updateId: update.updateId,
        atMs: machine.clock.wallMs(),
        operation: 1,
        resultCode: hresult === 0 ? 2 : 4,
        hresult,
      },
    ],
  });
};

const markRestart = (machine: Machine, update: OfferedUpdate): void => {
  machine.update.pending = [...machine.update.pending, update];
  const auto = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate\\Auto Update\\RebootRequired';
  void machine.registry.set(auto, { name: update.updateId, kind: 'DWord', data: 1 }, systemPid);
  void machine.registry.create(`${servicingKey}\\RebootPending`, systemPid);
};

/** Installs a downloaded update. @returns its HRESULT, 0 when it is installed, and whether it wants a restart */
export const installUpdate = (
  machine: Machine,
  update: OfferedUpdate,
): { readonly hresult: number; readonly needsRestart: boolean } => {
  events.installStarted(machine.events, update);
  try {
    service(machine, update);
    remember(machine, update, 0);
    machine.update.offered = machine.update.offered.filter(({ updateId }) => updateId !== update.updateId);
    const needsRestart = update.kind === 'cumulative';
    if (needsRestart) markRestart(machine, update);
    events.installed(machine.events, update);
    return { hresult: 0, needsRestart };
  } catch (error) {
    if (!(error instanceof UpdateFault)) throw error;
    remember(machine, update, error.hresult);
    events.installFailed(machine.events, update, error.hresult);
    return { hresult: error.hresult, needsRestart: false };
  }
};
