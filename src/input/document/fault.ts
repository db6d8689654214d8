/** One fault of something that was handed to us, with all that is needed to mend it. */
export type InputFault = {
  /** File as it was named, or `--param` and the like for options. */
  readonly file: string;
  /** 1-based; null where the fault belongs to no line (missing file, option). */
  readonly line: number | null;
  /** 1-based; null as `line`. */
  readonly column: number | null;
  /** Where in the document, as `stages[1].steps[0].uses`; empty for the whole. */
  readonly path: string;
  /** What is wrong. */
  readonly message: string;
  /** The offending line as written; null where there is none or where it could hold a secret. */
  readonly text: string | null;
  /** What was expected. */
  readonly expected: string | null;
  /** What was probably meant, or what to do next. */
  readonly suggestion: string | null;
  /** Whether there are checks that could not be made because of this fault, so that more may follow when it is mended. */
  readonly hidesMore?: true;
};

/** The faults, where more can only be told when they are mended. */
export const hidingMore = (faults: readonly InputFault[]): readonly InputFault[] =>
  faults.map((fault, index) => (index === faults.length - 1 ? { ...fault, hidesMore: true } : fault));

/** What reading gives: the value, or every fault at once. */
export type Loaded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly faults: readonly InputFault[] };

/** A fault that belongs to no line of a file: an option of the command line, a missing file. */
export function optionFault(
  option: string,
  message: string,
  more: { readonly expected?: string | null; readonly suggestion?: string | null; readonly path?: string } = {},
): InputFault {
  return {
    file: option,
    line: null,
    column: null,
    path: more.path ?? '',
    message,
    text: null,
    expected: more.expected ?? null,
    suggestion: more.suggestion ?? null,
  };
}

/** The value of a good result, or the given list is filled with its faults and null returned; for collecting all faults at once. */
export function valueOr<T>(loaded: Loaded<T>, faults: InputFault[]): T | null {
  if (loaded.ok) return loaded.value;
  faults.push(...loaded.faults);
  return null;
}
