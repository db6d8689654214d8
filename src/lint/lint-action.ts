import type { LocalText } from '../kernel/words.ts';
import type { LintScript } from './lint-script.ts';

/** What action.yaml says, as far as rules ask for it. */
export type ActionTerms = {
  /** Names of parameters that hold secrets, in lower case. */
  readonly secrets: ReadonlySet<string>;
  /** Why the action cannot be undone; null where nothing is said. */
  readonly irreversible: LocalText | null;
};

/** An action as the rules see it. */
export type LintAction = {
  /** Path of action.yaml. */
  readonly file: string;
  /** Text of action.yaml. */
  readonly text: string;
  readonly terms: ActionTerms;
  readonly scripts: readonly LintScript[];
};
