import { type Account, parseSddlSid, sidOfName, systemAccount } from '../../accounts.ts';
import { type Held, systemPid } from '../change-feed.ts';
import type { Machine } from '../machine.ts';
import type { SimulatedProcess } from '../processes.ts';
import type { UserSession } from '../users/users.ts';
import { Win32Fault, win32 } from '../win32-fault.ts';
import { type ScheduledTask, type TaskDefinition, taskResults } from './scheduled-task.ts';
import { writeTaskXml } from './task-xml.ts';

const folder = 'C:\\Windows\\System32\\Tasks';

/** Runs a command line in a process and gives its exit code; the runtime provides it. */
export type Launcher = (process: SimulatedProcess, execute: string, args: string) => Promise<number>;

/** The task scheduler of a machine. Tasks outlive the session that registered them. */
export class ScheduledTasks {
  readonly #machine: Machine;
  readonly #tasks = new Map<string, ScheduledTask>();
  readonly #cancels = new Map<ScheduledTask, (() => void)[]>();
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
    };
    task.definition = definition;
    this.#tasks.set(`${path}${name}`.toLowerCase(), task);
    const xml = new Uint8Array(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(writeTaskXml(task), 'utf16le')]));
    void this.#machine.files.createFolder(`${folder}${path}`, systemPid);
    void this.#machine.files.write(`${folder}${path}${name}`, xml, systemPid);
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
    this.#arm(task);
    return this.#machine.changes.record('task.enable', `${task.path}${task.name}`, before, isEnabled, pid);
  }

  /** Starts a task now. @throws Win32Fault when it is disabled */
  start(task: ScheduledTask, pid: number): Held {
    if (!task.isEnabled) throw new Win32Fault(win32.serviceDisabled, task.name);
    if (task.runningPid !== undefined && task.definition.settings.multipleInstances === 'IgnoreNew') return undefined;
    if (this.#lacksSession(task)) {
      this.#refuse(task, pid === systemPid ? taskResults.notLoggedOn : taskResults.refused);
      return this.#machine.changes.record('task.start', `${task.path}${task.name}`, undefined, 'refused', pid);
    }
    const held = this.#machine.changes.record('task.start', `${task.path}${task.name}`, undefined, 'running', pid);
    this.#launch(task);
    return held;
  }

  /** Ends the run under way. */
  stop(task: ScheduledTask, pid: number): Held {
    if (task.runningPid === undefined || !this.#machine.processes.get(task.runningPid)) return undefined;
    return this.#machine.processes.end(task.runningPid, taskResults.terminated, pid);
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

  /** The machine has started: startup triggers fire, missed ones where the task wants it. */
  restart(): void {
    for (const task of this.#tasks.values()) {
      task.runningPid = undefined;
      if (task.lastResult === taskResults.running) task.lastResult = taskResults.terminated;
      this.#arm(task);
      for (const trigger of task.definition.triggers) {
        if (trigger.kind === 'startup' && trigger.isEnabled) this.#after(task, 5000 + trigger.delayMs);
      }
    }
  }

  /** A user has signed in: tasks that wait for a logon start. */
  signedIn(): void {
    for (const task of this.#tasks.values())
      for (const trigger of task.definition.triggers)
        if (trigger.kind === 'logon' && trigger.isEnabled) this.#after(task, trigger.delayMs);
  }

  #arm(task: ScheduledTask): void {
    this.#disarm(task);
    if (!task.isEnabled) return;
    const now = this.#machine.clock.wallMs();
    for (const trigger of task.definition.triggers) {
      if (trigger.atMs === undefined || !trigger.isEnabled) continue;
      let due = trigger.atMs;
      const every =
        trigger.repetitionMs ??
        (trigger.kind === 'daily' ? 86_400_000 : trigger.kind === 'weekly' ? 604_800_000 : undefined);
      if (due < now) {
        if (every !== undefined) due += Math.ceil((now - due) / every) * every;
        else if (task.definition.settings.startWhenAvailable && (task.lastRunMs ?? 0) < trigger.atMs) due = now + 1000;
        else continue;
      }
      this.#after(task, due - now + trigger.delayMs, every === undefined ? undefined : () => this.#arm(task));
    }
  }

  #after(task: ScheduledTask, ms: number, then?: () => void): void {
    const cancel = this.#machine.clock.after(ms, () => {
      if (
        task.isEnabled &&
        this.find(task.path, task.name) === task &&
        this.#machine.services.find('Schedule')?.state !== 'Stopped'
      ) {
        void this.start(task, systemPid);
      }
      then?.();
    });
    this.#cancels.set(task, [...(this.#cancels.get(task) ?? []), cancel]);
  }

  #disarm(task: ScheduledTask): void {
    for (const cancel of this.#cancels.get(task) ?? []) cancel();
    this.#cancels.delete(task);
  }

  /** The session in which a task runs, by its principal: that of its user, or the first one of a member of its group. */
  #sessionFor({ definition: { principal } }: ScheduledTask): UserSession | undefined {
    const { users } = this.#machine;
    if (principal.logonType === 'Group') {
      const sid = parseSddlSid(principal.userId) ?? sidOfName(principal.userId) ?? '';
      return users.sessions.find(({ account }) => account.groups.includes(sid) || sid === 'S-1-1-0');
    }
    const account = this.#machine.accountOf(principal.userId);
    return account && users.sessionOf(account.sid);
  }

  /** Whether a task runs in the session of a user, and none of them is signed in. */
  #lacksSession(task: ScheduledTask): boolean {
    const { logonType, userId } = task.definition.principal;
    const isPersonal = logonType === 'Group' || (logonType === 'Interactive' && !/^S-1-5-(18|19|20)$/.test(userId));
    return isPersonal && this.#sessionFor(task) === undefined;
  }

  #refuse(task: ScheduledTask, result: number): void {
    task.lastResult = result | 0;
    const { userId } = task.definition.principal;
    this.#machine.events.write({
      log: 'Microsoft-Windows-TaskScheduler/Operational',
      provider: 'Microsoft-Windows-TaskScheduler',
      id: 101,
      level: 2,
      message: `Task Scheduler failed to start "${task.path}${task.name}" task for user "${userId}". Additional Data: Error Value: ${result}.`,
      data: [
        ['TaskName', `${task.path}${task.name}`],
        ['UserContext', userId],
        ['ResultCode', String(result)],
      ],
    });
  }

  #launch(task: ScheduledTask): void {
    const machine = this.#machine;
    const action = task.definition.actions[0];
    if (!action) return;
    const known = machine.accountOf(task.definition.principal.userId) ?? systemAccount;
    const session = /^(Interactive|Group)$/.test(task.definition.principal.logonType)
      ? this.#sessionFor(task)
      : undefined;
    const account: Account = session?.account ?? { ...known, logon: 'service' };
    const image = action.execute.replaceAll('"', '');
    const process = machine.processes.start({
      name: (/([^\\/]+?)(\.exe)?$/i.exec(image)?.[1] ?? image).toLowerCase(),
      path: image.includes('\\') ? image : `C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\${image}`,
      commandLine: `${action.execute} ${action.arguments}`.trim(),
      account,
      sessionId: session?.id ?? 0,
      environment: session ? machine.users.environmentOf(session) : machine.newEnvironment(account),
      parentPid: machine.services.find('Schedule')?.pid ?? systemPid,
    });
    task.runningPid = process.pid;
    task.lastRunMs = machine.clock.wallMs();
    task.lastResult = taskResults.running;
    const stopRunning = machine.clock.run(process.pid);
    const limit = task.definition.settings.executionTimeLimitMs;
    const cancelLimit = limit > 0 ? machine.clock.after(limit, () => void this.stop(task, systemPid)) : () => undefined;
    process.ended.listen(() => {
      cancelLimit();
      task.lastResult = process.exitCode ?? 0;
      if (task.runningPid === process.pid) task.runningPid = undefined;
      stopRunning();
    });
    const launched = this.launcher?.(process, action.execute, action.arguments) ?? Promise.resolve(1);
    void launched.then((code) => {
      if (machine.processes.get(process.pid) === process) void machine.processes.end(process.pid, code);
    });
  }
}
