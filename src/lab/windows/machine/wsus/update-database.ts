import { serviceSid } from '../../accounts.ts';
import { type Held, systemPid } from '../change-feed.ts';
import { createNode } from '../files/file-node.ts';
import type { Machine } from '../machine.ts';
import { mayUseNode, neededRights } from '../rights/access-check.ts';
import type { DatabaseContent, WsusUpdate } from './wsus-update.ts';

/** The service of the database. */
export const databaseService = 'MSSQL$MICROSOFT##WID';
/** Where the database lies. */
export const databaseFile = 'C:\\Windows\\WID\\Data\\SUSDB.mdf';

/** An error of the database: SQL Server's number, and what it says. */
export class DatabaseFault extends Error {
  readonly number: number;

  /**
   * @param number of SQL Server; -2 for a command that takes too long
   * @param message what it says
   */
  constructor(number: number, message: string) {
    super(message);
    this.name = 'DatabaseFault';
    this.number = number;
  }
}

const fromText = (text: string): DatabaseContent => JSON.parse(text) as DatabaseContent;
const megabyte = 2 ** 20;
const deletionThresholdMs = 30 * 86_400_000;
const header = 'TAPE SUSDB ';

/** The two indexes that Microsoft recommends beside those of the product. */
export const recommendedIndexes = ['nclLocalizedPropertyID', 'nclSupercededUpdateID'] as const;

/** SUSDB in the Windows Internal Database. */
export class UpdateDatabase {
  readonly #machine: Machine;
  #known:
    | { readonly updates: readonly WsusUpdate[]; readonly count: number; readonly ids: ReadonlySet<string> }
    | undefined;
  content: DatabaseContent = { updates: [], computers: [], indexes: [], fragmentation: 5 };

