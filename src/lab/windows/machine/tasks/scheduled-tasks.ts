import { type Held, systemPid } from '../change-feed.ts';
import type { Machine } from '../machine.ts';
import { Win32Fault, win32 } from '../win32-fault.ts';
import { type ScheduledTask, type TaskDefinition, type TaskTrigger, taskResults } from './scheduled-task.ts';
import { lacksMains, lacksSession, sessionFor } from './task-conditions.ts';
import { writeOnBatteries, writeStartFailed } from './task-events.ts';
import { type Launcher, runTask } from './task-run.ts';
import { isCalendar, nextStart, registeredTrigger, stateOf } from './task-schedule.ts';
import { writeTaskXml } from './task-xml.ts';

const folder = 'C:\\Windows\\System32\\Tasks';

/** From the start of Windows to the start triggers, and from a missed start that is made up for to its run, ms. */
const [startupMs, catchUpMs] = [5000, 1000];

/**
 * The task scheduler of a machine. Tasks outlive the session that registered them. When a trigger falls due is reckoned once, with its
 * registration, on the monotonic clock; a start that has come or was missed does not come again.
 */
export class ScheduledTasks {
  readonly #machine: Machine;
  readonly #tasks = new Map<string, ScheduledTask>();
  readonly #timers = new Map<ScheduledTask, readonly (() => void)[]>();
  readonly #catchUps = new Map<ScheduledTask, () => void>();
  launcher: Launcher | undefined;

  /** @param machine whose scheduler it is */
  constructor(machine: Machine) {
    this.#machine = machine;
  }

  find(path: string, name: string): ScheduledTask | undefined {
    return this.#tasks.get(`${path}${name}`.toLowerCase());
  }

