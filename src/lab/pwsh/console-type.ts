import { defineType } from '../evaluator/define.ts';
import { utf8, utf8EncodingType } from '../evaluator/dotnet/encoding.ts';
import type { CallContext, Extension } from '../evaluator/host.ts';
import { newObject } from '../evaluator/make.ts';
import type { TypeDefinition } from '../evaluator/type-definition.ts';
import type { Value } from '../evaluator/value.ts';

/** Writes text to a stream of the real process. */
export type Write = (text: string) => void;

/** A method that writes its argument. */
const writes =
  (write: Write, end: '' | '\n') =>
  (args: readonly Value[], context: CallContext): Value => {
    write(`${args.length > 0 ? context.text(args[0]) : ''}${end}`);
    return undefined;
  };

const writerType: TypeDefinition<Write> = defineType<Write>({
  name: 'System.IO.TextWriter',
  methods: {
    Write: (write, args, context) => writes(write, '')(args, context),
    WriteLine: (write, args, context) => writes(write, '\n')(args, context),
    Flush: () => undefined,
  },
});

/** `[Console]` of a process that has one: what is written goes to its standard streams at once. */
export const consoleExtension = (out: Write, error: Write): Extension => {
  const encoding = { get: () => newObject(utf8EncodingType, utf8(false)), set: () => undefined };
  return {
    types: [
      writerType,
      defineType({
        name: 'System.Console',
        statics: {
          properties: {
            Out: { get: () => newObject(writerType, out) },
            Error: { get: () => newObject(writerType, error) },
            OutputEncoding: encoding,
            InputEncoding: encoding,
          },
          methods: {
            Write: writes(out, ''),
            WriteLine: writes(out, '\n'),
          },
        },
      }),
    ],
  };
};
