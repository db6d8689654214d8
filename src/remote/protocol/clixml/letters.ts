/** Codes of the letters that XML is made of, and what belongs to a name. */

/** Code of `<`. */
export const lessThan = 0x3c;
/** Code of `>`. */
export const greaterThan = 0x3e;
/** Code of `/`. */
export const slash = 0x2f;
/** Code of `:`. */
export const colon = 0x3a;
/** Code of `=`. */
export const equals = 0x3d;
/** Code of `!`. */
export const bang = 0x21;
/** Code of `?`. */
export const question = 0x3f;
/** Code of `"`. */
export const quote = 0x22;
/** Code of `'`. */
export const apostrophe = 0x27;
/** Code of a blank. */
export const blank = 0x20;
/** Code of `-`. */
export const minus = 0x2d;
/** Code of `0`. */
export const zero = 0x30;
/** Code of `&`. */
export const ampersand = 0x26;
/** Code of a carriage return. */
export const carriageReturn = 0x0d;
/** Code of `_`. */
export const underscore = 0x5f;

/** Whether a code is a blank of XML. */
export const isBlank = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
/** 1 for letters, digits and `_ - .`; CLIXML's names have no others. */
const nameParts = new Uint8Array(128);
for (const char of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.')
  nameParts[char.charCodeAt(0)] = 1;
/** Whether a code can be in a name. */
export const isNamePart = (code: number): boolean => code < 128 && nameParts[code] === 1;

/** Whether a short text stands at a place; quicker than `startsWith`, which is a call. */
export function isAt(text: string, wanted: string, at: number): boolean {
  for (let place = 0; place < wanted.length; place++)
    if (text.charCodeAt(at + place) !== wanted.charCodeAt(place)) return false;
  return true;
}
