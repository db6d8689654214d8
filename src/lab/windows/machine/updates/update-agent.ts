import { systemPid } from '../change-feed.ts';
import type { FileHandle } from '../files/file-handles.ts';
import type { Machine } from '../machine.ts';
import { mayUseFile, serviceTokens, wantedRights } from '../rights/access-check.ts';
import type { SecurityDescriptor } from '../rights/security-descriptor.ts';
import { hresultOf, Win32Fault, win32 } from '../win32-fault.ts';
import { decodeDatabase, encodeDatabase, type OfferedUpdate, type UpdateDatabase } from './update-database.ts';
import { searchFailed, searchFound } from './update-events.ts';
import { UpdateFault } from './update-fault.ts';
import { askSource, serverSelection, usesWsus } from './update-source.ts';

/** The agent's cache. */
export const cacheFolder = 'C:\\Windows\\SoftwareDistribution';
const databasePath = `${cacheFolder}\\DataStore\\DataStore.edb`;
/** The catalogue databases of the cryptographic service. */
export const catalogFolder = 'C:\\Windows\\System32\\catroot2';
/** Sub-folders of catroot2: catalogs of drivers and of the system. */
const catalogGuids = ['{F750E6C3-38EE-11D1-85E5-00C04FC295EE}', '{127D0A1D-4EF2-11D1-8608-00C04FC295EE}'];
/** Rights of catroot2: SYSTEM and administrators, and the cryptographic service. */
export const catalogSecurity: SecurityDescriptor = {
  owner: 'S-1-5-18',
  group: 'S-1-5-18',
  isProtected: true,
  rules: [
    { allow: true, flags: ['OI', 'CI'], rights: 0x1f01ff, sid: 'S-1-5-18' },
    { allow: true, flags: ['OI', 'CI'], rights: 0x1f01ff, sid: 'S-1-5-32-544' },
    {
      allow: true,
      flags: ['OI', 'CI'],
      rights: 0x1301bf,
      sid: 'S-1-5-80-242729624-280608522-2219052887-3187409060-2225943459',
    },
  ],
};
/** Rights of the cache: SYSTEM and administrators. */
const cacheSecurity: SecurityDescriptor = { ...catalogSecurity, rules: catalogSecurity.rules.slice(0, 2) };
const clientKey = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate';
const policyKey = 'HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\WindowsUpdate';
const settingsKey = 'HKLM\\SOFTWARE\\Microsoft\\WindowsUpdate\\UX\\Settings';

/** The Windows Update agent with its cache, and the catalogue database of the cryptographic service. */
export class UpdateAgent {
  readonly #machine: Machine;
  readonly #open = new Map<string, FileHandle[]>();
  /** What the update source offers and this machine has not installed. */
  offered: OfferedUpdate[] = [];
  /** Installed, and waiting for the restart that completes them. */
  pending: OfferedUpdate[] = [];
  /** How long a search takes, in ms. */
  searchMs = 45_000;

  /** @param machine whose agent it is; hangs itself into the services */
  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Whether the source that policies name can be reached. */
  get isReachable(): boolean {
    try {
      askSource(this.#machine, serverSelection.usual);
      return true;
    } catch (error) {
      if (error instanceof UpdateFault) return false;
      throw error;
    }
  }

  /** Makes the services rebuild and hold open what is theirs. Called once the base is complete. */
  attach(): void {
    const { services, power } = this.#machine;
    services.setRoutine('wuauserv', {
      started: (service) => {
        this.#ensureDatabase();
        this.#ensureClientId();
        this.#hold('wuauserv', [databasePath], service.pid);
      },
      stopped: () => this.#letGo('wuauserv'),
    });
    services.setRoutine('cryptsvc', {
      started: (service) => {
        this.#ensureCatalogs();
        this.#hold(
          'cryptsvc',
          catalogGuids.map((guid) => `${catalogFolder}\\${guid}\\catdb`),
          service.pid,
        );
      },
      stopped: () => this.#letGo('cryptsvc'),
    });
    power.watch((state) => {
      if (state === 'up') this.#complete();
    });
  }

