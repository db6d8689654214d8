import type { LocalText } from '../../kernel/words.ts';

/** What is kept of a diagnosis of a host. */
export type KeptDiagnosis = {
  /** UTC, ISO 8601. */
  readonly at: string;
  readonly causes: readonly { readonly id: string; readonly title: LocalText }[];
};

/** What has changed since the last diagnosis of a host. */
export type DiagnosisChange = {
  /** When that was; UTC, ISO 8601. */
  readonly at: string;
  /** Ids of causes that were not found then. */
  readonly fresh: readonly string[];
  /** Causes that are found no more. */
  readonly gone: KeptDiagnosis['causes'];
};

/** Where diagnoses are kept between calls. */
export type DiagnosisStore = {
  /** The last diagnosis of a host, or null. */
  readonly last: (host: string) => KeptDiagnosis | null;
  readonly keep: (host: string, diagnosis: KeptDiagnosis) => void;
};

/** Holds the causes that are found now against those of the last time; null where there was none. */
export function changeSince(last: KeptDiagnosis | null, causes: KeptDiagnosis['causes']): DiagnosisChange | null {
  if (last === null) return null;
  const [then, now] = [last.causes, causes].map((list) => new Set(list.map(({ id }) => id)));
  return {
    at: last.at,
    fresh: causes.flatMap(({ id }) => (then?.has(id) === true ? [] : [id])),
    gone: last.causes.filter(({ id }) => now?.has(id) !== true),
  };
}
