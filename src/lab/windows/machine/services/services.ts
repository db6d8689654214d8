import { type ChangeFeed, type Held, systemPid } from '../change-feed.ts';
import type { EventLogs } from '../event-log.ts';
import type { Processes, SimulatedProcess } from '../processes.ts';
import type { Registry } from '../registry/registry.ts';
import { type MayUse, neededRights } from '../rights/access-check.ts';
import type { SimulatedClock } from '../simulated-clock.ts';
import { Win32Fault, win32 } from '../win32-fault.ts';
import { readServiceSddl, type Service } from './service.ts';
import { readDatabase, requireFiles } from './service-database.ts';
import * as serviceEvents from './service-events.ts';
import { markDeleted, servicesKey, writeServiceKey } from './service-key.ts';

/** What a service does when it has started, or before it has stopped: other sub-models hang themselves in here. */
export type ServiceRoutine = {
  /** Asked before it starts: a Win32 code with which the service ends at once. */
  readonly refuses?: (service: Service) => number | undefined;
  readonly started?: (service: Service) => void;
  readonly stopped?: (service: Service) => void;
};

/** The sub-models that services touch. */
type Parts = {
  readonly changes: ChangeFeed;
  readonly clock: SimulatedClock;
  readonly processes: Processes;
  readonly registry: Registry;
  readonly events: EventLogs;
  readonly fileExists: (path: string) => boolean;
  readonly may: MayUse;
};

/** What can be configured of a service. */
type ServiceConfig = Pick<Service, 'start' | 'delayedStart' | 'displayName' | 'account' | 'path'>;

/** Image name of a program without folder and ending. */
const programOf = (path: string): string => {
  const name = /([^\\]+)\.exe$/i.exec(path)?.[1] ?? 'svchost';
  return name.toLowerCase() === 'svchost' ? 'svchost' : name;
};

const order = new Intl.Collator('en');

/** The service control manager of a machine. It keeps its own database; the registry is its copy and is read again at start only, as on Windows. */
export class Services {
  readonly #services = new Map<string, Service>();
  readonly #routines = new Map<string, ServiceRoutine>();
  readonly #parts: Parts;

