/** Classes of JavaScript's ASCII that .NET reads as Unicode: outside of brackets, and between them where one can say it there. */
const asciiClasses: Readonly<Record<string, readonly [outside: string, inside: string]>> = {
  d: ['[0-9]', '0-9'],
  D: ['[^0-9]', '\\D'],
  w: ['[A-Za-z0-9_]', 'A-Za-z0-9_'],
  W: ['[^A-Za-z0-9_]', '\\W'],
};

/**
 * The pattern of a parameter (a JavaScript regular expression, as JSON Schema has it) as .NET reads it, so that a host judges a text as we do:
 * `$` is the end alone, not also before a last line feed; `.` is no line break at all; `\d` and `\w` are ASCII.
 */
export function dotnetPattern(pattern: string): string {
  let inside = false;
  return pattern.replaceAll(
    /\\u\{([0-9A-Fa-f]+)\}|\\(.)|\[\^\]|\[\]|[[\].$]/gsu,
    (part, point?: string, escaped?: string) => {
      if (point !== undefined) return unitsOf(Number.parseInt(point, 16));
      if (escaped !== undefined) return asciiClasses[escaped]?.[inside ? 1 : 0] ?? part;
      // between brackets .NET would take one for a class that is subtracted
      if (inside && part !== ']') return part === '[' ? '\\[' : part;
      inside = part === '[' || (inside && part !== ']');
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

/** Whether a pattern holds a text from its first character to its last, whatever branch is taken. */
export function matchesWhole(pattern: string): boolean {
  let plain = pattern.replaceAll(/\\./gsu, 'x').replaceAll(/\[[^\]]*\]/gu, 'x');
  for (let outer = ''; outer !== plain; ) {
    outer = plain;
    plain = plain.replaceAll(/\([^()]*\)/gu, 'x');
  }
  return plain.startsWith('^') && plain.endsWith('$') && !plain.includes('|');
}

const unitsOf = (point: number): string =>
  Array.from({ length: point > 0xffff ? 2 : 1 }, (_, at) =>
    String.fromCodePoint(point).charCodeAt(at).toString(16).padStart(4, '0'),
  )
    .map((unit) => `\\u${unit}`)
    .join('');
