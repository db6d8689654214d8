import { errorRecord, PowerShellError } from '../../evaluator/define.ts';
import type { CallContext } from '../../evaluator/host.ts';
import type { Machine } from '../machine/machine.ts';
import type { SimulatedProcess } from '../machine/processes.ts';
import { codePagesOf, decodeText } from '../types/text-codec.ts';
import { actorOf } from './process-hooks.ts';

const policyKey = 'HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\PowerShell';
/** Where powershell.exe notes the policy of its own command line. */
const processVariable = 'PSEXECUTIONPOLICYPREFERENCE';

/** Notes an execution policy for a process and those it starts. */
export const setProcessPolicy = (process: SimulatedProcess, policy: string): void => {
  process.environment.set(processVariable, { name: 'PSExecutionPolicyPreference', value: policy });
};

/** The policy that counts for a process: group policy, then its own, then the machine's. */
export const effectivePolicy = (machine: Machine, process: SimulatedProcess): string => {
  const forced = machine.registry.data(policyKey, 'ExecutionPolicy');
  return typeof forced === 'string'
    ? forced
    : (process.environment.get(processVariable)?.value ?? machine.executionPolicy);
};

/** Whether scripts without a signature may be run from files. */
export const mayRunFiles = (machine: Machine, process: SimulatedProcess): boolean =>
  /^(bypass|unrestricted|remotesigned)$/i.test(effectivePolicy(machine, process));

/** Text of a script file: by its byte order mark, else in the ANSI code page, as Windows PowerShell 5.1 reads it. */
export const scriptText = (machine: Machine, path: string): string | undefined => {
  const node = machine.files.find(path);
  return node && !node.isFolder ? decodeText(machine.files.read(node), codePagesOf(machine).ansi) : undefined;
};

/**
 * Finds a script file for `& path` and `. path`.
 * @throws PowerShellError where the execution policy forbids it
 */
export const readScriptFile = (
  path: string,
  context: CallContext,
): { readonly text: string; readonly path: string } | undefined => {
  const { machine, process } = actorOf(context);
  const text = scriptText(machine, path);
  if (text === undefined) return undefined;
  if (!mayRunFiles(machine, process)) {
    const isSigned = /allsigned/i.test(effectivePolicy(machine, process));
    const reason = isSigned
      ? `The file ${path} is not digitally signed. You cannot run this script on the current system.`
      : 'running scripts is disabled on this system.';
    throw new PowerShellError(
      errorRecord({
        id: 'UnauthorizedAccess',
        message: `File ${path} cannot be loaded${isSigned ? '. ' : ' because '}${reason} For more information about running scripts and setting execution policy, see about_Execution_Policies at https:/go.microsoft.com/fwlink/?LinkID=135170.`,
        category: 'SecurityError',
        exception: 'System.Management.Automation.PSSecurityException',
      }),
    );
  }
  return { text, path: machine.files.pathOf(machine.files.get(path)) };
};
