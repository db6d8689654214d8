import { localFromUnixMs } from '../../evaluator/make.ts';
import type { Value } from '../../evaluator/value.ts';
import type { Machine } from '../machine/machine.ts';
import type { CimClass } from './cim-class.ts';
import { uint16, uint32, uint64 } from './cim-instance.ts';

const local = (machine: Machine, ms: number): Value => localFromUnixMs(ms, machine.timeZone.offsetMinutes);

const windowsKey = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';

const operatingSystem: CimClass = {
  name: 'Win32_OperatingSystem',
  outside:
    'BootDevice CountryCode CreationClassName CSCreationClassName CSDVersion DataExecutionPrevention_32BitApplications DataExecutionPrevention_Available DataExecutionPrevention_Drivers DataExecutionPrevention_SupportPolicy Debug Description Distributed EncryptionLevel ForegroundApplicationBoost FreeSpaceInPagingFiles FreeVirtualMemory LargeSystemCache MaxNumberOfProcesses MaxProcessMemorySize NumberOfLicensedUsers NumberOfProcesses NumberOfUsers Organization OSProductSuite OSType OtherTypeDescription PAEEnabled PlusProductID PlusVersionNumber PortableOperatingSystem Primary QuantumLength QuantumType RegisteredUser SerialNumber ServicePackMajorVersion ServicePackMinorVersion Status SuiteMask SystemDevice TotalSwapSpaceSize TotalVirtualMemorySize',
  namespace: 'root/cimv2',
  keys: ['Name'],
  instances: (machine) => {
    const { edition, files } = machine;
    const volume = files.volume('C:');
    return [
      {
        BuildNumber: String(edition.build),
        BuildType: 'Multiprocessor Free',
        Caption: edition.caption,
        CodeSet: machine.uiLanguage === 'ja-JP' ? '932' : '1252',
        CSName: machine.name,
        CurrentTimeZone: machine.timeZone.offsetMinutes,
        FreePhysicalMemory: uint64(Math.round(machine.memoryBytes / 2048)),
        InstallDate: local(machine, Number(machine.registry.data(windowsKey, 'InstallDate') ?? 0) * 1000),
        LastBootUpTime: local(machine, machine.clock.bootWallMs()),
        // With what was skipped in calls before: the difference of both is the uptime.
        LocalDateTime: local(machine, machine.clock.bootWallMs() + machine.clock.uptimeMs()),
        Locale: machine.uiLanguage === 'ja-JP' ? '0411' : '0409',
        Manufacturer: 'Microsoft Corporation',
        MUILanguages: [machine.uiLanguage],
        Name: `${edition.caption}|C:\\Windows|\\Device\\Harddisk0\\Partition3`,
        OperatingSystemSKU: uint32(edition.sku),
        OSArchitecture: '64-bit',
        OSLanguage: uint32(machine.uiLanguage === 'ja-JP' ? 1041 : 1033),
        ProductType: uint32(edition.productType),
        SystemDirectory: 'C:\\Windows\\system32',
        SystemDrive: 'C:',
        TotalVisibleMemorySize: uint64(Math.round(machine.memoryBytes / 1024)),
        SizeStoredInPagingFiles: uint64(Math.round(volume.sizeBytes / 2 ** 20)),
        Version: edition.version,
        WindowsDirectory: 'C:\\Windows',
      },
    ];
  },
};

const computerSystem: CimClass = {
  name: 'Win32_ComputerSystem',
  outside:
    'AdminPasswordStatus AutomaticManagedPagefile AutomaticResetBootOption AutomaticResetCapability BootOptionOnLimit BootOptionOnWatchDog BootROMSupported BootStatus BootupState ChassisBootupState ChassisSKUNumber CreationClassName CurrentTimeZone DaylightInEffect Description DNSHostName EnableDaylightSavingsTime FrontPanelResetStatus HypervisorPresent InfraredSupported InitialLoadInfo InstallDate KeyboardPasswordStatus LastLoadInfo NameFormat NetworkServerModeEnabled NumberOfProcessors OEMLogoBitmap OEMStringArray PauseAfterReset PCSystemTypeEx PowerManagementCapabilities PowerManagementSupported PowerOnPasswordStatus PowerState PowerSupplyState PrimaryOwnerContact PrimaryOwnerName ResetCapability ResetCount ResetLimit Roles Status SupportContactDescription SystemFamily SystemSKUNumber SystemStartupDelay SystemStartupOptions SystemStartupSetting ThermalState WakeUpType',
  namespace: 'root/cimv2',
  keys: ['Name'],
  instances: (machine) => [
    {
      Caption: machine.name,
      Domain: machine.policy.domain ?? 'WORKGROUP',
      DomainRole: uint16((machine.edition.productType === 1 ? 0 : 2) + (machine.policy.domain === undefined ? 0 : 1)),
      Manufacturer: machine.edition.productType === 1 ? 'Contoso' : 'Lenovo',
      Model: machine.edition.productType === 1 ? 'Virtual Desktop' : 'ThinkSystem SR650 V2',
      Name: machine.name,
      NumberOfLogicalProcessors: uint32(4),
      PartOfDomain: machine.policy.domain !== undefined,
      PCSystemType: uint16(machine.edition.productType === 1 ? 1 : 4),
      SystemType: 'x64-based PC',
      TotalPhysicalMemory: uint64(machine.memoryBytes),
      UserName: machine.users.sessions.find(({ station }) => station === 'console')?.account.name ?? null,
      Workgroup: machine.policy.domain === undefined ? 'WORKGROUP' : null,
    },
  ],
};

