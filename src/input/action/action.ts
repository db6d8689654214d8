import type { Lane, LocalText, ProtectionLevel, ScriptKind, Touches } from '../../kernel/words.ts';
import type { InputFault } from '../document/fault.ts';
import type { OsTargets, ParameterDeclarations } from '../document/words.generated.ts';

/** An action, checked, with its defaults filled in and its scripts read. */
export type Action = {
  /** `area/name`, from its folder. */
  readonly id: string;
  readonly folder: string;
  /** `change` has detect, apply and verify (and may have undo); `check` has verify alone. */
  readonly kind: 'change' | 'check';
  readonly title: LocalText;
  readonly description: LocalText | null;
  readonly source: string | null;
  /** It rests on facts that were not verified on a real Windows. */
  readonly unverified: boolean;
  /** Kinds of evidence that are collected when it fails. */
  readonly collect: readonly string[];
  readonly lanes: { readonly [kind in ScriptKind]: Lane };
  /** Texts of the scripts, line ends as LF, without a byte order mark. */
  readonly scripts: { readonly [kind in ScriptKind]?: string };
  readonly parameters: ParameterDeclarations;
  readonly typicalMs: number;
  readonly longestMs: number;
  readonly risk: 'low' | 'medium' | 'high';
  /** How safe a host must be before it changes anything. */
  readonly protect: ProtectionLevel;
  /** Why that is less than its risk asks for; null where it is not. */
  readonly protectReason: LocalText | null;
  readonly reboot: 'never' | 'possible' | 'recommended' | 'required';
  readonly interruptible: boolean;
  readonly irreversible: LocalText | null;
  /** A whole name `$parameter` stands for the parameter's value (or its list). */
  readonly touches: Touches;
  readonly targets: { readonly os: OsTargets };
};

/** The scripts of an action, which can be checked also where its action.yaml is faulty: `parameters` is null where they are not known. */
export type ActionScripts = Pick<Action, 'folder' | 'scripts'> & { readonly parameters: ParameterDeclarations | null };

/** What reading an action gives. */
export type LoadedAction =
  | { readonly ok: true; readonly value: Action }
  | { readonly ok: false; readonly faults: readonly InputFault[]; readonly scripts: ActionScripts | null };
