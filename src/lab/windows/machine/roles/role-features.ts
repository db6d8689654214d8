import { type Held, systemPid } from '../change-feed.ts';
import type { Machine } from '../machine.ts';
import { childrenOf, type FeatureRow, featureRow, featureTable, withNeeds } from './feature-table.ts';

/** How a feature stands: installed, available (its files lie in the component store), or removed (they don't). */
export type InstallState = 'Installed' | 'Available' | 'Removed';

/** Result of installing or taking away features: those that changed, or the HRESULT that refused. */
export type FeatureChange =
  | {
      readonly kind: 'changed';
      readonly rows: readonly FeatureRow[];
      readonly needsRestart: boolean;
      readonly held: Held;
    }
  | { readonly kind: 'refused'; readonly hresult: number; readonly held?: undefined };

/** What lays or takes away the files, services and settings of a feature. */
export type FeatureRoutine = {
  readonly install?: (machine: Machine) => void;
  readonly remove?: (machine: Machine) => void;
};

const servicingPolicy = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\Servicing';

/** HRESULTs of servicing about missing sources. */
export const sourceCodes = { notFound: 0x800f081f, notDownloaded: 0x800f0906 } as const;

/** The roles and features of a machine. */
export class RoleFeatures {
  readonly #machine: Machine;
  readonly #states = new Map<string, InstallState>();
  readonly #routines = new Map<string, FeatureRoutine>();

  /** @param machine whose features these are */
  constructor(machine: Machine) {
    this.#machine = machine;
    const isClient = machine.edition.productType === 1;
    for (const row of featureTable)
      if (!(isClient && row.serverOnly)) this.#states.set(row.name, row.first ?? 'Available');
  }

  /** Says what is laid with a feature. */
  setRoutine(name: string, routine: FeatureRoutine): void {
    this.#routines.set(name, routine);
  }

