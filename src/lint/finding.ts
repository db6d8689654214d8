import type { BothTexts, Severity } from './rule.ts';

/** What a rule found, and where. */
export type Finding = {
  readonly rule: string;
  readonly severity: Severity;
  readonly file: string;
  /** 1-based; null where it belongs to the file as a whole. */
  readonly line: number | null;
  /** 1-based; null as `line`. */
  readonly column: number | null;
  /** The line as written; null as `line`. */
  readonly text: string | null;
  readonly message: BothTexts;
  readonly remedy: BothTexts;
  /** Why it may stand, as a comment beside it says; null where it counts. */
  readonly allowed: string | null;
};
