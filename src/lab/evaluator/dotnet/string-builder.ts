import { defineType, netError } from '../define.ts';
import { affordable, spend } from '../limit.ts';
import { char, newObject } from '../make.ts';
import { formatText } from '../operators/format-text.ts';
import { frameOf } from '../registry-of.ts';
import type { MethodDefinition, TypeDefinition } from '../type-definition.ts';
import { readArguments } from './arguments.ts';

type BuilderState = { text: string };

/** Makes a method that changes the text and gives the builder back, as all of them do. */
const changing =
  (change: (text: string, args: ReturnType<typeof readArguments>) => string): MethodDefinition<BuilderState> =>
  (state, args, context) => {
    state.text = change(state.text, readArguments(args, context));
    return newObject(stringBuilderType, state);
  };

const checkPlace = (at: number, length: number): number => {
  if (at >= 0 && at <= length) return at;
  throw netError(
    'System.ArgumentOutOfRangeException',
    "Index was out of range. Must be non-negative and less than or equal to the size of the collection. (Parameter 'index')",
  );
};

/** System.Text.StringBuilder. The state object is shared, so that the builder a method gives back is the same one. */
export const stringBuilderType: TypeDefinition<BuilderState> = defineType<BuilderState>({
  name: 'System.Text.StringBuilder',
  aliases: ['Text.StringBuilder'],
  properties: {
    Length: {
      get: (state) => state.text.length,
      set: (state, value) => {
        const length = Number(value);
        state.text =
          length <= state.text.length ? state.text.slice(0, length) : state.text.padEnd(affordable(length, 2), '\0');
      },
      type: 'int',
    },
    Capacity: { get: (state) => Math.max(16, state.text.length) },
  },
  methods: {
    Append: changing(
      (text, args) => text + (args.count > 1 ? args.text(0).repeat(affordable(args.integer(1), 2)) : args.text(0)),
    ),
    AppendLine: changing((text, args) => `${text}${args.count > 0 ? args.text(0) : ''}\r\n`),
    Insert: changing((text, args) => {
      const at = checkPlace(args.integer(0), text.length);
      return text.slice(0, at) + args.text(1) + text.slice(at);
    }),
    Remove: changing((text, args) => {
      const at = checkPlace(args.integer(0), text.length);
      return text.slice(0, at) + text.slice(checkPlace(at + args.integer(1), text.length));
    }),
    Replace: changing((text, args) => {
      spend(text.length * 6);
      return text.replaceAll(args.text(0), () => args.text(1));
    }),
    AppendFormat: (state, [format, ...args], context) => {
      const values = args.length === 1 && Array.isArray(args[0]) ? args[0] : args;
      state.text += formatText(context.text(format), values, frameOf(context).session);
      return newObject(stringBuilderType, state);
    },
    Clear: changing(() => ''),
    ToString: (state, args, context) => {
      const given = readArguments(args, context);
      return given.count > 1 ? state.text.slice(given.integer(0), given.integer(0) + given.integer(1)) : state.text;
    },
  },
  getItem: (state, index) => char(state.text.charCodeAt(Number(index[0]))),
  toText: (state) => state.text,
  convertFrom: (value, context) =>
    typeof value === 'string' ? newObject(stringBuilderType, { text: context.text(value) }) : undefined,
  construct: (context, args) => {
    const [first] = args;
    return newObject(stringBuilderType, {
      text: first === undefined || typeof first === 'number' ? '' : context.text(first),
    });
  },
});
