import { affordable } from '../limit.ts';

/**
 * Texts with a separator between them.
 * @throws LimitReached before a text is made that is too long
 */
export const joined = (texts: readonly string[], separator: string): string => {
  let length = 0;
  for (const text of texts) length += text.length + separator.length;
  affordable(length, 2);
  return texts.join(separator);
};
