import type { TextEncoding } from './decode-lines.ts';
import type { SetupMoment } from './extend-code.ts';
import type { LogKind } from './log-line.ts';
import type { CodeParts } from './take-apart.ts';
import type { Evidence } from './tally.ts';

/** A text in both languages that `explain` answers in. */
export type BothLanguages = { readonly en: string; readonly ja: string };

/** What a text was made of and what its codes mean; format `explanation/v1`. */
export type Explanation = {
  readonly kintsugi: 'explanation/v1';
  readonly source: {
    readonly kind: 'text' | 'file' | 'stdin';
    /** The file as it was named. */
    readonly name: string | null;
    readonly lines: number;
    readonly encoding: TextEncoding;
    /** The kind of log, where its lines tell it. */
    readonly log: LogKind | null;
  };
  /** What the text is about by its words, likeliest first. */
  readonly areas: readonly { readonly name: string; readonly title: BothLanguages; readonly lines: number }[];
  /** All codes, nearest to the cause first. */
  readonly codes: readonly ExplainedCode[];
  /** Sightings of further codes that were not held apart. */
  readonly more: number;
};

/** One code, or an extend code of Windows setup by itself, with all that is known of it. */
export type ExplainedCode = {
  /** As an unsigned number of 32 bits in hexadecimal; null for an extend code by itself. */
  readonly code: string | null;
  /** The ways in which the text writes it. */
  readonly written: readonly string[];
  /** Its symbol; null where nothing is known of it. */
  readonly name: string | null;
  readonly known: boolean;
  /** Whether name or meaning are published by nobody who must know. */
  readonly unverified: boolean;
  readonly meaning: BothLanguages | null;
  /** What the bits say of the number as it was written first; null for an extend code by itself. */
  readonly parts: CodeParts | null;
  /** Whether it only tells that something inside failed. */
  readonly outer: boolean;
  /** What decides between its causes. */
  readonly ask: BothLanguages | null;
  readonly setup: SetupMoment | null;
  /** Likeliest first, in view of what the text is about. */
  readonly causes: readonly BothLanguages[];
  /** Shipped playbooks that help, by id. */
  readonly playbooks: readonly string[];
  readonly look: readonly BothLanguages[];
  readonly seen: {
    readonly count: number;
    readonly first: Evidence;
    readonly last: Evidence;
    readonly lines: readonly Evidence[];
    /** The component of the lowest layer that wrote it. */
    readonly component: string | null;
  };
};
