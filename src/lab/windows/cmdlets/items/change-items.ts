import type { BoundParameters, CommandContext, ErrorSpec, Task } from '../../../evaluator/host.ts';
import { createNode, type FileNode, fileAttributes } from '../../machine/files/file-node.ts';
import { joinPath, leafOf, parentOf } from '../../machine/files/paths.ts';
import { removeKeyTree } from '../../machine/registry/remove-key-tree.ts';
import { neededRights } from '../../machine/rights/access-check.ts';
import { Win32Fault } from '../../machine/win32-fault.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { command } from '../command-syntax.ts';
import { boundItems, type FoundItem, itemObject } from './find-items.ts';
import { attempt, type ItemErrorIds, withIds } from './item-errors.ts';
import { readProviderPath } from './provider-path.ts';

const className = (name: string): string => `Microsoft.PowerShell.Commands.${name}Command`;

const folderIds = (name: string, node: FileNode): [ItemErrorIds, { ioWhenDenied: boolean }] => [
  { io: `${name}IOError`, denied: `${name}UnauthorizedAccessError` },
  { ioWhenDenied: node.isFolder },
];

const removeIds: ItemErrorIds = { io: 'RemoveFileSystemItemIOError', denied: 'RemoveFileSystemItemUnAuthorizedAccess' };

/** Attributes with which an item is removed by -Force only. */
const guarded = fileAttributes.Hidden | fileAttributes.System | fileAttributes.ReadOnly;

const hiddenError = (path: string): ErrorSpec => ({
  id: removeIds.denied,
  message: `Cannot remove item ${path}: You do not have sufficient access rights to perform this operation or the item is hidden, system, or read only.`,
  category: 'PermissionDenied',
  target: path,
  exception: 'System.IO.IOException',
});

/** Removes a file or folder, deepest first; says whether all of it went. */
function* removeFile(context: CommandContext, bound: BoundParameters, path: string, node: FileNode): Task<boolean> {
  const { machine, pid } = actorOf(context);
  let whole = true;
  if (node.target === undefined) {
    for (const child of Array.from(node.children.values())) {
      if (!(yield* removeFile(context, bound, joinPath(path, child.name), child))) whole = false;
    }
  }
  if (!whole) return false;
  if (node.attributes & guarded && !bound.flag('Force')) {
    context.writeError(hiddenError(path));
    return false;
  }
  return yield* attempt(
    context,
    () => machine.files.remove(path, pid, { force: bound.flag('Force') }),
    withIds(removeIds, { prefix: `Cannot remove item ${path}: ` }),
  );
}

function* removeItemProcess(context: CommandContext, bound: BoundParameters): Task<void> {
  const { machine, pid } = actorOf(context);
  for (const item of boundItems(context, bound)) {
    if (item.kind === 'drive') {
      const removing = item.place.provider.remove(item.place.path, context, item.place.drive);
      if (removing) yield* removing;
      continue;
    }
    if (
      !context.shouldProcess(
        item.path,
        item.kind === 'file' && !item.node.isFolder ? 'Remove File' : 'Remove Directory',
      )
    )
      continue;
    const hasChildren =
      item.kind === 'file'
        ? item.node.target === undefined && item.node.children.size > 0
        : (machine.registry.find(item.path)?.keys.size ?? 0) > 0;
    if (hasChildren && !bound.flag('Recurse')) {
      // Windows asks here; a remote session without a user at it cannot answer.
      context.fail({
        id: 'System.InvalidOperationException',
        message:
          'A command that prompts the user failed because the host program or the command type does not support user interaction.',
        category: 'InvalidOperation',
        exception: 'System.Management.Automation.Host.HostException',
      });
    }
    if (item.kind === 'file') yield* removeFile(context, bound, item.path, item.node);
    else yield* removeKeyTree(machine.registry, item.path, pid);
  }
}

