import { win32 } from '../machine/win32-fault.ts';

/** Messages of the system for its error codes, in English as the lab's hosts answer. */
const messages: ReadonlyMap<number, string> = new Map([
  [win32.invalidFunction, 'Incorrect function.'],
  [win32.fileNotFound, 'The system cannot find the file specified.'],
  [win32.pathNotFound, 'The system cannot find the path specified.'],
  [win32.accessDenied, 'Access is denied.'],
  [win32.notSameDevice, 'The system cannot move the file to a different disk drive.'],
  [win32.sharingViolation, 'The process cannot access the file because it is being used by another process.'],
  [win32.fileExists, 'The file exists.'],
  [win32.diskFull, 'There is not enough space on the disk.'],
  [win32.invalidName, 'The filename, directory name, or volume label syntax is incorrect.'],
  [win32.directoryNotEmpty, 'The directory is not empty.'],
  [win32.alreadyExists, 'Cannot create a file when that file already exists.'],
  [win32.tooManyLinks, 'An attempt was made to create more links on a file than the file system supports.'],
  [win32.directory, 'The directory name is invalid.'],
]);

/** Message of a Win32 error code. */
export const messageOf = (code: number): string => messages.get(code) ?? `The system reported error ${code}.`;
