import { Failure } from '../../kernel/failure.ts';
import { silentSink } from '../evaluator/streams.ts';
import type { RunspaceHost } from '../server/runspace-host.ts';
import { parentOf } from '../windows/machine/files/paths.ts';
import type { Machine } from '../windows/machine/machine.ts';
import type { ShellEngine } from '../windows/runtime/launcher.ts';
import { startShellProcess } from '../windows/runtime/shell-process.ts';
import { PwshRunspace } from './pwsh-runspace.ts';

/**
 * The machine as a WinRM endpoint sees it where a real PowerShell evaluates the scripts: one process of it for each shell.
 * @param executable the PowerShell to start
 */
export const createPwshRunspaceHost = (machine: Machine, executable: string): RunspaceHost => ({
  openRunspace: (info) => {
    // There the machine's own files, programs and services would answer to the names that the simulated ones have.
    if (process.platform === 'win32') throw new Error('LabUnsupported: a real PowerShell of Windows as engine');
    if (info.configuration !== undefined && !/^microsoft\.powershell$/iu.test(info.configuration))
      throw new Error(`LabUnsupported: the session configuration ${info.configuration} in a real PowerShell`);
    if (machine.languageMode !== 'FullLanguage')
      throw new Error(`LabUnsupported: the language mode ${machine.languageMode} in a real PowerShell`);
    return new PwshRunspace(machine, startShellProcess(machine, info), executable);
  },
});

/** Where a script's file says that it lies. */
const placeScript = 'param($Path, $Root) [Kintsugi.Lab.Script]::Place($Path, $Root)';

/**
 * Evaluates what scheduled tasks start as powershell.exe.
 * @param executable the PowerShell to start
 */
export const createPwshEngine =
  (executable: string): ShellEngine =>
  async (machine, process, { text, path, args }) => {
    const runspace = new PwshRunspace(machine, process, executable, false);
    let hadErrors = false;
    const run = (script: string, parameters: typeof args) =>
      runspace.run(
        {
          input: undefined,
          statements: [
            [
              {
                text: script,
                isScript: true,
                useLocalScope: undefined,
                mergeErrors: false,
                arguments: parameters.map(({ name, value }) => ({ name, value })),
              },
            ],
          ],
        },
        { ...silentSink, error: () => void (hadErrors = true) },
      ).done;
    if (path !== undefined)
      await run(placeScript, [
        { name: 'Path', value: path },
        { name: 'Root', value: parentOf(path) },
      ]);
    const end = await run(text, args);
    if (end.state === 'failed' && end.error.fullyQualifiedErrorId === 'LabUnsupported')
      machine.outside.tell(new Failure('lab-unsupported', end.error.message));
    if (end.state !== 'completed') return 1;
    return runspace.exitCode ?? (hadErrors && path === undefined ? 1 : 0);
  };
