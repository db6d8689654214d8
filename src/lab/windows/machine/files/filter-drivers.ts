import { type Held, systemPid } from '../change-feed.ts';
import type { Machine } from '../machine.ts';
import { Win32Fault, win32 } from '../win32-fault.ts';

const services = 'HKLM\\SYSTEM\\CurrentControlSet\\Services';

/** A registered file-system filter. */
export type FilterDriver = {
  readonly name: string;
  readonly altitude: string;
  /** Folders whose new files it holds while it looks at them, as its own settings say. */
  readonly watches: readonly string[];
};

/** File-system minifilters: registered under Services with their altitude, loaded at start unless their start type is Disabled. */
export class FilterDrivers {
  readonly #machine: Machine;
  /** Those that somebody unloaded; they are loaded again at the next start. */
  readonly unloaded = new Set<string>();

  /** @param machine whose filters they are */
  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Registered filters, highest altitude first. */
  registered(): FilterDriver[] {
    const { registry } = this.#machine;
    const found: FilterDriver[] = [];
    for (const key of registry.find(services)?.keys.values() ?? []) {
      const path = `${services}\\${key.name}`;
      const instances = registry.find(`${path}\\Instances`) ?? registry.find(`${path}\\Parameters\\Instances`);
      for (const instance of instances?.keys.values() ?? []) {
        const altitude = instance.values.get('altitude')?.data;
        if (typeof altitude !== 'string') continue;
        const watches = registry.data(`${path}\\Parameters`, 'WatchedFolders');
        found.push({ name: key.name, altitude, watches: Array.isArray(watches) ? watches.map(String) : [] });
        break;
      }
    }
    return found.sort((a, b) => Number(b.altitude) - Number(a.altitude));
  }

  /** Loaded filters, highest altitude first. */
  loaded(): FilterDriver[] {
    return this.registered().filter(({ name }) => this.#isLoaded(name));
  }

  /** @throws Win32Fault when it is not loaded, or part of Windows and does not unload */
  unload(name: string, pid: number): Held {
    const filter = this.loaded().find((one) => one.name.toLowerCase() === name.toLowerCase());
    if (!filter) throw new Win32Fault(win32.fileNotFound, name);
    if (this.#machine.registry.data(`${services}\\${filter.name}`, 'Start') === 0)
      throw new Win32Fault(win32.accessDenied, name);
    this.unloaded.add(filter.name.toLowerCase());
    return this.#machine.changes.record('filter.unload', filter.name, 'loaded', 'unloaded', pid);
  }

  /** @throws Win32Fault when it is not registered, disabled or loaded already */
  load(name: string, pid: number): Held {
    const filter = this.registered().find((one) => one.name.toLowerCase() === name.toLowerCase());
    if (!filter) throw new Win32Fault(win32.fileNotFound, name);
    if (this.#start(filter.name) === 4) throw new Win32Fault(win32.serviceDisabled, name);
    if (this.#isLoaded(filter.name)) throw new Win32Fault(win32.serviceAlreadyRunning, name);
    this.unloaded.delete(filter.name.toLowerCase());
    return this.#machine.changes.record('filter.load', filter.name, 'unloaded', 'loaded', pid);
  }

  /** The loaded filter that holds new files of a folder. */
  holderOf(path: string): FilterDriver | undefined {
    const lower = path.toLowerCase();
    return this.loaded().find(({ watches }) =>
      watches.some((folder) => lower === folder.toLowerCase() || lower.startsWith(`${folder.toLowerCase()}\\`)),
    );
  }

  /** The machine has started: those that are not disabled are loaded; disabled ones are not. */
  restart(): void {
    this.unloaded.clear();
    for (const { name } of this.registered()) {
      if (this.#start(name) !== 4) continue;
      this.unloaded.add(name.toLowerCase());
      void this.#machine.changes.record('filter.unload', name, 'loaded', 'unloaded', systemPid);
    }
  }

  #isLoaded(name: string): boolean {
    return !this.unloaded.has(name.toLowerCase());
  }

  #start(name: string): unknown {
    return this.#machine.registry.data(`${services}\\${name}`, 'Start');
  }
}