const logicalDisk: CimClass = {
  name: 'Win32_LogicalDisk',
  outside:
    'Access Availability BlockSize Compressed ConfigManagerErrorCode ConfigManagerUserConfig CreationClassName Description ErrorCleared ErrorDescription ErrorMethodology InstallDate LastErrorCode MaximumComponentLength MediaType NumberOfBlocks PNPDeviceID PowerManagementCapabilities PowerManagementSupported ProviderName Purpose QuotasDisabled QuotasIncomplete QuotasRebuilding Status StatusInfo SupportsDiskQuotas SupportsFileBasedCompression SystemCreationClassName',
  namespace: 'root/cimv2',
  keys: ['DeviceID'],
  instances: (machine) =>
    [...machine.files.volumes.values()].map((volume) => ({
      DeviceID: volume.drive,
      Caption: volume.drive,
      Name: volume.drive,
      DriveType: uint32(volume.driveType ?? 3),
      FileSystem: volume.fileSystem ?? 'NTFS',
      FreeSpace: uint64(machine.files.freeBytes(volume.drive)),
      Size: uint64(volume.sizeBytes),
      SystemName: machine.name,
      VolumeName: volume.label,
      VolumeSerialNumber: volume.serial.toString(16).toUpperCase(),
      VolumeDirty: machine.hardware.disks.health(volume.drive).isDirty,
    })),
};

const volumeClass: CimClass = {
  name: 'Win32_Volume',
  outside:
    'Access Automount Availability BlockSize Caption Compressed ConfigManagerErrorCode ConfigManagerUserConfig CreationClassName Description ErrorCleared ErrorDescription ErrorMethodology IndexingEnabled InstallDate LastErrorCode MaximumFileNameLength NumberOfBlocks PageFilePresent PNPDeviceID PowerManagementCapabilities PowerManagementSupported Purpose QuotasEnabled QuotasIncomplete QuotasRebuilding SerialNumber Status StatusInfo SupportsDiskQuotas SupportsFileBasedCompression SystemCreationClassName SystemName',
  namespace: 'root/cimv2',
  keys: ['DeviceID'],
  instances: (machine) =>
    [...machine.files.volumes.values()].map((volume) => ({
      DeviceID: `\\\\?\\Volume${volume.guid}\\`,
      Capacity: uint64(volume.sizeBytes),
      DirtyBitSet: machine.hardware.disks.health(volume.drive).isDirty,
      DriveLetter: volume.drive,
      DriveType: uint32(volume.driveType ?? 3),
      FileSystem: volume.fileSystem ?? 'NTFS',
      FreeSpace: uint64(machine.files.freeBytes(volume.drive)),
      Label: volume.label,
      Name: `${volume.drive}\\`,
      SystemVolume: volume.drive === 'C:',
      BootVolume: volume.drive === 'C:',
    })),
};

