import { unescapeText } from './escape.ts';
import type { Scanner } from './scanner.ts';
import type { Tag } from './tags.ts';
import { type PsProgress, psProgress } from './values.ts';

/**
 * Reads a progress record in its own element, whose start tag was passed (MS-PSRP 2.2.5.1.25).
 * @throws Failure `protocol-error` if a number in it is none
 */
export function readProgress(scan: Scanner, tag: Tag, empty: boolean): PsProgress {
  const texts = new Map<string, string>();
  if (!empty) {
    while (scan.child()) {
      const { tag: child } = scan;
      texts.set(child.name, scan.textOf(child, scan.empty));
    }
    scan.endTag(tag);
  }
  const text = (name: string): string => unescapeText(texts.get(name) ?? '');
  const number = (name: string): number => {
    const value = Number(texts.get(name) ?? '-1');
    if (!Number.isInteger(value)) throw scan.fail(`a number in ${name} of the progress record before this`);
    return value;
  };
  return psProgress({
    activity: text('AV'),
    activityId: number('AI'),
    currentOperation: texts.has('S') ? text('S') : null,
    parentActivityId: number('PI'),
    percentComplete: number('PC'),
    type: text('T'),
    secondsRemaining: number('SR'),
    statusDescription: text('SD'),
  });
}
