// Made from schemas/error-codes.schema.json by scripts/generate.ts; change that, then run `npm run generate`.

/** What is known of one error code. */
export type ErrorCode = {
  /** The code as an unsigned number of 32 bits. */
  readonly code: string;
  /** The symbol of Microsoft's headers, or words in brackets where none is published. */
  readonly name: string;
  /** Other symbols that tools print for it. */
  readonly aliases?: readonly string[];
  readonly meaning: BothLanguages;
  /** Where the code is met, most frequent first. */
  readonly areas: readonly AreaName[];
  /** What is behind it, likeliest first. */
  readonly causes: readonly Cause[];
  /** What helps, by its name in `playbooks/aliases.yaml`. */
  readonly playbooks: readonly string[];
  /** Whether this code only tells that something inside failed; it is never the cause by itself. */
  readonly outer?: boolean;
  readonly ask?: Question;
  /** Set where name or meaning are published by nobody who must know. */
  readonly evidence?: 'unverified';
};

/** One cause, and where it is one, if not everywhere. */
type Cause = {
  /** In English. */
  readonly en: string;
  /** In Japanese. */
  readonly ja: string;
  /** The areas in which this is a cause. */
  readonly areas?: readonly AreaName[];
};

/** What decides between the causes. */
type Question = {
  /** In English. */
  readonly en: string;
  /** In Japanese. */
  readonly ja: string;
  /** Set where the question is answered as soon as it is known which area the code was met in. */
  readonly settled?: 'by-area';
};

/** A text in English and Japanese. */
type BothLanguages = {
  /** In English. */
  readonly en: string;
  /** In Japanese. */
  readonly ja: string;
};

/** A part of Windows or a product. */
export type AreaName = 'wu' | 'setup' | 'store' | 'outlook' | 'iis' | 'wsus' | 'chrome' | 'backup' | 'winrm' | 'task';

/** `src/knowledge/error-codes.yaml`: what is known of each error code of the field. */
export type ErrorCodesDocument = {
  /** Every code once. */
  readonly codes: readonly ErrorCode[];
};
