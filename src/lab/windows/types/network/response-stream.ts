import { defineType } from '../../../evaluator/define.ts';
import { newObject } from '../../../evaluator/make.ts';
import type { Value } from '../../../evaluator/value.ts';

/** The content of an answer, and how far it was read, in bytes. */
export type ResponseStream = { readonly bytes: Uint8Array; position: number };

/** The stream of an answer that is there as a whole. */
export const responseStreamType = defineType<ResponseStream>({
  name: 'System.IO.MemoryStream',
  bases: ['System.IO.Stream', 'System.MarshalByRefObject', 'System.IDisposable'],
  properties: {
    Length: { get: ({ bytes }) => bytes.length },
    Position: {
      get: ({ position }) => position,
      set: (stream, value, context) => void (stream.position = Number(context.text(value))),
    },
    CanSeek: { get: () => true },
    CanRead: { get: () => true },
  },
  methods: { Close: () => undefined, Dispose: () => undefined, Flush: () => undefined },
});

/** A stream of a text; `isRead`: somebody has read it to its end already. */
export const responseStream = (text: string, isRead: boolean): Value => {
  const bytes = new Uint8Array(Buffer.from(text));
  return newObject(responseStreamType, { bytes, position: isRead ? bytes.length : 0 });
};
