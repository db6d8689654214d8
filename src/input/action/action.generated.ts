// Made from schemas/action.schema.json by scripts/generate.ts; change that, then run `npm run generate`.
import type {
  Description,
  Duration,
  EvidenceKind,
  LocalText,
  ParameterDeclarations,
  Targets,
  Touches,
} from '../document/words.generated.ts';

/** `inline`: in the WinRM session. `system`: a scheduled task as SYSTEM that outlives the session. `user`: a task as in `system` that hands a text to the signed-in user's session (`Invoke-KtAsUser`); needs one who is signed in. */
type Lane = 'inline' | 'system' | 'user';

/** A reusable repair unit: this file and its scripts in one folder. A change has detect.ps1, apply.ps1 and verify.ps1; a check has verify.ps1 alone. */
export type ActionDocument = {
  /** The name and version of the format. */
  readonly kintsugi: 'action/v1';
  /** What the action does to a host, in one sentence. */
  readonly title: LocalText;
  /** More about it: when it helps, what it leaves alone. */
  readonly description?: Description;
  /** Where the knowledge behind it was found and checked. */
  readonly source?: string;
  /** `unverified`: it rests on facts that were not verified on a real Windows; `description` says which. */
  readonly evidence?: 'unverified';
  /** What is collected from the host when this action fails. */
  readonly collect?: readonly EvidenceKind[];
  readonly lane?: Lane;
  /** Where a script runs that does not run in `lane`. */
  readonly lanes?: {
    readonly detect?: Lane;
    readonly verify?: Lane;
    readonly undo?: Lane;
  };
  readonly targets?: Targets;
  /** The parameters of its scripts; every script declares those that it takes. */
  readonly parameters?: ParameterDeclarations;
  /** How long apply takes; the undo's too. */
  readonly duration: {
    /** What is usual. */
    readonly typical: Duration;
    /** The limit: a script that goes on beyond it and a grace (detect and verify two minutes, apply five) is given up. */
    readonly longest: Duration;
  };
  /** How much can go wrong. A check has none. */
  readonly risk?: 'low' | 'medium' | 'high';
  /** Whether a restart of the host follows. */
  readonly reboot?: 'never' | 'possible' | 'recommended' | 'required';
  /** Whether apply may be ended in the middle (its changes are then undone). False: a cancel waits for it, at most for its longest duration. */
  readonly interruptible?: boolean;
  /** Why it cannot be undone. Left out where the kit's inverses undo it exactly. */
  readonly irreversible?: LocalText;
  readonly touches?: Touches;
};
