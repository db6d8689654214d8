// Made from schemas/words.schema.json by scripts/generate.ts; change that, then run `npm run generate`.
import type { Json } from '../../kernel/words.ts';

/** What people read. English is always there; Japanese is shown where that language is chosen. */
export type LocalText = {
  /** The text in English. */
  readonly en: string;
  /** The text in Japanese. */
  readonly ja?: string;
};

/** A text in English, or one in English and Japanese. */
export type Description =
  | string
  | {
      /** The text in English. */
      readonly en: string;
      /** The text in Japanese. */
      readonly ja?: string;
    };

/** Days, hours, minutes, seconds or milliseconds, largest first. */
export type Duration = string;

/** The folder of the action below `actions/`: area and name. */
export type ActionId = string;

/** What is collected from the host when a run fails, as the host kit names it. */
export type EvidenceKind = string;

/** Comparisons of the build number, all of which must hold, with a blank between them. */
type OsRange = string;

/** Builds of client and server Windows that this is for. A kind that is left out is none of its targets. */
export type OsTargets = {
  /** Builds of Windows for clients (10, 11). */
  readonly client?: OsRange;
  /** Builds of Windows Server. */
  readonly server?: OsRange;
};

/** Which hosts this is for; a host that is none of them is `blocked` before anything is changed. */
export type Targets = {
  readonly os: OsTargets;
};

/** `secret` is a reference (`env:NAME`, `file:path`) that becomes a SecureString on the host and is written down nowhere. */
type ValueType = 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object' | 'secret';

/** What each item of a list must be. */
type ItemDeclaration = {
  /** Secrets stand alone, never in a list. */
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'object';
  readonly enum?: AllowedValues;
  /** For numbers: the smallest value. */
  readonly minimum?: number;
  /** For numbers: the largest value. */
  readonly maximum?: number;
  /** For texts: what the whole or a part must match. */
  readonly pattern?: string;
};

/** The only values that are allowed. */
type AllowedValues = readonly Json[];

/** Its type and limits. A parameter without `default` must be given. */
export type ParameterDeclaration = {
  readonly type: ValueType;
  /** The value where none is given; it must fit the declaration. Not for secrets. */
  readonly default?: Json;
  readonly items?: ItemDeclaration;
  readonly enum?: AllowedValues;
  /** For numbers: the smallest value. */
  readonly minimum?: number;
  /** For numbers: the largest value. */
  readonly maximum?: number;
  /** For texts: what the whole or a part must match. */
  readonly pattern?: string;
  /** What the parameter is for. */
  readonly description?: Description;
};

/** Declarations by name. */
export type ParameterDeclarations = {
  readonly [name: string]: ParameterDeclaration;
};

/** Each value has its type; nothing is pasted into text. */
export type Values = {
  readonly [name: string]: Json;
};

/** Names, each once. */
type Names = readonly string[];

/** Captured before the first change and compared after a rollback. `%windir%` style variables are expanded on the host; `$name` as a whole name takes the value (or the list) of that parameter. */
export type Touches = {
  /** Names of services (not display names). */
  readonly services?: Names;
  /** Folders, as `%windir%\SoftwareDistribution`. */
  readonly folders?: Names;
  /** Files. */
  readonly files?: Names;
  /** Values as `HKLM\path\to\key:valueName`, or whole keys as `HKLM\path\to\key`. */
  readonly registry?: Names;
  /** Scheduled tasks as `\folder\name`. */
  readonly tasks?: Names;
  /** Whether it may step the clock. */
  readonly clock?: boolean;
};
