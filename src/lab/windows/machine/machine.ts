import type { Task } from '../../evaluator/host.ts';
import { type Account, isElevated, systemAccount } from '../accounts.ts';
import { AppPackages } from './apps/app-packages.ts';
import { ChangeFeed, systemPid } from './change-feed.ts';
import { Hardware } from './devices/hardware.ts';
import { EventLogs } from './event-log.ts';
import { createNode, type Volume } from './files/file-node.ts';
import { FileSystem } from './files/file-system.ts';
import { FilterDrivers } from './files/filter-drivers.ts';
import { Network } from './network/network.ts';
import { OutsideFailures } from './outside-failures.ts';
import { GroupPolicy } from './policy/group-policy.ts';
import { Power } from './power.ts';
import { Processes, type SimulatedProcess } from './processes.ts';
import { Defender } from './protection/defender.ts';
import { RestorePoints } from './protection/restore-points.ts';
import { ShadowCopies } from './protection/shadow-copies.ts';
import { Hives } from './registry/hives.ts';
import { Registry } from './registry/registry.ts';
import { allows, type MayUse, tokenSids } from './rights/access-check.ts';
import { RoleFeatures } from './roles/role-features.ts';
import { Services } from './services/services.ts';
import { SimulatedClock } from './simulated-clock.ts';
import { ScheduledTasks } from './tasks/scheduled-tasks.ts';
import { TimeService } from './time-service.ts';
import { ComponentStore } from './updates/component-store.ts';
import { TransferQueue } from './updates/transfer-queue.ts';
import { UpdateAgent } from './updates/update-agent.ts';
import { Users } from './users/users.ts';
import { WebServer } from './web/web-server.ts';
import { UpdateServer } from './wsus/update-server.ts';

/** What kind of Windows the machine is. */
export type WindowsEdition = {
  /** e.g. `Microsoft Windows 11 Pro`. */
  readonly caption: string;
  /** ProductName in the registry. */
  readonly productName: string;
  /** `10.0.26100`. */
  readonly version: string;
  readonly build: number;
  readonly ubr: number;
  /** e.g. `24H2`; Server 2019 has none. */
  readonly displayVersion?: string;
  readonly editionId: string;
  /** 1 client, 2 domain controller, 3 server. */
  readonly productType: 1 | 2 | 3;
  /** OperatingSystemSKU of Win32_OperatingSystem. */
  readonly sku: number;
};

/** What a machine is made of at first. */
export type MachineSetup = {
  readonly name: string;
  readonly edition: WindowsEdition;
  /** Display language, e.g. `en-US`, `ja-JP`. */
  readonly uiLanguage: string;
  readonly timeZone: { readonly id: string; readonly offsetMinutes: number };
  readonly memoryBytes: number;
  readonly volume: { readonly sizeBytes: number; readonly freeBytes: number };
  readonly uptimeMs: number;
  readonly executionPolicy: string;
  readonly eventLogs: readonly string[];
  /** Logon names of local administrators. */
  readonly users: readonly string[];
  readonly machineId: string;
};

/** A simulated Windows machine: its sub-models, and the feed through which every change of them goes. */
export class Machine {
  readonly name: string;
  /** What Windows it is now: updates and setup exchange it as a whole. */
  edition: WindowsEdition;
  readonly uiLanguage: string;
  readonly timeZone: MachineSetup['timeZone'];
  readonly memoryBytes: number;
  readonly machineId: string;
  readonly clock: SimulatedClock;
  readonly changes: ChangeFeed;
  readonly files: FileSystem;
  readonly registry: Registry;
  readonly processes: Processes;
  readonly events: EventLogs;
  readonly services: Services;
  readonly tasks: ScheduledTasks;
  readonly update = new UpdateAgent(this);
  readonly components = new ComponentStore(this);
  readonly restore = new RestorePoints(this);
  readonly shadows = new ShadowCopies(this);
  readonly time = new TimeService(this);
  readonly defender = new Defender(this);
  readonly power = new Power(this);
  /** IIS, where it is installed. */
  readonly web = new WebServer(this);
  /** The update server, where it is installed. */
  readonly wsus = new UpdateServer(this);
  readonly roles: RoleFeatures;
  /** Local accounts. */
  readonly #accounts: Account[] = [];
  readonly hardware: Hardware;
  readonly network: Network;
  readonly policy = new GroupPolicy(this);
  readonly transfers = new TransferQueue(this);
  readonly filters = new FilterDrivers(this);
  readonly hives = new Hives(this);
  readonly users = new Users(this);
  readonly apps = new AppPackages(this);
  /** Execution policy of the machine scope. */
  executionPolicy: string;
  languageMode: 'FullLanguage' | 'ConstrainedLanguage' = 'FullLanguage';
  /** Asked before each cmdlet and program, with its name or path and the process that runs it: something to be done first. */
  beforeCommand: ((name: string, pid: number) => Task<void> | undefined) | undefined;
  /** What ran beside the scripts of whoever works with the machine and could not be simulated. */
  readonly outside = new OutsideFailures();
  /** Optional features: name and whether it is on. */
  readonly features = new Map<string, boolean>();
  /** Environment variables of every new process. */
  readonly environment = new Map<string, string>();

