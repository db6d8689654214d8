import type { Machine } from '../machine.ts';

/** What keeps servicing from installing anything, as it ends up in CBS.log. `hresult` is unsigned. */
export type ServicingBlock = { readonly hresult: number; readonly name: string; readonly lines: readonly string[] };

const services = 'HKLM\\SYSTEM\\CurrentControlSet\\Services';
const downloadFolder = 'C:\\Windows\\SoftwareDistribution\\Download';
/** Driver services of Windows whose keys servicing reads when it updates their drivers: INF and service. */
export const inboxDriverServices = [
  ['disk.inf', 'disk'],
  ['volsnap.inf', 'volsnap'],
  ['usbstor.inf', 'USBSTOR'],
  ['netvwifibus.inf', 'vwifibus'],
] as const;
/** Folders that packages of Windows put shortcuts into. */
export const shellFolder = 'C:\\ProgramData\\Microsoft\\Windows\\Start Menu\\Programs\\System Tools';

const notFound = (lines: readonly string[]): ServicingBlock => ({
  hresult: 0x80070002,
  name: 'ERROR_FILE_NOT_FOUND',
  lines,
});

const fromRegistry = (machine: Machine): ServicingBlock | undefined => {
  const { registry, files } = machine;
  for (const name of ['clr_optimization_v4.0.30319_32', 'clr_optimization_v4.0.30319_64']) {
    const path = registry.data(`${services}\\${name}`, 'ImagePath');
    if (typeof path === 'string' && !files.exists(path.replace(/%(?:systemroot|windir)%/i, 'C:\\Windows')))
      return notFound([
        `Failed in StartService for [${name.length}]"${name}"`,
        'Failed execution of queue item Installer: NgenOnlineServiceTickler with HRESULT 80070002. Failure will not be ignored: A rollback will be initiated after all the operations in the installer queue are completed; installer is reliable',
      ]);
  }
  for (const [inf, service] of inboxDriverServices)
    if (!registry.find(`${services}\\${service}`))
      return notFound([
        `INSTALL index: 31, phase: 1, result 2, inf: ${inf}`,
        'Doqe: Failed installing driver updates [HRESULT = 0x80070002 - ERROR_FILE_NOT_FOUND]',
      ]);
  return undefined;
};

const fromFiles = (machine: Machine): ServicingBlock | undefined => {
  const { files, registry, components } = machine;
  const temp = registry.data('HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment', 'TEMP');
  const folder = String(temp ?? 'C:\\Windows\\TEMP').replace(/%(?:systemroot|windir)%/i, 'C:\\Windows');
  if (!files.find(folder)?.isFolder)
    return notFound([`Failed to create temporary folder in ${folder} [HRESULT = 0x80070003 - ERROR_PATH_NOT_FOUND]`]);
  if (!files.find(shellFolder)?.isFolder)
    return notFound([
      `Error - Internal exception: STATUS_OBJECT_NAME_NOT_FOUND #c0000034# from Windows::Rtl::SystemImplementation::DirectFileSystemProvider::SysCreateFile(flags = (AllowSharingViolation), handle = {provider=NULL, handle=0}, da = (FILE_READ_ATTRIBUTES), oa = @0x1, on:[${shellFolder.length + 4}]"\\??\\${shellFolder}")`,
    ]);
  const { damage } = components;
  const mum = damage.find(({ kind }) => kind === 'package');
  if (mum)
    return {
      hresult: 0x800f0831,
      name: 'CBS_E_STORE_CORRUPTION',
      lines: [
        `Store corruption, manifest missing for package: ${mum.file.replace(/^.*\\|\.mum$/gi, '')}`,
        'Failed to initialize internal package for package [HRESULT = 0x800f0831 - CBS_E_STORE_CORRUPTION]',
      ],
    };
  const missing = damage.find(({ isMissing }) => isMissing);
  if (missing)
    return notFound([
      `Failed to find file: ${missing.file.replace(/^C:\\Windows\\(?:WinSxS|servicing)\\/i, '')} [HRESULT = 0x80070002 - ERROR_FILE_NOT_FOUND]`,
    ]);
  if (damage.length > 0)
    return {
      hresult: 0x80073712,
      name: 'ERROR_SXS_COMPONENT_STORE_CORRUPT',
      lines: [`Store corruption detected in file: ${damage[0]?.file ?? ''}`],
    };
  return undefined;
};

/** A program that has the folder of downloads open for itself. */
const fromPrograms = (machine: Machine): ServicingBlock | undefined => {
  const node = machine.files.find(downloadFolder);
  const held = node ? machine.files.handles.of(node).filter((handle) => handle.share === 0) : [];
  if (held.length === 0) return undefined;
  return {
    hresult: 0x80070020,
    name: 'ERROR_SHARING_VIOLATION',
    lines: [`Failed to open ${downloadFolder} [HRESULT = 0x80070020 - ERROR_SHARING_VIOLATION]`],
  };
};

/** The first thing that keeps servicing from installing; `undefined` where nothing does. */
export const servicingBlock = (machine: Machine): ServicingBlock | undefined => {
  if (machine.services.find('TrustedInstaller')?.start === 'Disabled')
    return { hresult: 0x80070422, name: 'ERROR_SERVICE_DISABLED', lines: [] };
  return fromRegistry(machine) ?? fromFiles(machine) ?? fromPrograms(machine);
};
