import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '../kernel/failure.ts';
import { type DirectShell, openDirectShell } from '../lab/direct-shell.ts';
import { disturb } from '../lab/disturbances/disturb.ts';
import { createMachine } from '../lab/faults/create-machine.ts';
import { unexpectedDifferences } from '../lab/windows/allowed-differences.ts';
import { type Change, systemPid } from '../lab/windows/machine/change-feed.ts';
import type { Machine } from '../lab/windows/machine/machine.ts';
import type { SimulatedProcess } from '../lab/windows/machine/processes.ts';
import { diffSnapshots, takeSnapshot } from '../lab/windows/machine/snapshot.ts';
import { installLauncher } from '../lab/windows/runtime/launcher.ts';
import { scriptOf } from '../lab/windows/script-changes.ts';
import type { MakeTestMachine, TestMachine } from '../operations/playbook-test/test-machine.ts';

/** A month: longer than any limit. The waits of a test are skipped, so one without an end would be waited for. */
const hangMs = 30 * 86_400_000;

/** The account that opens the sessions. */
const user = 'operator';

/** Makes a simulated Windows in this process: no port is opened, and whatever waits on it is skipped. */
export const makeLabTestMachine: MakeTestMachine = (name, spec, onChange): TestMachine => {
  const machine = createMachine(name, spec, [user]);
  installLauncher(machine);
  machine.power.awayRealMs = 0;
  const madeAtMs = machine.clock.monotonicMs();
  const before = takeSnapshot(machine);
  machine.changes.observe((change) => {
    const script = scriptOf(machine, change);
    if (script === undefined) return undefined;
    const fate = onChange({ kind: change.kind, target: change.target });
    if (fate === 'fail') return fail(script, change);
    return fate === 'cut' ? cut(machine, script) : undefined;
  });
  const shells: DirectShell[] = [];
  const disturbances = disturb(machine, spec.disturbances ?? [], {
    cut: () => shells.forEach((shell) => shell.cut()),
    wait: (ms) => sleepOn(machine, ms),
    hangMs,
  });
  return {
    open: async () => {
      const shell = openDirectShell(machine, user, disturbances);
      shells.push(shell);
      return shell;
    },
    sleep: (ms) => sleepOn(machine, ms),
    elapsedMs: () => machine.clock.monotonicMs() - madeAtMs,
    differences: () =>
      unexpectedDifferences(diffSnapshots(before, takeSnapshot(machine), machine).differences).map((each) => ({
        ...each,
        isSystemFile: isSystemFile(machine, each.path),
      })),
    scriptsAt: () =>
      machine.processes
        .all()
        .map((process) => process.scriptAt())
        .filter((stack) => stack !== ''),
    pending: () => disturbances.pending(),
    takeOutside: () => machine.outside.take(),
    [Symbol.dispose]: () => machine.close(),
  };
};

const isSystemFile = ({ components }: Machine, path: string): boolean =>
  path.startsWith('file:') && components.componentOf(path.slice('file:'.length)) !== undefined;

/** Ends a script that made a change with an error that it cannot catch, in the middle of a command that makes several. */
async function fail(script: SimulatedProcess, { kind, target }: Change): Promise<void> {
  script.scriptFault = new Failure('script-error', `The test lets the script fail right after ${kind} ${target}.`);
}

/** Ends the process whose script made a change, where it stands. */
function cut(machine: Machine, { pid }: SimulatedProcess): Promise<void> {
  queueMicrotask(() => {
    if (machine.processes.get(pid) !== undefined) void machine.processes.end(pid, 1, systemPid);
  });
  return new Promise(() => undefined);
}

/** Time passes on the machine, whose own scripts go on meanwhile. */
async function sleepOn(machine: Machine, ms: number): Promise<void> {
  await machine.clock.wait(systemPid, ms);
  // A restart takes real time, if little.
  await delay(machine.power.state === 'down' ? 2 : 0);
}