  /** Features that this Windows has, in the order of the table. */
  rows(): readonly FeatureRow[] {
    return featureTable.filter(({ name }) => this.#states.has(name));
  }

  /** How a feature stands; `undefined` when this Windows has no such feature. */
  stateOf(name: string): InstallState | undefined {
    return this.#states.get(featureRow(name)?.name ?? name);
  }

  isInstalled(name: string): boolean {
    return this.stateOf(name) === 'Installed';
  }

  /** All states, for snapshots. */
  states(): ReadonlyMap<string, InstallState> {
    return this.#states;
  }

  /** Takes back copied states; files, services and settings come back with their own copies. */
  replace(states: ReadonlyMap<string, InstallState>): void {
    for (const [name, state] of states) this.#states.set(name, state);
  }

  /** Sets a state without laying anything (state of a base or of a fault). */
  put(name: string, state: InstallState): void {
    if (this.#states.has(name)) this.#states.set(name, state);
  }

  /** What would be installed for these names: with parents and needs, without what is there. */
  planInstall(names: readonly string[], options: { subFeatures?: boolean; tools?: boolean } = {}): FeatureRow[] {
    const wanted: FeatureRow[] = [];
    const add = (name: string): void => {
      for (const row of withNeeds(name)) if (!wanted.includes(row)) wanted.push(row);
      const own = featureRow(name);
      if (!own) return;
      const below = options.subFeatures ? childrenOf(own) : this.#usualChildren(own);
      for (const child of below) if (!wanted.includes(child)) add(child.name);
    };
    for (const name of names) add(name);
    if (options.tools && wanted.some(({ name }) => name === 'Web-Server'))
      for (const row of withNeeds('Web-Mgmt-Console')) if (!wanted.includes(row)) wanted.push(row);
    if (options.tools && wanted.some(({ name }) => name === 'UpdateServices'))
      for (const tool of ['UpdateServices-API', 'UpdateServices-UI'])
        for (const row of withNeeds(tool)) if (!wanted.includes(row)) wanted.push(row);
    return wanted.filter(({ name }) => this.#states.has(name) && this.#states.get(name) !== 'Installed');
  }

  /** Installs rows; `sources` are folders with payload. */
  install(
    rows: readonly FeatureRow[],
    options: { sources: readonly string[]; pid: number; limitAccess?: boolean },
  ): FeatureChange {
    const missing = rows.filter(({ name }) => this.#states.get(name) === 'Removed');
    if (missing.length > 0) {
      const refusal = this.#refuseSource(options.sources, options.limitAccess ?? false);
      if (refusal !== undefined) return { kind: 'refused', hresult: refusal };
    }
    let held: Held;
    for (const row of rows) {
      const before = this.#states.get(row.name);
      this.#states.set(row.name, 'Installed');
      this.#routines.get(row.name)?.install?.(this.#machine);
      held = this.#machine.changes.record('role.install', row.name, before, 'Installed', options.pid) ?? held;
    }
    return { kind: 'changed', rows, needsRestart: rows.some(({ restart }) => restart), held };
  }

  /** What goes with these names: their children and what needs them. */
  planRemove(names: readonly string[]): FeatureRow[] {
    const gone: FeatureRow[] = [];
    const add = (row: FeatureRow): void => {
      if (gone.includes(row)) return;
      gone.push(row);
      for (const child of childrenOf(row)) add(child);
      for (const other of featureTable) if (other.needs?.includes(row.name)) add(other);
    };
    for (const name of names) {
      const row = featureRow(name);
      if (row) add(row);
    }
    return gone.filter(({ name }) => this.#states.get(name) === 'Installed').toReversed();
  }

  /** Takes rows away; with `payload` their files leave the component store too. */
  remove(rows: readonly FeatureRow[], options: { payload: boolean; pid: number }): FeatureChange {
    let held: Held;
    for (const row of rows) {
      const before = this.#states.get(row.name);
      const after: InstallState = options.payload ? 'Removed' : 'Available';
      this.#routines.get(row.name)?.remove?.(this.#machine);
      this.#states.set(row.name, after);
      held = this.#machine.changes.record('role.remove', row.name, before, after, options.pid) ?? held;
    }
    return { kind: 'changed', rows, needsRestart: rows.some(({ restart }) => restart), held };
  }

  /** Children that come with a role when it alone is asked for. */
  #usualChildren(row: FeatureRow): readonly FeatureRow[] {
    const usual: Readonly<Record<string, readonly string[]>> = {
      'Web-Server': ['Web-WebServer'],
      'Web-WebServer': ['Web-Common-Http', 'Web-Health', 'Web-Performance', 'Web-Security'],
      'Web-Common-Http': ['Web-Default-Doc', 'Web-Dir-Browsing', 'Web-Http-Errors', 'Web-Static-Content'],
      'Web-Health': ['Web-Http-Logging'],
      'Web-Performance': ['Web-Stat-Compression'],
      'Web-Security': ['Web-Filtering'],
      UpdateServices: ['UpdateServices-WidDB', 'UpdateServices-Services'],
    };
    return childrenOf(row).filter(({ name }) => usual[row.name]?.includes(name));
  }

  /** Where the payload comes from: named folders, the folder of the policy, Windows Update unless the policy forbids it. */
  #refuseSource(sources: readonly string[], limitAccess: boolean): number | undefined {
    const { files, registry, update } = this.#machine;
    const folders = sources.map((source) => source.replace(/^wim:(.*?)(:\d+)?$/i, '$1'));
    const policy = registry.data(servicingPolicy, 'LocalSourcePath');
    if (typeof policy === 'string') folders.push(...policy.split(';'));
    if (folders.some((folder) => folder !== '' && files.exists(folder))) return undefined;
    if (limitAccess || registry.data(servicingPolicy, 'UseWindowsUpdate') === 2) return sourceCodes.notFound;
    return update.isReachable ? undefined : sourceCodes.notDownloaded;
  }
}

/** Windows lays a feature by itself: state of a base. */
export const layFeature = (machine: Machine, name: string): void => {
  machine.roles.install(machine.roles.planInstall([name]), { sources: ['C:\\'], pid: systemPid });
};
