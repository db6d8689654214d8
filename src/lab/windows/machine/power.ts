import { systemPid } from './change-feed.ts';
import type { Machine } from './machine.ts';

const sessionManager = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager';

/** Starting, stopping and restarting the machine. While it is down nothing answers. */
export class Power {
  readonly #machine: Machine;
  readonly #watchers = new Set<(state: 'down' | 'up') => void>();
  #cancel: (() => void) | undefined;
  #planned: 'restart' | 'off' | undefined;
  state: 'up' | 'down' = 'up';
  /** Starts since the machine was made. */
  boots = 0;
  /** How long the machine is away, in simulated ms. */
  restartMs = 90_000;
  /** False: once it goes down it does not come up again. */
  returns = true;
  /** Real time for which the endpoint does not answer during a restart, in ms. */
  awayRealMs = 150;

  /** @param machine whose power it is */
  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Tells when the machine goes down and comes up. */
  watch(watcher: (state: 'down' | 'up') => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** What was planned and has not come yet. */
  get planned(): 'restart' | 'off' | undefined {
    return this.#planned;
  }

  /** Plans a restart. @returns false when one is planned already */
  schedule(kind: 'restart' | 'off', delayMs: number, pid: number): boolean {
    if (this.#cancel) return false;
    void this.#machine.changes.record('power.schedule', kind, undefined, delayMs, pid);
    this.#machine.events.write({
      log: 'System',
      provider: 'User32',
      id: 1074,
      message: 'A restart was requested.',
      data: [['param5', kind]],
    });
    this.#planned = kind;
    this.#cancel = this.#machine.clock.after(delayMs, () => {
      this.#cancel = undefined;
      this.#planned = undefined;
      if (kind === 'restart') this.restart();
      else this.#goDown();
    });
    return true;
  }

  /** Takes a planned restart back. */
  abort(): boolean {
    const was = this.#cancel !== undefined;
    this.#cancel?.();
    this.#cancel = undefined;
    this.#planned = undefined;
    return was;
  }

  /** Restarts: every process ends at once, pending operations run, automatic services and startup tasks come. */
  restart(): void {
    if (this.state === 'down') return;
    this.#goDown();
    const isStarting = this.#machine.hardware.mayStart();
    if (this.returns && isStarting) setTimeout(() => this.#comeUp(), this.awayRealMs).unref();
  }

  #goDown(): void {
    this.state = 'down';
    this.abort();
    const { processes, events } = this.#machine;
    events.write({ log: 'System', provider: 'EventLog', id: 6006, message: 'The Event log service was stopped.' });
    for (const watcher of this.#watchers) watcher('down');
    for (const service of this.#machine.services.all()) Object.assign(service, { state: 'Stopped', pid: 0 });
    for (const process of processes.all())
      if (process.pid !== systemPid) void processes.end(process.pid, 0x40010004, systemPid);
    void this.#machine.changes.record('power.down', this.#machine.name, 'up', 'down', systemPid);
  }

  #comeUp(): void {
    this.#machine.clock.skip(this.restartMs);
    this.#machine.clock.restart();
    this.boots++;
    this.#runPendingRenames();
    const { registry, services, tasks, events } = this.#machine;
    for (const path of volatileKeys) if (registry.find(path)) void registry.remove(path, systemPid);
    this.#machine.users.restart();
    this.#machine.shadows.restart();
    this.#machine.hardware.start();
    this.#machine.components.restart();
    services.restart();
    tasks.restart();
    this.state = 'up';
    events.write({ log: 'System', provider: 'EventLog', id: 6005, message: 'The Event log service was started.' });
    void this.#machine.changes.record('power.up', this.#machine.name, 'down', 'up', systemPid);
    for (const watcher of this.#watchers) watcher('up');
  }

  /** What PendingFileRenameOperations asks for: pairs of source and target, an empty target deletes. */
  #runPendingRenames(): void {
    const { registry, files } = this.#machine;
    const pending = registry.data(sessionManager, 'PendingFileRenameOperations');
    if (!Array.isArray(pending)) return;
    for (let at = 0; at + 1 < pending.length; at += 2) {
      const from = String(pending[at]).replace(/^!?\\\?\?\\/, '');
      const to = String(pending[at + 1]).replace(/^!?\\\?\?\\/, '');
      if (!files.exists(from)) continue;
      if (to === '') void files.remove(from, systemPid, { force: true });
      else if (!files.exists(to)) void files.move(from, to, systemPid);
    }
    void registry.removeValue(sessionManager, 'PendingFileRenameOperations', systemPid);
  }
}

/** Keys that servicing and the update agent clear when the machine has restarted. */
const volatileKeys = [
  'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\RebootPending',
  'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate\\Auto Update\\RebootRequired',
];
