import { defineEnum, defineType } from '../define.ts';
import type { CallContext } from '../host.ts';
import { newObject } from '../make.ts';
import { hasWildcard, like } from '../matching/wildcard.ts';
import type { TypeDefinition } from '../type-definition.ts';
import type { Value } from '../value.ts';

type State = { readonly pattern: string; readonly caseSensitive: boolean };

/** WildcardOptions. */
export const wildcardOptionsEnum = defineEnum(
  'System.Management.Automation.WildcardOptions',
  { None: 0, Compiled: 1, IgnoreCase: 2, CultureInvariant: 4 },
  { flags: true },
);

const make = (context: CallContext, [pattern, options]: readonly Value[]): Value =>
  newObject(wildcardPatternType, {
    pattern: context.text(pattern),
    caseSensitive: !/IgnoreCase/i.test(
      context.text(options === undefined ? '' : context.convert(options, wildcardOptionsEnum.name)),
    ),
  });

/** WildcardPattern. */
export const wildcardPatternType: TypeDefinition<State> = defineType<State>({
  name: 'System.Management.Automation.WildcardPattern',
  aliases: ['WildcardPattern'],
  methods: {
    IsMatch: ({ pattern, caseSensitive }, [text], context) => like(context.text(text), pattern, caseSensitive),
    ToWql: ({ pattern }) => pattern.replaceAll('*', '%').replaceAll('?', '_'),
  },
  construct: make,
  convertFrom: (value, context) => (typeof value === 'string' ? make(context, [value]) : undefined),
  statics: {
    methods: {
      Get: (args, context) => make(context, args),
      Escape: ([text], context) => context.text(text).replace(/[*?[\]]/g, '`$&'),
      Unescape: ([text], context) => context.text(text).replace(/`([*?[\]])/g, '$1'),
      ContainsWildcardCharacters: ([text], context) => hasWildcard(context.text(text).replace(/`./g, '')),
    },
  },
});
