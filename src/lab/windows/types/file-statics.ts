import { defineType, netError } from '../../evaluator/define.ts';
import type { CallContext } from '../../evaluator/host.ts';
import { enumValue, typedArray, utcFromUnixMs } from '../../evaluator/make.ts';
import type { StaticMethod } from '../../evaluator/type-definition.ts';
import type { Value } from '../../evaluator/value.ts';
import { fileAttributes } from '../machine/files/file-node.ts';
import { absolutePath } from '../machine/files/paths.ts';
import { Win32Fault, win32 } from '../machine/win32-fault.ts';
import { argumentNull, asNet } from '../runtime/net-faults.ts';
import { actorOf } from '../runtime/process-hooks.ts';
import { localTime, toUnixMs } from './file-info.ts';
import { openStream } from './file-stream.ts';
import { fileAttributesEnum } from './io-enums.ts';
import { readWholeFile, writeWholeFile } from './open-file.ts';
import { openReader } from './stream-text.ts';
import { codecOfEncoding, decodeText, encodeText, utf8 } from './text-codec.ts';

/** A path argument as .NET takes it: relative to the directory of the process. */
export const pathArgument = (args: Value[], context: CallContext, index = 0, name = 'path'): string => {
  const value = args[index];
  if (value === null || value === undefined) throw argumentNull(name);
  const text = context.text(value);
  if (text.trim() === '') throw netError('System.ArgumentException', 'The path is not of a legal form.');
  return asNet(() => absolutePath(text, 'C:\\Windows\\system32'));
};

const linesOf = (text: string): string[] => {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
};
const toBytes = (value: Value, context: CallContext): Uint8Array => {
  if (value instanceof Uint8Array) return value;
  if (value === null || value === undefined) throw argumentNull('bytes');
  const converted = context.convert(value, 'byte[]');
  return converted instanceof Uint8Array ? converted : new Uint8Array();
};

const time =
  (field: 'createdMs' | 'modifiedMs' | 'accessedMs', isUtc: boolean): StaticMethod =>
  (args, context) => {
    const { machine } = actorOf(context);
    const ms = machine.files.find(pathArgument(args, context))?.[field] ?? -11644473600000;
    return isUtc ? utcFromUnixMs(ms) : localTime(machine, ms);
  };
const setTime = (field: 'createdMs' | 'modifiedMs' | 'accessedMs'): StaticMethod =>
  function* (args, context) {
    const { machine, pid } = actorOf(context);
    const path = pathArgument(args, context);
    const ms = toUnixMs(machine, args[1], context);
    yield asNet(() => machine.files.setTimes(machine.files.get(path), { [field]: ms }, pid));
    return undefined;
  };

/** Times that File and Directory share. */
export const timeMethods: Record<string, StaticMethod> = {
  GetCreationTime: time('createdMs', false),
  GetCreationTimeUtc: time('createdMs', true),
  GetLastWriteTime: time('modifiedMs', false),
  GetLastWriteTimeUtc: time('modifiedMs', true),
  GetLastAccessTime: time('accessedMs', false),
  GetLastAccessTimeUtc: time('accessedMs', true),
  SetCreationTime: setTime('createdMs'),
  SetCreationTimeUtc: setTime('createdMs'),
  SetLastWriteTime: setTime('modifiedMs'),
  SetLastWriteTimeUtc: setTime('modifiedMs'),
  SetLastAccessTime: setTime('accessedMs'),
  SetLastAccessTimeUtc: setTime('accessedMs'),
};

const read = (args: Value[], context: CallContext): string => {
  const bytes = asNet(() => readWholeFile(actorOf(context), pathArgument(args, context)));
  return decodeText(bytes, args.length > 1 ? codecOfEncoding(args[1], context).codePage : 65001);
};
const writer = (append: boolean, toText: (value: Value, context: CallContext) => string): StaticMethod =>
  function* (args, context) {
    const path = pathArgument(args, context);
    const actor = actorOf(context);
    const codec = args.length > 2 ? codecOfEncoding(args[2], context) : utf8;
    const isOld = append && (actor.machine.files.find(path)?.sizeBytes ?? 0) > 0;
    const bytes = encodeText(toText(args[1], context), codec, codec.mark && !isOld);
    yield asNet(() => writeWholeFile(actor, path, bytes, append));
    return undefined;
  };
const asText = (value: Value, context: CallContext): string =>
  value === null || value === undefined ? '' : context.text(value);
const asLines = (value: Value, context: CallContext): string =>
  context
    .enumerate(value)
    .map((line) => `${context.text(line)}\r\n`)
    .join('');

