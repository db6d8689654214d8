import type { CallContext, Task } from '../host.ts';
import { eachInSlices } from '../in-slices.ts';
import { typedArray } from '../make.ts';
import { frameOf } from '../registry-of.ts';
import type { Session } from '../session.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';

/** The characters that an argument names: a char, a text or a list of them. */
export const charactersIn = (value: Value, context: CallContext): string =>
  value === undefined || value === null
    ? ''
    : context
        .enumerate(value)
        .map((item) => context.text(item))
        .join('');

const escapeText = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);

function* partsOf(text: string, pattern: RegExp, session: Session): Task<string[]> {
  const parts: string[] = [];
  let from = 0;
  yield* eachInSlices(text.matchAll(new RegExp(pattern, 'g')), session, (separator) => {
    parts.push(text.slice(from, separator.index));
    from = separator.index + separator[0].length;
  });
  parts.push(text.slice(from));
  return parts;
}

/** What lies before, between and behind all occurrences of a text that is not empty. */
export function* partsBetween(text: string, separator: string, session: Session): Task<string[]> {
  const parts: string[] = [];
  let from = 0;
  for (let at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
    if (parts.push(text.slice(from, at)) % 1024 === 0 && session.isDue()) yield undefined;
    from = at + separator.length;
  }
  parts.push(text.slice(from));
  return parts;
}

/** `Split()` of a string, in all its overloads. */
export function* splitText(text: string, args: Value[], context: CallContext): Task<Value> {
  const options = args.find(
    (arg) =>
      (isBoxed(arg) && arg.kind === 'enum') || (typeof arg === 'string' && /^(none|removeemptyentries)$/i.test(arg)),
  );
  const count = args.find((arg, i) => i > 0 && typeof arg === 'number');
  const rest = args.filter((arg) => arg !== options && arg !== count);
  const asString =
    rest.length === 1 && Array.isArray(rest[0]) && rest[0].every((item) => typeof item === 'string' && item.length > 1);
  // Windows PowerShell splits at every character of a text unless given a list of texts with options.
  const separators =
    asString || (options !== undefined && Array.isArray(rest[0]))
      ? context.enumerate(rest[0]).map((item) => context.text(item))
      : rest
          .map((arg) => charactersIn(arg, context))
          .join('')
          .split('');
  const pattern =
    separators.length === 0
      ? /\s/
      : new RegExp(
          separators
            .filter((one) => one !== '')
            .map(escapeText)
            .join('|') || '(?!)',
        );
  let parts = yield* partsOf(text, pattern, frameOf(context).session);
  if (typeof count === 'number' && parts.length > count) {
    const pieces: string[] = [];
    let left = text;
    while (pieces.length < count - 1) {
      const match = pattern.exec(left);
      if (!match) break;
      pieces.push(left.slice(0, match.index));
      left = left.slice(match.index + match[0].length);
    }
    parts = [...pieces, left];
  }
  const removes = options !== undefined && /remove|^1$/i.test(context.text(options));
  return typedArray('System.String', removes ? parts.filter((part) => part !== '') : parts);
}
