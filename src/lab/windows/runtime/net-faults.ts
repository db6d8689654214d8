import { NetError, netError } from '../../evaluator/define.ts';
import { exception } from '../../evaluator/make.ts';
import type { Exception } from '../../evaluator/value.ts';
import { hresultOf, Win32Fault, win32 } from '../machine/win32-fault.ts';

/** The exception that System.IO of .NET Framework makes of a Win32 error (System.IO.__Error.WinIOError). */
export const ioException = (fault: Win32Fault): Exception => {
  const { code, target } = fault;
  const make = (type: string, message: string): Exception => exception(type, message, { hresult: hresultOf(code) });
  switch (code) {
    case win32.fileNotFound:
      return make('System.IO.FileNotFoundException', `Could not find file '${target}'.`);
    case win32.pathNotFound:
      return make('System.IO.DirectoryNotFoundException', `Could not find a part of the path '${target}'.`);
    case win32.accessDenied:
      return make('System.UnauthorizedAccessException', `Access to the path '${target}' is denied.`);
    case win32.sharingViolation:
      return make(
        'System.IO.IOException',
        `The process cannot access the file '${target}' because it is being used by another process.`,
      );
    case win32.fileExists:
      return make('System.IO.IOException', `The file '${target}' already exists.`);
    case win32.alreadyExists:
      return make('System.IO.IOException', 'Cannot create a file when that file already exists.\r\n');
    case win32.directoryNotEmpty:
      return make('System.IO.IOException', 'The directory is not empty.\r\n');
    case win32.diskFull:
      return make('System.IO.IOException', 'There is not enough space on the disk.\r\n');
    case win32.directory:
      return make('System.IO.IOException', 'The directory name is invalid.\r\n');
    case win32.invalidName:
      return exception('System.ArgumentException', 'Illegal characters in path.', { hresult: 0x80070057 });
    case win32.networkPathNotFound:
      return make('System.IO.IOException', 'The network path was not found.\r\n');
    default:
      return make('System.IO.IOException', `Win32 error ${code}: ${target}`);
  }
};

/** Runs a piece of model code and turns its refusals into .NET exceptions. */
export const asNet = <T>(run: () => T, toException: (fault: Win32Fault) => Exception = ioException): T => {
  try {
    return run();
  } catch (error) {
    if (error instanceof Win32Fault) throw new NetError(toException(error));
    throw error;
  }
};

/** A null argument as .NET refuses it. */
export const argumentNull = (parameter: string): NetError =>
  netError('System.ArgumentNullException', `Value cannot be null.\r\nParameter name: ${parameter}`, {
    properties: { ParamName: parameter },
  });

/** What .NET Framework throws when a folder cannot be moved: an IOException even where access is denied (DirectoryInfo.MoveTo). */
export const folderMoveException = (fault: Win32Fault): Exception =>
  fault.code === win32.accessDenied
    ? exception('System.IO.IOException', `Access to the path '${fault.target}' is denied.`, {
        hresult: hresultOf(fault.code),
      })
    : ioException(fault);
