import type { CodeKnowledge } from '../../knowledge/code-knowledge.ts';
import type { ErrorCode } from '../../knowledge/error-codes.generated.ts';
import type { BothLanguages } from './explanation.ts';
import type { LogKind } from './log-line.ts';
import { findKnown, takeApart } from './take-apart.ts';
import type { Sightings } from './tally.ts';

/** The area that writes each kind of log. */
const areaOfLog: { readonly [kind in LogKind]: string | null } = {
  cbs: 'wu',
  dism: 'wu',
  setup: 'setup',
  'windows-update': 'wu',
  'event-xml': null,
};

/** The areas that a text speaks of: first that which writes such a log, then by the number of lines. */
export function rankAreas(clues: ReadonlyMap<string, number>, log: LogKind | null): readonly string[] {
  const own = log === null ? null : areaOfLog[log];
  const named = [...clues].toSorted(([, a], [, b]) => b - a).map(([name]) => name);
  return own === null ? named : [own, ...named.filter((name) => name !== own)];
}

/** What decides between the causes of a code, unless the text has answered it. */
export function openQuestion({ ask, areas }: ErrorCode, spoken: readonly string[]): BothLanguages | null {
  if (ask === undefined) return null;
  const isAnswered = ask.settled === 'by-area' && areas.some((area) => spoken.includes(area));
  return isAnswered ? null : { en: ask.en, ja: ask.ja };
}

/** The areas of a code that the text speaks of; all of the code's where it speaks of none. */
export function areasOf(entry: ErrorCode, spoken: readonly string[]): readonly string[] {
  const both = spoken.filter((name) => entry.areas.some((area) => area === name));
  return both.length > 0 ? both : entry.areas;
}

/** Causes likeliest first: those of what the text speaks of, then those that are causes everywhere, each in the order of the knowledge; all where it speaks of nothing that the code is met in. */
export function rankCauses(entry: ErrorCode, spoken: readonly string[]): ErrorCode['causes'] {
  const here = spoken.filter((name) => entry.areas.some((area) => area === name));
  const fit = ({ areas }: ErrorCode['causes'][number]): number =>
    areas === undefined ? here.length : placeIn(here, areas);
  const fitting = entry.causes.filter((cause) => fit(cause) !== Number.POSITIVE_INFINITY);
  return here.length === 0 || fitting.length === 0 ? entry.causes : fitting.toSorted((x, y) => fit(x) - fit(y));
}

/** Playbooks for what the text speaks of, then those for every area, in the order of the knowledge; all where it speaks of nothing that the code is met in. */
export function rankPlaybooks(
  entry: ErrorCode,
  spoken: readonly string[],
  knowledge: CodeKnowledge,
): readonly string[] {
  const here = spoken.filter((name) => entry.areas.some((area) => area === name));
  if (here.length === 0) return entry.playbooks;
  const areas = [...knowledge.areas.values()];
  const fit = (playbook: string): number => {
    const at = here.findIndex((name) => knowledge.areas.get(name)?.playbooks.includes(playbook) === true);
    if (at >= 0) return at;
    return areas.some(({ playbooks }) => playbooks.includes(playbook)) ? Number.POSITIVE_INFINITY : here.length;
  };
  return entry.playbooks
    .filter((playbook) => fit(playbook) !== Number.POSITIVE_INFINITY)
    .toSorted((a, b) => fit(a) - fit(b));
}

/** The place of the first of these areas; infinite where it is none of them. */
function placeIn(here: readonly string[], areas: readonly string[]): number {
  const at = here.findIndex((name) => areas.includes(name));
  return at < 0 ? Number.POSITIVE_INFINITY : at;
}

/** What a code is ranked by, most telling first; a smaller number is nearer to the cause. */
function keysOf({ value, extend, layer, count, first }: Sightings, knowledge: CodeKnowledge): readonly number[] {
  const known = value === null ? null : findKnown(value, knowledge);
  const isFailure = value === null || takeApart(value, knowledge).severity === 'error';
  return [
    isFailure ? 0 : 1,
    known?.entry.outer === true && extend === null ? 1 : 0,
    known === null && extend === null ? 1 : 0,
    extend === null ? 1 : 0,
    layer ?? Number.MAX_SAFE_INTEGER,
    -count,
    first.line,
  ];
}

/**
 * Codes nearest to the cause first: failures before other codes, inner before outer ones, known before unknown, those with an extend code before others,
 * then the lowest layer that
 * wrote them (CSI, CBS and setup, handlers, agent, user interface), then the most frequent, then the first.
 */
export function rankCodes(sightings: readonly Sightings[], knowledge: CodeKnowledge): readonly Sightings[] {
  const keyed = sightings.map((each) => ({ each, keys: keysOf(each, knowledge) }));
  const order = (a: readonly number[], b: readonly number[]): number => {
    const at = a.findIndex((key, index) => key !== b[index]);
    return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
  };
  return keyed.toSorted((a, b) => order(a.keys, b.keys)).map(({ each }) => each);
}
