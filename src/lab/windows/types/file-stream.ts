import { defineType, netError } from '../../evaluator/define.ts';
import type { CallContext } from '../../evaluator/host.ts';
import { int64, newObject } from '../../evaluator/make.ts';
import type { TypeDefinition } from '../../evaluator/type-definition.ts';
import type { Value } from '../../evaluator/value.ts';
import { absolutePath } from '../machine/files/paths.ts';
import { Win32Fault, win32 } from '../machine/win32-fault.ts';
import { asNet } from '../runtime/net-faults.ts';
import { actorOf } from '../runtime/process-hooks.ts';
import { closeOpenFile, type OpenFile, openFile, readOpenFile, setOpenFileLength, writeOpenFile } from './open-file.ts';
import { outsideProperties } from './outside.ts';

const enumNumber = (context: CallContext, value: Value, type: string): number => {
  if (typeof value === 'number') return value;
  const converted = context.convert(value, type);
  if (converted !== null && typeof converted === 'object' && 'kind' in converted && converted.kind === 'enum') {
    return converted.value;
  }
  return Number(context.text(converted));
};
const numberOf = (context: CallContext, value: Value): number => Number(context.text(value));

/** Opens a FileStream from the arguments of its constructors: path, mode, access, share, buffer size, options. */
export const openStream = (context: CallContext, args: Value[]): Value => {
  const path = asNet(() => absolutePath(context.text(args[0]), 'C:\\Windows\\system32'));
  const mode = enumNumber(context, args[1], 'System.IO.FileMode');
  const access = args.length > 2 ? enumNumber(context, args[2], 'System.IO.FileAccess') : mode === 6 ? 2 : 3;
  const share = args.length > 3 ? enumNumber(context, args[3], 'System.IO.FileShare') : 1;
  if (mode === 6 && access !== 2) {
    throw netError('System.ArgumentException', 'Append access can be requested only in write-only mode.');
  }
  const { file } = asNet(() => openFile(actorOf(context), path, { mode, access, share }));
  return newObject(fileStreamType, file);
};

const requireOpen = (file: OpenFile): OpenFile => {
  if (file.closed) {
    throw netError('System.ObjectDisposedException', 'Cannot access a closed file.', { hresult: 0x80131622 });
  }
  return file;
};

/** System.IO.FileStream. Writes reach the disk at once, so Flush has nothing to do. */
export const fileStreamType: TypeDefinition<OpenFile> = defineType<OpenFile>({
  name: 'System.IO.FileStream',
  bases: ['System.IO.Stream', 'System.MarshalByRefObject', 'System.IDisposable'],
  properties: {
    ...outsideProperties('System.IO.FileStream', 'IsAsync Handle SafeFileHandle CanTimeout ReadTimeout WriteTimeout'),
    Name: { type: 'System.String', get: (file) => file.path },
    CanRead: { type: 'System.Boolean', get: (file) => file.canRead && !file.closed },
    CanWrite: { type: 'System.Boolean', get: (file) => file.canWrite && !file.closed },
    CanSeek: { type: 'System.Boolean', get: (file) => !file.closed },
    Length: { type: 'System.Int64', get: (file) => int64(requireOpen(file).node.sizeBytes) },
    Position: {
      type: 'System.Int64',
      get: (file) => int64(requireOpen(file).position),
      set: (file, value, context) => {
        requireOpen(file).position = numberOf(context, value);
      },
    },
  },
  methods: {
    Read(file, args, context) {
      const [buffer, offset, count] = args;
      if (!(buffer instanceof Uint8Array)) throw netError('System.ArgumentNullException', 'Buffer cannot be null.');
      if (!file.canRead) throw netError('System.NotSupportedException', 'Stream does not support reading.');
      const part = readOpenFile(requireOpen(file), numberOf(context, count));
      buffer.set(part, numberOf(context, offset));
      return part.length;
    },
    ReadByte: (file) => readOpenFile(requireOpen(file), 1)[0] ?? -1,
    *Write(file, args, context) {
      const [buffer, offset, count] = args;
      if (!file.canWrite) throw netError('System.NotSupportedException', 'Stream does not support writing.');
      const bytes = buffer instanceof Uint8Array ? buffer : context.convert(buffer, 'byte[]');
      if (!(bytes instanceof Uint8Array)) throw netError('System.ArgumentNullException', 'Buffer cannot be null.');
      const from = numberOf(context, offset);
      yield asNet(() => writeOpenFile(requireOpen(file), bytes.slice(from, from + numberOf(context, count))));
      return undefined;
    },
    *WriteByte(file, args, context) {
      yield asNet(() => writeOpenFile(requireOpen(file), Uint8Array.of(numberOf(context, args[0]))));
      return undefined;
    },
    Seek(file, args, context) {
      const origin = enumNumber(context, args[1], 'System.IO.SeekOrigin');
      const base = origin === 0 ? 0 : origin === 1 ? file.position : file.node.sizeBytes;
      requireOpen(file).position = base + numberOf(context, args[0]);
      return int64(file.position);
    },
    *SetLength(file, args, context) {
      yield asNet(() => setOpenFileLength(requireOpen(file), numberOf(context, args[0])));
      return undefined;
    },
    Flush: (file) => {
      requireOpen(file);
      return undefined;
    },
    Lock: (file) => {
      if (file.handle.share !== 0) throw new Win32Fault(win32.notSupported, file.path);
      return undefined;
    },
    Close: (file) => {
      closeOpenFile(file);
      return undefined;
    },
    Dispose: (file) => {
      closeOpenFile(file);
      return undefined;
    },
  },
  construct: openStream,
});
