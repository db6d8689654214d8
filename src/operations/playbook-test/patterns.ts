import { fitsPieces, type PatternPiece, readPieces } from '../../kernel/fits-pieces.ts';

/** Whether a text fits a pattern; case does not matter, as in Windows. `*` is anything but a backslash, `**` anything. */
export function fitsPattern(text: string, pattern: string): boolean {
  const pieces = pattern.split(/(\*\*|\*)/).flatMap((part): PatternPiece[] => {
    if (part === '**') return ['any text'];
    return part === '*' ? ['any name'] : readPieces(part, {});
  });
  return fitsPieces(pieces, text);
}

/** Whether a sentence fits; here `*` is anything. */
export const fitsSentence = (text: string, pattern: string): boolean =>
  fitsPattern(text, pattern.replaceAll(/\*+/g, '**'));

/** Texts and patterns that do not belong together: texts that fit no pattern, and patterns that no text fits. */
export function unmatched(
  texts: readonly string[],
  patterns: readonly string[],
): { readonly texts: readonly string[]; readonly patterns: readonly string[] } {
  return {
    texts: texts.filter((text) => !patterns.some((pattern) => fitsPattern(text, pattern))),
    patterns: patterns.filter((pattern) => !texts.some((text) => fitsPattern(text, pattern))),
  };
}

/** Where a value lacks what is expected of it, as `path: expected` and `path: got`; a text may be a pattern, an object a part. */
export function lacking(
  expected: unknown,
  got: unknown,
  path = '',
): { readonly path: string; readonly expected: unknown; readonly got: unknown }[] {
  if (typeof expected === 'string' && typeof got === 'string' && expected.includes('*'))
    return fitsSentence(got, expected) ? [] : [{ path, expected, got }];
  if (isRecord(expected) && isRecord(got))
    return Object.entries(expected).flatMap(([name, each]) =>
      lacking(each, got[name], path === '' ? name : `${path}.${name}`),
    );
  if (Array.isArray(expected) && Array.isArray(got) && expected.length === got.length)
    return expected.flatMap((each: unknown, index) => lacking(each, got[index], `${path}[${index}]`));
  return expected === got ? [] : [{ path, expected, got }];
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
