import type { Json, LocalText, ProtectionLevel } from '../../kernel/words.ts';
import type { OsTargets, ParameterDeclarations } from '../document/words.generated.ts';

/** A use of an action, with its values as written (`$name` stands for the whole value of a parameter). */
export type ActionUse = {
  /** `goal` (`goal.1`, … where it is a list), `preflight.1`, or the step's id. */
  readonly id: string;
  readonly uses: string;
  readonly with: { readonly [name: string]: Json };
};

/** A check of the goal; a finding of one that only warns does not keep the goal from holding. */
export type GoalCheck = ActionUse & { readonly ifFails: 'fail' | 'warn' };

/** A preflight check and what follows when it does not pass. */
type PreflightCheck = ActionUse & { readonly ifFails: 'block' | 'warn' | 'reboot-first' };

/** A step; `title` is the action's where the playbook gives none. */
export type PlaybookStep = ActionUse & { readonly when: string | null; readonly title: LocalText };

/** A playbook, checked and with its defaults filled in. */
export type Playbook = {
  /** The path below `playbooks/` without its ending. */
  readonly id: string;
  readonly file: string;
  /** The text as read; its hash is part of the plan. */
  readonly text: string;
  readonly sha256: string;
  readonly title: LocalText;
  readonly description: LocalText | null;
  readonly handles: readonly string[];
  readonly targets: { readonly os: OsTargets };
  readonly parameters: ParameterDeclarations;
  /** All must pass, but for those that only warn. */
  readonly goal: readonly GoalCheck[];
  readonly preflight: readonly PreflightCheck[];
  readonly protect: {
    readonly level: ProtectionLevel;
    readonly systemProtectionOff: 'enable' | 'shadow-copy' | 'block';
    readonly reason: LocalText | null;
  };
  /** None where the playbook only looks. */
  readonly stages: readonly { readonly title: LocalText; readonly steps: readonly PlaybookStep[] }[];
  /** What a host run waits for where it is missing. */
  readonly waitFor: 'sign-on' | null;
  readonly rollback: { readonly after: readonly ('failure' | 'cancel' | 'window-closing' | 'goal-not-reached')[] };
  readonly evidence: readonly string[];
};
