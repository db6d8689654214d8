import type { ScriptKind } from '../kernel/words.ts';
import type { LintAction } from './lint-action.ts';
import type { LintScript } from './lint-script.ts';

/** How much a finding weighs: an error keeps a script from doing what it must, a warning may, a note is for those who read. */
export type Severity = 'error' | 'warning' | 'note';

/** A text in both languages. */
export type BothTexts = { readonly en: string; readonly ja: string };

/** Where a rule finds something (offset in the text; null for the whole file), and what it is, as the message shows it. */
export type Hit = { readonly at: number | null; readonly what: string };

/** An example of a rule: a script, or what stands in action.yaml. */
export type Example = { readonly kind: ScriptKind | 'action'; readonly text: string };

/** What all rules have: their texts and the examples, which are their tests. */
export type RuleTexts = {
  /** In kebab case; what `# kintsugi-lint: allow` names. */
  readonly id: string;
  readonly severity: Severity;
  /** What the rule is about. */
  readonly title: BothTexts;
  /** What was found; `{}` stands for it. */
  readonly message: BothTexts;
  /** What to do instead. */
  readonly remedy: BothTexts;
  readonly bad: Example;
  readonly good: Example;
};

/** A rule on each script. */
export type ScriptRule = RuleTexts & {
  readonly on: 'script';
  /** Finds its faults in a script. */
  readonly find: (script: LintScript) => readonly Hit[];
};

/** A rule on an action as a whole. */
export type ActionRule = RuleTexts & {
  readonly on: 'action';
  /** Finds its faults in what action.yaml and the scripts say together. */
  readonly find: (action: LintAction) => readonly Hit[];
};

/** A rule of the linter. */
export type LintRule = ScriptRule | ActionRule;
