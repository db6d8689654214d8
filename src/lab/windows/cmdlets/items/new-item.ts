import type { BoundParameters, CommandContext, Task } from '../../../evaluator/host.ts';
import { createNode } from '../../machine/files/file-node.ts';
import { joinPath, leafOf, parentOf } from '../../machine/files/paths.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { encodeText, utf8 } from '../../types/text-codec.ts';
import { command } from '../command-syntax.ts';
import { findItem, openItem } from './find-items.ts';
import { attempt, withIds } from './item-errors.ts';
import { readProviderPath } from './provider-path.ts';

function* newItemProcess(context: CommandContext, bound: BoundParameters): Task<void> {
  const { machine, process, pid } = actorOf(context);
  const names = bound.has('Path') ? bound.texts('Path') : ['.'];
  for (const base of names) {
    const name = bound.text('Name');
    const place = readProviderPath(name === undefined ? base : joinPath(base, name), context);
    if (!context.shouldProcess(place.shown, 'Create Item')) continue;
    if (place.kind === 'drive') {
      place.provider.setContent(place.path, bound.get('Value'), context, place.drive);
      continue;
    }
    if (place.kind === 'registry') {
      if (machine.registry.find(place.path, process.account.sid)) {
        if (!bound.flag('Force')) {
          context.writeError({
            id: 'System.IO.IOException',
            message: 'A key in this path already exists.',
            category: 'ResourceExists',
            target: place.path,
            exception: 'System.IO.IOException',
          });
          continue;
        }
        yield machine.registry.remove(place.path, pid, process.account.sid);
      }
      const parent = place.path.slice(0, place.path.lastIndexOf('\\'));
      if (!machine.registry.find(parent, process.account.sid) && !bound.flag('Force')) {
        context.writeError({
          id: 'System.ArgumentException',
          message: 'The registry key at the specified path does not exist.',
          category: 'InvalidArgument',
          target: parent,
          exception: 'System.ArgumentException',
        });
        continue;
      }
      yield machine.registry.create(place.path, pid, process.account.sid);
    } else {
      const type = (bound.text('ItemType') ?? 'File').toLowerCase();
      const there = machine.files.find(place.path, { noFollow: true });
      if (type === 'directory' || type === 'd') {
        if (there && !(there.isFolder && bound.flag('Force'))) {
          context.writeError({
            id: 'DirectoryExist',
            message: `An item with the specified name ${place.path} already exists.`,
            category: 'ResourceExists',
            target: place.path,
            exception: 'System.IO.IOException',
          });
          continue;
        }
        const toError = withIds({ io: 'CreateDirectoryIOError', denied: 'CreateDirectoryUnauthorizedAccessError' });
        if (!(yield* attempt(context, () => machine.files.createFolder(place.path, pid), toError))) continue;
      } else if (type === 'file') {
        const bytes = encodeText(bound.has('Value') ? context.text(bound.get('Value')) : '', utf8);
        if (there && !bound.flag('Force')) {
          context.writeError({
            id: 'NewItemIOError',
            message: `The file '${place.path}' already exists.`,
            category: 'WriteError',
            target: place.path,
            exception: 'System.IO.IOException',
            hresult: 0x80070050,
          });
          continue;
        }
        if (bound.flag('Force') && !machine.files.exists(parentOf(place.path)))
          yield machine.files.createFolder(parentOf(place.path), pid);
        const toError = withIds({ io: 'NewItemIOError', denied: 'NewItemUnauthorizedAccessError' });
        if (!(yield* attempt(context, () => machine.files.write(place.path, bytes, pid), toError))) continue;
      } else if (type === 'junction' || type === 'symboliclink') {
        const target = context.text(bound.get('Value'));
        const node = createNode(
          leafOf(place.path),
          machine.files.find(target)?.isFolder ?? true,
          machine.clock.wallMs(),
          { target, attributes: 0x410 },
        );
        const toError = withIds({ io: 'NewItemIOError', denied: 'NewItemUnauthorizedAccessError' });
        if (!(yield* attempt(context, () => machine.files.insert(parentOf(place.path), node, pid), toError))) continue;
      } else context.unsupported(`New-Item -ItemType ${type}`);
    }
    const made = findItem(place, context);
    if (made) context.write(openItem(made, context));
  }
}

/** New-Item. */
export const newItem = command('New-Item', {
  className: 'Microsoft.PowerShell.Commands.NewItemCommand',
  aliases: ['ni'],
  sets: ['pathSet', 'nameSet'],
  allowNull: ['Value', 'Name'],
  allowEmpty: ['Value', 'Name'],
  simulated: ['Path', 'Name', 'ItemType', 'Value', 'Force'],
  outsideCall: (given) => {
    const type = given.text('ItemType') ?? 'File';
    const inRegistry = given.texts('Path').some((path) => /^(HK\w+:|Registry::|[\w.]+\\Registry::)/i.test(path));
    const isSimulated = /^(file|directory|d|junction|symboliclink)$/i.test(type);
    return isSimulated || inRegistry || given.texts('Path').length === 0 ? undefined : `New-Item -ItemType ${type}`;
  },
  process: newItemProcess,
});
