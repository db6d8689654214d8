import { customObject } from '../../evaluator/make.ts';
import { actorOf } from '../runtime/process-hooks.ts';
import { command } from './command-syntax.ts';
import { findItem } from './items/find-items.ts';
import { mappedDrives } from './items/mapped-drives.ts';
import { readProviderPath } from './items/provider-path.ts';

const provided = (name: string): 'Registry' | 'FileSystem' | undefined =>
  /(^|\\)Registry$/i.test(name) ? 'Registry' : /(^|\\)FileSystem$/i.test(name) ? 'FileSystem' : undefined;

const newDrive = command('New-PSDrive', {
  className: 'Microsoft.PowerShell.Commands.NewPSDriveCommand',
  aliases: ['ndr', 'mount'],
  simulated: ['Name', 'PSProvider', 'Root', 'Description', 'Scope'],
  process: (context, bound) => {
    const name = bound.text('Name') ?? '';
    const provider = provided(bound.text('PSProvider') ?? '');
    const root = (bound.text('Root') ?? '').replaceAll('/', '\\');
    if (!provider) return context.unsupported(`New-PSDrive -PSProvider ${bound.text('PSProvider') ?? ''}`);
    const drives = mappedDrives(context);
    const isTaken =
      drives.has(name.toLowerCase()) ||
      /^(HKLM|HKCU)$/i.test(name) ||
      actorOf(context).machine.files.volumes.has(`${name.toUpperCase()}:`);
    if (isTaken) {
      return context.writeError({
        id: 'DriveAlreadyExists',
        message: `A drive with the name '${name}' already exists.`,
        category: 'ResourceExists',
        target: name,
        exception: 'System.Management.Automation.SessionStateException',
      });
    }
    const place = readProviderPath(provider === 'Registry' ? `Registry::${root}` : root, context);
    if (!findItem(place, context)) {
      return context.writeError({
        id: 'DriveRootError',
        message: `The specified drive root "${root}" either does not exist, or it is not a folder.`,
        category: 'ReadError',
        target: name,
        exception: 'System.IO.IOException',
      });
    }
    if (
      !context.shouldProcess(
        `Name: ${name} Provider: Microsoft.PowerShell.Core\\${provider} Root: ${root}`,
        'New drive',
      )
    )
      return undefined;
    const full = place.kind === 'drive' ? root : place.path;
    const drive = { name, provider, root: full, description: bound.text('Description') ?? '' };
    drives.set(name.toLowerCase(), drive);
    context.write(
      customObject(
        {
          Name: name,
          Provider: `Microsoft.PowerShell.Core\\${provider}`,
          Root: full,
          Description: drive.description,
          CurrentLocation: '',
        },
        ['System.Management.Automation.PSDriveInfo'],
      ),
    );
    return undefined;
  },
});

const removeDrive = command('Remove-PSDrive', {
  className: 'Microsoft.PowerShell.Commands.RemovePSDriveCommand',
  aliases: ['rdr'],
  sets: ['Name', 'LiteralName'],
  simulated: ['Name', 'LiteralName', 'PSProvider', 'Scope', 'Force'],
  process: (context, bound) => {
    const drives = mappedDrives(context);
    for (const name of [...bound.texts('Name'), ...bound.texts('LiteralName')]) {
      const found = [...drives.values()].filter((drive) => context.like(drive.name, name));
      if (found.length === 0 && !/[*?[]/.test(name))
        context.writeError({
          id: 'DriveNotFound',
          message: `Cannot find drive. A drive with the name '${name}' does not exist.`,
          category: 'ObjectNotFound',
          target: name,
          exception: 'System.Management.Automation.DriveNotFoundException',
        });
      for (const drive of found)
        if (
          context.shouldProcess(
            `Name: ${drive.name} Provider: Microsoft.PowerShell.Core\\${drive.provider} Root: ${drive.root}`,
            'Remove Drive',
          )
        )
          drives.delete(drive.name.toLowerCase());
    }
  },
});

/** New-PSDrive and Remove-PSDrive. */
export const driveCmdlets = [newDrive, removeDrive];