const removeItem = command('Remove-Item', {
  className: className('RemoveItem'),
  aliases: ['ri', 'rm', 'rmdir', 'del', 'erase', 'rd'],
  sets: ['Path', 'LiteralPath'],
  simulated: ['Path', 'LiteralPath', 'Recurse', 'Force', 'Include', 'Exclude', 'Filter'],
  process: removeItemProcess,
});

function* moveTo(context: CommandContext, item: FoundItem, target: string, name: string): Task<boolean> {
  const { machine, pid } = actorOf(context);
  if (item.kind !== 'file') return context.unsupported(`moving a ${item.kind} item`);
  const error = withIds(...folderIds(name, item.node));
  return yield* attempt(context, () => machine.files.move(item.path, target, pid), error);
}

function* renameKey(context: CommandContext, path: string, name: string): Task<void> {
  const { machine, process, pid } = actorOf(context);
  if (!context.shouldProcess(`Item: ${path} NewName: ${name}`, 'Rename Key')) return;
  try {
    yield machine.registry.rename(path, name, pid, process.account.sid);
  } catch (error) {
    if (!(error instanceof Win32Fault)) throw error;
    context.writeError({
      id: 'System.ArgumentException',
      message: 'The registry key at the specified path could not be renamed.',
      category: 'WriteError',
      target: path,
      exception: 'System.ArgumentException',
    });
  }
}

const renameItem = command('Rename-Item', {
  className: className('RenameItem'),
  aliases: ['rni', 'ren'],
  sets: ['ByPath', 'ByLiteralPath'],
  simulated: ['Path', 'LiteralPath', 'NewName', 'Force', 'PassThru'],
  *process(context, bound) {
    for (const item of boundItems(context, bound)) {
      if (item.kind === 'registry') yield* renameKey(context, item.path, bound.text('NewName') ?? '');
      else if (item.kind !== 'file') context.unsupported('Rename-Item of a variable');
      else {
        const target = joinPath(parentOf(item.path), leafOf(bound.text('NewName') ?? ''));
        if (!context.shouldProcess(`Item: ${item.path} Destination: ${target}`, 'Rename')) continue;
        const isMade = yield* moveTo(context, item, target, 'RenameItem');
        if (isMade && bound.flag('PassThru')) context.write(itemObject({ ...item, path: target }, context));
      }
    }
  },
});

const destinationOf = (context: CommandContext, bound: BoundParameters, source: string): string => {
  const { machine } = actorOf(context);
  const place = readProviderPath(bound.text('Destination') ?? '.', context);
  return place.kind === 'file' && machine.files.find(place.path)?.isFolder
    ? joinPath(place.path, leafOf(source))
    : place.kind === 'file'
      ? place.path
      : '';
};

const moveItem = command('Move-Item', {
  className: className('MoveItem'),
  aliases: ['mi', 'mv', 'move'],
  sets: ['Path', 'LiteralPath'],
  simulated: ['Path', 'LiteralPath', 'Destination', 'Force', 'PassThru'],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    for (const item of boundItems(context, bound)) {
      if (item.kind !== 'file') context.unsupported('Move-Item outside the file system');
      else {
        const target = destinationOf(context, bound, item.path);
        if (!context.shouldProcess(`Item: ${item.path} Destination: ${target}`, 'Move')) continue;
        const there = machine.files.find(target);
        if (bound.flag('Force') && there && !there.isFolder && there !== item.node)
          yield machine.files.remove(target, pid, { force: true });
        const isMade = yield* moveTo(
          context,
          item,
          target,
          item.node.isFolder ? 'MoveDirectoryItem' : 'MoveFileInfoItem',
        );
        if (isMade && bound.flag('PassThru')) context.write(itemObject({ ...item, path: target }, context));
      }
    }
  },
});

const copyNode = (node: FileNode, name: string, atMs: number): FileNode => {
  const copy = createNode(name, node.isFolder, atMs, {
    bytes: node.bytes,
    sizeBytes: node.sizeBytes,
    attributes: node.attributes,
  });
  if (!node.isFolder) copy.modifiedMs = node.modifiedMs;
  return copy;
};

