import type { Expression } from '../powershell/expression-tree.ts';
import type { Command, Redirection } from '../powershell/syntax-tree.ts';
import type { SyntaxNode } from '../powershell/walk.ts';
import { givenArguments, gives, plainText, valueOf } from './call.ts';

/** Verbs whose commands change the host, but for those below. */
const changingVerbs = new Set(
  [
    'add approve backup checkpoint clear complete compress copy debug deny disable dismount edit enable expand grant initialize install',
    'invoke lock merge mount move new optimize publish register remove rename repair reset resize restart restore resume revoke save set',
    'start stop suspend switch sync undo uninstall unlock unpublish unregister update export',
  ]
    .join(' ')
    .split(' '),
);

/** Commands with such a verb that change nothing beyond the session. */
const harmless = new Set(
  [
    'add-member add-type clear-host clear-variable export-modulemember export-scheduledtask invoke-command invoke-expression',
    'new-alias new-cimsession new-cimsessionoption new-event new-guid new-module new-object new-psdrive new-pssession new-pssessionoption',
    'new-scheduledtask new-scheduledtaskaction new-scheduledtaskprincipal new-scheduledtasksettingsset new-scheduledtasktrigger',
    'new-timespan new-variable register-engineevent register-objectevent remove-alias remove-cimsession remove-event remove-job',
    'remove-module remove-psdrive remove-pssession remove-typedata remove-variable set-alias set-location set-psdebug set-strictmode',
    'set-variable start-sleep stop-job unregister-event update-formatdata update-list update-typedata stop-transcript add-history',
    'clear-history invoke-history invoke-item invoke-webrequest invoke-restmethod undo-transaction start-transaction',
    // Told by rules of their own.
    'start-process start-job register-scheduledtask register-scheduledjob',
  ]
    .join(' ')
    .split(' '),
);

/** Commands that write a file though their verb does not tell. */
const writers = new Set(['out-file', 'tee-object', 'write-eventlog', 'import-pfxcertificate', 'import-certificate']);

/** Drives that are no part of the host. */
const sessionDrive = /^(?:env|variable|function|alias|temp):/i;

/** Whether a call of a cmdlet (named in lower case) changes the host. */
export function changesHost(name: string, node: Command): boolean {
  if (name === 'repair-windowsimage') return gives(node, 'restorehealth');
  if (name === 'invoke-cimmethod' || name === 'invoke-wmimethod') {
    const method = plainText(valueOf(node, 'methodname') ?? valueOf(node, 'name'));
    return method === null || !/^(?:get|is|has|query|find)/i.test(method);
  }
  if (name === 'invoke-webrequest' || name === 'invoke-restmethod')
    return gives(node, 'outfile') || /^(?:post|put|patch|delete)$/i.test(plainText(valueOf(node, 'method')) ?? '');
  if (name === 'tee-object') return !gives(node, 'variable');
  if (writers.has(name)) return true;
  const [verb = '', noun] = name.split('-');
  if (noun === undefined || !changingVerbs.has(verb) || harmless.has(name)) return false;
  return !givenArguments(node).some(({ value }) => sessionDrive.test(plainText(value) ?? ''));
}

/** Static methods of .NET that change the host, by the end of their type's name. */
const staticMethods: Readonly<Record<string, RegExp>> = {
  'io.file': /^(?:write|append|delete|move|copy|create|set|replace|encrypt|decrypt|open$|openwrite)/i,
  'io.directory': /^(?:createdirectory|delete|move|set)/i,
  'diagnostics.process': /^start$/i,
  'diagnostics.eventlog': /^(?:create|delete|write)/i,
  'win32.registry': /^setvalue$/i,
  'io.compression.zipfile': /^(?:create|extract)/i,
  environment: /^setenvironmentvariable$/i,
};

/** Methods of objects that change the host whatever they are called on. */
const methods =
  /^(?:changestartmode|changestartupname|copyto|createsubkey|decrypt|deletesubkey|deletesubkeytree|deletevalue|encrypt|invokemethod|kill|moveto|setaccesscontrol|setvalue|startservice|stopservice|uninstall|executecommand|mofcomp)$/i;

const nameOf = (name: Expression): string => plainText(name) ?? '';

/** Whether a node changes the host by a method of .NET or COM, or writes a file by a redirection; what, or null. */
export function changeByNode(node: SyntaxNode): string | null {
  if (node.kind === 'redirection') return writesFile(node) ? '>' : null;
  if (node.kind !== 'call') return null;
  const method = nameOf(node.name);
  if (!node.isStatic) return methods.test(method) ? `.${method}()` : null;
  if (node.target.kind !== 'type') return null;
  const type = node.target.type.name.toLowerCase();
  const found = Object.entries(staticMethods).find(([end]) => type === end || type.endsWith(`.${end}`));
  return found?.[1].test(method) === true ? `[${node.target.type.name}]::${method}()` : null;
}

const writesFile = ({ merge, target }: Redirection): boolean =>
  !merge && target !== undefined && !(target.kind === 'variable' && target.name.toLowerCase() === 'null');
