import type { Task } from '../../../evaluator/host.ts';
import { absolutePath } from '../../machine/files/paths.ts';
import { Win32Fault } from '../../machine/win32-fault.ts';
import { messageOf } from '../../texts/system-messages.ts';
import type { ProgramCall } from '../program.ts';

/** `fsutil hardlink create new existing` and `fsutil hardlink list file`. @returns the exit code */
export function* hardLinks({ machine, process, args, line }: ProgramCall): Task<number> {
  const [, verb = '', first, second] = args;
  const isList = verb.toLowerCase() === 'list';
  if (first === undefined || args.length !== (isList ? 3 : 4)) {
    line(`Usage : fsutil hardlink ${isList ? 'list <filename>' : 'create <new filename> <existing filename>'}`);
    return 1;
  }
  try {
    const path = absolutePath(first);
    if (isList) {
      const node = machine.files.get(path, { noFollow: true });
      // Names on the volume, without its drive.
      for (const name of machine.files.namesOf(node)) line(name.slice(2));
      return 0;
    }
    const existing = absolutePath(second ?? '');
    yield machine.files.link(path, existing, process.parentPid);
    line(`Hardlink created for ${path} <<===>> ${existing}`);
    return 0;
  } catch (error) {
    if (!(error instanceof Win32Fault)) throw error;
    line(`Error ${error.code}: ${messageOf(error.code)}`);
    return 1;
  }
}
