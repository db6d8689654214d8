import { defineType } from '../../evaluator/define.ts';
import type { CallContext } from '../../evaluator/host.ts';
import { typedArray } from '../../evaluator/make.ts';
import type { StaticMethod } from '../../evaluator/type-definition.ts';
import type { Value } from '../../evaluator/value.ts';
import type { Held } from '../machine/change-feed.ts';
import type { FileNode } from '../machine/files/file-node.ts';
import type { FileSystem } from '../machine/files/file-system.ts';
import { joinPath } from '../machine/files/paths.ts';
import { neededRights } from '../machine/rights/access-check.ts';
import { Win32Fault, win32 } from '../machine/win32-fault.ts';
import { asNet, folderMoveException } from '../runtime/net-faults.ts';
import { actorOf } from '../runtime/process-hooks.ts';
import { pathObject } from './file-info.ts';
import { pathArgument, timeMethods } from './file-statics.ts';

/** Deletes a folder with all in it, files first; a junction is removed, not followed. Yields what must be waited for. */
export function* removeTree(
  files: FileSystem,
  path: string,
  pid: number,
  force = false,
): Generator<Held, void, unknown> {
  const node = files.get(path, { noFollow: true });
  if (node.isFolder && node.target === undefined) {
    for (const child of Array.from(node.children.values()))
      yield* removeTree(files, joinPath(path, child.name), pid, force);
  }
  yield files.remove(path, pid, { force });
}

const list =
  (wanted: (node: FileNode) => boolean): StaticMethod =>
  (args, context) => {
    const { files } = actorOf(context).machine;
    const path = pathArgument(args, context);
    const pattern = args.length > 1 ? context.text(args[1]) : '*';
    const isDeep = args.length > 2 && /AllDirectories|^1$/i.test(context.text(args[2]));
    const found: Value[] = [];
    const { pid } = actorOf(context);
    const visit = (folder: FileNode, at: string): void => {
      files.requireRight(folder, neededRights.listFolder, pid);
      for (const child of folder.children.values()) {
        const full = joinPath(at, child.name);
        if (wanted(child) && context.like(child.name, pattern === '*.*' ? '*' : pattern)) found.push(full);
        if (isDeep && child.isFolder) visit(child, full);
      }
    };
    asNet(() => {
      const folder = files.find(path);
      if (!folder) throw new Win32Fault(win32.pathNotFound, path);
      if (!folder.isFolder) throw new Win32Fault(win32.directory, path);
      visit(folder, path);
    });
    return typedArray('System.String', found);
  };

const folderAt = (args: Value[], context: CallContext): FileNode | undefined => {
  const node = actorOf(context).machine.files.find(pathArgument(args, context));
  return node?.isFolder ? node : undefined;
};

/** System.IO.Directory. */
export const directoryType = defineType({
  name: 'System.IO.Directory',
  statics: {
    methods: {
      ...timeMethods,
      Exists: (args, context) =>
        args[0] !== null &&
        args[0] !== undefined &&
        context.text(args[0]) !== '' &&
        folderAt(args, context) !== undefined,
      *CreateDirectory(args, context) {
        const { machine, pid } = actorOf(context);
        const path = pathArgument(args, context);
        yield asNet(() => machine.files.createFolder(path, pid));
        return pathObject(machine, path, true, context.text(args[0]));
      },
      *Delete(args, context) {
        const { machine, pid } = actorOf(context);
        const path = pathArgument(args, context);
        const isDeep = args.length > 1 && context.isTrue(args[1]);
        asNet(() => {
          if (!machine.files.exists(path)) throw new Win32Fault(win32.pathNotFound, path);
        });
        if (!isDeep) yield asNet(() => machine.files.remove(path, pid));
        else {
          const steps = removeTree(machine.files, path, pid);
          for (let step = asNet(() => steps.next()); !step.done; step = asNet(() => steps.next())) yield step.value;
        }
        return undefined;
      },
      *Move(args, context) {
        const { machine, pid } = actorOf(context);
        const [from, to] = [pathArgument(args, context), pathArgument(args, context, 1, 'destDirName')];
        // .NET Framework reports a refused folder rename as IOException with HResult 0x80070005, not as UnauthorizedAccessException.
        yield asNet(() => {
          if (!machine.files.exists(from)) throw new Win32Fault(win32.pathNotFound, from);
          return machine.files.move(from, to, pid);
        }, folderMoveException);
        return undefined;
      },
      GetFiles: list((node) => !node.isFolder),
      GetDirectories: list((node) => node.isFolder),
      GetFileSystemEntries: list(() => true),
      EnumerateFiles: list((node) => !node.isFolder),
      EnumerateDirectories: list((node) => node.isFolder),
      EnumerateFileSystemEntries: list(() => true),
      GetCurrentDirectory: () => 'C:\\Windows\\system32',
      GetParent: (args, context) => {
        const path = pathArgument(args, context);
        const up = path.slice(0, path.lastIndexOf('\\'));
        return path.length <= 3 ? null : pathObject(actorOf(context).machine, up.length === 2 ? `${up}\\` : up, true);
      },
    },
  },
});
