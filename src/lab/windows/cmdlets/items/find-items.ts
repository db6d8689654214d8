import type { BoundParameters, CommandContext, ErrorSpec } from '../../../evaluator/host.ts';
import type { Instance, Value } from '../../../evaluator/value.ts';
import type { FileNode } from '../../machine/files/file-node.ts';
import { joinPath, leafOf, parentOf } from '../../machine/files/paths.ts';
import { neededRights, wantedRights } from '../../machine/rights/access-check.ts';
import { Win32Fault } from '../../machine/win32-fault.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { pathObject } from '../../types/file-info.ts';
import { registryKeyObject } from '../../types/registry-key.ts';
import { deniedKey } from '../denied.ts';
import {
  hasWildcard,
  type ProviderPath,
  pathNotFound,
  pathText,
  readProviderPath,
  unescapeWildcards,
} from './provider-path.ts';

/** An item that exists. */
export type FoundItem =
  | { readonly kind: 'file'; readonly path: string; readonly node: FileNode }
  | { readonly kind: 'registry'; readonly path: string }
  | { readonly kind: 'drive'; readonly place: DrivePlace };

const deniedFolder = ({ target }: Win32Fault): ErrorSpec => ({
  id: 'DirUnauthorizedAccessError',
  message: `Access to the path '${target}' is denied.`,
  category: 'PermissionDenied',
  target,
  exception: 'System.UnauthorizedAccessException',
});

const isAllowed = (context: CommandContext, toError: (fault: Win32Fault) => ErrorSpec, ask: () => void): boolean => {
  try {
    ask();
    return true;
  } catch (error) {
    if (!(error instanceof Win32Fault)) throw error;
    context.writeError(toError(error));
    return false;
  }
};

/** Looks one literal path up; `undefined` when there is nothing. */
export const findItem = (place: ProviderPath, context: CommandContext): FoundItem | undefined => {
  const { machine, process } = actorOf(context);
  switch (place.kind) {
    case 'file': {
      const node = machine.files.find(place.path, { noFollow: true });
      return node && { kind: 'file', path: place.path, node };
    }
    case 'registry': {
      const full = machine.registry.resolve(place.path, process.account.sid);
      return machine.registry.find(full) ? { kind: 'registry', path: full } : undefined;
    }
    case 'drive':
      return place.provider.exists(place.path, context, place.drive) ? { kind: 'drive', place } : undefined;
  }
};

type DrivePlace = Extract<ProviderPath, { kind: 'drive' }>;

const expandDrive = (place: DrivePlace, context: CommandContext): FoundItem[] => {
  if (place.provider.isFlat !== true) {
    const found = findItem(place, context);
    return found ? [found] : [];
  }
  const pattern = place.path.replace(/^[\\/]+/, '');
  return place.provider
    .children('', context, place.drive)
    .filter(({ name }) => context.like(name, pattern))
    .map(({ name }) => ({ kind: 'drive', place: { ...place, path: name, shown: `${place.drive}:${name}` } }));
};

/** Expands wildcards in any part of a path. */
export const expandPath = (place: ProviderPath, context: CommandContext): FoundItem[] => {
  if (place.kind === 'drive') return expandDrive(place, context);
  const { machine, process } = actorOf(context);
  const parts = place.path.split('\\').filter((part) => part !== '');
  const root = place.kind === 'file' ? `${parts.shift() ?? ''}\\` : (parts.shift() ?? '');
  let found = [root];
  for (const part of parts) {
    found = found.flatMap((path) => {
      if (!hasWildcard(part)) {
        const next = joinPath(path, unescapeWildcards(part));
        const isThere =
          place.kind === 'file'
            ? machine.files.exists(next)
            : machine.registry.find(next, process.account.sid) !== undefined;
        return isThere ? [next] : [];
      }
      const children =
        place.kind === 'file'
          ? machine.files.find(path)?.children
          : machine.registry.find(path, process.account.sid)?.keys;
      return [...(children?.values() ?? [])]
        .filter((child) => context.like(child.name, part))
        .map((child) => joinPath(path, child.name));
    });
  }
  return found.flatMap((path) => {
    const item = findItem({ kind: place.kind, path, shown: path }, context);
    return item ? [item] : [];
  });
};

