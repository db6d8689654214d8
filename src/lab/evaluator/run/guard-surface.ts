import { errorRecord, PowerShellError } from '../define.ts';
import type { Frame } from '../frame.ts';
import type { PipelineCommand } from '../pipeline.ts';
import { notFound } from './make-processor.ts';

/** Whether the code of a frame may call a command of this name: a client of a session without language sees only some. */
export const isVisible = (name: string, frame: Frame): boolean => {
  const { surface } = frame.session;
  // What has no caller was asked by the client itself.
  return surface === undefined || frame.call.caller !== undefined || surface.visible.has(name.toLowerCase());
};

/**
 * Refuses what a client of a session without language may not send, as Windows does.
 * @throws PowerShellError ScriptsNotAllowed, CommandNotFoundException, or for a command that is to run in the session's own scope or to write into a variable
 */
export const guardSurface = (command: PipelineCommand, frame: Frame): void => {
  if (!frame.session.surface) return;
  if (command.isScript) {
    throw new PowerShellError(
      errorRecord({
        id: 'ScriptsNotAllowed',
        message: 'The syntax is not supported by this runspace. This can occur if the runspace is in no-language mode.',
        category: 'ParserError',
        exception: 'System.Management.Automation.ParseException',
        target: command.text,
      }),
    );
  }
  if (command.useLocalScope === false) {
    throw new PowerShellError(
      errorRecord({
        id: 'RuntimeException',
        message: 'UseLocalScope cannot be false when language mode is RestrictedLanguage or NoLanguage.',
        category: 'NotSpecified',
        exception: 'System.Management.Automation.RuntimeException',
      }),
    );
  }
  if (!isVisible(command.text, frame)) notFound(command.text);
  if (command.parameters?.some(({ name }) => name !== undefined && writesVariable(name.toLowerCase()))) {
    throw new PowerShellError(
      errorRecord({
        id: 'VariableReferenceNotSupportedInDataSection',
        message:
          'A variable that cannot be referenced in restricted language mode or a Data section is being referenced. Variables that can be referenced include the following: $PSCulture, $PSUICulture, $true, $false, and $null.',
        category: 'NotSpecified',
        exception: 'System.Management.Automation.RuntimeException',
      }),
    );
  }
};

/** Parameters of every command that write into a variable of the caller, and those that begin with the same letters. */
const writers = ['outvariable', 'errorvariable', 'warningvariable', 'informationvariable', 'pipelinevariable'];
const others = ['outbuffer', 'erroraction', 'warningaction', 'informationaction'];

/** Whether a parameter writes into a variable, named in full, by its short name, or by as many of its letters as tell it from the others. */
const writesVariable = (lower: string): boolean =>
  writers.some((writer) => lower === `${writer[0] ?? ''}v`) ||
  (writers.some((writer) => writer.startsWith(lower)) && !others.some((other) => other.startsWith(lower)));
