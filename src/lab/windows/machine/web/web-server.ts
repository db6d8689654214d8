import { type Account, poolSid } from '../../accounts.ts';
import { type Held, systemPid } from '../change-feed.ts';
import type { Machine } from '../machine.ts';
import { attachWsusFeatures } from '../wsus/install-wsus.ts';
import { readHostConfig } from './config-engine.ts';
import { ConfigFault, type ConfigFile, writeConfig } from './config-xml.ts';
import { attachWebFeatures } from './install-web.ts';
import { openPassword } from './web-access.ts';
import { writePoolEvent, writeUnreadableEvent } from './web-events.ts';
import { webPaths } from './web-paths.ts';
import { poolsOf, sitesOf, type WebSite } from './web-sites.ts';

/** Whether a site or pool runs. */
export type RunState = 'Started' | 'Stopped';

/** A share of another machine: who may read it, and its files (path below the share → content). */
export type RemoteShare = {
  /** `\\server\share`. */
  readonly path: string;
  /** Accounts in lower case; a machine reads as `name$`. */
  readonly readers: readonly string[];
  readonly files: Readonly<Record<string, string>>;
};

const historyKept = 10;

/** IIS: what runs of what applicationHost.config says. The configuration itself is in the files. */
export class WebServer {
  readonly #machine: Machine;
  /** States that differ from what starts by itself, by lower-case name. */
  readonly sites = new Map<string, RunState>();
  readonly pools = new Map<string, RunState>();
  /** Worker processes by lower-case pool name. */
  readonly workers = new Map<string, number>();
  /** Accounts that the machine's domain knows: name in lower case → password. */
  readonly passwords = new Map<string, string>();
  shares: readonly RemoteShare[] = [];
  #viewed: { readonly bytes: Uint8Array; readonly config: ConfigFile } | undefined;
  #known: { readonly bytes: Uint8Array; readonly accounts: readonly Account[] } | undefined;

  /** @param machine on which it may be installed */
  constructor(machine: Machine) {
    this.#machine = machine;
  }

  get isInstalled(): boolean {
    return this.#machine.services.find('W3SVC') !== undefined;
  }

