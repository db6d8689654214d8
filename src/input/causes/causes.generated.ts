// Made from schemas/causes.schema.json by scripts/generate.ts; change that, then run `npm run generate`.
import type { Json } from '../../kernel/words.ts';
import type { ActionId, LocalText } from '../document/words.generated.ts';

/** One read-only script with its parameters. */
export type Probe = {
  readonly uses: ActionId;
  /** Values of the action's parameters. */
  readonly with?: {
    readonly [name: string]: Json;
  };
  /** In CEL over `facts` (of the host): hosts where it does not hold are not asked, nor are those that the action does not target. What it would have told then speaks neither for nor against a cause. */
  readonly when?: string;
};

/** Why a host fails, and what speaks for and against it. */
export type Cause = {
  readonly title: LocalText;
  /** Codes that this cause leads to: it is more likely where one of them is asked for. */
  readonly codes?: readonly string[];
  /** What people speak of where it is the cause, as `kintsugi explain` knows it by its words: more likely where a symptom speaks of one of them. */
  readonly areas?: readonly string[];
  /** How likely it is before anything is known, in points of evidence; one point multiplies the odds by e. Default: -3 (about 5 %). */
  readonly prior?: number;
  /** What speaks for it (points above 0) or against it (below 0) where its condition holds. */
  readonly evidence: readonly Evidence[];
  /** What repairs it. */
  readonly playbook?: {
    /** A shipped one. */
    readonly id: string;
    /** Values of the playbook's parameters. */
    readonly with?: {
      readonly [name: string]: Json;
    };
  };
  /** What people do about it where no playbook does, or what to know before one is started. */
  readonly advice?: LocalText;
};

/** A condition over the facts of the host and of probes. */
export type Evidence = {
  /** In CEL, over `facts` (of the host) and `steps.<probe>.facts`. */
  readonly when: string;
  /** Above 0 it speaks for the cause, below 0 against it; one point multiplies the odds by e. */
  readonly points: number;
  /** What was found, in words; `{steps.clock.facts.skewSeconds}` stands for a fact. */
  readonly says: LocalText;
};

/** What `kintsugi diagnose` looks at and how it judges: probes (read-only scripts of actions) and causes with the evidence for and against each. One file per area; names are unique over all of them. */
export type CausesDocument = {
  /** The name and version of the format. */
  readonly kintsugi: 'causes/v1';
  /** Detect scripts of actions (of checks: their verify script), by the name under which evidence speaks of their facts: `steps.<name>.facts`. */
  readonly probes?: {
    readonly [name: string]: Probe;
  };
  /** Causes by id. */
  readonly causes: {
    readonly [name: string]: Cause;
  };
};
