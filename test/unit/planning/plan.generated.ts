// Made from schemas/plan.schema.json by scripts/generate.ts; change that, then run `npm run generate`.

import type { LocalText, ParameterDeclarations, Touches } from '../../../src/input/document/words.generated.ts';
import type { Json } from '../../../src/kernel/words.ts';

/** SHA-256 as 64 hex digits. */
type Hash = string;

/** A text in English and, if wanted, in Japanese; or null. */
type OptionalText = {
  /** The text in English. */
  readonly en: string;
  /** The text in Japanese. */
  readonly ja?: string;
} | null;

/** Which hosts it is for. */
type PlannedTargets = {
  /** Ranges of builds. */
  readonly os: {
    /** Builds of client Windows. */
    readonly client?: string;
    /** Builds of Windows Server. */
    readonly server?: string;
  };
};

/** Values; a secret is `{ secret: reference }`. */
type BoundValues = {
  readonly [name: string]: Json;
};

/** A use and what follows when it does not pass. */
type PlannedGoal = {
  /** Unique in the plan. */
  readonly id: string;
  /** The id of the action. */
  readonly uses: string;
  readonly with: BoundValues;
  /** `fail`: the goal does not hold; `warn`: the finding is in the report. */
  readonly ifFails: 'fail' | 'warn';
};

/** A use and what follows when it does not pass. */
type PlannedCheck = {
  /** Unique in the plan. */
  readonly id: string;
  /** The id of the action. */
  readonly uses: string;
  readonly with: BoundValues;
  /** What follows when it does not pass. */
  readonly ifFails: 'block' | 'warn' | 'reboot-first';
};

/** A use that changes something, and its condition. */
type PlannedStep = {
  /** Unique in the plan. */
  readonly id: string;
  /** The id of the action. */
  readonly uses: string;
  readonly with: BoundValues;
  /** A condition in CEL, or null. */
  readonly when: string | null;
  readonly title: LocalText;
};

/** Steps that belong together. */
type PlannedStage = {
  readonly title: LocalText;
  /** The steps in order. */
  readonly steps: readonly PlannedStep[];
};

/** A host and the playbook's parameters as bound for it. */
type PlannedHost = {
  /** The id of the host. */
  readonly id: string;
  readonly parameters: BoundValues;
};

/** Where a script runs. */
type PlannedLane = 'inline' | 'system' | 'user';

/** An action as frozen into the plan. */
type PlannedAction = {
  /** The id of the action. */
  readonly id: string;
  /** Whether it changes the host. */
  readonly kind: 'change' | 'check';
  readonly title: LocalText;
  /** Where each script runs. */
  readonly lanes: {
    readonly detect: PlannedLane;
    readonly apply: PlannedLane;
    readonly verify: PlannedLane;
    readonly undo: PlannedLane;
  };
  /** Hashes of the scripts' texts. */
  readonly scripts: {
    readonly detect?: Hash;
    readonly apply?: Hash;
    readonly verify?: Hash;
    readonly undo?: Hash;
  };
  readonly parameters: ParameterDeclarations;
  /** Milliseconds. */
  readonly typicalMs: number;
  /** Milliseconds, of apply and of its undo. */
  readonly longestMs: number;
  /** How much can go wrong. */
  readonly risk: 'low' | 'medium' | 'high';
  /** Whether a restart follows. */
  readonly reboot: 'never' | 'possible' | 'recommended' | 'required';
  /** Whether apply may be ended in the middle. */
  readonly interruptible: boolean;
  /** Why it cannot be undone, or null. */
  readonly irreversible: OptionalText;
  readonly touches: Touches;
  readonly targets: PlannedTargets;
  /** How far it can be taken back, as `kintsugi lint` grades it (docs/lint.md); not there where nobody graded it. */
  readonly grade?: 'A' | 'B' | 'C' | 'D' | 'E' | 'F';
};

/** A playbook bound to parameters and hosts, split in batches. Made by Kintsugi, never by hand. Its digest is the SHA-256 over its canonical JSON (RFC 8785) and covers all of it. */
export type PlanDocument = {
  /** The name and version of the format. */
  readonly kintsugi: 'plan/v1';
  /** What the plan was made from. */
  readonly playbook: {
    /** The path below `playbooks/`. */
    readonly id: string;
    readonly title: LocalText;
    /** Hash of the playbook's text. */
    readonly sha256: Hash;
  };
  /** Hash of the host kit's text. */
  readonly kit: Hash;
  /** The actions that are used, by id. */
  readonly actions: {
    readonly [name: string]: PlannedAction;
  };
  /** The checks that end a run when they hold. */
  readonly goal: readonly PlannedGoal[];
  /** Checks before anything is changed. */
  readonly preflight: readonly PlannedCheck[];
  /** How safe a host must be before its first change. */
  readonly protect: {
    /** The restore level. */
    readonly level: 'L1' | 'L2' | 'L3' | 'L4';
    /** What is done where System Protection is off. */
    readonly systemProtectionOff: 'enable' | 'shadow-copy' | 'block';
    /** Why less than L3 is enough, or null. */
    readonly reason: OptionalText;
  };
  /** The stages in order. */
  readonly stages: readonly PlannedStage[];
  /** What is waited for where it is missing; not there where nothing is. */
  readonly waitFor?: 'sign-on';
  /** When changes are undone. */
  readonly rollback: {
    /** What makes a rollback follow. */
    readonly after: readonly ('failure' | 'cancel' | 'window-closing' | 'goal-not-reached')[];
  };
  /** What is collected when a run does not end well. */
  readonly evidence: readonly string[];
  readonly targets: PlannedTargets;
  /** The hosts in order. */
  readonly hosts: readonly PlannedHost[];
  /** Host ids, batch by batch. */
  readonly batches: readonly (readonly string[])[];
  /** How many hosts may end badly before no further batch starts; null for no limit. */
  readonly budgets: {
    /** Hosts that failed. */
    readonly failed: number | null;
    /** Hosts that could not be reached. */
    readonly unreachable: number | null;
    /** Hosts that were rolled back. */
    readonly rolledBack: number | null;
  };
  /** When changes may be made. */
  readonly window: {
    /** ISO 8601 UTC, or null for none. */
    readonly until: string | null;
  };
};
