import { systemPid } from '../../windows/machine/change-feed.ts';
import type { Machine } from '../../windows/machine/machine.ts';
import { firewallRulesKey } from '../../windows/machine/network/firewall.ts';
import type { RegistryData, RegistryKind } from '../../windows/machine/registry/registry.ts';

/** The usual kind of registry data. */
export const kindOf = (data: RegistryData): RegistryKind =>
  typeof data === 'number'
    ? 'DWord'
    : typeof data === 'bigint'
      ? 'QWord'
      : data instanceof Uint8Array
        ? 'Binary'
        : typeof data === 'string'
          ? 'String'
          : 'MultiString';

/** Sets values of a key; text with a percent sign becomes ExpandString. */
export const placeValues = (machine: Machine, key: string, values: Readonly<Record<string, RegistryData>>): void => {
  if (!machine.registry.find(key)) void machine.registry.create(key, systemPid);
  for (const [name, data] of Object.entries(values)) {
    const kind = typeof data === 'string' && /%\w+%/.test(data) ? 'ExpandString' : kindOf(data);
    void machine.registry.set(key, { name, kind, data }, systemPid);
  }
};

/** Service DLLs of the services that run in svchost. */
const serviceDlls: Readonly<Record<string, string>> = {
  wuauserv: '%systemroot%\\system32\\wuaueng.dll',
  BITS: '%SystemRoot%\\System32\\qmgr.dll',
  CryptSvc: '%SystemRoot%\\system32\\cryptsvc.dll',
  UsoSvc: '%systemroot%\\system32\\usosvc.dll',
  W32Time: '%systemroot%\\system32\\w32time.dll',
};

/** WinRM as a fresh Windows Server has it, where its settings are kept: one listener for HTTP, and the firewall's rule for it. */
const placeRemoting = (place: (key: string, values?: Readonly<Record<string, RegistryData>>) => void): void => {
  const winrm = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WSMAN';
  place(winrm, { StackVersion: '2.0' });
  place(`${winrm}\\Listener\\*+HTTP`, { uriprefix: 'wsman', Port: 5985 });
  place(`${winrm}\\Service`);
  place(`${winrm}\\Plugin\\Microsoft.PowerShell`, {
    ConfigXML: '<PlugInConfiguration Name="Microsoft.PowerShell" Enabled="true"/>',
  });
  place(firewallRulesKey, {
    'WINRM-HTTP-In-TCP': 'v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|Profile=Domain|LPort=5985|App=System|',
  });
};

/** Lays the registry of a fresh Windows. */
export const createBaseRegistry = (machine: Machine): void => {
  const { edition, machineId, uiLanguage, timeZone } = machine;
  const root = machine.registry;
  root.setOwnSddl('HKLM\\SOFTWARE', 'O:BAG:SYD:PAI(A;CI;KR;;;BU)(A;CI;KA;;;BA)(A;CI;KA;;;SY)');
  root.setOwnSddl('HKLM\\SYSTEM', 'O:BAG:SYD:PAI(A;CI;KR;;;BU)(A;CI;KA;;;BA)(A;CI;KA;;;SY)');
  const place = (key: string, values: Readonly<Record<string, RegistryData>> = {}): void =>
    placeValues(machine, key, values);
  const current = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';
  place(current, {
    CurrentBuild: String(edition.build),
    CurrentBuildNumber: String(edition.build),
    CurrentMajorVersionNumber: 10,
    CurrentMinorVersionNumber: 0,
    CurrentVersion: '6.3',
    ...(edition.displayVersion === undefined ? {} : { DisplayVersion: edition.displayVersion }),
    EditionID: edition.editionId,
    InstallationType: edition.productType === 1 ? 'Client' : 'Server',
    ProductName: edition.productName,
    // 2024-10-03, in seconds since 1970.
    InstallDate: Date.UTC(2024, 9, 3) / 1000,
    UBR: edition.ubr,
    SystemRoot: 'C:\\Windows',
  });
  if (edition.productType === 1) place(`${current}\\SystemRestore`, { RPSessionInterval: 1 });
  placeRemoting(place);
  place(`${current}\\ProfileList`, {
    Default: '%SystemDrive%\\Users\\Default',
    ProfilesDirectory: '%SystemDrive%\\Users',
    Public: '%SystemDrive%\\Users\\Public',
    ProgramData: '%SystemDrive%\\ProgramData',
  });
  place('HKLM\\SOFTWARE\\Microsoft\\Cryptography', { MachineGuid: machineId });
  place('HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion', {
    ProgramFilesDir: 'C:\\Program Files',
    CommonFilesDir: 'C:\\Program Files\\Common Files',
  });
  place('HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing', {
    TrustedInstallerDefaultStart: 3,
  });
  place('HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate\\Auto Update', { IsOOBEInProgress: 0 });
  place('HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System', {
    EnableLUA: 1,
    ConsentPromptBehaviorAdmin: 5,
    LocalAccountTokenFilterPolicy: 1,
  });
  place('HKLM\\SOFTWARE\\Microsoft\\PowerShell\\1\\ShellIds\\Microsoft.PowerShell', {
    ExecutionPolicy: machine.executionPolicy,
  });
  place('HKLM\\SOFTWARE\\Microsoft\\WindowsUpdate\\UX\\Settings', { ActiveHoursStart: 8, ActiveHoursEnd: 17 });
  place('HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows');
  const control = 'HKLM\\SYSTEM\\CurrentControlSet\\Control';
  place(`${control}\\ComputerName\\ActiveComputerName`, { ComputerName: machine.name });
  place(
    `${control}\\Nls\\CodePage`,
    uiLanguage === 'ja-JP' ? { ACP: '932', OEMCP: '932' } : { ACP: '1252', OEMCP: '437' },
  );
  place(`${control}\\Nls\\Language`, {
    InstallLanguage: uiLanguage === 'ja-JP' ? '0411' : '0409',
    Default: uiLanguage === 'ja-JP' ? '0411' : '0409',
  });
  place(`${control}\\Session Manager`, { CriticalSectionTimeout: 2_592_000 });
  place(`${control}\\Session Manager\\Environment`, {
    windir: '%SystemRoot%',
    TEMP: '%SystemRoot%\\TEMP',
    OS: 'Windows_NT',
  });
  place(`${control}\\Session Manager\\Power`, { HiberbootEnabled: edition.productType === 1 ? 1 : 0 });
  place(`${control}\\TimeZoneInformation`, { TimeZoneKeyName: timeZone.id });
  place('HKLM\\SYSTEM\\Setup', { SystemSetupInProgress: 0 });
  for (const [service, dll] of Object.entries(serviceDlls))
    place(`HKLM\\SYSTEM\\CurrentControlSet\\Services\\${service}\\Parameters`, { ServiceDll: dll });
  const time = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\W32Time';
  place(`${time}\\Parameters`, { NtpServer: 'time.windows.com,0x9', Type: 'NTP', ServiceMain: 'SvchostEntry_W32Time' });
  place(`${time}\\Config`, { MaxPosPhaseCorrection: 54_000, MaxNegPhaseCorrection: 54_000, UpdateInterval: 360_000 });
  place(`${time}\\TimeProviders\\NtpClient`, { Enabled: 1, SpecialPollInterval: 32_768 });
  place(`${time}\\TimeProviders\\NtpServer`, { Enabled: 0 });
  // The provider of a hypervisor's guest is there and on everywhere, on real machines, too.
  place(`${time}\\TimeProviders\\VMICTimeProvider`, { Enabled: 1 });
};
