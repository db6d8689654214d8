import type { Account } from '../accounts.ts';
import { systemAccount } from '../accounts.ts';
import { type ChangeFeed, type Held, systemPid } from './change-feed.ts';
import { Signal } from './signal.ts';
import type { SimulatedClock } from './simulated-clock.ts';
import { Win32Fault, win32 } from './win32-fault.ts';

/** A process of the simulated machine. */
export type SimulatedProcess = {
  readonly pid: number;
  readonly parentPid: number;
  /** Image name without `.exe`. */
  readonly name: string;
  readonly path: string;
  readonly commandLine: string;
  readonly sessionId: number;
  readonly account: Account;
  readonly startedWallMs: number;
  readonly startedAtMs: number;
  readonly ended: Signal;
  exitCode: number | undefined;
  /** Ends the script of this process at its next statement; no `catch` of the script sees it. For tests that make scripts fail. */
  scriptFault: Error | undefined;
  /** Where its script is, as `ScriptStackTrace` shows it; empty where none runs. */
  scriptAt: () => string;
  /** Environment variables by upper-case name. */
  readonly environment: Map<string, { name: string; value: string }>;
};

/** What a new process needs. */
export type NewProcess = Pick<SimulatedProcess, 'name' | 'path'> &
  Partial<Pick<SimulatedProcess, 'parentPid' | 'commandLine' | 'sessionId' | 'account' | 'environment'>> & {
    pid?: number;
  };

/** The processes of a machine. */
export class Processes {
  readonly #byPid = new Map<number, SimulatedProcess>();
  readonly #changes: ChangeFeed;
  readonly #clock: SimulatedClock;
  readonly #closeHandles: (pid: number) => void;
  readonly #ended = new Set<number>();
  #nextPid = 612;

  /**
   * @param changes feed that is told of starts and ends
   * @param clock gives the start times
   * @param closeHandles closes what an ended process had open
   */
  constructor(changes: ChangeFeed, clock: SimulatedClock, closeHandles: (pid: number) => void) {
    this.#changes = changes;
    this.#clock = clock;
    this.#closeHandles = closeHandles;
  }

  /** Starts a process; ids are multiples of four and never used twice. */
  start(spec: NewProcess, byPid: number = systemPid): SimulatedProcess {
    const pid = spec.pid ?? this.#takePid();
    const process: SimulatedProcess = {
      pid,
      parentPid: spec.parentPid ?? byPid,
      name: spec.name,
      path: spec.path,
      commandLine: spec.commandLine ?? spec.path,
      sessionId: spec.sessionId ?? 0,
      account: spec.account ?? systemAccount,
      startedWallMs: this.#clock.wallMs(),
      startedAtMs: this.#clock.monotonicMs(),
      ended: new Signal(),
      exitCode: undefined,
      scriptFault: undefined,
      scriptAt: () => '',
      environment: spec.environment ?? new Map(),
    };
    this.#byPid.set(pid, process);
    void this.#changes.record(
      'process.start',
      process.name,
      undefined,
      { pid, commandLine: process.commandLine },
      byPid,
    );
    return process;
  }

  get(pid: number): SimulatedProcess | undefined {
    return this.#byPid.get(pid);
  }

  /** Whether there was a process of this id and it has ended. */
  hasEnded(pid: number): boolean {
    return this.#ended.has(pid);
  }

  /** Living processes by id. */
  all(): SimulatedProcess[] {
    return [...this.#byPid.values()].sort((a, b) => a.pid - b.pid);
  }

  /** A process ended by itself, or somebody ended it. */
  end(pid: number, exitCode: number, byPid: number = pid): Held {
    const process = this.#byPid.get(pid);
    if (!process) throw new Win32Fault(win32.invalidParameter, String(pid));
    this.#byPid.delete(pid);
    this.#ended.add(pid);
    process.exitCode = exitCode;
    this.#closeHandles(pid);
    const kind = this.#isOwn(process, byPid) ? 'process.end' : 'process.kill';
    const held = this.#changes.record(kind, process.name, { pid }, { exitCode }, byPid);
    process.ended.fire();
    return held;
  }

  /** Whether a process ends by itself, or by Windows, or by one that started it or its parents. */
  #isOwn(process: SimulatedProcess, byPid: number): boolean {
    if (byPid === systemPid) return true;
    for (let at: SimulatedProcess | undefined = process; at; at = this.#byPid.get(at.parentPid))
      if (at.pid === byPid || at.parentPid === byPid) return true;
    return false;
  }

  #takePid(): number {
    this.#nextPid += 4 * (1 + (this.#nextPid % 7));
    return this.#nextPid;
  }
}
