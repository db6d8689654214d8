import type { CodeKnowledge } from '../../knowledge/code-knowledge.ts';
import { isExtendCode } from './extend-code.ts';
import { findKnown, hexOf, ofWin32, takeApart } from './take-apart.ts';

/** A code found in a text. */
export type FoundCode = {
  /** The number, unsigned; what names a Win32 error becomes its HRESULT. Null where only an extend code is written. */
  readonly value: number | null;
  /** The extend code of Windows setup that stands with it. */
  readonly extend: number | null;
  /** As it is written. */
  readonly text: string;
  /** Where it begins. */
  readonly at: number;
};

/** One way to write a code: what it looks like, and what it means; null where it is none after all. */
type Form = {
  readonly pattern: RegExp;
  readonly read: (match: RegExpExecArray, knowledge: CodeKnowledge) => Omit<FoundCode, 'text' | 'at'> | null;
};

/** Lines without any of this hold no number that is a code; most lines of a log end here. */
const mayHoldNumber = /0x[0-9a-f]{5}|[89c][0-9a-f]{7}|(?:80|c1)[0-9a-f]{2} [0-9a-f]{4}|\d{9}|%%\d|win32|GetLastError/i;

/** Numbers that are flags and masks in logs, never codes. */
const masks: ReadonlySet<number> = new Set([0x8000_0000, 0xc000_0000, 0xffff_ffff]);

/** Whether a number in the middle of a text is a code: known, or a failure of a facility that has a name. */
function isCode(value: number, knowledge: CodeKnowledge): boolean {
  if (findKnown(value, knowledge) !== null) return value > 0xffff;
  if (masks.has(value) || value >>> 31 === 0) return false;
  const { facility, customer, code } = takeApart(value, knowledge);
  return facility.name !== null && !customer && code !== 0;
}

const alone = (value: number, knowledge: CodeKnowledge): Omit<FoundCode, 'text' | 'at'> | null =>
  isCode(value, knowledge) ? { value, extend: null } : null;

const extendOf = (digits: string | undefined, knowledge: CodeKnowledge): number | null => {
  if (digits === undefined) return null;
  const extend = Number.parseInt(digits, 16);
  return isExtendCode(extend, knowledge) || extend >>> 16 === 6 || extend >>> 16 === 0xa ? extend : null;
};

