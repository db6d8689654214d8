import { defineType, netError } from '../../evaluator/define.ts';
import type { CallContext } from '../../evaluator/host.ts';
import { newObject, stateOf } from '../../evaluator/make.ts';
import type { TypeDefinition } from '../../evaluator/type-definition.ts';
import type { Value } from '../../evaluator/value.ts';
import { absolutePath } from '../machine/files/paths.ts';
import { asNet } from '../runtime/net-faults.ts';
import { actorOf } from '../runtime/process-hooks.ts';
import { fileStreamType } from './file-stream.ts';
import { type ResponseStream, responseStreamType } from './network/response-stream.ts';
import { closeOpenFile, type OpenFile, openFile, readOpenFile, writeOpenFile } from './open-file.ts';
import { codecOfEncoding, decodeText, encodeText, type TextCodec, utf8 } from './text-codec.ts';

type Reader = {
  readonly file: OpenFile | undefined;
  /** The answer of a server that it reads. */
  readonly response?: ResponseStream;
  text: string | undefined;
  at: number;
  readonly codePage: number;
};

const load = (reader: Reader): string => {
  if (reader.text === undefined) {
    const { file, response } = reader;
    reader.text = file
      ? decodeText(readOpenFile(file, file.node.sizeBytes), reader.codePage)
      : decodeText(response?.bytes.subarray(response.position) ?? new Uint8Array(), reader.codePage);
    if (response) response.position = response.bytes.length;
  }
  return reader.text;
};

const streamArgument = (args: Value[], context: CallContext, mode: number, access: number): OpenFile => {
  const given = stateOf(args[0], fileStreamType);
  if (given) return given;
  if (typeof args[0] !== 'string') return context.unsupported('a reader or writer on a stream that is not a file');
  const path = asNet(() => absolutePath(context.text(args[0]), 'C:\\Windows\\system32'));
  return asNet(() => openFile(actorOf(context), path, { mode, access, share: 1 })).file;
};
const isEncoding = (value: Value): boolean => value !== null && typeof value === 'object' && 'kind' in value;

/** A reader of text that a program wrote: what Process.StandardOutput gives. */
export const textReader = (text: string): Value =>
  newObject(streamReaderType, { file: undefined, text, at: 0, codePage: 65001 });

/** System.IO.StreamReader on files. */
export const streamReaderType: TypeDefinition<Reader> = defineType<Reader>({
  name: 'System.IO.StreamReader',
  bases: ['System.IO.TextReader', 'System.MarshalByRefObject', 'System.IDisposable'],
  properties: {
    EndOfStream: { type: 'System.Boolean', get: (reader) => reader.at >= load(reader).length },
    BaseStream: {
      get: ({ file, response }, context) =>
        response
          ? newObject(responseStreamType, response)
          : file
            ? newObject(fileStreamType, file)
            : context.unsupported('StreamReader.BaseStream of a program'),
    },
  },
  methods: {
    ReadLine: (reader) => {
      const text = load(reader);
      if (reader.at >= text.length) return null;
      const end = /\r\n|\n|\r/g;
      end.lastIndex = reader.at;
      const found = end.exec(text);
      const line = text.slice(reader.at, found?.index ?? text.length);
      reader.at = found ? end.lastIndex : text.length;
      return line;
    },
    ReadToEnd: (reader) => {
      const rest = load(reader).slice(reader.at);
      reader.at = load(reader).length;
      return rest;
    },
    DiscardBufferedData: (reader) => {
      reader.text = undefined;
      reader.at = 0;
    },
    Peek: (reader) => (reader.at < load(reader).length ? load(reader).charCodeAt(reader.at) : -1),
    Read: (reader) => (reader.at < load(reader).length ? load(reader).charCodeAt(reader.at++) : -1),
    Close: (reader) => {
      if (reader.file) closeOpenFile(reader.file);
      return undefined;
    },
    Dispose: (reader) => {
      if (reader.file) closeOpenFile(reader.file);
      return undefined;
    },
  },
  construct: (context, args) => {
    const response = stateOf(args[0], responseStreamType);
    const file = response ? undefined : streamArgument(args, context, 3, 1);
    const codePage = isEncoding(args[1]) ? codecOfEncoding(args[1], context).codePage : 65001;
    return newObject(streamReaderType, { file, ...(response ? { response } : {}), text: undefined, at: 0, codePage });
  },
});

/** A reader of a file's text, UTF-8 where no byte order mark says otherwise: what File.OpenText gives. */
export const openReader = (context: CallContext, path: string): Value => {
  const { file } = asNet(() => openFile(actorOf(context), path, { mode: 3, access: 1, share: 1 }));
  return newObject(streamReaderType, { file, text: undefined, at: 0, codePage: 65001 });
};

type Writer = { readonly file: OpenFile; readonly codec: TextCodec; started: boolean };

const write = (writer: Writer, text: string) => {
  if (writer.file.closed) throw netError('System.ObjectDisposedException', 'Cannot write to a closed TextWriter.');
  const bytes = encodeText(text, writer.codec, writer.codec.mark && !writer.started && writer.file.position === 0);
  writer.started = true;
  return asNet(() => writeOpenFile(writer.file, bytes));
};

/** System.IO.StreamWriter on files; what is written reaches the disk at once. */
export const streamWriterType: TypeDefinition<Writer> = defineType<Writer>({
  name: 'System.IO.StreamWriter',
  bases: ['System.IO.TextWriter', 'System.MarshalByRefObject', 'System.IDisposable'],
  properties: {
    AutoFlush: { type: 'System.Boolean', get: () => true, set: () => undefined },
    NewLine: { type: 'System.String', get: () => '\r\n' },
  },
  methods: {
    *Write(writer, args, context) {
      yield write(writer, context.text(args[0]));
      return undefined;
    },
    *WriteLine(writer, args, context) {
      yield write(writer, `${args.length > 0 ? context.text(args[0]) : ''}\r\n`);
      return undefined;
    },
    Flush: () => undefined,
    Close: (writer) => {
      closeOpenFile(writer.file);
      return undefined;
    },
    Dispose: (writer) => {
      closeOpenFile(writer.file);
      return undefined;
    },
  },
  construct: (context, args) => {
    const isAppend = args.length > 1 && args[1] === true;
    const file = streamArgument(args, context, isAppend ? 6 : 2, 2);
    const encoding = args.find((value, index) => index > 0 && isEncoding(value));
    return newObject(streamWriterType, {
      file,
      codec: encoding ? codecOfEncoding(encoding, context) : utf8,
      started: false,
    });
  },
});
