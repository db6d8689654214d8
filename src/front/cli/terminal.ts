import type { Language } from '../../report/words/words.ts';

/** The terminal (or pipe) a command speaks to; the only way a command writes. */
export type Terminal = {
  readonly language: Language;
  /** Whether standard output is a terminal that can redraw lines. */
  readonly live: boolean;
  readonly columns: number;
  /** One or more lines to standard output. */
  print(text: string): void;
  /** Text without a line end, for redrawing; only where `live`. */
  draw(text: string): void;
  /** One or more lines to standard error. */
  warn(text: string): void;
  /** Asks for yes or no; null where nobody can answer (no terminal). */
  confirm(question: string): Promise<boolean | null>;
  /** Calls back at each Ctrl-C until disposed of. */
  onInterrupt(callback: () => void): Disposable;
};
