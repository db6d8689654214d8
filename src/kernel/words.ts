/** A text in the languages that Kintsugi speaks; English is always there. */
export type LocalText = { readonly en: string; readonly ja?: string };

/** JSON as it travels in plans, jobs and journal events. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Where a script runs on the host: in the WinRM session, or as a scheduled task as SYSTEM, or in the signed-in user's session. */
export type Lane = 'inline' | 'system' | 'user';

/** The scripts that an action can have. */
export type ScriptKind = 'detect' | 'apply' | 'verify' | 'undo';

/** How safe the host must be before its first change (levels of the restore strategy). */
export type ProtectionLevel = 'L1' | 'L2' | 'L3' | 'L4';

/** How far a step can be taken back, best first (docs/lint.md says what each means). */
export type ReversibilityGrade = 'A' | 'B' | 'C' | 'D' | 'E' | 'F';

/** What an action touches; captured before the first change and compared after a rollback. `%windir%` style variables are expanded on the host. */
export type Touches = {
  readonly services?: readonly string[];
  readonly folders?: readonly string[];
  readonly files?: readonly string[];
  /** Registry values as `HKLM\path\to\key:valueName`, or whole keys as `HKLM\path\to\key`. */
  readonly registry?: readonly string[];
  /** Scheduled tasks as `\folder\name`. */
  readonly tasks?: readonly string[];
  /** Whether the action may step the clock. */
  readonly clock?: boolean;
};
