import { systemPid } from './change-feed.ts';
import type { Machine } from './machine.ts';
import { runPendingRenames } from './pending-renames.ts';

/** Starting, stopping and restarting the machine. While it is down nothing answers. */
export class Power {
  readonly #machine: Machine;
  readonly #watchers = new Set<(state: 'down' | 'up') => void>();
  #cancel: (() => void) | undefined;
  state: 'up' | 'down' = 'up';
  /** The restart or end that is planned, and when, monotonic ms. */
  planned: { readonly kind: 'restart' | 'off'; readonly atMs: number } | undefined;
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

  /**
   * Plans a restart.
   * @param reason the reason that shutdown.exe was given (`p:2:17`)
   * @returns false when one is planned already
   */
  schedule(kind: 'restart' | 'off', delayMs: number, pid: number, reason = ''): boolean {
    if (this.#cancel) return false;
    void this.#machine.changes.record('power.schedule', kind, undefined, reason, pid);
    this.#machine.events.write({
      log: 'System',
      provider: 'User32',
      id: 1074,
      message: 'A restart was requested.',
      data: [['param5', kind]],
    });
    this.#plan(kind, delayMs);
    return true;
  }

  #plan(kind: 'restart' | 'off', delayMs: number): void {
    const { clock } = this.#machine;
    this.planned = { kind, atMs: clock.monotonicMs() + delayMs };
    this.#cancel = clock.after(delayMs, () => {
      this.#forget();
      if (kind === 'restart') this.restart();
      else this.#goDown();
    });
  }

  #forget(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.planned = undefined;
  }

  /** Takes a planned restart back. */
  abort(pid: number): boolean {
    if (this.#cancel === undefined) return false;
    void this.#machine.changes.record('power.abort', this.planned?.kind ?? '', 'planned', undefined, pid);
    this.#forget();
    return true;
  }

  /** Remembers what is planned; the function that is given back plans that again, and nothing else. */
  save(): () => void {
    const was = this.planned;
    const leftMs = was === undefined ? 0 : was.atMs - this.#machine.clock.monotonicMs();
    return () => {
      this.#forget();
      if (was) this.#plan(was.kind, leftMs);
    };
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
    this.#forget();
    const { processes, events } = this.#machine;
    events.write({ log: 'System', provider: 'EventLog', id: 6006, message: 'The Event log service was stopped.' });
    for (const watcher of this.#watchers) watcher('down');
    for (const service of this.#machine.services.all()) Object.assign(service, { state: 'Stopped', pid: 0 });
    for (const process of processes.all())
      if (process.pid !== systemPid) void processes.end(process.pid, 0x40010004, systemPid);
    void this.#machine.changes.record('power.down', this.#machine.name, 'up', 'down', systemPid);
  }

  /** What goes wrong in one part keeps no other from coming up, and is told to whoever works with the machine. */
  #comeUp(): void {
    const { clock, changes, outside, events, registry, users, shadows, hardware, components, services, tasks } =
      this.#machine;
    clock.skip(this.restartMs);
    clock.restart();
    this.boots++;
    const parts: readonly (() => void)[] = [
      () => runPendingRenames(this.#machine),
      () => {
        for (const path of volatileKeys) if (registry.find(path)) void registry.remove(path, systemPid);
      },
      () => users.restart(),
      () => shadows.restart(),
      () => hardware.start(),
      () => components.restart(),
      () => services.restart(),
      () => tasks.restart(),
    ];
    for (const start of parts) {
      try {
        start();
      } catch (error) {
        outside.tell(error);
      }
    }
    this.state = 'up';
    events.write({ log: 'System', provider: 'EventLog', id: 6005, message: 'The Event log service was started.' });
    void changes.record('power.up', this.#machine.name, 'down', 'up', systemPid);
    for (const watcher of this.#watchers) watcher('up');
  }
}

/** Keys that servicing and the update agent clear when the machine has restarted. */
const volatileKeys = [
  'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\RebootPending',
  'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate\\Auto Update\\RebootRequired',
];