/** Items that `-Path` (wildcards) or `-LiteralPath` name, or that `-InputObject` is; what is missing is a non-terminating PathNotFound. */
export const boundItems = (context: CommandContext, bound: BoundParameters): FoundItem[] => {
  const isObject = bound.has('InputObject') && !bound.has('Path') && !bound.has('LiteralPath');
  const isLiteral = isObject || bound.has('LiteralPath');
  const given = isObject
    ? bound.list('InputObject').map((item) => context.property(item, 'PSPath'))
    : bound.list(isLiteral ? 'LiteralPath' : 'Path');
  return given.flatMap((value) => {
    const text = pathText(value, context);
    const place = readProviderPath(text, context);
    const isPattern = !isLiteral && hasWildcard(text) && !text.includes('::');
    const found = isPattern
      ? expandPath(place, context)
      : [findItem(place, context)].filter((item) => item !== undefined);
    if (found.length === 0 && !isPattern) context.writeError(pathNotFound(absoluteShown(place)));
    return found;
  });
};

/** How PowerShell names a path in messages: with its drive, absolute. */
export const absoluteShown = (place: ProviderPath): string => {
  if (place.kind === 'file') return place.path;
  if (place.kind === 'drive') return place.shown;
  if (/^\w+:(?!:)/.test(place.shown)) return place.shown.replaceAll('/', '\\');
  return place.path
    .replace(/^HKEY_LOCAL_MACHINE/i, 'HKLM:')
    .replace(/^HKEY_CURRENT_USER/i, 'HKCU:')
    .replace(/^HKLM:$/, 'HKLM:\\');
};

const providerNames = { file: 'FileSystem', registry: 'Registry' } as const;

/** Adds the note properties with which the provider decorates its objects. */
const decorate = (object: Instance, kind: 'file' | 'registry', path: string, isContainer: boolean): Instance => {
  const prefix = `Microsoft.PowerShell.Core\\${providerNames[kind]}::`;
  const parent = kind === 'file' ? parentOf(path) : path.slice(0, Math.max(0, path.lastIndexOf('\\')));
  const drive =
    kind === 'file'
      ? path.slice(0, 1)
      : path.startsWith('HKEY_LOCAL_MACHINE')
        ? 'HKLM'
        : path.startsWith('HKEY_USERS')
          ? ''
          : 'HKCU';
  const notes: [string, Value][] = [
    ['PSPath', `${prefix}${path}`],
    ['PSParentPath', parent === '' ? '' : `${prefix}${parent}`],
    ['PSChildName', leafOf(path)],
    ...(drive === '' ? [] : [['PSDrive', drive] as [string, Value]]),
    ['PSProvider', `Microsoft.PowerShell.Core\\${providerNames[kind]}`],
    ['PSIsContainer', isContainer],
  ];
  object.members = new Map(notes.map(([name, value]) => [name.toLowerCase(), { kind: 'note' as const, name, value }]));
  return object;
};

/** The object that Get-Item gives; `shown` is what a file object says as text. */
export const itemObject = (item: FoundItem, context: CommandContext, shown?: string): Value => {
  const { machine, process } = actorOf(context);
  if (item.kind === 'drive') return item.place.provider.getItem(item.place.path, context, item.place.drive);
  if (item.kind === 'file') {
    const path = machine.files.volumes.has(item.path.slice(0, 2)) ? machine.files.pathOf(item.node) : item.path;
    return decorate(pathObject(machine, path, item.node.isFolder, shown ?? path), 'file', path, item.node.isFolder);
  }
  const object = registryKeyObject(machine, item.path, process.account.sid);
  if (!object) return null;
  return decorate(object, 'registry', (object as Instance<{ path: string }>).state.path, true);
};

/** Whether the caller may open a key to read it; where not, that is written as an error. Files are asked when they are read. */
export const mayOpen = (item: FoundItem, context: CommandContext): boolean => {
  if (item.kind !== 'registry') return true;
  const { machine, pid } = actorOf(context);
  const key = machine.registry.find(item.path);
  return (
    !key ||
    isAllowed(context, deniedKey, () => machine.registry.requireRight(key, wantedRights.readKey, pid, item.path))
  );
};

/** Whether the caller may list a folder or a key; where not, that is written as an error. */
export const mayList = (item: FoundItem, context: CommandContext): boolean => {
  if (item.kind !== 'file') return mayOpen(item, context);
  const { machine, pid } = actorOf(context);
  const { node } = item;
  return isAllowed(context, deniedFolder, () => machine.files.requireRight(node, neededRights.listFolder, pid));
};

/** The object of an item as a cmdlet hands it on. That of a registry key keeps the key open until it is closed or collected. */
export const openItem = (item: FoundItem, context: CommandContext, shown?: string): Value => {
  const { machine, pid } = actorOf(context);
  if (item.kind === 'registry') machine.hives.open(item.path, pid);
  return itemObject(item, context, shown);
};
