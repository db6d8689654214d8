import { defineType } from '../define.ts';
import { newObject } from '../make.ts';
import type { TypeDefinition } from '../type-definition.ts';

/** System.Globalization.TextInfo; its state is the culture's name. */
export const textInfoType: TypeDefinition<string> = defineType<string>({
  name: 'System.Globalization.TextInfo',
  properties: {
    CultureName: { get: (state) => state },
    ListSeparator: { get: () => ',' },
  },
  methods: {
    ToUpper: (_state, [text], context) => context.text(text).toUpperCase(),
    ToLower: (_state, [text], context) => context.text(text).toLowerCase(),
    // Words in capitals alone stay as they are.
    ToTitleCase: (_state, [text], context) =>
      context
        .text(text)
        .replace(/\p{L}[\p{L}\p{M}'’]*/gu, (word) =>
          word.length > 1 && word === word.toUpperCase()
            ? word
            : `${word.slice(0, 1).toUpperCase()}${word.slice(1).toLowerCase()}`,
        ),
  },
});

/** System.Globalization.CultureInfo; its state is the culture's name (empty for the invariant one). */
export const cultureType: TypeDefinition<string> = defineType<string>({
  name: 'System.Globalization.CultureInfo',
  aliases: ['cultureinfo', 'Globalization.CultureInfo'],
  properties: {
    Name: { get: (state) => state },
    TextInfo: { get: (state) => newObject(textInfoType, state), hidden: true },
    TwoLetterISOLanguageName: { get: (state) => (state === '' ? 'iv' : state.slice(0, 2)) },
    LCID: { get: (state) => ({ 'en-US': 1033, 'ja-JP': 1041, 'de-DE': 1031, 'fr-FR': 1036 })[state] ?? 127 },
  },
  toText: (state) => state,
  keyText: (state) => state.toLowerCase(),
  construct: (context, args) => newObject(cultureType, context.text(args[0])),
  convertFrom: (value, context) =>
    typeof value === 'string' ? newObject(cultureType, context.text(value)) : undefined,
  statics: {
    properties: {
      InvariantCulture: { get: () => newObject(cultureType, '') },
      CurrentCulture: { get: (context) => newObject(cultureType, context.hooks.culture) },
      CurrentUICulture: { get: (context) => newObject(cultureType, context.hooks.culture) },
    },
    methods: { GetCultureInfo: (args, context) => newObject(cultureType, context.text(args[0])) },
  },
});