const processClass: CimClass = {
  name: 'Win32_Process',
  outside:
    'CreationClassName CSCreationClassName CSName Description ExecutionState HandleCount InstallDate KernelModeTime MaximumWorkingSetSize MinimumWorkingSetSize OSCreationClassName OSName OtherOperationCount OtherTransferCount PageFaults PageFileUsage PeakPageFileUsage PeakVirtualSize PeakWorkingSetSize Priority PrivatePageCount QuotaNonPagedPoolUsage QuotaPagedPoolUsage QuotaPeakNonPagedPoolUsage QuotaPeakPagedPoolUsage ReadOperationCount ReadTransferCount Status TerminationDate UserModeTime VirtualSize WindowsVersion WriteOperationCount WriteTransferCount',
  namespace: 'root/cimv2',
  keys: ['Handle'],
  instances: (machine) =>
    machine.processes.all().map((process) => ({
      Handle: String(process.pid),
      Name: process.pid === 4 ? 'System' : `${process.name}.exe`,
      Caption: process.pid === 4 ? 'System' : `${process.name}.exe`,
      CommandLine: process.pid === 4 ? null : process.commandLine,
      CreationDate: local(machine, process.startedWallMs),
      ExecutablePath: process.path === '' ? null : process.path,
      ParentProcessId: uint32(process.parentPid),
      ProcessId: uint32(process.pid),
      SessionId: uint32(process.sessionId),
      ThreadCount: uint32(8),
      WorkingSetSize: uint64(48 * 2 ** 20),
    })),
  methods: {
    GetOwner: ({ machine, self }) => {
      const process = machine.processes.get(Number(self?.values.get('Handle')));
      const [domain = '', user = ''] = (process?.account.name ?? '').split('\\');
      return { Domain: domain, User: user, ReturnValue: uint32(process ? 0 : 2) };
    },
    GetOwnerSid: ({ machine, self }) => {
      const process = machine.processes.get(Number(self?.values.get('Handle')));
      return { Sid: process?.account.sid ?? null, ReturnValue: uint32(process ? 0 : 2) };
    },
    *Terminate({ machine, self, pid }) {
      const target = Number(self?.values.get('Handle'));
      if (!machine.processes.get(target)) return { ReturnValue: uint32(2) };
      yield machine.processes.end(target, 0, pid);
      return { ReturnValue: uint32(0) };
    },
  },
};

const bios: CimClass = {
  name: 'Win32_BIOS',
  outside:
    'BiosCharacteristics BIOSVersion BuildNumber Caption CodeSet CurrentLanguage Description EmbeddedControllerMajorVersion EmbeddedControllerMinorVersion IdentificationCode InstallableLanguages InstallDate LanguageEdition ListOfLanguages OtherTargetOS PrimaryBIOS SMBIOSMajorVersion SMBIOSMinorVersion SMBIOSPresent SoftwareElementID SoftwareElementState Status SystemBiosMajorVersion SystemBiosMinorVersion TargetOperatingSystem',
  namespace: 'root/cimv2',
  keys: ['Name'],
  instances: (machine) => [
    {
      Name: 'Default System BIOS',
      Manufacturer: machine.edition.productType === 1 ? 'Contoso' : 'Lenovo',
      ReleaseDate: local(machine, machine.hardware.firmware.state.bios.releasedMs),
      SMBIOSBIOSVersion: machine.hardware.firmware.state.bios.version,
      SerialNumber: machine.machineId.slice(0, 8).toUpperCase(),
      Version: 'LAB - 1',
    },
  ],
};

const hotFix: CimClass = {
  name: 'Win32_QuickFixEngineering',
  outside: 'Caption FixComments InstallDate Name ServicePackInEffect Status',
  namespace: 'root/cimv2',
  keys: ['HotFixID'],
  instances: (machine) =>
    machine.hardware.packages.updates
      .filter(({ state }) => state === 'Installed' || state === 'Superseded')
      .map(({ kb, category, installedMs }) => ({
        HotFixID: kb,
        Description: category,
        InstalledOn: local(machine, installedMs),
        InstalledBy: 'NT AUTHORITY\\SYSTEM',
        CSName: machine.name,
      })),
};

const timeZone: CimClass = {
  name: 'Win32_TimeZone',
  outside:
    'DaylightBias DaylightDay DaylightDayOfWeek DaylightHour DaylightMillisecond DaylightMinute DaylightMonth DaylightName DaylightSecond DaylightYear Description SettingID StandardBias StandardDay StandardDayOfWeek StandardHour StandardMillisecond StandardMinute StandardMonth StandardSecond StandardYear',
  namespace: 'root/cimv2',
  keys: ['StandardName'],
  instances: (machine) => [
    { StandardName: machine.timeZone.id, Caption: machine.timeZone.id, Bias: machine.timeZone.offsetMinutes },
  ],
};

/** System, disk and process classes. */
export const systemClasses = [
  operatingSystem,
  computerSystem,
  logicalDisk,
  volumeClass,
  processClass,
  bios,
  hotFix,
  timeZone,
];