  /**
   * Searches for updates as the agent does; writes event 26 or 25.
   * @param selection IUpdateSearcher.ServerSelection
   * @throws UpdateFault with the HRESULT
   */
  search(selection: number = serverSelection.usual): readonly OfferedUpdate[] {
    const { events, clock } = this.#machine;
    try {
      const database = this.readDatabase();
      if (database.payloads.some(({ file }) => !this.#machine.files.exists(file))) throw new UpdateFault(hresultOf(2));
      askSource(this.#machine, selection);
      const found = this.offered.filter(({ kind }) =>
        this.isPaused ? kind === 'definition' : kind !== 'driver' || !this.#excludesDrivers,
      );
      searchFound(events, found.length);
      if (usesWsus(this.#machine)) this.lastReportMs = clock.wallMs();
      return found;
    } catch (error) {
      if (error instanceof UpdateFault) searchFailed(events, error.hresult);
      throw error;
    }
  }

  /** When this client last told its WSUS server of itself; `undefined`: never. */
  lastReportMs: number | undefined;

  /** Whether somebody paused updates until a time that has not come yet. */
  get isPaused(): boolean {
    const until = this.#machine.registry.data(settingsKey, 'PauseUpdatesExpiryTime');
    return typeof until === 'string' && Date.parse(until) > this.#machine.clock.wallMs();
  }

  /** Whether a policy keeps drivers out of what is offered. */
  get #excludesDrivers(): boolean {
    return this.#machine.registry.data(policyKey, 'ExcludeWUDriversInQualityUpdate') === 1;
  }

  /** Whether somebody has hidden an update. */
  isHidden({ updateId }: OfferedUpdate): boolean {
    return this.readDatabase().hidden?.includes(updateId) ?? false;
  }

  /** Hides an update, or shows it again. */
  setHidden({ updateId, kb }: OfferedUpdate, isHidden: boolean, pid: number): void {
    const database = this.readDatabase();
    const others = (database.hidden ?? []).filter((one) => one !== updateId);
    this.writeDatabase({ ...database, hidden: isHidden ? [...others, updateId] : others });
    void this.#machine.changes.record('update.hide', kb, !isHidden, isHidden, pid);
  }

  /** The database as it is on disk; built anew where it is missing. @throws UpdateFault when it cannot be read */
  readDatabase(): UpdateDatabase {
    this.#requireService();
    this.requireCache();
    this.#ensureDatabase();
    const node = this.#machine.files.get(databasePath);
    const database = decodeDatabase(this.#machine.files.read(node));
    if (!database) throw new UpdateFault(0x80248007);
    return database;
  }

  /** Writes the database back. */
  writeDatabase(database: UpdateDatabase): void {
    const { files } = this.#machine;
    void files.replaceContent(files.get(databasePath), encodeDatabase(database), systemPid);
  }

  /** SYSTEM, as which the agent runs, must be able to write the cache. @throws UpdateFault access denied */
  requireCache(): void {
    const { files } = this.#machine;
    for (const path of [cacheFolder, `${cacheFolder}\\DataStore`, databasePath, `${cacheFolder}\\Download`])
      if (!mayUseFile(files, path, serviceTokens.system, wantedRights.modifyFile))
        throw new UpdateFault(hresultOf(win32.accessDenied));
  }

  #requireService(): void {
    const { services } = this.#machine;
    const service = services.find('wuauserv');
    if (!service) throw new UpdateFault(hresultOf(1060));
    if (service.state === 'Running') return;
    try {
      void services.start('wuauserv', systemPid);
    } catch (error) {
      if (error instanceof Win32Fault) throw new UpdateFault(hresultOf(error.code));
      throw error;
    }
  }

  #ensureDatabase(): void {
    const { files } = this.#machine;
    if (files.exists(databasePath)) return;
    if (!files.exists(cacheFolder)) void files.createFolder(cacheFolder, systemPid, { security: cacheSecurity });
    for (const folder of [`${cacheFolder}\\DataStore`, `${cacheFolder}\\DataStore\\Logs`, `${cacheFolder}\\Download`]) {
      if (!files.exists(folder)) void files.createFolder(folder, systemPid);
    }
    void files.write(databasePath, encodeDatabase({ payloads: [], history: [] }), systemPid);
    const log = `${cacheFolder}\\ReportingEvents.log`;
    if (!files.exists(log)) void files.write(log, new Uint8Array(), systemPid);
  }

  /** A client without an id takes a new one; it belongs to this machine's hardware. */
  #ensureClientId(): void {
    const { registry, machineId } = this.#machine;
    if (registry.data(clientKey, 'SusClientId') !== undefined) return;
    void registry.set(clientKey, { name: 'SusClientId', kind: 'String', data: machineId }, systemPid);
    void registry.set(
      clientKey,
      { name: 'SusClientIDValidation', kind: 'Binary', data: new Uint8Array(Buffer.from(machineId, 'utf16le')) },
      systemPid,
    );
  }

  #ensureCatalogs(): void {
    const { files } = this.#machine;
    // The service lays the folder with the rights that it needs there.
    if (!files.exists(catalogFolder)) void files.createFolder(catalogFolder, systemPid, { security: catalogSecurity });
    for (const guid of catalogGuids) {
      const path = `${catalogFolder}\\${guid}\\catdb`;
      if (files.exists(path)) continue;
      void files.createFolder(`${catalogFolder}\\${guid}`, systemPid);
      void files.write(path, Buffer.from('ESE\u0000catalog\n'), systemPid);
    }
  }

  #hold(name: string, paths: readonly string[], pid: number): void {
    const { files } = this.#machine;
    const opened = paths.flatMap((path) => {
      const node = files.find(path);
      return node ? [files.handles.open({ node, access: 3, share: 0, pid }, path)] : [];
    });
    this.#open.set(name, opened);
  }

  #letGo(name: string): void {
    for (const handle of this.#open.get(name) ?? []) this.#machine.files.handles.close(handle);
    this.#open.delete(name);
  }

  /** After the restart: what waited for it is complete. */
  #complete(): void {
    const key = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';
    for (const { kb, ubr } of this.pending) {
      if (ubr !== undefined) void this.#machine.registry.set(key, { name: 'UBR', kind: 'DWord', data: ubr }, systemPid);
      this.#machine.hardware.packages.completed(kb, ubr ?? 0);
    }
    this.pending = [];
  }
}
