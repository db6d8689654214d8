import type { ParameterDeclaration } from '../input/document/words.generated.ts';
import type { HostSettings } from '../input/inventory/inventory.ts';
import type {
  Json,
  Lane,
  LocalText,
  ProtectionLevel,
  ReversibilityGrade,
  ScriptKind,
  Touches,
} from '../kernel/words.ts';

/** A reference to a secret (`env:NAME`, `file:path`), resolved only when a session is opened. */
export type SecretReference = { readonly secret: string };

/** An action as frozen into a plan; scripts are SHA-256 hashes (hex) of texts in the store. */
export type PlannedAction = {
  readonly id: string;
  /** `change` has detect, apply and verify; `check` has verify alone. */
  readonly kind: 'change' | 'check';
  readonly title: LocalText;
  readonly lanes: { readonly [kind in ScriptKind]: Lane };
  readonly scripts: { readonly [kind in ScriptKind]?: string };
  readonly parameters: { readonly [name: string]: ParameterDeclaration };
  readonly typicalMs: number;
  /** Longest duration of the apply script and of its undo, milliseconds. */
  readonly longestMs: number;
  readonly risk: 'low' | 'medium' | 'high';
  readonly reboot: 'never' | 'possible' | 'recommended' | 'required';
  readonly interruptible: boolean;
  /** Why it cannot be undone; null where the kit's inverses (or `undo`) undo it exactly. */
  readonly irreversible: LocalText | null;
  readonly touches: Touches;
  readonly targets: { readonly os: { readonly client?: string; readonly server?: string } };
  /** How far it can be taken back, as `kintsugi lint` grades it; not there where nobody graded it. */
  readonly grade?: ReversibilityGrade;
};

/** One use of an action. `with` holds values; the string `$name` stands for the whole value of that parameter, `$$` starts a literal `$`. */
export type PlannedUse = {
  /** Unique in the plan: `goal` (`goal.1`, …), `preflight.1`, or the step's own id. */
  readonly id: string;
  readonly uses: string;
  readonly with: { readonly [name: string]: Json };
};

/** A check of the goal; `warn`: its finding does not keep the goal from holding. */
export type PlannedGoal = PlannedUse & { readonly ifFails: 'fail' | 'warn' };

/** A preflight check and what follows when it does not pass. */
export type PlannedCheck = PlannedUse & { readonly ifFails: 'block' | 'warn' | 'reboot-first' };

/** A step of a stage; `when` is a CEL condition over `facts`, `host`, `params` and `steps`, or null. */
export type PlannedStep = PlannedUse & { readonly when: string | null; readonly title: LocalText };

/** What makes a rollback follow. */
export type RollbackCause = 'failure' | 'cancel' | 'window-closing' | 'goal-not-reached';

/** One host of a plan, with the playbook's parameters bound for it (launch > host > group > default). */
export type PlannedHost = {
  readonly id: string;
  readonly parameters: { readonly [name: string]: Json | SecretReference };
};

/** How many hosts may end badly before no further batch starts; absolute numbers over the whole run, null for no limit. */
export type Budgets = {
  readonly failed: number | null;
  readonly unreachable: number | null;
  readonly rolledBack: number | null;
};

/**
 * The frozen plan: pure data, hashed (SHA-256 over RFC 8785 JSON) and signed.
 * The digest covers all of it; ticket number, probe results, run id, addresses and times of launch are outside of it.
 */
export type Plan = {
  readonly kintsugi: 'plan/v1';
  readonly playbook: { readonly id: string; readonly title: LocalText; readonly sha256: string };
  /** SHA-256 (hex) of the host kit's text. */
  readonly kit: string;
  readonly actions: { readonly [id: string]: PlannedAction };
  readonly goal: readonly PlannedGoal[];
  readonly preflight: readonly PlannedCheck[];
  readonly protect: {
    readonly level: ProtectionLevel;
    readonly systemProtectionOff: 'enable' | 'shadow-copy' | 'block';
    /** Needed where the level is less than L3 although the playbook changes something. */
    readonly reason: LocalText | null;
  };
  readonly stages: readonly { readonly title: LocalText; readonly steps: readonly PlannedStep[] }[];
  /** What is waited for where it is missing; not there where nothing is. */
  readonly waitFor?: 'sign-on';
  readonly rollback: { readonly after: readonly RollbackCause[] };
  readonly evidence: readonly string[];
  readonly targets: { readonly os: { readonly client?: string; readonly server?: string } };
  readonly hosts: readonly PlannedHost[];
  readonly batches: readonly (readonly string[])[];
  readonly budgets: Budgets;
  /** Fixed closing time (`--until`), ISO 8601 UTC, or null. */
  readonly window: { readonly until: string | null };
};

/** How one host is reached; part of the signed launch, not of the plan's digest. */
export type HostConnection = {
  readonly host: string;
  readonly address: string;
  /** 0 for the worker's own machine. */
  readonly port: number;
  readonly transport: 'winrm' | 'ssh' | 'local' | 'bridge';
  /** Present over WinRM where something is set. */
  readonly winrm?: NonNullable<HostSettings['winrm']>;
  /** Present over SSH; paths are relative to the project folder. */
  readonly ssh?: Omit<NonNullable<HostSettings['ssh']>, 'user' | 'port'>;
  /** Present for the worker's own machine where something is set. */
  readonly local?: NonNullable<HostSettings['local']>;
  /** Present where a PowerShell of the worker opens the session and something is set. */
  readonly bridge?: NonNullable<HostSettings['bridge']>;
  /** Present over HTTPS; paths are relative to the project folder. */
  readonly tls: {
    readonly ca?: string;
    readonly verify: boolean;
    readonly servername?: string;
    readonly pin?: readonly string[];
    readonly channelBinding?: boolean;
    readonly clientCertificate?: {
      readonly cert: string;
      readonly key: SecretReference;
      readonly passphrase?: SecretReference;
    };
  } | null;
  readonly mechanisms: readonly ('kerberos' | 'negotiate' | 'ntlm' | 'basic' | 'certificate')[];
  /** How Kerberos tickets are had; paths are relative to the project folder. */
  readonly kerberos?: Omit<NonNullable<HostSettings['kerberos']>, 'delegate'>;
  readonly proxy?: { readonly url: string; readonly username?: string; readonly password?: SecretReference };
  readonly allowUnencrypted: boolean;
  readonly configurationName: string;
  /** Empty where the transport finds it by itself. */
  readonly username: string;
  /** Reference to the password, never its value; null where none is needed. */
  readonly password: SecretReference | null;
};

/** What is launched: the digest of a plan, the run's id and how its hosts are reached. Signed as a whole. */
export type Launch = {
  readonly kintsugi: 'launch/v1';
  readonly run: string;
  readonly planDigest: string;
  readonly connections: readonly HostConnection[];
  readonly launchedBy: string;
  readonly launchedAt: string;
  readonly ticket: string | null;
};

/** A document and the Ed25519 signature (base64) over the SHA-256 of its canonical JSON. */
export type Signed<T> = { readonly document: T; readonly keyId: string; readonly signature: string };

/** An order given after the launch; signed like the launch. */
export type RunOrder = {
  readonly kintsugi: 'order/v1';
  readonly run: string;
  readonly order: 'cancel' | 'rollback' | 'commit';
  /** For `cancel`: what happens to changes already made; null = as the playbook's rollback policy says. */
  readonly mode: 'rollback' | 'leave' | null;
  readonly orderedBy: string;
  readonly orderedAt: string;
};