/** System.IO.File. */
export const fileType = defineType({
  name: 'System.IO.File',
  statics: {
    methods: {
      ...timeMethods,
      Exists: (args, context) => {
        if (args[0] === null || args[0] === undefined || context.text(args[0]) === '') return false;
        const node = actorOf(context).machine.files.find(pathArgument(args, context));
        return node !== undefined && !node.isFolder;
      },
      ReadAllBytes: (args, context) =>
        Uint8Array.from(asNet(() => readWholeFile(actorOf(context), pathArgument(args, context)))),
      ReadAllText: read,
      ReadAllLines: (args, context) => typedArray('System.String', linesOf(read(args, context))),
      ReadLines: (args, context) => typedArray('System.String', linesOf(read(args, context))),
      *WriteAllBytes(args, context) {
        const bytes = toBytes(args[1], context);
        yield asNet(() => writeWholeFile(actorOf(context), pathArgument(args, context), Uint8Array.from(bytes)));
        return undefined;
      },
      WriteAllText: writer(false, asText),
      WriteAllLines: writer(false, asLines),
      AppendAllText: writer(true, asText),
      AppendAllLines: writer(true, asLines),
      *Move(args, context) {
        const { machine, pid } = actorOf(context);
        const [from, to] = [pathArgument(args, context), pathArgument(args, context, 1, 'destFileName')];
        yield asNet(() => {
          if (machine.files.find(from)?.isFolder) throw new Win32Fault(win32.fileNotFound, from);
          return machine.files.move(from, to, pid);
        });
        return undefined;
      },
      *Replace(args, context) {
        const { machine, pid } = actorOf(context);
        const from = pathArgument(args, context, 0, 'sourceFileName');
        const to = pathArgument(args, context, 1, 'destinationFileName');
        const backup = pathArgument(args, context, 2, 'destinationBackupFileName');
        yield asNet(() => {
          const { files } = machine;
          const [source, replaced] = [files.get(from), files.get(to)];
          // The new content bears the old file's rights and time of creation.
          if (files.exists(backup)) void files.remove(backup, pid);
          void files.move(to, backup, pid);
          const held = files.move(from, to, pid);
          source.security = replaced.security;
          source.createdMs = replaced.createdMs;
          return held;
        });
        return undefined;
      },
      *Copy(args, context) {
        const actor = actorOf(context);
        const [from, to] = [pathArgument(args, context), pathArgument(args, context, 1, 'destFileName')];
        const overwrite = args.length > 2 && context.isTrue(args[2]);
        yield asNet(() => {
          const bytes = readWholeFile(actor, from, 3);
          if (actor.machine.files.exists(to) && !overwrite) throw new Win32Fault(win32.fileExists, to);
          const held = writeWholeFile(actor, to, bytes);
          const [source, copy] = [actor.machine.files.get(from), actor.machine.files.get(to)];
          void actor.machine.files.setTimes(copy, { modifiedMs: source.modifiedMs }, actor.pid);
          copy.attributes = source.attributes;
          return held;
        });
        return undefined;
      },
      *Delete(args, context) {
        const { machine, pid } = actorOf(context);
        const path = pathArgument(args, context);
        yield asNet(() => {
          const node = machine.files.find(path);
          if (node?.isFolder) throw new Win32Fault(win32.accessDenied, path);
          if (node) return machine.files.remove(path, pid);
          if (!machine.files.exists(path.slice(0, path.lastIndexOf('\\')) || path))
            throw new Win32Fault(win32.pathNotFound, path);
          return undefined;
        });
        return undefined;
      },
      GetAttributes: (args, context) =>
        enumValue(
          fileAttributesEnum,
          asNet(() => actorOf(context).machine.files.get(pathArgument(args, context), { noFollow: true })).attributes ||
            fileAttributes.Normal,
        ),
      *SetAttributes(args, context) {
        const { machine, pid } = actorOf(context);
        const flags = context.convert(args[1], 'System.IO.FileAttributes');
        const value =
          flags !== null && typeof flags === 'object' && 'kind' in flags && flags.kind === 'enum' ? flags.value : 0;
        yield asNet(() => machine.files.setAttributes(machine.files.get(pathArgument(args, context)), value, pid));
        return undefined;
      },
      Open: (args, context) => openStream(context, args),
      OpenRead: (args, context) => openStream(context, [args[0], 3, 1, 1]),
      OpenText: (args, context) => openReader(context, pathArgument(args, context)),
      OpenWrite: (args, context) => openStream(context, [args[0], 4, 2, 0]),
      Create: (args, context) => openStream(context, [args[0], 2, 3, 0]),
    },
  },
});
