const ranges = (member: RegExp): string => {
  let text = '';
  const escape = (code: number): string => `\\u${code.toString(16).padStart(4, '0')}`;
  let from = -1;
  for (let code = 0x80; code <= 0x10000; code++) {
    const inside = code < 0x10000 && member.test(String.fromCharCode(code));
    if (inside && from < 0) from = code;
    else if (!inside && from >= 0) {
      text += from === code - 1 ? escape(from) : `${escape(from)}-${escape(code - 1)}`;
      from = -1;
    }
  }
  return text;
};

let known: { readonly word: string; readonly digit: string } | undefined;

/** What .NET counts as word characters and digits beyond ASCII, as contents of a character class. */
const wide = (): { readonly word: string; readonly digit: string } => {
  known ??= { word: ranges(/[\p{L}\p{Mn}\p{Nd}\p{Pc}]/u), digit: ranges(/\p{Nd}/u) };
  return known;
};

const token = /\\[\s\S]|\[|\]|[^\\[\]]+/g;

/**
 * The same expression with `\\w`, `\\d` and `\\b` by Unicode, as .NET has them; JavaScript has them by ASCII. For texts beyond ASCII only:
 * the classes are long. Undefined where a class cannot be widened (`[\\W…]`).
 */
const widen = (source: string): string | undefined => {
  const { word, digit } = wide();
  const [w, d] = [`[\\w${word}]`, `[\\d${digit}]`];
  let inClass = false;
  let out = '';
  for (const part of source.match(token) ?? []) {
    if (part === '[' && !inClass) inClass = true;
    else if (part === ']' && inClass) inClass = false;
    if (inClass) {
      if (part === '\\W' || part === '\\D') return undefined;
      out += part === '\\w' ? `\\w${word}` : part === '\\d' ? `\\d${digit}` : part;
    } else if (part === '\\w') out += w;
    else if (part === '\\W') out += `[^\\w${word}]`;
    else if (part === '\\d') out += d;
    else if (part === '\\D') out += `[^\\d${digit}]`;
    else if (part === '\\b') out += `(?:(?<=${w})(?!${w})|(?<!${w})(?=${w}))`;
    else if (part === '\\B') out += `(?:(?<=${w})(?=${w})|(?<!${w})(?!${w}))`;
    else out += part;
  }
  return out;
};

const beyondAscii = /[^\x00-\x7f]/;
const wideForms = new WeakMap<RegExp, RegExp>();

/** The form of an expression that a text needs: the wide one only where the text has more than ASCII. */
export const formFor = (compiled: RegExp, text: string): RegExp => {
  if (!beyondAscii.test(text) || !/\\[wWdDbB]/.test(compiled.source)) return compiled;
  let made = wideForms.get(compiled);
  if (!made) {
    const source = widen(compiled.source);
    made = source === undefined ? compiled : new RegExp(source, compiled.flags);
    wideForms.set(compiled, made);
  }
  return made;
};
