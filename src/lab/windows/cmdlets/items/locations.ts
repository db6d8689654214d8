import type { BoundParameters, CommandContext } from '../../../evaluator/host.ts';
import { customObject, int64 } from '../../../evaluator/make.ts';
import { pathInfo } from '../../../evaluator/path-info.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { command } from '../command-syntax.ts';
import { absoluteShown, boundItems, findItem } from './find-items.ts';
import { mappedDrives } from './mapped-drives.ts';
import { pathNotFound, pathText, readProviderPath } from './provider-path.ts';

const className = (name: string): string => `Microsoft.PowerShell.Commands.${name}Command`;

const go = (context: CommandContext, bound: BoundParameters): void => {
  const value = bound.has('LiteralPath') ? bound.get('LiteralPath') : bound.get('Path');
  if (value === null || value === undefined) return;
  const place = readProviderPath(pathText(value, context), context);
  const item = findItem(place, context);
  if (!item || (item.kind === 'file' && !item.node.isFolder)) context.fail(pathNotFound(absoluteShown(place)));
  const shown = absoluteShown(place);
  context.location =
    place.kind === 'registry' && !/^\w+:/.test(shown) ? `Microsoft.PowerShell.Core\\Registry::${shown}` : shown;
  if (bound.flag('PassThru')) context.write(pathInfo(context.location));
};

const stacks = new WeakMap<object, string[]>();
const stackOf = (context: CommandContext): string[] => {
  const stack = stacks.get(context.hooks) ?? [];
  stacks.set(context.hooks, stack);
  return stack;
};

const getLocation = command('Get-Location', {
  className: className('GetLocation'),
  aliases: ['gl', 'pwd'],
  sets: ['Location', 'Stack'],
  simulated: [],
  process: (context) => context.write(pathInfo(context.location)),
});

const setLocation = command('Set-Location', {
  className: className('SetLocation'),
  aliases: ['sl', 'cd', 'chdir'],
  sets: ['Path', 'LiteralPath', 'Stack'],
  simulated: ['Path', 'LiteralPath', 'PassThru'],
  process: go,
});

const pushLocation = command('Push-Location', {
  className: className('PushLocation'),
  aliases: ['pushd'],
  sets: ['Path', 'LiteralPath'],
  simulated: ['Path', 'LiteralPath', 'PassThru'],
  process: (context, bound) => {
    stackOf(context).push(context.location);
    go(context, bound);
  },
});

const popLocation = command('Pop-Location', {
  className: className('PopLocation'),
  aliases: ['popd'],
  simulated: [],
  process: (context) => {
    context.location = stackOf(context).pop() ?? context.location;
  },
});

const joinPathCmdlet = command('Join-Path', {
  className: className('JoinPath'),
  allowEmpty: ['ChildPath'],
  simulated: ['Path', 'ChildPath', 'Resolve'],
  process: (context, bound) => {
    for (const path of bound.texts('Path')) {
      const drive = /^([A-Za-z]):/.exec(path)?.[1];
      // Windows PowerShell 5.1 looks for the drive.
      if (drive && !actorOf(context).machine.files.volumes.has(`${drive.toUpperCase()}:`)) {
        context.writeError({
          id: 'DriveNotFound',
          message: `Cannot find drive. A drive with the name '${drive}' does not exist.`,
          category: 'ObjectNotFound',
          target: drive,
          exception: 'System.Management.Automation.DriveNotFoundException',
        });
        continue;
      }
      const child = (bound.text('ChildPath') ?? '').replaceAll('/', '\\').replace(/^\\+/, '');
      context.write(`${path.replaceAll('/', '\\').replace(/\\+$/, '')}\\${child}`);
    }
  },
});

const splitPath = command('Split-Path', {
  className: className('SplitPath'),
  sets: ['ParentSet', 'LeafSet', 'QualifierSet', 'NoQualifierSet', 'IsAbsoluteSet', 'LiteralPathSet'],
  defaultSet: 'ParentSet',
  simulated: ['Path', 'LiteralPath', 'Parent', 'Leaf', 'Qualifier', 'NoQualifier', 'IsAbsolute', 'Resolve'],
  process: (context, bound) => {
    const values = bound.flag('Resolve')
      ? boundItems(context, bound).map((item) => (item.kind === 'drive' ? item.place.shown : item.path))
      : bound.texts(bound.has('LiteralPath') ? 'LiteralPath' : 'Path');
    for (const value of values) {
      const path = value.replaceAll('/', '\\');
      const qualifier = /^(?:[^\\:]+:{2}|[A-Za-z]\w*:)/.exec(path)?.[0] ?? '';
      const trimmed = path.replace(/\\+$/, '');
      const cut = trimmed.lastIndexOf('\\');
      if (bound.flag('Leaf')) context.write(cut < 0 ? trimmed : trimmed.slice(cut + 1));
      else if (bound.flag('Qualifier')) context.write(qualifier);
      else if (bound.flag('NoQualifier')) context.write(path.slice(qualifier.length));
      else if (bound.flag('IsAbsolute')) context.write(qualifier !== '' || path.startsWith('\\\\'));
      else {
        const parent = cut < 0 ? '' : trimmed.slice(0, cut);
        context.write(parent === qualifier && qualifier !== '' && cut >= 0 ? `${parent}\\` : parent);
      }
    }
  },
});

const getPSDrive = command('Get-PSDrive', {
  className: className('GetPSDrive'),
  aliases: ['gdr'],
  sets: ['Name', 'LiteralName'],
  simulated: ['Name', 'LiteralName', 'PSProvider'],
  process: (context, bound) => {
    const { files } = actorOf(context).machine;
    const names = [...bound.texts('Name'), ...bound.texts('LiteralName')];
    const drives = [...files.volumes.values()].map((volume) => {
      const name = volume.drive.slice(0, 1);
      const free = files.freeBytes(volume.drive);
      return customObject(
        {
          Name: name,
          Provider: 'Microsoft.PowerShell.Core\\FileSystem',
          Root: `${name}:\\`,
          Used: int64(volume.sizeBytes - free),
          Free: int64(free),
          Description: volume.label,
        },
        ['System.Management.Automation.PSDriveInfo'],
      );
    });
    for (const hive of ['HKLM', 'HKCU']) {
      const root = hive === 'HKLM' ? 'HKEY_LOCAL_MACHINE' : 'HKEY_CURRENT_USER';
      drives.push(
        customObject({ Name: hive, Provider: 'Microsoft.PowerShell.Core\\Registry', Root: root }, [
          'System.Management.Automation.PSDriveInfo',
        ]),
      );
    }
    for (const { name, provider, root, description } of mappedDrives(context).values())
      drives.push(
        customObject(
          { Name: name, Provider: `Microsoft.PowerShell.Core\\${provider}`, Root: root, Description: description },
          ['System.Management.Automation.PSDriveInfo'],
        ),
      );
    const wanted = bound.texts('PSProvider');
    for (const drive of drives) {
      const name = context.text(context.property(drive, 'Name'));
      const provider = context.text(context.property(drive, 'Provider'));
      if (wanted.length > 0 && !wanted.some((one) => provider.toLowerCase().endsWith(one.toLowerCase()))) continue;
      if (names.length === 0 || names.some((pattern) => context.like(name, pattern))) context.write(drive);
    }
  },
});

/** Get-, Set-, Push-, Pop-Location, Join-Path, Split-Path, Get-PSDrive. */
export const locationCmdlets = [
  getLocation,
  setLocation,
  pushLocation,
  popLocation,
  joinPathCmdlet,
  splitPath,
  getPSDrive,
];
