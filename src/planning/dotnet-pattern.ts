const digit = '0-9';
const word = 'A-Za-z0-9_';
const blank = '\\t-\\r \\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff';
const noBlank =
  '\\x00-\\x08\\x0e-\\x1f!-\\u009f\\u00a1-\\u167f\\u1681-\\u1fff\\u200b-\\u2027\\u202a-\\u202e\\u2030-\\u205e\\u2060-\\u2fff\\u3001-\\ufefe\\uff00-\\uffff';

/** What .NET reads as other characters than JavaScript (as Unicode's where ours are ASCII's, other blanks): outside of brackets, and between them. */
const classes: Readonly<Record<string, readonly [outside: string, inside: string]>> = {
  d: [`[${digit}]`, digit],
  D: [`[^${digit}]`, '\\x00-/:-\\uffff'],
  w: [`[${word}]`, word],
  W: [`[^${word}]`, '\\x00-/:-@\\[-\\^`{-\\uffff'],
  s: [`[${blank}]`, blank],
  S: [`[^${blank}]`, noBlank],
  b: [`(?:(?<=[${word}])(?![${word}])|(?<![${word}])(?=[${word}]))`, '\\b'],
  B: [`(?:(?<=[${word}])(?=[${word}])|(?<![${word}])(?![${word}]))`, '\\B'],
};

/**
 * The pattern of a parameter (a JavaScript regular expression, as JSON Schema has it) as .NET reads it, so that a host judges a text as we do:
 * `$` is the end alone, not also before a last line feed; `.` is no line break at all; `\d`, `\w`, `\b` are ASCII; `\s` is what it is here.
 */
export function dotnetPattern(pattern: string): string {
  let inside = false;
  return pattern.replaceAll(
    /\\u\{([0-9A-Fa-f]+)\}|\\(.)|\[\^\]|\[\]|[[\].$]|[\u{10000}-\u{10ffff}]/gsu,
    (part, point?: string, escaped?: string) => {
      if (point !== undefined) return unitsOf(Number.parseInt(point, 16));
      if (isTwoUnits(part)) return unitsOf(part.codePointAt(0) ?? 0);
      if (escaped !== undefined) return classes[escaped]?.[inside ? 1 : 0] ?? part;
      if (inside) {
        // here a bracket is a character, and the next one may end the class; .NET would take it for a class that is subtracted
        inside = !part.endsWith(']');
        return part.startsWith('[') ? `\\${part}` : part;
      }
      inside = part === '[';
      switch (part) {
        case '[^]':
          return '[\\s\\S]';
        case '[]':
          return '(?!)';
        case '.':
          return '[^\\n\\r\\u2028\\u2029]';
        case '$':
          return '\\z';
        default:
          return part;
      }
    },
  );
}

const generalCategory = /^(?:L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?|C[cfson]?)$/;

/**
 * The first part of a pattern that .NET cannot be told: of Unicode's properties it has the general categories alone, by their short names, and
 * between its brackets stand UTF-16 units, so none of the characters that are two of them.
 */
export function unknownToDotnet(pattern: string): string | undefined {
  let inside = false;
  for (const [part, property, point] of pattern.matchAll(
    /\\[pP]\{([^}]*)\}|\\u\{([0-9A-Fa-f]+)\}|\\.|[[\]]|[\u{10000}-\u{10ffff}]/gsu,
  )) {
    if (property !== undefined && !generalCategory.test(property)) return part;
    if (inside && (isTwoUnits(part) || Number.parseInt(point ?? '0', 16) > 0xffff)) return part;
    if (part === '[' || part === ']') inside = part === '[';
  }
  return undefined;
}

const isTwoUnits = (text: string): boolean => (text.codePointAt(0) ?? 0) > 0xffff;

/** Whether a pattern holds a text from its first character to its last, whatever branch is taken. */
export function matchesWhole(pattern: string): boolean {
  let plain = pattern.replaceAll(/\\./gsu, 'x').replaceAll(/\[[^\]]*\]/gu, 'x');
  for (let outer = ''; outer !== plain; ) {
    outer = plain;
    plain = plain.replaceAll(/\([^()]*\)/gu, 'x');
  }
  return plain.startsWith('^') && plain.endsWith('$') && !plain.includes('|');
}

/** A character as .NET has it: one unit, or two that are quantified together. */
const unitsOf = (point: number): string => {
  const units = Array.from(
    { length: point > 0xffff ? 2 : 1 },
    (_, at) => `\\u${String.fromCodePoint(point).charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');
  return point > 0xffff ? `(?:${units})` : units;
};
