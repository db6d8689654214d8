import { errorRecord, PowerShellError } from '../../evaluator/define.ts';
import type { Program, Task } from '../../evaluator/host.ts';
import type { Machine } from '../machine/machine.ts';
import type { SimulatedProcess } from '../machine/processes.ts';
import { actorOf } from '../runtime/process-hooks.ts';
import { sayLine } from '../texts/say.ts';
import { codePagesOf, encodeText } from '../types/text-codec.ts';
import { accessProgram } from './access-program.ts';
import { attribProgram } from './attrib-program.ts';
import { outsideOf } from './check-syntax.ts';
import { devicePrograms } from './devices/device-programs.ts';
import { isStartRefused } from './elevation.ts';
import { filterProgram } from './filter-program.ts';
import { hostnameProgram, whoamiProgram } from './identity-programs.ts';
import { netProgram } from './net-program.ts';
import { netshProgram } from './netsh-program.ts';
import { ipconfigProgram, nslookupProgram, pingProgram } from './network-programs.ts';
import { outlookPrograms } from './outlook-programs.ts';
import { ownershipProgram } from './ownership-program.ts';
import { gpresultProgram, gpupdateProgram } from './policy-programs.ts';
import { shutdownProgram } from './power-program.ts';
import { runProgram, type WindowsProgram } from './program.ts';
import { registryProgram } from './registry-program.ts';
import { rolePrograms } from './role-programs.ts';
import { serviceProgram } from './service-program.ts';
import { dismProgram, sfcProgram } from './servicing-programs.ts';
import { sessionPrograms } from './session-programs.ts';
import { storePrograms } from './store-programs.ts';
import { timeProgram } from './time-program.ts';
import { bitsadminProgram, usoClientProgram, wuaucltProgram } from './update-programs.ts';

/** The native programs that the lab simulates. */
export const programs: readonly WindowsProgram[] = [
  serviceProgram,
  timeProgram,
  dismProgram,
  sfcProgram,
  shutdownProgram,
  accessProgram,
  netProgram,
  hostnameProgram,
  whoamiProgram,
  ...devicePrograms,
  ...rolePrograms,
  netshProgram,
  ipconfigProgram,
  pingProgram,
  nslookupProgram,
  gpupdateProgram,
  gpresultProgram,
  filterProgram,
  bitsadminProgram,
  usoClientProgram,
  wuaucltProgram,
  ownershipProgram,
  registryProgram,
  attribProgram,
  ...sessionPrograms,
  ...storePrograms,
  ...outlookPrograms,
];

/**
 * Finds a program by the name or path that a script used. Of one that lies anywhere the machine tells whether its file is there; without a
 * machine it is.
 */
export const findProgram = (name: string, machine?: Machine): WindowsProgram | undefined => {
  const wanted = name.replaceAll('/', '\\').replaceAll('"', '').toLowerCase();
  const full = wanted.endsWith('.exe') ? wanted : `${wanted}.exe`;
  const anywhere = programs.find(({ matches }) => matches?.(full) ?? false);
  if (anywhere) {
    const path = name
      .replaceAll('/', '\\')
      .replaceAll('"', '')
      .replace(/(?<!\.exe)$/i, '.exe');
    return !machine || machine.files.exists(path) ? { ...anywhere, path } : undefined;
  }
  return programs.find(({ path, matches, isThere, isOnPath }) => {
    if (matches) return false;
    if (machine && isThere && !isThere(machine)) return false;
    if (isOnPath === false && !full.includes('\\')) return false;
    const lower = path.toLowerCase();
    return full.includes('\\') ? lower === full.replace('\\sysnative\\', '\\system32\\') : lower.endsWith(`\\${full}`);
  });
};

/** The program of a file name, wherever it lies. */
export const programNamed = (leaf: string): WindowsProgram | undefined => {
  const file = leaf.toLowerCase().replace(/(?<!\.exe)$/, '.exe');
  return programs.find(({ path }) => path.toLowerCase().endsWith(`\\${file}`));
};

/** A process for a program that another process starts. It ends with its parent, as in the job of a remote shell. */
export const startProgramProcess = (
  machine: Machine,
  parent: SimulatedProcess,
  path: string,
  commandLine: string,
): SimulatedProcess => {
  const process = machine.processes.start(
    {
      name: /([^\\]+?)(\.exe)?$/i.exec(path)?.[1] ?? path,
      path,
      commandLine,
      parentPid: parent.pid,
      account: parent.account,
      sessionId: parent.sessionId,
      environment: new Map(parent.environment),
    },
    parent.pid,
  );
  const ignore = parent.ended.listen(() => {
    if (machine.processes.get(process.pid) === process) void machine.processes.end(process.pid, 1);
  });
  process.ended.listen(ignore);
  return process;
};

/** Bytes of an output line as the program writes them to a console of this code page. */
export const outputText = (program: WindowsProgram, codePage: number, text: string): Uint8Array =>
  encodeText(`${text}\r\n`, { codePage: program.output === 'unicode' ? 1200 : codePage, mark: false });

/** Bytes of an output line as the program writes them without a console. */
export const outputBytes = (program: WindowsProgram, machine: Machine, text: string): Uint8Array =>
  outputText(program, codePagesOf(machine).oem, text);

const notThere = (path: string): PowerShellError => {
  const message = `The term '${path}' is not recognized as the name of a cmdlet, function, script file, or operable program. Check the spelling of the name, or if a path was included, verify that the path is correct and try again.`;
  return new PowerShellError(
    errorRecord({
      id: 'CommandNotFoundException',
      message,
      category: 'ObjectNotFound',
      target: path,
      exception: 'System.Management.Automation.CommandNotFoundException',
    }),
  );
};

const notStarted = (path: string): PowerShellError =>
  new PowerShellError(
    errorRecord({
      id: 'NativeCommandFailed',
      message: `Program '${path.slice(path.lastIndexOf('\\') + 1)}' failed to run: The requested operation requires elevation.`,
      category: 'ResourceUnavailable',
      exception: 'System.Management.Automation.ApplicationFailedException',
    }),
  );

/** A program as the language calls it: in a process of its own, output line by line. */
export const toLanguageProgram = (program: WindowsProgram): Program => ({
  path: program.path,
  outsideCall: (args) => outsideOf(program.path, args),
  *run(args, context): Task<number> {
    const { machine, process: parent } = actorOf(context);
    if (program.isThere && !program.isThere(machine)) throw notThere(program.path);
    if (isStartRefused(program, parent)) throw notStarted(program.path);
    const process = startProgramProcess(machine, parent, program.path, [program.path, ...args].join(' '));
    // A program that writes UTF-16 shows NULs between its characters where the console's code page is expected.
    const spread = (text: string): string =>
      program.output === 'unicode' ? Array.from(text, (char) => `${char}\u0000`).join('') : text;
    // While the program runs, the script that called it waits.
    const goOn = machine.clock.hold(parent.pid);
    const stopRunning = machine.clock.run(process.pid);
    process.ended.listen(stopRunning);
    let code = 1;
    try {
      code = yield* runProgram(program, {
        machine,
        process,
        args,
        line: (text) => context.writeLine(spread(sayLine(machine, program.path, args, text))),
        errorLine: (text) => context.writeErrorLine(spread(sayLine(machine, program.path, args, text))),
      });
    } finally {
      // Also where the lab refuses what the program was asked for: a process that never ends would stop the clock for good.
      if (machine.processes.get(process.pid) === process) void machine.processes.end(process.pid, code | 0);
      goOn();
    }
    return code | 0;
  },
});