  all(): ScheduledTask[] {
    return [...this.#tasks.values()];
  }

  /** Registers a task, or exchanges its definition where `force` is set. @throws Win32Fault alreadyExists */
  register(path: string, name: string, definition: TaskDefinition, pid: number, force: boolean): Held {
    const old = this.find(path, name);
    if (old && !force) throw new Win32Fault(win32.alreadyExists, name);
    const before = old?.definition;
    const task: ScheduledTask = old ?? {
      path,
      name,
      definition,
      isEnabled: true,
      runningPid: undefined,
      lastRunMs: undefined,
      lastResult: taskResults.hasNotRun,
      missedRuns: 0,
      isQueued: false,
      triggers: [],
    };
    task.definition = definition;
    task.isEnabled = true;
    const { clock } = this.#machine;
    const now = { monotonicMs: clock.monotonicMs(), wallMs: clock.wallMs(pid) };
    task.triggers = definition.triggers.map((trigger) => registeredTrigger(trigger, task, now));
    this.#tasks.set(`${path}${name}`.toLowerCase(), task);
    const xml = new Uint8Array(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(writeTaskXml(task), 'utf16le')]));
    void this.#machine.files.createFolder(`${folder}${path}`, systemPid);
    void this.#machine.files.write(`${folder}${path}${name}`, xml, systemPid);
    this.#disarm(task);
    this.#catchUp(task);
    this.#arm(task);
    return this.#machine.changes.record('task.register', `${path}${name}`, before, definition, pid);
  }

  /** Removes a task; a run under way goes on. */
  unregister(task: ScheduledTask, pid: number): Held {
    this.#disarm(task);
    this.#tasks.delete(`${task.path}${task.name}`.toLowerCase());
    const file = `${folder}${task.path}${task.name}`;
    if (this.#machine.files.exists(file)) void this.#machine.files.remove(file, systemPid);
    return this.#machine.changes.record('task.unregister', `${task.path}${task.name}`, task.definition, undefined, pid);
  }

  setEnabled(task: ScheduledTask, isEnabled: boolean, pid: number): Held {
    const before = task.isEnabled;
    task.isEnabled = isEnabled;
    // What fell due while it was disabled is missed.
    if (isEnabled) this.#catchUp(task);
    this.#arm(task);
    return this.#machine.changes.record('task.enable', `${task.path}${task.name}`, before, isEnabled, pid);
  }

  /** Starts a task now. @throws Win32Fault when it is disabled */
  start(task: ScheduledTask, pid: number): Held {
    if (!task.isEnabled) throw new Win32Fault(win32.serviceDisabled, task.name);
    const record = (after: string): Held =>
      this.#machine.changes.record('task.start', `${task.path}${task.name}`, undefined, after, pid);
    if (task.runningPid !== undefined) {
      const { multipleInstances } = task.definition.settings;
      if (multipleInstances === 'IgnoreNew') return undefined;
      if (multipleInstances === 'Queue') task.isQueued = true;
      if (multipleInstances === 'StopExisting') void this.stop(task, pid);
      if (task.isQueued) return record('queued');
    }
    const isByTrigger = pid === systemPid;
    if (lacksSession(this.#machine, task)) {
      this.#refuse(task, isByTrigger ? taskResults.notLoggedOn : taskResults.refused);
      return record('refused');
    }
    if (lacksMains(this.#machine, task)) {
      writeOnBatteries(this.#machine, task);
      if (isByTrigger) this.#refuse(task, taskResults.conditionNotMet);
      else {
        task.isQueued = true;
        task.lastResult = taskResults.queued;
      }
      return record(isByTrigger ? 'refused' : 'queued');
    }
    const held = record('running');
    this.#launch(task);
    return held;
  }

  /** Ends the run under way; a start that waits is given up. */
  stop(task: ScheduledTask, pid: number): Held {
    task.isQueued = false;
    if (task.runningPid === undefined || !this.#machine.processes.get(task.runningPid)) return undefined;
    return this.#machine.processes.end(task.runningPid, taskResults.terminated, pid);
  }

  /** The next start by a trigger, wall clock of now; `undefined` when none is to come. */
  nextRunMs(task: ScheduledTask): number | undefined {
    if (!task.isEnabled) return undefined;
    const { clock } = this.#machine;
    const due = task.definition.triggers.flatMap((trigger, at) => nextStart(trigger, stateOf(task, at)) ?? []);
    return due.length === 0 ? undefined : clock.wallMs() + Math.min(...due) - clock.monotonicMs();
  }

  /** The wall clock was stepped: triggers that go by the calendar move with it. Those at a time keep the time that was left. */
  clockStepped(byMs: number): void {
    const now = this.#machine.clock.monotonicMs();
    for (const task of this.#tasks.values()) {
      if (!task.definition.triggers.some(isCalendar)) continue;
      task.triggers = task.definition.triggers.map((trigger, at) => {
        const state = stateOf(task, at);
        if (!isCalendar(trigger) || state.startMs === undefined) return state;
        // After a step backwards the starts of the days that come again are due again.
        return { startMs: state.startMs - byMs, doneMs: Math.min(now, state.doneMs - byMs) };
      });
      this.#catchUp(task);
      this.#arm(task);
    }
  }

  /** Takes back the tasks of a copied state; runs under way are forgotten. */
  replace(tasks: readonly ScheduledTask[]): void {
    for (const task of this.#tasks.values()) this.#disarm(task);
    this.#tasks.clear();
    for (const task of tasks) {
      const own = { ...task, runningPid: undefined };
      this.#tasks.set(`${task.path}${task.name}`.toLowerCase(), own);
      this.#arm(own);
    }
  }

  /** The machine has started: startup triggers fire, missed ones where the task wants it; a logon of before is over. */
  restart(): void {
    const now = this.#machine.clock.monotonicMs();
    for (const task of this.#tasks.values()) {
      task.triggers = task.definition.triggers.map((trigger, at) =>
        trigger.kind === 'logon' ? { startMs: undefined, doneMs: now } : stateOf(task, at),
      );
      task.runningPid = undefined;
      task.isQueued = false;
      if (task.lastResult === taskResults.running) task.lastResult = taskResults.terminated;
      task.missedRuns += this.#catchUp(task);
      this.#begin(task, 'startup', startupMs);
    }
  }

  /** A user has signed in: tasks that wait for a logon start. */
  signedIn(): void {
    for (const task of this.#tasks.values()) this.#begin(task, 'logon', 0);
  }

  /** What the triggers of a kind wait for has come. */
  #begin(task: ScheduledTask, kind: TaskTrigger['kind'], afterMs: number): void {
    const now = this.#machine.clock.monotonicMs();
    task.triggers = task.definition.triggers.map((trigger, at) =>
      trigger.kind === kind ? { startMs: now + afterMs + trigger.delayMs, doneMs: now - 1 } : stateOf(task, at),
    );
    this.#arm(task);
  }

  /** Passes over starts that lie in the past. @returns how many triggers have missed one */
  #catchUp(task: ScheduledTask): number {
    const now = this.#machine.clock.monotonicMs();
    let missed = 0;
    task.triggers = task.definition.triggers.map((trigger, at) => {
      const state = stateOf(task, at);
      const due = nextStart(trigger, state);
      if (due === undefined || due > now) return state;
      missed++;
      return { ...state, doneMs: now };
    });
    if (missed > 0 && task.definition.settings.startWhenAvailable) this.#startAt(task, catchUpMs);
    return missed;
  }

  #arm(task: ScheduledTask): void {
    for (const cancel of this.#timers.get(task) ?? []) cancel();
    this.#timers.delete(task);
    if (!task.isEnabled) return;
    const { clock } = this.#machine;
    const timers = task.definition.triggers.flatMap((trigger, at) => {
      const due = nextStart(trigger, stateOf(task, at));
      if (due === undefined) return [];
      return clock.after(due - clock.monotonicMs(), () => {
        const done = { ...stateOf(task, at), doneMs: Math.max(due, clock.monotonicMs()) };
        task.triggers = task.triggers.map((state, other) => (other === at ? done : state));
        this.#startByItself(task);
        this.#arm(task);
      });
    });
    this.#timers.set(task, timers);
  }

  /** A start that was missed comes a moment later. */
  #startAt(task: ScheduledTask, ms: number): void {
    this.#catchUps.get(task)?.();
    this.#catchUps.set(
      task,
      this.#machine.clock.after(ms, () => this.#startByItself(task)),
    );
  }

  #startByItself(task: ScheduledTask): void {
    const { power, services } = this.#machine;
    if (!task.isEnabled || power.state === 'down' || this.find(task.path, task.name) !== task) return;
    if (services.find('Schedule')?.state === 'Stopped') task.missedRuns++;
    else void this.start(task, systemPid);
  }

  #disarm(task: ScheduledTask): void {
    for (const cancel of this.#timers.get(task) ?? []) cancel();
    this.#timers.delete(task);
    this.#catchUps.get(task)?.();
    this.#catchUps.delete(task);
  }

  #refuse(task: ScheduledTask, result: number): void {
    task.lastResult = result | 0;
    writeStartFailed(this.#machine, task, result);
  }

  #launch(task: ScheduledTask): void {
    const session = /^(Interactive|Group)$/.test(task.definition.principal.logonType)
      ? sessionFor(this.#machine, task)
      : undefined;
    task.lastRunMs = this.#machine.clock.wallMs();
    runTask(this.#machine, this.launcher, task, session, (result) => {
      task.lastResult = result;
      if (!task.isQueued || this.#machine.power.state === 'down') return;
      task.isQueued = false;
      void this.start(task, systemPid);
    });
  }
}
