import { Failure } from '../../../../kernel/failure.ts';
import type { BoundParameters, CommandContext } from '../../../evaluator/host.ts';
import { pathInfo } from '../../../evaluator/path-info.ts';
import { joinPath } from '../../machine/files/paths.ts';
import { subKeyNames } from '../../machine/registry/registry.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { command } from '../command-syntax.ts';
import {
  absoluteShown,
  boundItems,
  expandPath,
  type FoundItem,
  findItem,
  mayList,
  mayOpen,
  openItem,
} from './find-items.ts';
import { hasWildcard, type ProviderPath, pathText, readProviderPath } from './provider-path.ts';

const className = (name: string): string => `Microsoft.PowerShell.Commands.${name}Command`;

const nameOf = (item: FoundItem): string => {
  const path = item.kind === 'drive' ? item.place.path : item.path;
  return path.slice(path.lastIndexOf('\\') + 1);
};

/** -Filter, -Include and -Exclude on the name of an item. */
const passes = (context: CommandContext, bound: BoundParameters, name: string): boolean => {
  const filter = bound.text('Filter');
  if (filter !== undefined && !context.like(name, filter === '*.*' ? '*' : filter)) return false;
  const include = bound.texts('Include');
  if (include.length > 0 && !include.some((pattern) => context.like(name, pattern))) return false;
  return !bound.texts('Exclude').some((pattern) => context.like(name, pattern));
};

const isHidden = (item: FoundItem): boolean => item.kind === 'file' && (item.node.attributes & 2) !== 0;

const getItem = command('Get-Item', {
  className: className('GetItem'),
  aliases: ['gi'],
  sets: ['Path', 'LiteralPath'],
  simulated: ['Path', 'LiteralPath', 'Filter', 'Include', 'Exclude', 'Force'],
  process: (context, bound) => {
    for (const item of boundItems(context, bound)) {
      const path = item.kind === 'drive' ? item.place.shown : item.path;
      if (isHidden(item) && !bound.flag('Force')) {
        context.writeError({
          id: 'ItemNotFound',
          message: `Could not find item ${path}.`,
          category: 'ObjectNotFound',
          target: path,
          exception: 'System.IO.IOException',
        });
      } else if (passes(context, bound, nameOf(item)) && mayOpen(item, context)) context.write(openItem(item, context));
    }
  },
});

/** Children of a container that may be listed; a file or a key without children gives none. */
const childrenOf = (item: FoundItem, context: CommandContext): FoundItem[] => {
  if (!mayList(item, context)) return [];
  if (item.kind === 'file') {
    return [...item.node.children.values()]
      .sort(
        (a, b) =>
          Number(b.isFolder) - Number(a.isFolder) || a.name.toLowerCase().localeCompare(b.name.toLowerCase(), 'en'),
      )
      .map((node) => ({ kind: 'file', path: joinPath(item.path, node.name), node }));
  }
  if (item.kind === 'registry') {
    const key = readKey(item.path, context);
    return key.map((name) => ({ kind: 'registry', path: `${item.path}\\${name}` }));
  }
  return [];
};
const readKey = (path: string, context: CommandContext): string[] => {
  const { machine, process } = actorOf(context);
  const key = machine.registry.find(path, process.account.sid);
  return key ? subKeyNames(key) : [];
};

type ChildWish = { readonly recurse: boolean; readonly depth: number; readonly wanted: (item: FoundItem) => boolean };

function* visitChildren(
  item: FoundItem,
  context: CommandContext,
  wish: ChildWish,
  depth: number,
): Generator<FoundItem> {
  const all = childrenOf(item, context);
  for (const child of all) if (wish.wanted(child)) yield child;
  if (!wish.recurse || depth >= wish.depth) return;
  for (const child of all) {
    if (child.kind === 'file' && (!child.node.isFolder || child.node.target !== undefined)) continue;
    yield* visitChildren(child, context, wish, depth + 1);
  }
}

const attributesFit = (bound: BoundParameters, item: FoundItem): boolean => {
  if (item.kind !== 'file') return true;
  const bits = item.node.attributes;
  if (bound.flag('Directory') && !item.node.isFolder) return false;
  if (bound.flag('File') && item.node.isFolder) return false;
  if (bound.flag('Hidden')) return (bits & 2) !== 0;
  if (bound.flag('ReadOnly') && (bits & 1) === 0) return false;
  if (bound.flag('System') && (bits & 4) === 0) return false;
  return bound.flag('Force') || (bits & 2) === 0;
};

/** A place in a drive whose items hold no others: an item is listed itself. */
const isItemOfFlat = (place: Extract<ProviderPath, { kind: 'drive' }>): boolean =>
  place.provider.isFlat === true && place.path.replace(/^\\+/, '') !== '';

