import { Failure } from '../../kernel/failure.ts';

/**
 * A whole number of an option, or `otherwise` where it is not given.
 * @throws Failure `bad-input` for anything else and for numbers out of the range
 */
export function readCount<T>(
  option: string,
  text: string | null,
  range: { readonly least: number; readonly most: number },
  otherwise: T,
): number | T {
  if (text === null) return otherwise;
  const count = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (count >= range.least && count <= range.most) return count;
  throw new Failure(
    'bad-input',
    `Option ${option} takes a whole number from ${range.least} to ${range.most}, but ${JSON.stringify(text)} was given.`,
  );
}
