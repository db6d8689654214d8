import { type Account, systemAccount } from '../../accounts.ts';
import { systemPid } from '../change-feed.ts';
import { expandText } from '../environment-text.ts';
import type { Machine } from '../machine.ts';
import type { SimulatedProcess } from '../processes.ts';
import type { UserSession } from '../users/users.ts';
import { type ScheduledTask, type TaskAction, taskResults } from './scheduled-task.ts';
import { writeActionFailed } from './task-events.ts';

/** Runs command lines; the runtime provides it. */
export type Launcher = {
  /** The full path of what a command line runs; `undefined` where there is no such file. @throws Failure `lab-unsupported` */
  readonly find: (execute: string) => string | undefined;
  /** Runs it in a process and gives its exit code; `isRead`: somebody reads what it writes. @throws Failure `lab-unsupported` */
  readonly run: (process: SimulatedProcess, execute: string, args: string, isRead?: boolean) => Promise<number>;
};

const fileNotFound = 0x80070002 | 0;

/**
 * Runs the actions of a task one after the other, each in a process of its own. An action that cannot be started ends the run. What the
 * lab does not simulate ends it, too, and is told to whoever works with the machine.
 * @param session where a task of a person runs
 * @param ended called when the run is over, with the result of the last action
 */
export const runTask = (
  machine: Machine,
  launcher: Launcher | undefined,
  task: ScheduledTask,
  session: UserSession | undefined,
  ended: (result: number) => void,
): void => {
  const { actions, settings } = task.definition;
  // A time limit is that of the whole run.
  const cancelLimit =
    settings.executionTimeLimitMs > 0
      ? machine.clock.after(settings.executionTimeLimitMs, () => stop())
      : () => undefined;
  let isStopped = false;
  let pid: number | undefined;
  const stop = (): void => {
    isStopped = true;
    if (pid !== undefined && machine.processes.get(pid))
      void machine.processes.end(pid, taskResults.terminated, systemPid);
  };
  const finish = (result: number): void => {
    cancelLimit();
    // Where two runs of a task go side by side it is that of the later one.
    if (task.runningPid === pid) task.runningPid = undefined;
    ended(result);
  };
  const next = (at: number, last: number): void => {
    const registered = actions[at];
    if (!registered || isStopped) return finish(last);
    const caller = callerOf(machine, task, session);
    const execute = expandText(registered.execute, (name) => caller.environment.get(name.toUpperCase())?.value);
    const action = { ...registered, execute };
    const path = pathOf(machine, launcher, action);
    if (path === undefined) {
      writeActionFailed(machine, task, action.execute, fileNotFound);
      return finish(fileNotFound);
    }
    const process = startAction(machine, action, path, caller);
    pid = process.pid;
    task.runningPid = pid;
    task.lastResult = taskResults.running;
    const stopRunning = machine.clock.run(process.pid);
    process.ended.listen(() => {
      const code = process.exitCode ?? 0;
      if (code === taskResults.terminated || machine.power.state === 'down') isStopped = true;
      next(at + 1, code);
      stopRunning();
    });
    drive(machine, launcher, process, action);
  };
  next(0, 0);
};

const pathOf = (machine: Machine, launcher: Launcher | undefined, action: TaskAction): string | undefined => {
  try {
    return launcher?.find(action.execute);
  } catch (error) {
    machine.outside.tell(error);
    return undefined;
  }
};

/** As whom an action runs, and where. */
type Caller = Pick<SimulatedProcess, 'account' | 'sessionId' | 'environment'>;

const callerOf = (machine: Machine, task: ScheduledTask, session: UserSession | undefined): Caller => {
  if (session)
    return { account: session.account, sessionId: session.id, environment: machine.users.environmentOf(session) };
  const known = machine.accountOf(task.definition.principal.userId) ?? systemAccount;
  const account: Account = { ...known, logon: 'service' };
  return { account, sessionId: 0, environment: machine.newEnvironment(account) };
};

const startAction = (machine: Machine, action: TaskAction, path: string, caller: Caller): SimulatedProcess =>
  machine.processes.start({
    name: (/([^\\/]+?)(\.exe)?$/i.exec(path)?.[1] ?? path).toLowerCase(),
    path,
    commandLine: `${action.execute} ${action.arguments}`.trim(),
    ...caller,
    parentPid: machine.services.find('Schedule')?.pid ?? systemPid,
  });

const drive = (
  machine: Machine,
  launcher: Launcher | undefined,
  process: SimulatedProcess,
  { execute, arguments: args }: TaskAction,
): void => {
  const end = (code: number): void => {
    if (machine.processes.get(process.pid) === process) void machine.processes.end(process.pid, code | 0);
  };
  const running = launcher?.run(process, execute, args);
  running?.then(end, (error: unknown) => {
    machine.outside.tell(error);
    end(1);
  });
};
