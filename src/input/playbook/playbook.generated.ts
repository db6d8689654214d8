// Made from schemas/playbook.schema.json by scripts/generate.ts; change that, then run `npm run generate`.
import type { Json } from '../../kernel/words.ts';
import type {
  ActionId,
  Description,
  EvidenceKind,
  LocalText,
  ParameterDeclarations,
  Targets,
} from '../document/words.generated.ts';

/** The action and the values of its parameters. */
export type Use = {
  readonly uses: ActionId;
  readonly with?: With;
};

/** One of several checks of a goal. */
type GoalCheck = {
  readonly uses: ActionId;
  readonly with?: With;
  /** `fail`: the goal does not hold. `warn`: the finding is in the report, and the goal can hold all the same. */
  readonly ifFails?: 'fail' | 'warn';
};

/** Values by name. `$name` as a whole value takes the playbook's parameter of that name; `$$` at the start of a text stands for one `$`. */
type With = {
  readonly [name: string]: Json;
};

/** A check and what follows when it does not pass. */
type Check = {
  readonly uses: ActionId;
  readonly with?: With;
  /** `block`: the host run ends `blocked`. `warn`: it goes on and the report says so. `reboot-first`: the host is restarted, then checked again. */
  readonly ifFails?: 'block' | 'warn' | 'reboot-first';
};

/** How safe the host must be before its first change. */
type Protection = {
  /** L1: undo records alone. L2: copies of what the steps touch too. L3: a restore point or shadow copy of the system too. L4: a whole-system backup too. A playbook that changes anything takes L3; less only with a reason. */
  readonly level?: 'L1' | 'L2' | 'L3' | 'L4';
  /** `enable`: it is switched on. `shadow-copy`: a shadow copy is made instead. `block`: the host run ends `blocked`. */
  readonly systemProtectionOff?: 'enable' | 'shadow-copy' | 'block';
  /** Why less than L3 is enough; the plan shows it to whoever approves. */
  readonly reason?: LocalText;
};

/** Steps that belong together. After them the goal is checked. */
type Stage = {
  /** What the stage sees to. */
  readonly title: LocalText;
  /** The steps of the stage, in their order. */
  readonly steps: readonly Step[];
};

/** One use of an action that changes something. It detects whether it is needed, applies, and verifies. */
export type Step = {
  /** Unique in the playbook; conditions reach the step as `steps.<id>`. Left out, it is the action's name in camel case (`reset-cache` → `resetCache`; a second one `resetCache2`). */
  readonly id?: string;
  /** What the step does here; the action's title where it is left out. */
  readonly title?: LocalText;
  readonly uses: ActionId;
  readonly with?: With;
  /** The step is taken only if this holds. It speaks of `facts.<area>` (of the host: `facts.os.build`; of earlier checks and steps: the area of their action in camel case), `host.rebootOwed`, `params.<name>` and `steps.<id>.needed`, `.changed` and `.facts` of earlier steps. */
  readonly when?: string;
};

/** When the changes of a run are undone. */
type Rollback = {
  /** Left out, all four do. Without `goal-not-reached` the changes stay when all stages are done and the goal still does not hold. */
  readonly after: readonly ('failure' | 'cancel' | 'window-closing' | 'goal-not-reached')[];
};

/** The repair of one error scenario: a goal, checks before anything is changed, and stages of steps. After each stage the goal is checked; as soon as it holds the run ends there. */
export type PlaybookDocument = {
  /** The name and version of the format. */
  readonly kintsugi: 'playbook/v1';
  /** What goes wrong, as the reader of an error message would put it. */
  readonly title: LocalText;
  /** When to take this playbook and what it does. */
  readonly description?: Description;
  /** The codes that this playbook is for. Put them in quotes: YAML takes a bare 0x80070002 for a number. */
  readonly handles?: readonly string[];
  readonly targets?: Targets;
  /** What can be set at launch, per host or per group. Used in `with` as `$name`: the whole value, with its type. */
  readonly parameters?: ParameterDeclarations;
  /** A check, or a list of checks that must all pass; the run ends as soon as it holds. */
  readonly goal:
    | {
        readonly uses: ActionId;
        readonly with?: With;
      }
    | readonly GoalCheck[];
  /** Checks that must pass before anything is changed, in this order. */
  readonly preflight?: readonly Check[];
  readonly protect?: Protection;
  /** Steps that belong together, tried in this order until the goal holds. Left out, the playbook only looks: it changes nothing, and ends `unchanged` where the goal holds, else `not-cured` with what was found. */
  readonly stages?: readonly Stage[];
  /** `sign-on`: where nobody is signed in and a script of the lane `user` is next, somebody is waited for, until the change window closes (without one for a day). Left out, the host run ends `blocked` then. */
  readonly waitFor?: 'sign-on';
  readonly rollback?: Rollback;
  /** What is collected from the host when the run does not end well. */
  readonly evidence?: readonly EvidenceKind[];
};
