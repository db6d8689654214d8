import type { CodeKnowledge } from '../../knowledge/code-knowledge.ts';
import type { TextLine } from './decode-lines.ts';
import { type FoundCode, findCodes } from './find-codes.ts';
import { type LogKind, layerOf, readLogLine, timeBefore } from './log-line.ts';
import { findKnown } from './take-apart.ts';

/** A line that shows a code. */
export type Evidence = {
  readonly line: number;
  /** The time as the log writes it, or null. */
  readonly time: string | null;
  readonly text: string;
};

/** Where a code was seen. */
export type Sightings = {
  /** The number under which it is known; null where only an extend code was written. */
  readonly value: number | null;
  /** The number as it was written first: an NTSTATUS stays one. */
  readonly raw: number | null;
  readonly extend: number | null;
  readonly count: number;
  readonly first: Evidence;
  readonly last: Evidence;
  /** The first lines and the last one. */
  readonly lines: readonly Evidence[];
  /** The lowest layer that wrote it (0), and its component as the log names it. */
  readonly layer: number | null;
  readonly component: string | null;
  /** The ways in which it was written, at most `mostSpellings`. */
  readonly written: readonly string[];
};

type Growing = { -readonly [key in keyof Sightings]: Sightings[key] };

/** Codes that are held apart; those beyond are only counted. */
const mostCodes = 500;
/** Lines that are kept of each code: the first ones, and the last. */
const firstLines = 2;
/** Longest line that is kept, characters. */
const longestLine = 400;
const mostSpellings = 4;
/** Lines between the two codes of one failure of Windows setup, as P5 and P6 of its event. */
const pairDistance = 3;
/** Lines at the start that are read for clues, besides those with codes. */
const headLines = 200;

/** Cheap: most lines of a log begin with their time, the others have none. */
const mayHoldTime = /^\ufeff?\d{4}[-/]|SystemTime/;

/** Counts codes line by line; what it holds does not grow with the text. */
export class CodeTally {
  readonly #codes = new Map<string, Growing>();
  readonly #clues = new Map<string, number>();
  readonly #knowledge: CodeKnowledge;
  #time: string | null = null;
  #previous: { readonly line: number; readonly found: FoundCode } | null = null;
  #lines = 0;
  #more = 0;
  #kind: LogKind | null = null;
  /** The only line that is not empty, if there is no second one. */
  #only: string | null | undefined;

  constructor(knowledge: CodeKnowledge) {
    this.#knowledge = knowledge;
  }

  /** Lines so far. */
  get lines(): number {
    return this.#lines;
  }

  /** The kind of log that the first line of one tells. */
  get kind(): LogKind | null {
    return this.#kind;
  }

  /** Sightings of codes that were one too many to be held apart. */
  get more(): number {
    return this.#more;
  }

  /** The text where it is one line, else null. */
  get onlyLine(): string | null {
    return this.#only ?? null;
  }

  /** How many lines speak of each area, of those with a code and those at the start. */
  get clues(): ReadonlyMap<string, number> {
    return this.#clues;
  }

  /** All codes in the order in which they were seen first. */
  get sightings(): readonly Sightings[] {
    return [...this.#codes.values()];
  }

  /** Reads one line. */
  add({ line, text }: TextLine): void {
    this.#lines = line;
    if (text.trim() !== '') this.#only = this.#only === undefined ? text : null;
    const found = findCodes(text, this.#knowledge);
    const about = this.#kind === null || found.length > 0 ? readLogLine(text) : null;
    this.#kind ??= about?.kind ?? null;
    if (found.length > 0 || line <= headLines) this.#readClues(text);
    for (const each of found) {
      const time = timeBefore(text, each.at) ?? this.#time;
      const evidence = { line, time: time === null ? null : own(time), text: own(excerpt(text, each.at)) };
      const component = about === null || about.component === null ? null : own(about.component);
      this.#count(this.#paired({ ...each, text: own(each.text) }, line), evidence, component);
    }
    if (mayHoldTime.test(text)) this.#time = timeBefore(text, text.length) ?? this.#time;
  }

  /** Counts a code that the text as a whole is. */
  addWhole(found: FoundCode): void {
    this.#count(found, { line: 1, time: null, text: found.text }, null);
  }

  #readClues(text: string): void {
    for (const [name, { clue }] of this.#knowledge.areas)
      if (clue.test(text)) this.#clues.set(name, (this.#clues.get(name) ?? 0) + 1);
  }

  /** An extend code by itself belongs to the code just before it, if there is one. */
  #paired(found: FoundCode, line: number): FoundCode {
    const before = this.#previous;
    if (found.value !== null || before === null || line - before.line > pairDistance || before.found.extend !== null) {
      this.#previous = found.value === null ? null : { line, found };
      return found;
    }
    this.#previous = null;
    this.#uncount(before.found);
    return { ...found, value: before.found.value };
  }

  #uncount(found: FoundCode): void {
    const key = this.#keyOf(found);
    const seen = this.#codes.get(key);
    if (seen === undefined) return;
    seen.count -= 1;
    if (seen.count === 0) this.#codes.delete(key);
  }

  #keyOf({ value, extend }: FoundCode): string {
    const known = value === null ? null : findKnown(value, this.#knowledge);
    return `${known?.value ?? value}/${extend}`;
  }

  #count(found: FoundCode, evidence: Evidence, component: string | null): void {
    const key = this.#keyOf(found);
    const layer = layerOf(component, this.#knowledge);
    const seen = this.#codes.get(key);
    if (seen === undefined) {
      if (this.#codes.size >= mostCodes) {
        this.#more += 1;
        return;
      }
      const value = found.value === null ? null : (findKnown(found.value, this.#knowledge)?.value ?? found.value);
      const start = { count: 1, first: evidence, last: evidence, lines: [evidence] };
      this.#codes.set(key, {
        ...start,
        value,
        raw: found.value,
        extend: found.extend,
        layer,
        component,
        written: [found.text],
      });
      return;
    }
    seen.count += 1;
    seen.last = evidence;
    seen.lines = [...seen.lines.slice(0, firstLines), evidence];
    if (layer !== null && (seen.layer === null || layer < seen.layer)) {
      seen.layer = layer;
      seen.component = component;
    }
    if (seen.written.length < mostSpellings && !seen.written.includes(found.text))
      seen.written = [...seen.written, found.text];
  }
}

/** A copy: a part of a text would keep the whole piece that it was cut from. */
const own = (text: string): string => Buffer.from(text, 'utf8').toString('utf8');

/** A line of bearable length: what stands around the code. */
function excerpt(text: string, at: number): string {
  if (text.length <= longestLine) return text.trim();
  const start = Math.max(0, Math.min(at - longestLine / 2, text.length - longestLine));
  const end = start + longestLine;
  return `${start > 0 ? '…' : ''}${text.slice(start, end).trim()}${end < text.length ? '…' : ''}`;
}