  /** @param parts the sub-models that services touch */
  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Adds a service of the base; its registry key is written. */
  add(service: Service): void {
    this.#services.set(service.name.toLowerCase(), service);
    writeServiceKey(this.#parts.registry, service, systemPid);
    if (service.state === 'Running') this.#enterRunning(service);
  }

  /** Says what the code of a service does. */
  setRoutine(name: string, routine: ServiceRoutine): void {
    this.#routines.set(name.toLowerCase(), routine);
    const service = this.find(name);
    if (service?.state === 'Running') routine.started?.(service);
  }

  find(name: string): Service | undefined {
    return this.#services.get(name.toLowerCase());
  }

  /** @throws Win32Fault serviceDoesNotExist */
  get(name: string): Service {
    const found = this.find(name);
    if (!found) throw new Win32Fault(win32.serviceDoesNotExist, name);
    return found;
  }

  all(): Service[] {
    return [...this.#services.entries()].sort(([a], [b]) => order.compare(a, b)).map(([, service]) => service);
  }

  /** Services that need this one, directly or through others, nearest last (the order in which they must stop). */
  dependents(name: string, above: readonly string[] = []): Service[] {
    const found: Service[] = [];
    for (const service of this.all()) {
      if (!service.dependsOn.some((other) => other.toLowerCase() === name.toLowerCase())) continue;
      if (service.name.toLowerCase() === name.toLowerCase() || above.includes(service.name)) continue;
      for (const further of [...this.dependents(service.name, [...above, service.name]), service])
        if (!found.includes(further)) found.push(further);
    }
    return found;
  }

  /** Starts a service and those it needs. `above`: services that wait for it. */
  start(name: string, pid: number, above: readonly Service[] = []): Held {
    const service = this.get(name);
    // ERROR_CIRCULAR_DEPENDENCY
    if (above.includes(service)) throw new Win32Fault(1059, name);
    this.#require(service, neededRights.startService, pid);
    if (service.state === 'Running') throw new Win32Fault(win32.serviceAlreadyRunning, name);
    if (service.state === 'StopPending') throw new Win32Fault(1056, name);
    if (service.start === 'Disabled') throw new Win32Fault(win32.serviceDisabled, name);
    for (const needed of service.dependsOn) {
      const other = this.find(needed);
      if (!other) throw new Win32Fault(1075, name);
      if (other.state === 'Running') continue;
      try {
        void this.start(needed, pid, [...above, service]);
      } catch (error) {
        if (error instanceof Win32Fault) throw new Win32Fault(win32.serviceDependencyFail, name);
        throw error;
      }
    }
    requireFiles(service, this.#parts);
    const refusal = this.#routines.get(service.name.toLowerCase())?.refuses?.(service);
    if (refusal !== undefined) {
      service.exitCode = refusal;
      throw new Win32Fault(refusal, name);
    }
    const before = service.state;
    this.#enterRunning(service);
    this.#routines.get(service.name.toLowerCase())?.started?.(service);
    serviceEvents.writeStateEvent(this.#parts.events, service, 'running');
    return this.#parts.changes.record('service.start', service.name, before, 'Running', pid);
  }

  /**
   * Stops a service. Running dependents must have been stopped before.
   * @throws Win32Fault as the control manager refuses
   */
  stop(name: string, pid: number): Held {
    const service = this.get(name);
    this.#require(service, neededRights.stopService, pid);
    if (service.state === 'Stopped') throw new Win32Fault(win32.serviceNotActive, name);
    if (service.isProtected) throw new Win32Fault(win32.accessDenied, name);
    if (this.dependents(name).some((other) => other.state !== 'Stopped')) {
      throw new Win32Fault(win32.dependentServicesRunning, name);
    }
    if (service.state === 'StopPending') throw new Win32Fault(1061, name);
    const before = service.state;
    if (service.stopHangs) {
      service.state = 'StopPending';
      return this.#parts.changes.record('service.stop', service.name, before, 'StopPending', pid);
    }
    this.#enterStopped(service);
    return this.#parts.changes.record('service.stop', service.name, before, 'Stopped', pid);
  }

  /** Changes start type, names or account; events and registry follow. */
  configure(name: string, change: Partial<ServiceConfig & Pick<Service, 'description'>>, pid: number): Held {
    const service = this.get(name);
    if (service.isProtected) throw new Win32Fault(win32.accessDenied, name);
    this.#require(service, neededRights.changeConfig, pid);
    const before = this.configOf(service);
    Object.assign(service, change);
    // The control manager writes as SYSTEM, whatever rights on the key the caller has.
    writeServiceKey(this.#parts.registry, service, systemPid);
    if (change.start !== undefined && change.start !== before.start) {
      serviceEvents.writeStartTypeEvent(this.#parts.events, service, before.start);
    }
    return this.#parts.changes.record('service.configure', service.name, before, this.configOf(service), pid);
  }

  setSddl(name: string, sddl: string, pid: number): Held {
    const service = this.get(name);
    this.#require(service, neededRights.writeRules, pid);
    if (!readServiceSddl(sddl)) throw new Win32Fault(1336, name);
    const before = service.sddl;
    service.sddl = sddl;
    return this.#parts.changes.record('service.security', service.name, before, sddl, pid);
  }

  /** What the configuration of a service says. */
  configOf(service: Service): ServiceConfig {
    const { start, delayedStart, displayName, account, path } = service;
    return { start, delayedStart, displayName, account, path };
  }

  /** The machine restarts: configuration is read from the registry, automatic services come up. */
  restart(): void {
    readDatabase(this.#services, this.#parts.registry);
    for (const service of this.all()) {
      service.state = 'Stopped';
      service.pid = 0;
    }
    for (const service of this.all()) {
      const wanted = service.start === 'Automatic' || service.start === 'Boot' || service.start === 'System';
      if (!wanted && !(service.wantedAfterMs !== undefined && service.start !== 'Disabled')) continue;
      this.#tryStart(service);
    }
  }

  /** Takes back the services of a copied state; those that ran get new processes, and their code builds and opens what is theirs. */
  replace(services: readonly Service[]): void {
    this.#services.clear();
    for (const service of services) {
      const own = { ...service, pid: 0 };
      this.#services.set(service.name.toLowerCase(), own);
      if (own.state !== 'Running') continue;
      this.#enterRunning(own);
      this.#routines.get(own.name.toLowerCase())?.started?.(own);
    }
  }

  /** @throws Win32Fault accessDenied */
  #require(service: Service, wanted: number, pid: number): void {
    if (pid === systemPid) return;
    if (service.isDeleted && wanted !== neededRights.stopService) throw new Win32Fault(1072, service.name);
    const security = readServiceSddl(service.sddl);
    if (!security || !this.#parts.may(pid, security, [], wanted))
      throw new Win32Fault(win32.accessDenied, service.name);
  }

  /** Takes a service out of the database, with its key: at once, or when it stops, where somebody deletes one that runs. */
  remove(name: string, pid: number): Held {
    const service = this.get(name);
    this.#require(service, neededRights.delete, pid);
    service.isDeleted = true;
    markDeleted(this.#parts.registry, service.name);
    if (service.state === 'Stopped') this.#forget(service);
    else if (pid === systemPid) this.#enterStopped(service);
    return this.#parts.changes.record('service.remove', service.name, this.configOf(service), undefined, pid);
  }

  /** A deleted service goes, with its key. */
  #forget({ name }: Service): void {
    this.#services.delete(name.toLowerCase());
    if (this.#parts.registry.find(`${servicesKey}\\${name}`))
      void this.#parts.registry.remove(`${servicesKey}\\${name}`, systemPid);
  }

  #tryStart(service: Service): void {
    if (service.state !== 'Stopped') return;
    try {
      void this.start(service.name, systemPid);
    } catch (error) {
      if (!(error instanceof Win32Fault)) throw error;
      if (error.code !== win32.fileNotFound && error.code !== 126)
        serviceEvents.writeStartFailedEvent(this.#parts.events, service, error.code);
    }
  }

  #enterRunning(service: Service): void {
    const partner = service.hostGroup
      ? this.all().find((other) => other.hostGroup === service.hostGroup && other.pid !== 0)
      : undefined;
    if (partner) service.pid = partner.pid;
    else {
      const path = /[a-z]:\\[^"]*?\.exe/i.exec(service.path)?.[0] ?? 'C:\\Windows\\System32\\svchost.exe';
      const process = this.#parts.processes.start({ name: programOf(path), path, commandLine: service.path });
      service.pid = process.pid;
      process.ended.listen(() => this.#processEnded(process));
    }
    service.state = 'Running';
    service.exitCode = 0;
  }

  #enterStopped(service: Service): void {
    this.#routines.get(service.name.toLowerCase())?.stopped?.(service);
    const pid = service.pid;
    service.state = 'Stopped';
    service.pid = 0;
    serviceEvents.writeStateEvent(this.#parts.events, service, 'stopped');
    const shared = this.all().some((other) => other.pid === pid);
    if (!shared && this.#parts.processes.get(pid)) void this.#parts.processes.end(pid, 0);
    if (service.isDeleted) return this.#forget(service);
    this.#wantAgain(service);
  }

  /** Somebody wants a trigger-started service again after a while. */
  #wantAgain(service: Service): void {
    if (service.wantedAfterMs === undefined) return;
    this.#parts.clock.after(service.wantedAfterMs, () => {
      const isKnown = this.#services.get(service.name.toLowerCase()) === service;
      if (isKnown && service.start !== 'Disabled') this.#tryStart(service);
    });
  }

  /** The process of running services was ended from outside: what that does to them is no further change of whoever ended it. */
  #processEnded({ pid }: SimulatedProcess): void {
    for (const service of this.all()) {
      if (service.pid !== pid) continue;
      const before = service.state;
      const hung = service.state === 'StopPending';
      this.#routines.get(service.name.toLowerCase())?.stopped?.(service);
      service.state = 'Stopped';
      service.pid = 0;
      void this.#parts.changes.record('service.stop', service.name, before, 'Stopped', systemPid);
      if (service.isDeleted) this.#forget(service);
      if (hung || service.isDeleted) continue;
      service.exitCode = 1067;
      serviceEvents.writeCrashEvent(this.#parts.events, service);
      this.#wantAgain(service);
    }
  }
}
