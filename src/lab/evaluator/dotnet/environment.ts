import { defineType } from '../define.ts';
import { Hashtable } from '../hashtable.ts';

/** System.Environment as far as the language alone tells; a simulated machine adds the rest. */
export const environmentType = defineType({
  name: 'System.Environment',
  statics: {
    properties: {
      NewLine: { get: () => '\r\n' },
      ProcessorCount: { get: () => 4 },
      Is64BitOperatingSystem: { get: () => true },
      Is64BitProcess: { get: () => true },
      UserInteractive: { get: () => false },
    },
    methods: {
      GetEnvironmentVariable: ([name], context) => context.hooks.environment.get(context.text(name)) ?? null,
      SetEnvironmentVariable: ([name, value], context) => {
        const text = value === null || value === undefined ? '' : context.text(value);
        context.hooks.environment.set(context.text(name), text === '' ? undefined : text);
        return undefined;
      },
      GetEnvironmentVariables: (_args, context) => {
        const table = new Hashtable();
        for (const [name, value] of context.hooks.environment.entries()) table.set(name, value);
        return table;
      },
    },
  },
});
