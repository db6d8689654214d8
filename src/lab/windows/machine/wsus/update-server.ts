import { type Held, systemPid } from '../change-feed.ts';
import { createNode } from '../files/file-node.ts';
import type { Machine } from '../machine.ts';
import type { WebOutcome } from '../network/network.ts';
import { mayUseNode, neededRights } from '../rights/access-check.ts';
import { poolsOf } from '../web/web-sites.ts';
import { databaseService, UpdateDatabase } from './update-database.ts';
import { writeWsusEvent } from './wsus-events.ts';
import { type Approval, contentPath, type UpdateFile, type WsusUpdate } from './wsus-update.ts';

/** Settings of the server, as its configuration object shows them. */
export type WsusSettings = {
  syncFromMicrosoft: boolean;
  upstreamName: string;
  upstreamPort: number;
  isReplica: boolean;
  useProxy: boolean;
  proxyName: string;
  proxyPort: number;
  contentPath: string;
  syncAutomatically: boolean;
  syncsPerDay: number;
};

/** A synchronization that has ended. */
export type SyncRecord = {
  readonly startMs: number;
  readonly endMs: number;
  readonly result: 'Succeeded' | 'Failed' | 'Canceled';
  readonly error: string;
  readonly errorText: string;
};

const microsoft = 'https://sws.update.microsoft.com/ServerSyncWebService/ServerSyncWebService.asmx';
/** What .NET says of a request that came to nothing; `undefined` where it was answered. */
const describeOutcome = (outcome: WebOutcome, settings: WsusSettings): string | undefined => {
  switch (outcome.kind) {
    case 'no-name':
      return `The remote name could not be resolved: '${outcome.isProxy ? settings.proxyName : outcome.host}'`;
    case 'untrusted':
      return 'The underlying connection was closed: Could not establish trust relationship for the SSL/TLS secure channel.';
    case 'reset':
      return 'The underlying connection was closed: An unexpected error occurred on a send.';
    case 'answer':
      return outcome.status < 400 ? undefined : `The remote server returned an error: (${outcome.status}).`;
    default:
      return 'Unable to connect to the remote server';
  }
};

const minuteMs = 60_000;
const syncMs = 4 * minuteMs;
const networkService = 'S-1-5-20';

/** The update server: its settings, its history and its content; its database is a model of its own. */
export class UpdateServer {
  readonly #machine: Machine;
  readonly database: UpdateDatabase;
  settings: WsusSettings = {
    syncFromMicrosoft: true,
    upstreamName: '',
    upstreamPort: 8530,
    isReplica: false,
    useProxy: false,
    proxyName: '',
    proxyPort: 80,
    contentPath: '',
    syncAutomatically: true,
    syncsPerDay: 1,
  };
  history: readonly SyncRecord[] = [];
  /** Since when a synchronization runs. */
  syncingSinceMs: number | undefined;
  /** Files that are still to be fetched. */
  waiting: readonly UpdateFile[] = [];
  /** Declines that a synchronization which runs brings back. */
  #declinedMeanwhile: { readonly update: WsusUpdate; readonly approvals: WsusUpdate['approvals'] }[] = [];

  /** @param machine on which it may be installed */
  constructor(machine: Machine) {
    this.#machine = machine;
    this.database = new UpdateDatabase(machine);
  }

  get isInstalled(): boolean {
    return this.settings.contentPath !== '';
  }

  /** Memory that the pool of the web services needs, in KB: what clients ask for, and every update that is not declined. */
  get neededMemoryKB(): number {
    const { updates, computers } = this.database.content;
    return 600_000 + updates.filter(({ isDeclined }) => !isDeclined).length * 800 + computers.length * 1500;
  }

  /** Requests that wait at the busiest moment. */
  get neededQueue(): number {
    return 10 + Math.ceil(this.database.content.computers.length / 2);
  }

