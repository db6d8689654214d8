import { defineType, netError } from '../../evaluator/define.ts';
import type { CallContext } from '../../evaluator/host.ts';
import { enumValue, int64, localFromUnixMs, newObject, unixEpochTicks, utcFromUnixMs } from '../../evaluator/make.ts';
import type { PropertyDefinition, TypeDefinition } from '../../evaluator/type-definition.ts';
import type { Instance, Value } from '../../evaluator/value.ts';
import { type FileNode, hasOtherNames } from '../machine/files/file-node.ts';
import { absolutePath, joinPath, leafOf, parentOf } from '../machine/files/paths.ts';
import type { Machine } from '../machine/machine.ts';
import { neededRights } from '../machine/rights/access-check.ts';
import { asNet, folderMoveException } from '../runtime/net-faults.ts';
import { actorOf } from '../runtime/process-hooks.ts';
import { fileAttributesEnum } from './io-enums.ts';
import { versionOf } from './version-info.ts';

/** A FileInfo or DirectoryInfo: a path, looked up each time. */
export type PathState = { readonly machine: Machine; path: string; readonly shown: string };

const nodeOf = (state: PathState): FileNode | undefined => state.machine.files.find(state.path, { noFollow: true });
const requireNode = (state: PathState): FileNode =>
  asNet(() => state.machine.files.get(state.path, { noFollow: true }));

/** A DateTime of ms since 1970 in the machine's local time. */
export const localTime = (machine: Machine, ms: number): Value => localFromUnixMs(ms, machine.timeZone.offsetMinutes);

/** Milliseconds since 1970 of a DateTime as the machine's clock means it. */
export const toUnixMs = (machine: Machine, value: Value, context: CallContext): number => {
  const date = context.convert(value, 'datetime');
  if (date === null || typeof date !== 'object' || !('kind' in date) || date.kind !== 'datetime') return 0;
  const ms = Number((date.ticks - unixEpochTicks) / 10_000n);
  return date.zone === 'Utc' ? ms : ms - machine.timeZone.offsetMinutes * 60_000;
};

const missingTimeMs = -11644473600000; // 1601-01-01, what NTFS gives for a file that is not there

const timeProperty = (
  field: 'createdMs' | 'modifiedMs' | 'accessedMs',
  isUtc: boolean,
): PropertyDefinition<PathState> => ({
  type: 'System.DateTime',
  get: (state) => {
    const ms = nodeOf(state)?.[field] ?? missingTimeMs;
    return isUtc ? utcFromUnixMs(ms) : localTime(state.machine, ms);
  },
  set: (state, value, context) => {
    const ms = toUnixMs(state.machine, value, context);
    void state.machine.files.setTimes(requireNode(state), { [field]: ms }, actorOf(context).pid);
  },
});

const commonProperties: Record<string, PropertyDefinition<PathState>> = {
  Name: { type: 'System.String', get: (state) => leafOf(state.path) || state.path },
  FullName: { type: 'System.String', get: (state) => state.path },
  Extension: { type: 'System.String', get: (state) => /\.[^.\\]*$/.exec(leafOf(state.path))?.[0] ?? '' },
  Exists: { type: 'System.Boolean', get: (state) => nodeOf(state) !== undefined },
  Attributes: {
    type: 'System.IO.FileAttributes',
    get: (state) => enumValue(fileAttributesEnum, (nodeOf(state)?.attributes ?? -1) || 128),
    set: (state, value, context) => {
      const flags = context.convert(value, 'System.IO.FileAttributes');
      if (flags === null || typeof flags !== 'object' || !('kind' in flags) || flags.kind !== 'enum') return;
      void state.machine.files.setAttributes(requireNode(state), flags.value, actorOf(context).pid);
    },
  },
  CreationTime: timeProperty('createdMs', false),
  CreationTimeUtc: timeProperty('createdMs', true),
  LastAccessTime: timeProperty('accessedMs', false),
  LastAccessTimeUtc: timeProperty('accessedMs', true),
  LastWriteTime: timeProperty('modifiedMs', false),
  LastWriteTimeUtc: timeProperty('modifiedMs', true),
  LinkType: {
    type: 'System.String',
    get: (state) => {
      const node = nodeOf(state);
      if (node?.target !== undefined) return 'Junction';
      return node && hasOtherNames(node) ? 'HardLink' : null;
    },
  },
  Target: {
    type: 'System.Object',
    get: (state) => {
      const node = nodeOf(state);
      if (!node) return [];
      if (node.target !== undefined) return [node.target];
      // The other names of the file: none where it has one only.
      return state.machine.files.namesOf(node).filter((name) => name.toLowerCase() !== state.path.toLowerCase());
    },
  },
  Mode: {
    type: 'System.String',
    get: (state) => {
      const node = nodeOf(state);
      const flag = (bit: number, letter: string): string => ((node?.attributes ?? 0) & bit ? letter : '-');
      const first = node?.target === undefined ? flag(16, 'd') : 'd';
      const isLink = node !== undefined && (node.target !== undefined || hasOtherNames(node));
      return `${first}${flag(32, 'a')}${flag(1, 'r')}${flag(2, 'h')}${flag(4, 's')}${isLink ? 'l' : '-'}`;
    },
  },
};

