import { defineType } from '../define.ts';
import { double, newObject } from '../make.ts';
import type { TypeDefinition } from '../type-definition.ts';
import { readArguments } from './arguments.ts';

/** System.Random; numbers come from the host's hook, a seed does not repeat .NET's own sequence. */
export const randomType: TypeDefinition<null> = defineType<null>({
  name: 'System.Random',
  aliases: ['Random'],
  methods: {
    Next: (_state, args, context) => {
      const given = readArguments(args, context);
      const from = given.count > 1 ? given.integer(0) : 0;
      const to = given.count === 0 ? 2147483647 : given.integer(given.count - 1);
      return from + Math.floor(context.hooks.random() * (to - from));
    },
    NextDouble: (_state, _args, context) => double(context.hooks.random()),
  },
  construct: (context, args) =>
    args.length > 0 ? context.unsupported('[Random] with a seed') : newObject(randomType, null),
});