const getChildItem = command('Get-ChildItem', {
  className: className('GetChildItem'),
  aliases: ['gci', 'dir', 'ls'],
  sets: ['Items', 'LiteralItems'],
  simulated: [
    'Path',
    'LiteralPath',
    'Filter',
    'Include',
    'Exclude',
    'Recurse',
    'Depth',
    'Force',
    'Name',
    'Directory',
    'File',
    'Hidden',
    'ReadOnly',
    'System',
  ],
  process: (context, bound) => {
    const isLiteral = bound.has('LiteralPath');
    const given = bound.list(isLiteral ? 'LiteralPath' : 'Path');
    const wish: ChildWish = {
      recurse: bound.flag('Recurse') || bound.has('Depth'),
      depth: bound.number('Depth') ?? Number.POSITIVE_INFINITY,
      wanted: (item) => attributesFit(bound, item) && passes(context, bound, nameOf(item)),
    };
    const show = (item: FoundItem, base: string): void => {
      const path = item.kind === 'drive' ? item.place.path : item.path;
      if (bound.flag('Name')) context.write(path.slice(base.length).replace(/^\\/, '') || nameOf(item));
      else if (mayOpen(item, context)) context.write(openItem(item, context, nameOf(item)));
    };
    for (const value of given.length > 0 ? given : ['.']) {
      const place = readProviderPath(pathText(value, context), context);
      if (place.kind === 'drive' && !isItemOfFlat(place)) {
        for (const { name, value: child } of place.provider.children(place.path, context, place.drive))
          context.write(bound.flag('Name') ? name : child);
        continue;
      }
      const isPattern = !isLiteral && hasWildcard(place.shown) && !place.shown.includes('::');
      const found = isPattern
        ? expandPath(place, context)
        : [findItem(place, context)].filter((item) => item !== undefined);
      if (found.length === 0 && !isPattern)
        context.writeError(notThere(place.kind === 'drive' ? place.path.replace(/^\\+/, '') : absoluteShown(place)));
      for (const item of found) {
        if (item.kind === 'drive') {
          if (passes(context, bound, nameOf(item))) show(item, '');
          continue;
        }
        // A folder that a wildcard found is listed itself when its name was the pattern, as a file is.
        const isLeaf = item.kind === 'file' && !item.node.isFolder;
        if (isLeaf || (isPattern && hasWildcard(place.path.slice(place.path.lastIndexOf('\\') + 1)))) {
          if (wish.wanted(item)) show(item, item.path.slice(0, item.path.lastIndexOf('\\')));
          if (isLeaf || !wish.recurse) continue;
        }
        for (const child of visitChildren(item, context, wish, 0)) show(child, item.path);
      }
    }
  },
});
const notThere = (shown: string) =>
  ({
    id: 'PathNotFound',
    message: `Cannot find path '${shown}' because it does not exist.`,
    category: 'ObjectNotFound',
    target: shown,
    exception: 'System.Management.Automation.ItemNotFoundException',
  }) as const;

const testPath = command('Test-Path', {
  className: className('TestPath'),
  sets: ['Path', 'LiteralPath'],
  allowEmpty: ['Path', 'LiteralPath'],
  simulated: ['Path', 'LiteralPath', 'PathType', 'Filter', 'Include', 'Exclude', 'IsValid'],
  process: (context, bound) => {
    const isLiteral = bound.has('LiteralPath');
    const type = (bound.text('PathType') ?? 'Any').toLowerCase();
    for (const value of bound.list(isLiteral ? 'LiteralPath' : 'Path')) {
      const text = pathText(value, context);
      if (text.trim() === '') {
        context.write(false);
        continue;
      }
      let found: FoundItem[] = [];
      try {
        const place = readProviderPath(text, context);
        found =
          !isLiteral && hasWildcard(text)
            ? expandPath(place, context)
            : [findItem(place, context)].filter((item) => item !== undefined);
      } catch (error) {
        // What the lab does not simulate is no path that is not there.
        if (error instanceof Failure) throw error;
        found = [];
      }
      const isContainer = (item: FoundItem): boolean => item.kind !== 'file' || item.node.isFolder;
      context.write(
        found.some(
          (item) =>
            (type === 'any' || (type === 'container') === isContainer(item)) && passes(context, bound, nameOf(item)),
        ),
      );
    }
  },
});

const resolvePath = command('Resolve-Path', {
  className: className('ResolvePath'),
  aliases: ['rvpa'],
  sets: ['Path', 'LiteralPath'],
  simulated: ['Path', 'LiteralPath'],
  process: (context, bound) => {
    for (const item of boundItems(context, bound)) {
      const path = item.kind === 'drive' ? item.place.shown : item.path;
      context.write(pathInfo(path));
    }
  },
});

const convertPath = command('Convert-Path', {
  className: className('ConvertPath'),
  aliases: ['cvpa'],
  sets: ['Path', 'LiteralPath'],
  simulated: ['Path', 'LiteralPath'],
  process: (context, bound) => {
    for (const item of boundItems(context, bound)) context.write(item.kind === 'drive' ? item.place.path : item.path);
  },
});

/** Get-Item, Get-ChildItem, Test-Path, Resolve-Path, Convert-Path. */
export const readItemCmdlets = [getItem, getChildItem, testPath, resolvePath, convertPath];
