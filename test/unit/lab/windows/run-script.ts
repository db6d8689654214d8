import type { PipelineEnd } from '../../../../src/lab/evaluator/pipeline.ts';
import type { ErrorRecord, Value } from '../../../../src/lab/evaluator/value.ts';
import { createMachine } from '../../../../src/lab/faults/create-machine.ts';
import type { FaultSpec } from '../../../../src/lab/faults/faults.ts';
import type { HostSpec } from '../../../../src/lab/faults/lab-spec.ts';
import type { Machine } from '../../../../src/lab/windows/machine/machine.ts';
import { tokenOf } from '../../../../src/lab/windows/machine/users/logon-token.ts';
import { openLanguage } from '../../../../src/lab/windows/runtime/language-host.ts';
import { installLauncher } from '../../../../src/lab/windows/runtime/launcher.ts';

/** What a script gave. */
export type Ran = {
  readonly output: Value[];
  readonly errors: ErrorRecord[];
  readonly warnings: string[];
  readonly end: PipelineEnd;
  readonly pid: number;
};

/** A machine for a test. */
export const labMachine = (faults: readonly FaultSpec[] = [], spec: Partial<HostSpec> = {}): Machine => {
  const machine = createMachine('box', { base: 'windows-11-24h2', ...spec, faults });
  installLauncher(machine);
  return machine;
};

/** Runs a script in a remote shell of the machine, as an administrator (or with another logon). */
export const runScript = async (
  machine: Machine,
  text: string,
  logon: 'network' | 'service' = 'network',
): Promise<Ran> => {
  const account = tokenOf(machine, machine.accounts[0]!, logon);
  const process = machine.processes.start({
    name: 'wsmprovhost',
    path: 'C:\\Windows\\System32\\wsmprovhost.exe',
    account,
    environment: machine.newEnvironment(account),
  });
  const stopRunning = machine.clock.run(process.pid);
  const ran: Ran & { end: PipelineEnd } = {
    output: [],
    errors: [],
    warnings: [],
    end: { kind: 'stopped' },
    pid: process.pid,
  };
  const running = openLanguage(machine, process).run([{ text, isScript: true }], {
    output: (value) => ran.output.push(value),
    error: (record) => ran.errors.push(record),
    warning: (warning) => ran.warnings.push(warning),
    verbose: () => undefined,
    debug: () => undefined,
    information: () => undefined,
    progress: () => undefined,
  });
  const ignore = process.ended.listen(() => running.kill());
  ran.end = await running.done;
  ignore();
  stopRunning();
  return ran;
};

/** Runs a script that must end well and gives its output. */
export const outputOf = async (
  machine: Machine,
  text: string,
  logon: 'network' | 'service' = 'network',
): Promise<Value[]> => {
  const ran = await runScript(machine, text, logon);
  if (ran.end.kind === 'failed') throw new Error(`${ran.end.error.id}: ${ran.end.error.exception.message}`);
  if (ran.errors.length > 0) throw new Error(`${ran.errors[0]?.id}: ${ran.errors[0]?.exception.message}`);
  return ran.output;
};