  /** Whether the pool can carry its load; Windows ends the worker again and again where its memory limit is too low. */
  poolOverload(): 'memory' | 'queue' | undefined {
    const pool = poolsOf(this.#machine.web.viewConfig()).find(({ name }) => name === 'WsusPool');
    if (!pool) return undefined;
    if (pool.privateMemoryKB > 0 && pool.privateMemoryKB < this.neededMemoryKB) return 'memory';
    return pool.queueLength < this.neededQueue ? 'queue' : undefined;
  }

  /** Begins a synchronization; it ends by itself after some minutes. */
  startSync(pid: number): Held {
    if (this.syncingSinceMs !== undefined) return undefined;
    this.syncingSinceMs = this.#machine.clock.wallMs();
    writeWsusEvent(this.#machine, 384, 'Synchronization has started.');
    this.#machine.clock.after(syncMs, () => this.#endSync());
    return this.database.changed('sync', 'subscription', 'NotProcessing', 'Running', pid);
  }

  /** Stops a synchronization that runs. */
  stopSync(pid: number): Held {
    if (this.syncingSinceMs === undefined) return undefined;
    this.#record({ result: 'Canceled', error: 'NotApplicable', errorText: '' });
    return this.database.changed('sync', 'subscription', 'Running', 'NotProcessing', pid);
  }

  /** What keeps the server from its source, as the history says it; `undefined` when it can be reached. */
  sourceFault(): { readonly error: string; readonly errorText: string } | undefined {
    const { settings } = this;
    const url = settings.syncFromMicrosoft
      ? microsoft
      : `http://${settings.upstreamName}:${settings.upstreamPort}/ServerSyncWebService/ServerSyncWebService.asmx`;
    const proxy = settings.useProxy ? { server: `${settings.proxyName}:${settings.proxyPort}`, bypass: '' } : undefined;
    const errorText = URL.canParse(url)
      ? describeOutcome(this.#machine.network.request(new URL(url), proxy), settings)
      : `The remote name could not be resolved: '${settings.upstreamName}'`;
    return errorText === undefined ? undefined : { error: 'NotReachable', errorText: `WebException: ${errorText}` };
  }

  #endSync(): void {
    if (this.syncingSinceMs === undefined) return;
    if (
      this.#machine.services.find('WsusService')?.state !== 'Running' ||
      this.#machine.services.find(databaseService)?.state !== 'Running'
    )
      return this.#record({ result: 'Failed', error: 'Unknown', errorText: 'The synchronization agent was stopped.' });
    const fault = this.sourceFault();
    this.#record(
      fault ? { result: 'Failed', ...fault } : { result: 'Succeeded', error: 'NotApplicable', errorText: '' },
    );
    if (fault) return undefined;
    for (const { update, approvals } of this.#declinedMeanwhile)
      Object.assign(update, { isDeclined: false, approvals });
    this.#declinedMeanwhile = [];
    this.fetchContent();
    return undefined;
  }

  #record(end: Pick<SyncRecord, 'result' | 'error' | 'errorText'>): void {
    const endMs = this.#machine.clock.wallMs();
    this.history = [...this.history, { startMs: this.syncingSinceMs ?? endMs, endMs, ...end }];
    this.syncingSinceMs = undefined;
    if (end.result === 'Failed')
      writeWsusEvent(this.#machine, 386, `Synchronization failed. Reason: ${end.errorText}.`, 2);
    else writeWsusEvent(this.#machine, 384, 'Synchronization completed.');
  }

  /** The folder of the content. */
  get contentFolder(): string {
    return `${this.settings.contentPath}\\WsusContent`;
  }

  /** Files that approved updates need and that are missing or empty in the content folder. */
  missingFiles(): UpdateFile[] {
    return this.database.content.updates
      .filter(({ isDeclined, approvals }) => !isDeclined && approvals.some(({ action }) => action === 'Install'))
      .flatMap(({ files }) => files)
      .filter((file) => {
        const node = this.#machine.files.find(`${this.contentFolder}\\${contentPath(file)}`);
        return !node || node.sizeBytes !== file.sizeBytes;
      });
  }

  /** Begins to fetch what is missing: as after a synchronization, or when everything is checked anew (`wsusutil reset`). */
  fetchContent(): void {
    this.waiting = this.missingFiles();
    if (this.waiting.length === 0) return;
    this.#machine.clock.after(10 * minuteMs, () => this.#storeContent());
  }

  /** Why the content folder cannot take files. */
  contentFault(): string | undefined {
    const folder = this.#machine.files.find(this.contentFolder);
    if (!folder?.isFolder) return `The content directory ${this.contentFolder} does not exist.`;
    const token = [networkService, 'S-1-5-6', 'S-1-1-0', 'S-1-5-11', 'S-1-5-32-545'];
    return mayUseNode(this.#machine.files, folder, token, neededRights.writeData)
      ? undefined
      : 'Access to the content directory is denied.';
  }

  #storeContent(): void {
    const fault = this.contentFault() ?? this.sourceFault()?.errorText;
    if (this.#machine.services.find('WsusService')?.state !== 'Running') return;
    for (const file of this.waiting) {
      const free = this.#machine.files.freeBytes(this.settings.contentPath.slice(0, 2));
      if (fault !== undefined || free < file.sizeBytes) {
        writeWsusEvent(
          this.#machine,
          364,
          `Content file download failed. Reason: ${fault ?? 'There is not enough space on the disk.'} Source File: ${file.name}`,
          2,
        );
        continue;
      }
      this.placeContent(file);
    }
    if (fault === undefined) this.waiting = [];
  }

  /** Lays a file into the content folder. */
  placeContent(file: UpdateFile): void {
    const { files, clock } = this.#machine;
    const path = `${this.contentFolder}\\${contentPath(file)}`;
    const folder = path.slice(0, path.lastIndexOf('\\'));
    void files.createFolder(folder, systemPid);
    const there = files.find(path);
    if (there) void files.remove(path, systemPid, { force: true });
    const name = path.slice(path.lastIndexOf('\\') + 1);
    void files.insert(folder, createNode(name, false, clock.wallMs(), { sizeBytes: file.sizeBytes }), systemPid);
  }

  /** Declines an update: no computer gets it any more. */
  decline(update: WsusUpdate, pid: number): Held {
    if (update.isDeclined) return undefined;
    if (this.syncingSinceMs !== undefined) this.#declinedMeanwhile.push({ update, approvals: update.approvals });
    const before = { approvals: update.approvals, isDeclined: false };
    update.isDeclined = true;
    update.declinedMs = this.#machine.clock.wallMs();
    update.approvals = [];
    return this.database.changed('decline', update.id, before, 'declined', pid);
  }

  /** Approves an update for a group; a declined one is taken back by it. */
  approve(update: WsusUpdate, { groupId, action, deadlineMs }: Approval, pid: number): Held {
    const before = { approvals: update.approvals, isDeclined: update.isDeclined };
    update.isDeclined = false;
    delete update.declinedMs;
    const others = update.approvals.filter((one) => one.groupId !== groupId);
    update.approvals =
      action === 'NotApproved'
        ? others
        : [...others, { groupId, action, ...(deadlineMs === undefined ? {} : { deadlineMs }) }];
    if (action === 'Install') this.fetchContent();
    return this.database.changed('approve', update.id, before, { groupId, action }, pid);
  }

  /** State texts for snapshots. */
  *entries(): Generator<readonly [string, string]> {
    if (!this.isInstalled) return;
    yield ['wsus:settings', JSON.stringify(this.settings)];
    const { updates, computers, indexes, fragmentation } = this.database.content;
    for (const { name } of computers) yield [`wsus:computer:${name}`, 'known'];
    yield ['wsus:database', JSON.stringify({ indexes, fragmentation: Math.round(fragmentation) })];
    for (const one of updates)
      yield [`wsus:update:${one.id}`, one.isDeclined ? 'declined' : `approved ${JSON.stringify(one.approvals)}`];
  }
}
