import { systemPid } from './change-feed.ts';
import type { EventLogs } from './event-log.ts';
import type { FileHandle } from './file-handles.ts';
import type { Machine } from './machine.ts';
import { hresultOf, Win32Fault } from './win32-fault.ts';

const cacheFolder = 'C:\\Windows\\SoftwareDistribution';
const databasePath = `${cacheFolder}\\DataStore\\DataStore.edb`;
const catalogFolder = 'C:\\Windows\\System32\\catroot2';
/** Sub-folders of catroot2: catalogs of drivers and of the system. */
const catalogGuids = ['{F750E6C3-38EE-11D1-85E5-00C04FC295EE}', '{127D0A1D-4EF2-11D1-8608-00C04FC295EE}'];
const signature = 'ESE\u0000DataStore\n';

/** What came of an update some time ago. `hresult` is signed. */
export type UpdateHistoryEntry = {
  readonly title: string;
  readonly updateId: string;
  readonly atMs: number;
  /** 1 installation, 2 uninstallation. */
  readonly operation: number;
  /** 2 succeeded, 4 failed. */
  readonly resultCode: number;
  readonly hresult: number;
};

/** What the update database knows: downloaded files it relies on, and the history. */
export type UpdateDatabase = {
  readonly payloads: readonly { readonly file: string; readonly updateId: string }[];
  readonly history: readonly UpdateHistoryEntry[];
};

/** An update that the source offers. */
export type OfferedUpdate = { readonly title: string; readonly updateId: string; readonly kb: string };

/** Bytes of an update database; it is a file like any other, so damage goes with it wherever it is renamed to. */
export const encodeDatabase = (database: UpdateDatabase): Uint8Array =>
  Buffer.from(signature + JSON.stringify(database));

/** Reads a database; `undefined` when the bytes are none. */
export const decodeDatabase = (bytes: Uint8Array): UpdateDatabase | undefined => {
  const text = Buffer.from(bytes).toString('utf8');
  if (!text.startsWith(signature)) return undefined;
  try {
    return JSON.parse(text.slice(signature.length)) as UpdateDatabase;
  } catch {
    return undefined;
  }
};

/** A refusal of the update agent: an HRESULT (signed). */
export class UpdateFault extends Error {
  readonly hresult: number;

  /** @param hresult signed HRESULT */
  constructor(hresult: number) {
    super(`update agent: 0x${(hresult >>> 0).toString(16)}`);
    this.name = 'UpdateFault';
    this.hresult = hresult;
  }
}

const provider = 'Microsoft-Windows-WindowsUpdateClient';
const operationalLog = `${provider}/Operational`;
const serviceGuid = '{9482F4B4-E343-43B6-B170-9A65BC822C77}';

/** The Windows Update agent with its cache, and the catalogue database of the cryptographic service. */
export class UpdateAgent {
  readonly #machine: Machine;
  readonly #open = new Map<string, FileHandle[]>();
  /** What the update source offers. */
  offered: OfferedUpdate[] = [];
  /** Whether the update source can be reached. */
  isReachable = true;
  /** How long a search takes, in ms. */
  searchMs = 45_000;

  /** @param machine whose agent it is; hangs itself into the services */
  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Makes the services rebuild and hold open what is theirs. Called once the base is complete. */
  attach(): void {
    const { services } = this.#machine;
    services.setRoutine('wuauserv', {
      started: (service) => {
        this.#ensureDatabase();
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
  }

  /**
   * Searches for updates as the agent does; writes event 26 or 25.
   * @throws UpdateFault with the HRESULT
   */
  search(): readonly OfferedUpdate[] {
    const { events } = this.#machine;
    try {
      this.#requireService();
      const database = this.readDatabase();
      if (database.payloads.some(({ file }) => !this.#machine.files.exists(file))) throw new UpdateFault(hresultOf(2));
      if (!this.isReachable) throw new UpdateFault(0x80072ee2 | 0);
      // The source's certificates and cookies are refused when the clock is further off than Kerberos would allow.
      if (Math.abs(this.#machine.clock.skewMs) > 300_000) throw new UpdateFault(0x80072f8f | 0);
      this.#found(events, this.offered.length);
      return this.offered;
    } catch (error) {
      if (error instanceof UpdateFault) this.#searchFailed(events, error.hresult);
      throw error;
    }
  }

  /** The database as it is on disk; built anew where it is missing. @throws UpdateFault when it cannot be read */
  readDatabase(): UpdateDatabase {
    this.#requireService();
    this.#ensureDatabase();
    const node = this.#machine.files.get(databasePath);
    const database = decodeDatabase(this.#machine.files.read(node));
    if (!database) throw new UpdateFault(0x80248007 | 0);
    return database;
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
    for (const folder of [
      cacheFolder,
      `${cacheFolder}\\DataStore`,
      `${cacheFolder}\\DataStore\\Logs`,
      `${cacheFolder}\\Download`,
    ]) {
      if (!files.exists(folder)) void files.createFolder(folder, systemPid);
    }
    void files.write(databasePath, encodeDatabase({ payloads: [], history: [] }), systemPid);
    const log = `${cacheFolder}\\ReportingEvents.log`;
    if (!files.exists(log)) void files.write(log, new Uint8Array(), systemPid);
  }

  #ensureCatalogs(): void {
    const { files } = this.#machine;
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

  #found(events: EventLogs, count: number): void {
    events.write({
      log: operationalLog,
      provider,
      id: 26,
      task: 1,
      message: `Windows Update successfully found ${count} updates.`,
      data: [
        ['updateCount', count],
        ['serviceGuid', serviceGuid],
      ],
    });
  }

  #searchFailed(events: EventLogs, hresult: number): void {
    const code = `0x${(hresult >>> 0).toString(16).padStart(8, '0')}`;
    events.write({
      log: operationalLog,
      provider,
      id: 25,
      level: 2,
      task: 1,
      message: `Windows Update failed to check for updates with error ${code}.`,
      data: [
        ['errorCode', code],
        ['serviceGuid', serviceGuid],
      ],
    });
  }
}