/** All forms but symbols, in the order in which they are tried; what one has read, no later one reads. */
const forms: readonly Form[] = [
  {
    // 0x80070002, with the extend code of setup: 0xC1900101 - 0x20017. A tool of 64 bits prints 0xFFFFFFFF80070002.
    pattern:
      /(?<![0-9a-z_])0x(?:ffffffff)?([0-9a-f]{5,8})(?![0-9a-f])(?:\s{0,3}[-‐-―−,/]?\s{0,3}0x([0-9a-f]{5})(?![0-9a-f]))?/gi,
    read: ([, digits = '', second], knowledge) => {
      const value = Number.parseInt(digits, 16);
      const extend = extendOf(second, knowledge);
      if (extend !== null && value > 0xf_ffff) return { value, extend };
      return alone(value, knowledge);
    },
  },
  {
    // "8007 0002", as people read it to each other.
    pattern: /(?<![0-9a-z_])(?:0x)?(80(?:07|0f|19|24)|80d0|c190) ([0-9a-f]{4})(?![0-9a-z_])/gi,
    read: ([, high = '', low = ''], knowledge) => alone(Number.parseInt(high + low, 16), knowledge),
  },
  {
    // 80070002 without 0x; the first group of a GUID is none. An extend code may follow: 80070002-20007.
    pattern:
      /(?<![0-9a-z_\-{.\\/])([89c][0-9a-f]{7})(?![0-9a-z_])(?!-[0-9a-f]{4}-)(?:\s?-\s?(?:0x)?([0-9a-f]{5})(?![0-9a-z]))?/gi,
    read: ([, digits = '', second], knowledge) => {
      const value = Number.parseInt(digits, 16);
      const extend = extendOf(second, knowledge);
      const isOurs = findKnown(value, knowledge) !== null || value >>> 16 === 0x8007 || extend !== null;
      return isOurs ? { value, extend } : null;
    },
  },
  {
    // -2147024894, as .NET, task schedulers and scripts print it.
    pattern: /(?<![0-9a-z.])[-−](\d{9,10})(?![0-9a-z])/gi,
    read: ([, digits = ''], knowledge) =>
      Number(digits) > 0x8000_0000 ? null : alone(-Number(digits) >>> 0, knowledge),
  },
  {
    // 2147942402, as events and WMI print it.
    pattern: /(?<![0-9a-z.\-−])(\d{10})(?![0-9a-z])/gi,
    read: ([, digits = ''], knowledge) => {
      const value = Number(digits);
      const { win32 } = takeApart(value, knowledge);
      return value <= 0xffff_ffff && (win32 !== null || findKnown(value, knowledge) !== null)
        ? alone(value, knowledge)
        : null;
    },
  },
  {
    // "Win32 error 2", "GetLastError() = 2", and %%2, which stands for a Win32 error in the data of an event.
    pattern:
      /(?:\bwin32 ?(?:error|エラー|status)(?: code)?|\bGetLastError(?:\(\))?(?: returned)?|%%)\s{0,2}[:=]?\s{0,2}(\d{1,5})(?![0-9a-z])/gi,
    read: ([, digits = '']) =>
      Number(digits) > 0 && Number(digits) <= 0xffff ? { value: ofWin32(Number(digits)), extend: null } : null,
  },
  {
    // setuperr.log: the Win32 error of an object that could not be migrated.
    pattern: /\bError (?:READ|WRITE), 0x0000([0-9a-f]{4}) while/gi,
    read: ([, digits = '']) => ({ value: ofWin32(Number.parseInt(digits, 16)), extend: null }),
  },
  {
    // The extend code by itself, where words say that it is one.
    pattern: /(?:\bextend(?:ed)? code|\bP6|拡張コード)[^0-9a-z]{1,4}0x([0-9a-f]{5})(?![0-9a-f])/gi,
    read: ([, digits], knowledge) => {
      const extend = extendOf(digits, knowledge);
      return extend === null ? null : { value: null, extend };
    },
  },
];

/**
 * Every code in one line, in the order of the line. A symbol beside its own number is not counted again.
 * @param line one line; full-width letters and digits, as Japanese input methods write them, are read as plain ones
 */
export function findCodes(line: string, knowledge: CodeKnowledge): readonly FoundCode[] {
  const text = /[\uff01-\uff5e]/.test(line) ? line.replace(/[\uff01-\uff5e]/g, narrow) : line;
  const found: FoundCode[] = [];
  if (!mayHoldNumber.test(text)) return findSymbols(text, found, knowledge);
  const isFree = (at: number, end: number): boolean =>
    found.every((each) => end <= each.at || at >= each.at + each.text.length);
  for (const { pattern, read } of forms) {
    for (const match of text.matchAll(pattern)) {
      const code = read(match, knowledge);
      const written = code?.extend === null ? withoutExtend(match[0]) : match[0];
      if (code !== null && isFree(match.index, match.index + written.length))
        found.push({ ...code, text: written, at: match.index });
    }
  }
  return findSymbols(text, found, knowledge).toSorted((a, b) => a.at - b.at);
}

/** The codes with those that the text names by symbol; a symbol beside its own number is not counted again. */
function findSymbols(text: string, found: readonly FoundCode[], knowledge: CodeKnowledge): readonly FoundCode[] {
  if (!text.includes('_')) return found;
  const all = [...found];
  const known = (value: number): number => findKnown(value, knowledge)?.value ?? value;
  const numbers = new Set(found.flatMap(({ value }) => (value === null ? [] : [known(value)])));
  for (const { 0: name, index } of text.matchAll(knowledge.symbols)) {
    const value = knowledge.byName.get(name.toUpperCase());
    if (value === undefined || numbers.has(known(value))) continue;
    numbers.add(known(value));
    all.push({ value, extend: null, text: name, at: index });
  }
  return all;
}

const narrow = (wide: string): string => String.fromCharCode(wide.charCodeAt(0) - 0xfee0);

/** What was taken for an extend code was none: it stays free for the other forms. */
const withoutExtend = (text: string): string => /^(?:0x)?[0-9a-f]{5,16}/i.exec(text)?.[0] ?? text;

/**
 * Reads a text that is nothing but a code: besides all other forms bare Win32 errors (2), numbers that are no failure (0x240005), extend codes
 * (0x20007) and codes that nobody knows.
 * @returns null where the text is more than that, or no number
 */
export function readWholeCode(text: string, knowledge: CodeKnowledge): FoundCode | null {
  const plain = text.trim().replace(/[\uff01-\uff5e]/g, narrow);
  const pattern =
    /^(?:(?:hr|hresult|win32|error|code|エラー|コード|エラーコード)\s{0,2})*[:=#]?\s{0,2}(?:(0x[0-9a-f]{1,8})|([-−]?\d{1,10})|([0-9a-f]{8}))$/i;
  const [, hex, decimal, bare] = pattern.exec(plain) ?? [];
  const made = (value: number, extend: number | null = null): FoundCode => ({
    value: extend === null && value <= 0xffff ? ofWin32(value) : extend === null ? value : null,
    extend,
    text: plain,
    at: 0,
  });
  if (hex !== undefined) {
    const value = Number(hex);
    if (value === 0) return null;
    const isExtend = value <= 0xf_ffff && knowledge.byValue.get(value) === undefined && isExtendCode(value, knowledge);
    return made(value, isExtend ? value : null);
  }
  if (bare !== undefined) return made(Number.parseInt(bare, 16));
  if (decimal === undefined) return null;
  if (/^[89]\d{7}$/.test(decimal)) return made(Number.parseInt(decimal, 16));
  const value = Number(decimal.replace('−', '-'));
  return value === 0 || value < -0x8000_0000 || value > 0xffff_ffff ? null : made(Number(hexOf(value)));
}
