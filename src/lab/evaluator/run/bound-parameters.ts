import type { Binding } from '../binding/bind-value.ts';
import { itemsOf } from '../conversion/items.ts';
import { numericOf, toNumber } from '../conversion/numeric.ts';
import { toText } from '../conversion/to-text.ts';
import { isTrue } from '../conversion/truth.ts';
import type { BoundParameters } from '../host.ts';
import type { Language } from '../language.ts';
import { isBoxed } from '../types-of.ts';

/** The view of a cmdlet on its bound parameters. */
export const boundParameters = (binding: Binding, language: Language): BoundParameters => {
  const get = (name: string): ReturnType<BoundParameters['get']> => binding.values.get(name.toLowerCase());
  return {
    has: (name) => binding.values.has(name.toLowerCase()),
    get,
    text: (name) => {
      const value = get(name);
      return value === undefined || value === null ? undefined : toText(value, language);
    },
    texts: (name) => {
      const value = get(name);
      return value === undefined || value === null
        ? []
        : (itemsOf(value) ?? [value]).map((item) => toText(item, language));
    },
    number: (name) => {
      const value = get(name);
      const number = value === undefined || value === null ? undefined : numericOf(value);
      return number && toNumber(number);
    },
    flag: (name) => isTrue(get(name)),
    list: (name) => {
      const value = get(name);
      return value === undefined || value === null ? [] : (itemsOf(value) ?? [value]);
    },
    script: (name) => {
      const value = get(name);
      return isBoxed(value) && value.kind === 'scriptblock' ? value : undefined;
    },
    *entries() {
      for (const [key, value] of binding.values) yield [binding.names.get(key) ?? key, value] as const;
    },
  };
};