  /** @param setup what the machine is made of */
  constructor(setup: MachineSetup) {
    this.name = setup.name;
    this.edition = setup.edition;
    this.uiLanguage = setup.uiLanguage;
    this.timeZone = setup.timeZone;
    this.memoryBytes = setup.memoryBytes;
    this.machineId = setup.machineId;
    this.executionPolicy = setup.executionPolicy;
    this.clock = new SimulatedClock({
      skewMs: 0,
      uptimeMs: setup.uptimeMs,
      isGone: (pid) => this.processes.hasEnded(pid),
    });
    this.changes = new ChangeFeed({ hold: (pid) => this.clock.hold(pid) });
    const now = (): number => this.clock.wallMs();
    const may: MayUse = (pid, security, inherited, wanted) => {
      const process = pid === systemPid ? undefined : this.processes.get(pid);
      return (
        !process || allows(tokenSids(process.account), security, inherited, wanted, process.account.denyOnly ?? [])
      );
    };
    this.files = new FileSystem(this.changes, now, may);
    this.files.takesOwnership = (pid) => {
      const account = this.processes.get(pid)?.account;
      return account ? isElevated(account) : pid === systemPid;
    };
    this.files.ownerFor = (pid) => {
      const account = pid === systemPid ? undefined : this.processes.get(pid)?.account;
      return account && !isElevated(account) ? account.sid : undefined;
    };
    this.files.volumes.set('C:', this.#createVolume(setup));
    this.registry = new Registry(this.changes, may);
    this.network = new Network(this);
    this.processes = new Processes(this.changes, this.clock, (pid) => {
      this.files.handles.closeAllOf(pid);
      this.hives.closeAllOf(pid);
    });
    this.events = new EventLogs(setup.name, now, setup.eventLogs);
    this.services = new Services({
      changes: this.changes,
      clock: this.clock,
      processes: this.processes,
      registry: this.registry,
      events: this.events,
      fileExists: (path) => this.files.exists(path),
      may,
    });
    this.tasks = new ScheduledTasks(this);
    this.hardware = new Hardware(this);
    this.processes.start({ pid: 4, name: 'System', path: '', parentPid: 0 });
    this.roles = new RoleFeatures(this);
    for (const user of setup.users) this.addAccount(user, ['S-1-5-32-544', 'S-1-5-32-545', 'S-1-5-11', 'S-1-5-2']);
  }

  /** Adds a local account that is a member of the groups. */
  addAccount(user: string, groups: readonly string[]): Account {
    const account: Account = {
      name: `${this.name}\\${user}`,
      sid: `S-1-5-21-1004336348-1177238915-682003330-${1001 + this.#accounts.length}`,
      groups,
      logon: 'network',
    };
    this.#accounts.push(account);
    return account;
  }

  /** Accounts of people, then those that Windows makes for application pools. */
  get accounts(): readonly Account[] {
    return [...this.#accounts, ...this.web.virtualAccounts()];
  }

  /** Puts a local account in the place of the one with its SID. */
  replaceAccount(account: Account): void {
    const at = this.#accounts.findIndex(({ sid }) => sid === account.sid);
    if (at >= 0) this.#accounts[at] = account;
  }

  /** The account of a logon name; an unknown name gets that of SYSTEM's company: none. */
  accountOf(name: string): Account | undefined {
    const leaf = name.slice(name.lastIndexOf('\\') + 1).toLowerCase();
    if (leaf === 'system' || name === systemAccount.sid) return systemAccount;
    return this.accounts.find((account) => account.name.toLowerCase().endsWith(`\\${leaf}`) || account.sid === name);
  }

  /** Environment variables of a new process of an account. */
  newEnvironment(account: Account): SimulatedProcess['environment'] {
    const leaf = account.name.slice(account.name.lastIndexOf('\\') + 1);
    const isSystem = account.sid === systemAccount.sid;
    const profile = isSystem
      ? 'C:\\Windows\\system32\\config\\systemprofile'
      : (this.users.profileOf(account.sid) ?? `C:\\Users\\${leaf}`);
    const temp = (name: string): string => {
      if (isSystem) return this.#systemTemp();
      const set = this.registry.data(`HKEY_USERS\\${account.sid}\\Environment`, name);
      return typeof set === 'string' ? set.replace(/%USERPROFILE%/i, profile) : `${profile}\\AppData\\Local\\Temp`;
    };
    const own = {
      USERPROFILE: profile,
      USERNAME: isSystem ? `${this.name}$` : leaf,
      USERDOMAIN: this.name,
      TEMP: temp('TEMP'),
      TMP: temp('TMP'),
      APPDATA: `${profile}\\AppData\\Roaming`,
      LOCALAPPDATA: `${profile}\\AppData\\Local`,
      COMPUTERNAME: this.name,
    };
    return new Map(
      [...this.environment, ...Object.entries(own)].map(([name, value]) => [name.toUpperCase(), { name, value }]),
    );
  }

  /** Ends timers; the machine is not used any more. */
  close(): void {
    this.clock.close();
  }

  /** What the registry sets as folder for temporary files of the system. */
  #systemTemp(): string {
    const key = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment';
    const set = this.registry.data(key, 'TEMP');
    return typeof set === 'string' ? set.replace(/%(?:systemroot|windir)%/i, 'C:\\Windows') : 'C:\\Windows\\TEMP';
  }

  #createVolume(setup: MachineSetup): Volume {
    return {
      drive: 'C:',
      label: 'Windows',
      serial: 0x5ac3_19d0,
      guid: '{6f2d1a0c-3b57-4c1e-9a44-0d1f6e5b7c21}',
      sizeBytes: setup.volume.sizeBytes,
      otherBytes: setup.volume.sizeBytes - setup.volume.freeBytes,
      usedBytes: 0,
      root: createNode('', true, this.clock.wallMs(), {
        security: {
          owner: 'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464',
          group: 'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464',
          isProtected: true,
          rules: [
            { allow: true, flags: ['OI', 'CI'], rights: 0x1f01ff, sid: 'S-1-5-18' },
            { allow: true, flags: ['OI', 'CI'], rights: 0x1f01ff, sid: 'S-1-5-32-544' },
            { allow: true, flags: ['OI', 'CI'], rights: 0x1200a9, sid: 'S-1-5-32-545' },
          ],
        },
      }),
    };
  }
}
