import { isWhole, outlookPath, repairedFile, startOutlook } from '../machine/apps/outlook.ts';
import { absolutePath } from '../machine/files/paths.ts';
import type { ProgramCall, WindowsProgram } from './program.ts';

const notInstalled = ({ errorLine }: ProgramCall, path: string): number => {
  errorLine(`The system cannot find the file ${path}.`);
  return 2;
};

/** OUTLOOK.EXE: opens the default profile of the user in whose session it is started. Without a desktop it ends at once. */
const outlookProgram: WindowsProgram = {
  path: outlookPath,
  *run(call) {
    const { machine, process } = call;
    if (!machine.files.exists(outlookPath)) return notInstalled(call, outlookPath);
    const session = machine.users.sessions.find(({ id }) => id === process.sessionId);
    if (!session) return 1;
    yield machine.clock.wait(process.pid, 4000);
    return startOutlook(machine, session, process.pid) === 0 ? 0 : 1;
  },
};

const repairPath = 'C:\\Program Files\\Microsoft Office\\root\\Office16\\SCANPST.EXE';

/**
 * SCANPST.EXE with -file: builds the header of a torn data file anew and keeps the old one as .bak. Its switches are in no reference of
 * Microsoft; without a desktop it waits for nobody and ends.
 */
const repairProgram: WindowsProgram = {
  path: repairPath,
  *run(call) {
    const { machine, process, args } = call;
    const { files } = machine;
    if (!files.exists(repairPath)) return notInstalled(call, repairPath);
    const at = args.findIndex((arg) => /^[-/]file$/i.test(arg));
    const path = at < 0 ? undefined : args[at + 1];
    if (path === undefined || !machine.users.sessions.some(({ id }) => id === process.sessionId)) return 1;
    const node = files.find(absolutePath(path));
    if (!node || files.handles.of(node).length > 0) return 1;
    yield machine.clock.wait(process.pid, 60_000);
    if (isWhole(machine, node)) return 0;
    const repaired = repairedFile(machine, node);
    if (!repaired) return 1;
    const full = files.pathOf(node);
    yield files.write(full.replace(/\.[^.\\]+$/, '.bak'), files.read(node), process.parentPid);
    yield files.replaceContent(node, repaired, process.parentPid);
    return 0;
  },
};

/** OUTLOOK.EXE and SCANPST.EXE. */
export const outlookPrograms: readonly WindowsProgram[] = [outlookProgram, repairProgram];
