// Made from schemas/playbook-test.schema.json by scripts/generate.ts; change that, then run `npm run generate`.
import type { Json } from '../../kernel/words.ts';
import type { Values } from '../document/words.generated.ts';
import type { Host as LabHost } from '../lab/lab.generated.ts';

/** Hosts, and what the playbook must come to on each of them. */
export type Case = {
  /** What is shown, as a sentence. */
  readonly name: string;
  /** Simulated hosts by name. Each is a run of its own and must meet the same expectation. */
  readonly hosts: {
    readonly [name: string]: Host;
  };
  /** Values of the playbook's parameters, as `--param` would give them. */
  readonly parameters?: Values;
  /** `every-change`: the run is done once for every single change that the scripts (and programs that they run) make to the host, and the script fails right after it. `every-undo`: the run fails after its last change, and once for every single change of the undo the session is cut right after it. Each of these runs must put everything back. */
  readonly failAt?: 'every-change' | 'every-undo';
  /** Numbers of the measures of docs/scenarios.md that this case proves: a host with the cause is repaired, or the finding names the cause. */
  readonly covers?: readonly number[];
  readonly expect?: Expectation;
};

/** A base, its faults, applied in order, and what happens to it while it is worked on, as in a lab file. Requests are counted as calls of the host kit. */
export type Host = {
  readonly base: NonNullable<LabHost['base']>;
  readonly uiLanguage?: NonNullable<LabHost['uiLanguage']>;
  readonly roles?: NonNullable<LabHost['roles']>;
  readonly faults?: NonNullable<LabHost['faults']>;
  readonly disturbances?: NonNullable<LabHost['disturbances']>;
};

/** What is left out is not looked at, but for this: a host that ends blocked, unchanged or rolled back must be in every way as it was before, but for exactly what its report lists as staying. Without `failAt` the end must be said. */
export type Expectation = {
  /** How the host run ends. */
  readonly end?:
    | 'repaired'
    | 'unchanged'
    | 'not-cured'
    | 'rolled-back'
    | 'partly-rolled-back'
    | 'blocked'
    | 'deferred'
    | 'unreachable'
    | 'cancelled'
    | 'needs-hands';
  /** Why it ends so: a word of the closed list that reports use. */
  readonly cause?:
    | 'work-refused'
    | 'cancel'
    | 'budget'
    | 'window'
    | 'same-machine'
    | 'unreachable'
    | 'quota'
    | 'unauthenticated'
    | 'untrusted-host'
    | 'clock-skew'
    | 'forbidden'
    | 'dropped'
    | 'protocol-error'
    | 'claim-lost'
    | 'language-mode'
    | 'jea-module'
    | 'not-elevated'
    | 'os-target'
    | 'no-user-session'
    | 'preflight'
    | 'survey-failed'
    | 'goal-holds'
    | 'not-possible'
    | 'nothing-applies'
    | 'findings'
    | 'claim-held'
    | 'kit-folder-tampered'
    | 'protection'
    | 'command-failed'
    | 'reboot'
    | 'former-attempt'
    | 'ledger-behind'
    | 'ledger-broken'
    | 'ledger-journal-cut'
    | 'goal-reached'
    | 'failure'
    | 'window-closing'
    | 'goal-not-reached'
    | 'order'
    | 'dead-man'
    | 'doubt'
    | 'undo-incomplete'
    | 'facts-unread'
    | 'order-not-done'
    | 'not-released';
  /** The sentence of the end. `*` stands for any text. */
  readonly reason?: string;
  /** What became of steps, by id. */
  readonly steps?: {
    readonly [name: string]: 'done' | 'already-right' | 'skipped' | 'failed' | 'undone' | 'not-reached';
  };
  /** Whether preflight checks passed, by the id of their action. */
  readonly checks?: {
    readonly [name: string]: 'passed' | 'failed';
  };
  /** What the survey found before anything was changed, by the id of the step (`goal` for the goal). What is named must be so; `*` in a text stands for any text. */
  readonly findings?: {
    readonly [name: string]: Finding;
  };
  /** Everything in which the whole state of the host differs at the end from before, as patterns of paths: each difference must fit a pattern, and each pattern a difference. `*` stands for anything but a backslash, `**` for anything. What may remain after a rollback (the kit's own folder, the restore point, logs that Windows itself writes) is left out. Not with `failAt`. */
  readonly changed?: readonly Pattern[];
  /** All changes that were put back, as patterns of `change target`: each must fit a pattern, and each pattern one of them. One that could not be put back fits none. */
  readonly undone?: readonly Pattern[];
};

/** What a detect script (or the goal's check) said. */
export type Finding = {
  /** Whether the step was found to be needed. */
  readonly needed?: boolean;
  /** Whether it was found to be possible. */
  readonly possible?: boolean;
  /** Whether the goal held. */
  readonly ok?: boolean;
  /** The reason that was given. `*` stands for any text. */
  readonly reason?: string;
  /** Facts that must be among those that were found. */
  readonly facts?: {
    readonly [name: string]: Json;
  };
};

/** A text in which `*` stands for anything but a backslash, and `**` for anything. */
type Pattern = string;

/** Cases that `kintsugi test` runs on simulated Windows: `name.test.yaml` beside the playbook `name.yaml`. Each case says which hosts there are and what a run on them must come to. */
export type PlaybookTestDocument = {
  /** The name and version of the format. */
  readonly kintsugi: 'playbook-test/v1';
  /** The playbook that is tested, by id or by a path seen from this file; the one beside this file where it is left out. */
  readonly playbook?: string;
  /** The cases, in the order in which they are run. */
  readonly cases: readonly Case[];
};
