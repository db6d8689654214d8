import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { defineEnum, defineType, netError } from '../define.ts';
import type { CallContext } from '../host.ts';
import { int64, newObject, stateOf } from '../make.ts';
import type { TypeDefinition } from '../type-definition.ts';
import type { Value } from '../value.ts';
import { readArguments } from './arguments.ts';

type MemoryState = { bytes: Uint8Array; position: number };

const append = (state: MemoryState, part: Uint8Array): undefined => {
  const end = state.position + part.length;
  if (end > state.bytes.length) {
    const longer = new Uint8Array(end);
    longer.set(state.bytes);
    state.bytes = longer;
  }
  state.bytes.set(part, state.position);
  state.position = end;
  return undefined;
};

const take = (state: MemoryState, count: number): Uint8Array => {
  const part = state.bytes.subarray(state.position, state.position + count);
  state.position += part.length;
  return part;
};

/** Copies `count` bytes at most into the buffer of a Read call. */
const readInto = (state: MemoryState, args: Value[], context: CallContext): number => {
  const given = readArguments(args, context);
  const part = take(state, given.integer(2));
  given.bytes(0).set(part, given.integer(1));
  return part.length;
};

const written = (args: Value[], context: CallContext): Uint8Array => {
  const given = readArguments(args, context);
  const from = given.integer(1);
  return given.bytes(0).slice(from, from + given.integer(2));
};

const memoryOf = (value: Value, context: CallContext, what: string): MemoryState => {
  const state = stateOf(value, memoryStreamType);
  return state ?? context.unsupported(`${what} with a stream that is no MemoryStream`);
};

/** System.IO.MemoryStream. */
const memoryStreamType: TypeDefinition<MemoryState> = defineType<MemoryState>({
  name: 'System.IO.MemoryStream',
  bases: ['System.IO.Stream', 'System.MarshalByRefObject', 'System.IDisposable'],
  properties: {
    CanRead: { type: 'System.Boolean', get: () => true },
    CanWrite: { type: 'System.Boolean', get: () => true },
    CanSeek: { type: 'System.Boolean', get: () => true },
    Length: { type: 'System.Int64', get: (state) => int64(state.bytes.length) },
    Position: {
      type: 'System.Int64',
      get: (state) => int64(state.position),
      set: (state, value, context) => {
        state.position = Number(context.text(value));
      },
    },
  },
  methods: {
    Write: (state, args, context) => append(state, written(args, context)),
    WriteByte: (state, args, context) => append(state, Uint8Array.of(readArguments(args, context).integer(0))),
    Read: readInto,
    ReadByte: (state) => take(state, 1)[0] ?? -1,
    ToArray: (state) => state.bytes.slice(),
    CopyTo: (state, args, context) =>
      append(memoryOf(args[0], context, 'MemoryStream.CopyTo'), take(state, state.bytes.length)),
    SetLength: (state, args, context) => {
      const resized = new Uint8Array(readArguments(args, context).integer(0));
      resized.set(state.bytes.subarray(0, resized.length));
      state.bytes = resized;
      state.position = Math.min(state.position, resized.length);
      return undefined;
    },
    Flush: () => undefined,
    Close: () => undefined,
    Dispose: () => undefined,
  },
  construct: (context, args) => {
    const bytes =
      args[0] === undefined || typeof args[0] === 'number' ? undefined : readArguments(args, context).bytes(0);
    return newObject(memoryStreamType, { bytes: bytes?.slice() ?? new Uint8Array(), position: 0 });
  },
});

type DeflateState = {
  readonly inner: MemoryState;
  readonly compresses: boolean;
  readonly plain: MemoryState;
  inflated: boolean;
  closed: boolean;
};

const invalidData = () =>
  netError(
    'System.IO.InvalidDataException',
    'The archive entry was compressed using an unsupported compression method.',
    {
      hresult: 0x80131501,
    },
  );

/** What a stream that decompresses holds; all at once, since its source is in memory. */
const inflated = (state: DeflateState): MemoryState => {
  if (state.compresses)
    throw netError('System.InvalidOperationException', 'Reading from the compression stream is not supported.');
  if (state.inflated) return state.plain;
  state.inflated = true;
  try {
    state.plain.bytes = new Uint8Array(inflateRawSync(take(state.inner, state.inner.bytes.length)));
  } catch {
    throw invalidData();
  }
  return state.plain;
};

/** The compressed bytes go out when the stream is closed. */
const close = (state: DeflateState): undefined => {
  if (state.compresses && !state.closed) append(state.inner, deflateRawSync(state.plain.bytes));
  state.closed = true;
  return undefined;
};

/** System.IO.Compression.DeflateStream over a MemoryStream. */
const deflateStreamType: TypeDefinition<DeflateState> = defineType<DeflateState>({
  name: 'System.IO.Compression.DeflateStream',
  bases: ['System.IO.Stream', 'System.MarshalByRefObject', 'System.IDisposable'],
  methods: {
    Write: (state, args, context) => {
      if (!state.compresses)
        throw netError('System.InvalidOperationException', 'Writing to the compression stream is not supported.');
      append(state.plain, written(args, context));
      return undefined;
    },
    Read: (state, args, context) => readInto(inflated(state), args, context),
    CopyTo: (state, args, context) => {
      const plain = inflated(state);
      append(memoryOf(args[0], context, 'DeflateStream.CopyTo'), take(plain, plain.bytes.length));
      return undefined;
    },
    Flush: () => undefined,
    Close: close,
    Dispose: close,
  },
  construct: (context, args) => {
    const mode: Value = context.convert(args[1], 'System.IO.Compression.CompressionMode');
    const compresses =
      typeof mode === 'object' && mode !== null && 'kind' in mode && mode.kind === 'enum' && mode.value === 1;
    const inner = memoryOf(args[0], context, 'DeflateStream');
    const plain = { bytes: new Uint8Array(), position: 0 };
    return newObject(deflateStreamType, { inner, compresses, plain, inflated: false, closed: false });
  },
});

/** Streams over bytes in memory. */
export const byteStreamTypes: readonly TypeDefinition<never>[] = [memoryStreamType, deflateStreamType];
/** System.IO.Compression.CompressionMode. */
export const compressionMode = defineEnum('System.IO.Compression.CompressionMode', { Decompress: 0, Compress: 1 });
