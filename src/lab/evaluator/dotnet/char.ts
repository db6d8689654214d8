import { defineType } from '../define.ts';
import type { CallContext } from '../host.ts';
import { char, double } from '../make.ts';
import type { Value } from '../value.ts';
import { intArgument } from './argument-values.ts';

const codeOf = (value: Value, context: CallContext): string => context.text(value);

/** System.Char. */
export const charType = defineType<Value>({
  name: 'System.Char',
  aliases: ['char'],
  methods: { CompareTo: (c, [other], context) => context.text(c).charCodeAt(0) - context.text(other).charCodeAt(0) },
  statics: {
    properties: { MaxValue: { get: () => char(65535) }, MinValue: { get: () => char(0) } },
    methods: {
      IsDigit: ([c], context) => /^\p{Nd}/u.test(codeOf(c, context)),
      IsNumber: ([c], context) => /^\p{N}/u.test(codeOf(c, context)),
      IsLetter: ([c], context) => /^\p{L}/u.test(codeOf(c, context)),
      IsLetterOrDigit: ([c], context) => /^[\p{L}\p{Nd}]/u.test(codeOf(c, context)),
      IsWhiteSpace: ([c], context) => /^\s/.test(codeOf(c, context)),
      IsUpper: ([c], context) => /^\p{Lu}/u.test(codeOf(c, context)),
      IsLower: ([c], context) => /^\p{Ll}/u.test(codeOf(c, context)),
      IsControl: ([c], context) => /^\p{Cc}/u.test(codeOf(c, context)),
      IsPunctuation: ([c], context) => /^\p{P}/u.test(codeOf(c, context)),
      ToUpper: ([c], context) => char(codeOf(c, context).toUpperCase().charCodeAt(0)),
      ToLower: ([c], context) => char(codeOf(c, context).toLowerCase().charCodeAt(0)),
      ConvertFromUtf32: ([code], context) => String.fromCodePoint(intArgument(code, context)),
      GetNumericValue: ([c], context) => double(/^\d$/.test(codeOf(c, context)) ? Number(codeOf(c, context)) : -1),
    },
  },
});
