import { type Service, type ServiceStart, usualServiceSddl } from '../../windows/machine/services/service.ts';

/** One row of the table of services. */
type Row = {
  readonly name: string;
  readonly display: string;
  /** `auto`, `delayed`, `manual`, with `+trigger`; and whether it runs. */
  readonly start: 'auto' | 'delayed' | 'manual' | 'disabled';
  readonly trigger?: boolean;
  readonly running?: boolean;
  readonly needs?: readonly string[];
  readonly account?: string;
  /** Program where it is not svchost.exe; the group of svchost otherwise. */
  readonly program?: string;
  readonly group?: string;
  readonly wantedAfterMs?: number;
  readonly isProtected?: boolean;
  /** Not on servers. */
  readonly clientOnly?: boolean;
};

const networkService = 'NT AUTHORITY\\NetworkService';
const localService = 'NT AUTHORITY\\LocalService';

// What services are there, how they start and on what they hang is that of a fresh Windows; wantedAfterMs says after how much time
// something in Windows starts a stopped service again (any signature check wants cryptsvc, the orchestrator wants wuauserv).
// biome-ignore format: a table
const rows: readonly Row[] = [
  { name: 'DcomLaunch', display: 'DCOM Server Process Launcher', start: 'auto', running: true, group: 'DcomLaunch', isProtected: true },
  { name: 'RpcEptMapper', display: 'RPC Endpoint Mapper', start: 'auto', running: true, account: networkService, group: 'RPCSS', isProtected: true },
  { name: 'RpcSs', display: 'Remote Procedure Call (RPC)', start: 'auto', running: true, needs: ['RpcEptMapper', 'DcomLaunch'], account: networkService, group: 'rpcss', isProtected: true },
  { name: 'EventLog', display: 'Windows Event Log', start: 'auto', running: true, account: localService, group: 'LocalServiceNetworkRestricted', isProtected: true },
  { name: 'EventSystem', display: 'COM+ Event System', start: 'auto', running: true, needs: ['RpcSs'], account: localService, group: 'LocalService' },
  { name: 'Schedule', display: 'Task Scheduler', start: 'auto', running: true, needs: ['RpcSs'], group: 'netsvcs', isProtected: true },
  { name: 'Winmgmt', display: 'Windows Management Instrumentation', start: 'auto', running: true, needs: ['RpcSs'], group: 'netsvcs' },
  { name: 'WinRM', display: 'Windows Remote Management (WS-Management)', start: 'auto', running: true, needs: ['RpcSs'], account: networkService, group: 'NetworkService' },
  { name: 'CryptSvc', display: 'Cryptographic Services', start: 'auto', running: true, needs: ['RpcSs'], account: networkService, group: 'NetworkService', wantedAfterMs: 8000 },
  { name: 'wuauserv', display: 'Windows Update', start: 'manual', trigger: true, running: true, needs: ['RpcSs'], group: 'netsvcs', wantedAfterMs: 25_000 },
  { name: 'BITS', display: 'Background Intelligent Transfer Service', start: 'manual', running: false, needs: ['RpcSs'], group: 'netsvcs' },
  { name: 'UsoSvc', display: 'Update Orchestrator Service', start: 'delayed', running: true, needs: ['RpcSs'], group: 'netsvcs', wantedAfterMs: 40_000 },
  { name: 'WaaSMedicSvc', display: 'Windows Update Medic Service', start: 'manual', running: false, needs: ['RpcSs'], group: 'wusvcs', isProtected: true },
  { name: 'DoSvc', display: 'Delivery Optimization', start: 'delayed', trigger: true, running: true, needs: ['RpcSs'], account: networkService, group: 'NetworkService' },
  { name: 'msiserver', display: 'Windows Installer', start: 'manual', needs: ['RpcSs'], program: 'C:\\Windows\\system32\\msiexec.exe /V' },
  { name: 'TrustedInstaller', display: 'Windows Modules Installer', start: 'manual', program: 'C:\\Windows\\servicing\\TrustedInstaller.exe' },
  { name: 'AppIDSvc', display: 'Application Identity', start: 'manual', trigger: true, needs: ['RpcSs'], account: localService, group: 'LocalServiceNetworkRestricted' },
  { name: 'W32Time', display: 'Windows Time', start: 'manual', trigger: true, account: localService, group: 'LocalService' },
  { name: 'VSS', display: 'Volume Shadow Copy', start: 'manual', needs: ['RpcSs'], program: 'C:\\Windows\\system32\\vssvc.exe' },
  { name: 'swprv', display: 'Microsoft Software Shadow Copy Provider', start: 'manual', needs: ['RpcSs'], group: 'swprv' },
  { name: 'BFE', display: 'Base Filtering Engine', start: 'auto', running: true, needs: ['RpcSs'], account: localService, group: 'LocalServiceNoNetworkFirewall', isProtected: true },
  { name: 'mpssvc', display: 'Windows Defender Firewall', start: 'auto', running: true, needs: ['BFE'], account: localService, group: 'LocalServiceNoNetworkFirewall', isProtected: true },
  { name: 'WinDefend', display: 'Microsoft Defender Antivirus Service', start: 'auto', running: true, needs: ['RpcSs'], program: '"C:\\ProgramData\\Microsoft\\Windows Defender\\platform\\4.18.25110.6-0\\MsMpEng.exe"', isProtected: true },
  { name: 'LanmanServer', display: 'Server', start: 'auto', running: true, group: 'netsvcs' },
  { name: 'LanmanWorkstation', display: 'Workstation', start: 'auto', running: true, account: networkService, group: 'NetworkService' },
  { name: 'Dnscache', display: 'DNS Client', start: 'auto', running: true, account: networkService, group: 'NetworkService', isProtected: true },
  { name: 'Spooler', display: 'Print Spooler', start: 'auto', running: true, needs: ['RpcSs'], program: 'C:\\Windows\\System32\\spoolsv.exe' },
  { name: 'gpsvc', display: 'Group Policy Client', start: 'auto', trigger: true, running: true, needs: ['RpcSs'], group: 'GPSvcGroup', isProtected: true },
  { name: 'ProfSvc', display: 'User Profile Service', start: 'auto', running: true, needs: ['RpcSs'], group: 'netsvcs' },
  { name: 'SENS', display: 'System Event Notification Service', start: 'auto', running: true, needs: ['EventSystem'], group: 'netsvcs' },
  { name: 'tzautoupdate', display: 'Auto Time Zone Updater', start: 'disabled', trigger: true, account: localService, group: 'LocalService' },
  { name: 'StorSvc', display: 'Storage Service', start: 'delayed', trigger: true, running: true, needs: ['RpcSs'], group: 'LocalSystemNetworkRestricted' },
  { name: 'sppsvc', display: 'Software Protection', start: 'delayed', trigger: true, running: true, needs: ['RpcSs'], account: networkService, program: 'C:\\Windows\\system32\\sppsvc.exe' },
  { name: 'WpnService', display: 'Windows Push Notifications System Service', start: 'auto', running: true, needs: ['RpcSs'], group: 'netsvcs' },
  { name: 'SessionEnv', display: 'Remote Desktop Configuration', start: 'manual', needs: ['RpcSs', 'LanmanWorkstation'], group: 'netsvcs' },
  { name: 'TermService', display: 'Remote Desktop Services', start: 'manual', needs: ['RpcSs'], account: networkService, group: 'NetworkService' },
  { name: 'wscsvc', display: 'Security Center', start: 'delayed', running: true, needs: ['RpcSs'], account: localService, group: 'LocalServiceNetworkRestricted', isProtected: true, clientOnly: true },
  { name: 'ClipSVC', display: 'Client License Service (ClipSVC)', start: 'manual', trigger: true, needs: ['RpcSs'], group: 'wsappx', clientOnly: true },
  { name: 'LicenseManager', display: 'Windows License Manager Service', start: 'manual', trigger: true, needs: ['RpcSs'], account: localService, group: 'LocalService', clientOnly: true },
  { name: 'InstallService', display: 'Microsoft Store Install Service', start: 'manual', needs: ['RpcSs'], group: 'netsvcs', clientOnly: true },
  { name: 'wlidsvc', display: 'Microsoft Account Sign-in Assistant', start: 'manual', trigger: true, needs: ['RpcSs'], group: 'netsvcs', clientOnly: true },
  { name: 'TokenBroker', display: 'Web Account Manager', start: 'manual', needs: ['RpcSs'], group: 'netsvcs', clientOnly: true },
  { name: 'AppXSvc', display: 'AppX Deployment Service (AppXSVC)', start: 'manual', trigger: true, needs: ['RpcSs'], group: 'wsappx', clientOnly: true },
];

const starts: Readonly<Record<Row['start'], ServiceStart>> = {
  auto: 'Automatic',
  delayed: 'Automatic',
  manual: 'Manual',
  disabled: 'Disabled',
};

/** The services of a fresh Windows, newly made. */
export const createBaseServices = (isClient: boolean): Service[] =>
  rows
    .filter((row) => isClient || !row.clientOnly)
    .map((row) => ({
      name: row.name,
      displayName: row.display,
      description: row.display,
      start: starts[row.start],
      delayedStart: row.start === 'delayed',
      trigger: row.trigger ?? false,
      wantedAfterMs: row.wantedAfterMs,
      state: row.running ? 'Running' : 'Stopped',
      pid: 0,
      dependsOn: row.needs ?? [],
      account: row.account ?? 'LocalSystem',
      path: row.program ?? `%SystemRoot%\\System32\\svchost.exe -k ${row.group ?? 'netsvcs'} -p`,
      type: row.program ? 16 : 32,
      exitCode: row.running ? 0 : 1077,
      sddl: usualServiceSddl,
      hostGroup: undefined,
      isProtected: row.isProtected ?? false,
      stopHangs: false,
    }));