  /** Hangs IIS into features and services. */
  attach(): void {
    attachWebFeatures(this.#machine);
    attachWsusFeatures(this.#machine);
    this.#machine.services.setRoutine('WAS', {
      refuses: () => this.#unreadable(),
      started: () => this.pools.clear(),
      stopped: () => this.#endWorkers(),
    });
    this.#machine.services.setRoutine('W3SVC', {
      refuses: () => this.#unreadable(),
      started: () => this.sites.clear(),
    });
  }

  /** Reads the configuration. @throws ConfigFault */
  readConfig(): ConfigFile {
    return readHostConfig(this.#machine);
  }

  /** The configuration for reading only: the same tree as long as the file stays as it is. @throws ConfigFault */
  viewConfig(): ConfigFile {
    const bytes = this.#machine.files.find(webPaths.config)?.bytes;
    if (!bytes) return this.readConfig();
    if (this.#viewed?.bytes !== bytes) this.#viewed = { bytes, config: this.readConfig() };
    return this.#viewed.config;
  }

  /** Writes the configuration; the helper service keeps a copy of what was. */
  saveConfig(config: ConfigFile, pid: number): Held {
    const { files } = this.#machine;
    const node = files.get(webPaths.config);
    const held = files.replaceContent(node, writeConfig(config), pid);
    this.keepHistory(systemPid);
    return held;
  }

  /** Copies the configuration as it is into the next folder of the history; the oldest copies go. */
  keepHistory(pid: number): void {
    const { files, services } = this.#machine;
    const node = files.find(webPaths.config);
    const folder = files.find(webPaths.history);
    if (!node || !folder || services.find('AppHostSvc')?.state !== 'Running') return;
    const names = [...folder.children.values()]
      .map(({ name }) => name)
      .filter((name) => /^CFGHISTORY_\d+$/.test(name))
      .toSorted();
    const next = `CFGHISTORY_${String(Number(names.at(-1)?.slice(11) ?? 0) + 1).padStart(10, '0')}`;
    void files.createFolder(`${webPaths.history}\\${next}`, pid);
    void files.write(`${webPaths.history}\\${next}\\applicationHost.config`, files.read(node), pid);
    for (const old of names.slice(0, Math.max(0, names.length + 1 - historyKept))) {
      for (const child of Array.from(files.get(`${webPaths.history}\\${old}`).children.values()))
        void files.remove(`${webPaths.history}\\${old}\\${child.name}`, pid);
      void files.remove(`${webPaths.history}\\${old}`, pid);
    }
  }

  /** State of a site; `undefined` while the service that runs it does not run. */
  siteState(name: string): RunState | undefined {
    if (this.#machine.services.find('W3SVC')?.state !== 'Running') return undefined;
    const all = sitesOf(this.viewConfig());
    const at = all.findIndex((one) => one.name.toLowerCase() === name.toLowerCase());
    const site = all[at];
    if (!site) return undefined;
    const set = this.sites.get(name.toLowerCase());
    if (set !== undefined) return set;
    // By themselves sites come up in order, but for those whose binding is taken.
    return site.autoStart && !this.#isTaken(site, all.slice(0, at)) ? 'Started' : 'Stopped';
  }

  /** Whether another site that runs has a binding of this one: then it cannot be started. */
  hasConflict(name: string): boolean {
    const all = sitesOf(this.viewConfig());
    const site = all.find((one) => one.name.toLowerCase() === name.toLowerCase());
    return (
      site !== undefined &&
      this.#isTaken(
        site,
        all.filter((one) => one !== site),
      )
    );
  }

  #isTaken(site: WebSite, others: readonly WebSite[]): boolean {
    const keys = new Set(site.bindings.map(({ protocol, information }) => `${protocol}/${information}`.toLowerCase()));
    return others
      .filter(({ bindings }) =>
        bindings.some(({ protocol, information }) => keys.has(`${protocol}/${information}`.toLowerCase())),
      )
      .some((other) => this.siteState(other.name) === 'Started');
  }

  /** State of a pool; `undefined` while the service that runs it does not run. */
  poolState(name: string): RunState | undefined {
    if (this.#machine.services.find('WAS')?.state !== 'Running') return undefined;
    const pool = poolsOf(this.viewConfig()).find((one) => one.name.toLowerCase() === name.toLowerCase());
    if (!pool) return undefined;
    return this.pools.get(name.toLowerCase()) ?? (pool.autoStart ? 'Started' : 'Stopped');
  }

  setSite(name: string, state: RunState, pid: number): Held {
    const before = this.siteState(name);
    this.sites.set(name.toLowerCase(), state);
    return this.#machine.changes.record('iis.site', name, before, state, pid);
  }

  setPool(name: string, state: RunState, pid: number): Held {
    const before = this.poolState(name);
    this.pools.set(name.toLowerCase(), state);
    if (state === 'Stopped') this.endWorker(name);
    return this.#machine.changes.record('iis.pool', name, before, state, pid);
  }

  /** Ends the worker process of a pool; the next request starts a new one. */
  recycle(name: string, pid: number): Held {
    this.endWorker(name);
    return this.#machine.changes.record('iis.recycle', name, undefined, undefined, pid);
  }

  /** Windows disables a pool by itself, with its event. */
  disablePool(name: string, id: number): void {
    this.pools.set(name.toLowerCase(), 'Stopped');
    this.endWorker(name);
    writePoolEvent(this.#machine, id, name);
  }

  /** The process of a pool, started where it is missing. */
  workerOf(pool: string, account: string): number {
    const key = pool.toLowerCase();
    const known = this.workers.get(key);
    if (known !== undefined && this.#machine.processes.get(known)) return known;
    const path = `${webPaths.programs}\\w3wp.exe`;
    const process = this.#machine.processes.start({
      name: 'w3wp',
      path,
      commandLine: `${path.toLowerCase()} -ap "${pool}" -v "v4.0" -h "C:\\inetpub\\temp\\apppools\\${pool}\\${pool}.config" -w "" -m 0`,
      account: { name: account, sid: poolSid(pool), groups: ['S-1-5-32-568', 'S-1-5-32-545'], logon: 'service' },
    });
    this.workers.set(key, process.pid);
    return process.pid;
  }

  endWorker(pool: string): void {
    const pid = this.workers.get(pool.toLowerCase());
    this.workers.delete(pool.toLowerCase());
    if (pid !== undefined && this.#machine.processes.get(pid)) void this.#machine.processes.end(pid, 0);
  }

  /** Whether the machine's domain takes a name with a password as configuration files hold it. */
  acceptsPassword(user: string, sealed: string): boolean {
    const known = this.passwords.get(user.toLowerCase());
    return known !== undefined && known === openPassword(this.#machine, sealed);
  }

  /** The virtual accounts of the pools. */
  virtualAccounts(): readonly Account[] {
    const bytes = this.#machine.files.find(webPaths.config)?.bytes;
    if (!bytes) return [];
    if (this.#known?.bytes === bytes) return this.#known.accounts;
    try {
      const accounts = poolsOf(this.viewConfig()).map(({ name }) => ({
        name: `IIS APPPOOL\\${name}`,
        sid: poolSid(name),
        groups: ['S-1-5-32-568', 'S-1-5-32-545'],
        logon: 'service' as const,
      }));
      this.#known = { bytes, accounts };
      return accounts;
    } catch (error) {
      if (error instanceof ConfigFault) return [];
      throw error;
    }
  }

  /** State texts for snapshots. */
  *entries(): Generator<readonly [string, string]> {
    for (const [name, state] of this.sites) yield [`iis:site:${name}`, state];
    for (const [name, state] of this.pools) yield [`iis:pool:${name}`, state];
  }

  #endWorkers(): void {
    for (const pool of Array.from(this.workers.keys())) this.endWorker(pool);
  }

  /** A configuration that cannot be read keeps the services from starting. */
  #unreadable(): number | undefined {
    try {
      this.readConfig();
      return undefined;
    } catch (error) {
      if (!(error instanceof ConfigFault)) throw error;
      writeUnreadableEvent(this.#machine, error.error);
      return error.error.hresult & 0xffff;
    }
  }
}