const textArgument = (args: Value[], context: CallContext, index = 0): string => context.text(args[index]);

/** System.IO.FileInfo. */
export const fileInfoType: TypeDefinition<PathState> = defineType<PathState>({
  name: 'System.IO.FileInfo',
  bases: ['System.IO.FileSystemInfo'],
  properties: {
    ...commonProperties,
    VersionInfo: {
      type: 'System.Diagnostics.FileVersionInfo',
      hidden: true,
      get: (state) => versionOf(state.machine, state.path),
    },
    Length: { type: 'System.Int64', get: (state) => int64(requireNode(state).sizeBytes) },
    DirectoryName: { type: 'System.String', get: (state) => parentOf(state.path) },
    Directory: {
      type: 'System.IO.DirectoryInfo',
      get: (state) => pathObject(state.machine, parentOf(state.path), true),
    },
    BaseName: { type: 'System.String', get: (state) => leafOf(state.path).replace(/\.[^.]*$/, '') },
    IsReadOnly: { type: 'System.Boolean', get: (state) => ((nodeOf(state)?.attributes ?? 0) & 1) !== 0 },
  },
  methods: {
    *Delete(state, _args, context) {
      const { files } = state.machine;
      if (files.exists(state.path)) yield asNet(() => files.remove(state.path, actorOf(context).pid));
      return undefined;
    },
    *MoveTo(state, args, context) {
      const to = absolutePath(textArgument(args, context));
      yield asNet(() => state.machine.files.move(state.path, to, actorOf(context).pid));
      state.path = to;
      return undefined;
    },
    Refresh: () => undefined,
  },
  toText: (state) => state.shown,
  construct: (context, args) => {
    const path = absolutePath(textArgument(args, context), 'C:\\Windows\\system32');
    return newObject(fileInfoType, { machine: actorOf(context).machine, path, shown: textArgument(args, context) });
  },
});

const list = (
  state: PathState,
  wanted: (node: FileNode) => boolean,
  pattern: string,
  context: CallContext,
): Value[] => {
  const node = requireNode(state);
  if (!node.isFolder)
    throw netError('System.IO.IOException', 'The directory name is invalid.\r\n', { hresult: 0x8007010b });
  asNet(() => state.machine.files.requireRight(node, neededRights.listFolder, actorOf(context).pid));
  return [...node.children.values()]
    .filter((child) => wanted(child) && context.like(child.name, pattern === '*.*' ? '*' : pattern))
    .map((child) => pathObject(state.machine, joinPath(state.path, child.name), child.isFolder, child.name));
};
const patternOf = (args: Value[], context: CallContext): string => (args.length > 0 ? context.text(args[0]) : '*');

/** System.IO.DirectoryInfo. */
export const directoryInfoType: TypeDefinition<PathState> = defineType<PathState>({
  name: 'System.IO.DirectoryInfo',
  bases: ['System.IO.FileSystemInfo'],
  properties: {
    ...commonProperties,
    BaseName: { type: 'System.String', get: (state) => leafOf(state.path) },
    Parent: {
      type: 'System.IO.DirectoryInfo',
      get: (state) => (parentOf(state.path) === '' ? null : pathObject(state.machine, parentOf(state.path), true)),
    },
    Root: { type: 'System.IO.DirectoryInfo', get: (state) => pathObject(state.machine, state.path.slice(0, 3), true) },
  },
  methods: {
    *Create(state, _args, context) {
      yield asNet(() => state.machine.files.createFolder(state.path, actorOf(context).pid));
      return undefined;
    },
    *MoveTo(state, args, context) {
      const to = absolutePath(textArgument(args, context));
      yield asNet(() => state.machine.files.move(state.path, to, actorOf(context).pid), folderMoveException);
      state.path = to;
      return undefined;
    },
    GetFiles: (state, args, context) => list(state, (node) => !node.isFolder, patternOf(args, context), context),
    GetDirectories: (state, args, context) => list(state, (node) => node.isFolder, patternOf(args, context), context),
    GetFileSystemInfos: (state, args, context) => list(state, () => true, patternOf(args, context), context),
    Refresh: () => undefined,
  },
  toText: (state) => state.shown,
  construct: (context, args) => {
    const path = absolutePath(textArgument(args, context), 'C:\\Windows\\system32');
    return newObject(directoryInfoType, {
      machine: actorOf(context).machine,
      path,
      shown: textArgument(args, context),
    });
  },
});

/** A FileInfo or DirectoryInfo of a path; `shown` is what it says as text. */
export const pathObject = (machine: Machine, path: string, isFolder: boolean, shown = path): Instance<PathState> =>
  newObject(isFolder ? directoryInfoType : fileInfoType, { machine, path, shown });