  /** @param machine on which it may be installed */
  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** @throws DatabaseFault when the server does not run */
  open(): DatabaseContent {
    if (this.#machine.services.find(databaseService)?.state !== 'Running')
      throw new DatabaseFault(
        2,
        'A network-related or instance-specific error occurred while establishing a connection to SQL Server. The server was not found or was not accessible.',
      );
    return this.content;
  }

  /** Size of the data file: what its rows take, and what was never given back. */
  get sizeBytes(): number {
    return this.#machine.files.find(databaseFile)?.sizeBytes ?? 0;
  }

  /** How long the database takes to delete one update, in ms: missing indexes and fragmentation make it slow. */
  get deleteMs(): number {
    const { indexes, fragmentation } = this.content;
    const missing = recommendedIndexes.filter((name) => !indexes.includes(name)).length;
    return 40 * (1 + missing * 12) * (1 + fragmentation / 25);
  }

  /**
   * Updates that may be deleted: replaced or expired, and declined for longer than RevisionDeletionTimeThreshold (30 days unless somebody
   * changed it), as `spGetObsoleteUpdatesToCleanup` asks of approvals that have died.
   */
  obsolete(): WsusUpdate[] {
    const replaced = this.replaced();
    const youngestMs = this.#machine.clock.wallMs() - deletionThresholdMs;
    return this.content.updates.filter(
      (one) => one.isDeclined && (one.declinedMs ?? 0) <= youngestMs && (one.isExpired || replaced.has(one.id)),
    );
  }

  /** Ids of updates that another one in the database replaces. */
  replaced(): ReadonlySet<string> {
    const { updates } = this.content;
    if (this.#known?.updates !== updates || this.#known.count !== updates.length)
      this.#known = { updates, count: updates.length, ids: new Set(updates.flatMap(({ supersedes }) => supersedes)) };
    return this.#known.ids;
  }

  find(id: string): WsusUpdate | undefined {
    return this.content.updates.find((one) => one.id === id.toLowerCase());
  }

  /** Tells the feed of a change of rows. */
  changed(what: string, target: string, before: unknown, after: unknown, pid: number): Held {
    return this.#machine.changes.record(`wsus.${what}`, target, before, after, pid);
  }

  /** Removes updates; declined ones that others build on go with their relations. */
  delete(ids: ReadonlySet<string>, pid: number): Held {
    if (ids.size === 0) return undefined;
    this.content.updates = this.content.updates.filter(({ id }) => !ids.has(id));
    this.content.fragmentation = Math.min(95, this.content.fragmentation + ids.size / 100);
    return this.changed('delete', `${ids.size} updates`, ids.size, 0, pid);
  }

  /** Sets the size of the data file: 2 MB for each update, or what it has grown to. */
  settle(extraBytes = 0): void {
    const { files } = this.#machine;
    const size = Math.round(600 * megabyte + this.content.updates.length * 2 * megabyte + extraBytes);
    const node = files.find(databaseFile);
    if (node) {
      files.volume(databaseFile).usedBytes += size - node.sizeBytes;
      node.sizeBytes = size;
      return;
    }
    const folder = databaseFile.slice(0, databaseFile.lastIndexOf('\\'));
    void files.createFolder(folder, systemPid);
    void files.insert(
      folder,
      createNode('SUSDB.mdf', false, this.#machine.clock.wallMs(), { sizeBytes: size }),
      systemPid,
    );
  }

  /** Gives the pages back that no row needs. */
  shrink(pid: number): Held {
    this.settle();
    this.content.fragmentation = Math.min(95, this.content.fragmentation + 30);
    return this.changed('shrink', databaseFile, undefined, this.sizeBytes, pid);
  }

  /** Builds the indexes anew. */
  reindex(pid: number): Held {
    const before = this.content.fragmentation;
    this.content.fragmentation = 1;
    return this.changed('reindex', 'SUSDB', before, 1, pid);
  }

  /** Writes a backup; the service's own account must be able to write there. */
  backup(path: string, pid: number): Held {
    const { files } = this.#machine;
    this.open();
    const folder = files.find(path.slice(0, path.lastIndexOf('\\')));
    const token = [serviceSid(databaseService), 'S-1-5-6', 'S-1-1-0', 'S-1-5-11', 'S-1-5-32-545', 'S-1-5-80-0'];
    if (!folder?.isFolder)
      throw new DatabaseFault(
        3201,
        `Cannot open backup device '${path}'. Operating system error 3(The system cannot find the path specified.).`,
      );
    if (!mayUseNode(this.#machine.files, folder, token, neededRights.writeData))
      throw new DatabaseFault(
        3201,
        `Cannot open backup device '${path}'. Operating system error 5(Access is denied.).`,
      );
    return files.write(path, new TextEncoder().encode(header + JSON.stringify(this.content)), pid);
  }

  /** Reads a backup through without putting it back. @throws DatabaseFault where it is none */
  verify(path: string): void {
    const node = this.#machine.files.find(path);
    if (!node)
      throw new DatabaseFault(
        3201,
        `Cannot open backup device '${path}'. Operating system error 2(The system cannot find the file specified.).`,
      );
    if (!new TextDecoder().decode(this.#machine.files.read(node)).startsWith(header))
      throw new DatabaseFault(3241, `The media family on device '${path}' is incorrectly formed.`);
  }

  /** Puts a backup back; nobody may use the database meanwhile. */
  restore(path: string, pid: number): Held {
    const { files, services } = this.#machine;
    this.open();
    if (services.find('WsusService')?.state === 'Running')
      throw new DatabaseFault(3101, 'Exclusive access could not be obtained because the database is in use.');
    this.verify(path);
    const text = new TextDecoder().decode(files.read(files.get(path)));
    const before = this.content.updates.length;
    this.content = fromText(text.slice(header.length));
    this.settle();
    return this.changed('restore', 'SUSDB', before, this.content.updates.length, pid);
  }

  /** A copy of all rows. */
  copy(): DatabaseContent {
    return fromText(JSON.stringify(this.content));
  }
}