const folderExists = (path: string): ErrorSpec => ({
  id: 'DirectoryExist',
  message: `An item with the specified name ${path} already exists.`,
  category: 'ResourceExists',
  target: path,
  exception: 'System.IO.IOException',
});

const copyIds = { io: 'CopyFileInfoItemIOError', denied: 'CopyFileInfoItemUnauthorizedAccessError' };

/** Characters from which on a path is too long for a folder and for a file. */
const [longestFolder, longestFile] = [248, 260];

const tooLong = (path: string, id: string): ErrorSpec => ({
  id,
  message:
    'The specified path, file name, or both are too long. The fully qualified file name must be less than 260 characters, and the directory name must be less than 248 characters.',
  category: 'WriteError',
  target: path,
  exception: 'System.IO.PathTooLongException',
});

/** Copies a file, or a folder with what is in it entry by entry; says whether all of it was made. */
function* copyFile(
  context: CommandContext,
  path: string,
  node: FileNode,
  target: string,
  options: { readonly isDeep: boolean; readonly isForced: boolean },
): Task<boolean> {
  const { machine, pid } = actorOf(context);
  const { isDeep, isForced } = options;
  // A folder that is copied into itself meets its own copy again, deeper each time, until the path is too long.
  if (target.length >= (node.isFolder ? longestFolder : longestFile)) {
    context.writeError(tooLong(target, node.isFolder ? 'CreateDirectoryIOError' : copyIds.io));
    return false;
  }
  let whole = yield* attempt(
    context,
    () => {
      machine.files.handles.check(node, path, 1, 3);
      machine.files.requireRight(node, neededRights.readData, pid);
      const there = machine.files.find(target);
      // A folder goes into one of its name; without -Force that is told, and what is in it is copied all the same.
      if (there?.isFolder && node.isFolder) {
        if (!isForced) context.writeError(folderExists(target));
        return undefined;
      }
      if (there && isForced && there.attributes & guarded)
        void machine.files.setAttributes(there, there.attributes & ~guarded, pid);
      if (there && !there.isFolder)
        return machine.files.replaceContent(there, Uint8Array.from(machine.files.read(node)), pid);
      return machine.files.insert(parentOf(target), copyNode(node, leafOf(target), machine.clock.wallMs(pid)), pid);
    },
    withIds(copyIds),
  );
  if (!whole || !isDeep) return whole;
  for (const child of Array.from(node.children.values()))
    if (!(yield* copyFile(context, joinPath(path, child.name), child, joinPath(target, child.name), options)))
      whole = false;
  return whole;
}

const copyItem = command('Copy-Item', {
  className: className('CopyItem'),
  aliases: ['ci', 'cp', 'cpi', 'copy'],
  sets: ['Path', 'LiteralPath'],
  simulated: ['Path', 'LiteralPath', 'Destination', 'Recurse', 'Force', 'PassThru', 'Container'],
  *process(context, bound) {
    const { machine } = actorOf(context);
    for (const item of boundItems(context, bound)) {
      if (item.kind !== 'file') context.unsupported('Copy-Item outside the file system');
      else {
        const target = destinationOf(context, bound, item.path);
        if (!context.shouldProcess(`Item: ${item.path} Destination: ${target}`, 'Copy File')) continue;
        const isMade = yield* copyFile(context, item.path, item.node, target, {
          isDeep: bound.flag('Recurse'),
          isForced: bound.flag('Force'),
        });
        const node = machine.files.find(target);
        if (isMade && node && bound.flag('PassThru'))
          context.write(itemObject({ kind: 'file', path: target, node }, context));
      }
    }
  },
});

/** Remove-, Rename-, Move- and Copy-Item. */
export const changeItemCmdlets = [removeItem, renameItem, moveItem, copyItem];
