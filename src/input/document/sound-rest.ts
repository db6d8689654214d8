import { closest } from '../../kernel/suggestion.ts';
import type { Json } from '../../kernel/words.ts';
import type { SchemaName } from './schemas.ts';
import type { DocumentPath, SourceDocument } from './source-document.ts';

/** A fault's place in a document, and the key that is missing there, if that is the fault. */
export type Flaw = { readonly at: DocumentPath; readonly missing: string | null };

/** What a document has not, because it was faulty; paths are those of the rest. */
export type Gaps = {
  /** Whether something was taken out at this place or below it, or beside it where it is empty and the key may be a misspelling. */
  readonly at: (path: DocumentPath) => boolean;
  /** Whether what stands here stands in for something that the document lacks, and says nothing. */
  readonly isFilled: (path: DocumentPath) => boolean;
  /** All keys and texts of what was taken out: a name among them is none that nobody knows. */
  readonly words: ReadonlySet<string>;
};

/** What is left of a document without its faulty parts: it fits the format, so what it says can be checked. */
export type Rest<T> = {
  readonly value: T;
  /** Tells places in the whole document for paths of the rest. */
  readonly source: SourceDocument;
  readonly gaps: Gaps;
};

/** A document without faults lacks nothing. */
export const noGaps: Gaps = { at: () => false, isFilled: () => false, words: new Set() };

/** What stands in for a key that must be there and is faulty or missing, so that not all beside it is lost with it. */
const fillers: { readonly [schema in SchemaName]?: { readonly [key: string]: Json } } = {
  playbook: {
    kintsugi: 'playbook/v1',
    title: { en: '-' },
    goal: { uses: 'no/action' },
    stages: [{ title: { en: '-' }, steps: [{ uses: 'no/action' }] }],
  },
  'playbook-test': { kintsugi: 'playbook-test/v1', name: '-', base: 'windows-11-24h2' },
  lab: { kintsugi: 'lab/v1', base: 'windows-11-24h2' },
  action: { kintsugi: 'action/v1', title: { en: '-' }, duration: { typical: '1s', longest: '1s' } },
};

/** Whether more than the schema is checked of a format, part by part. */
export const hasRest = (schema: SchemaName): boolean => Object.hasOwn(fillers, schema);

type Table = { readonly [key: string]: Json };
const isTable = (value: Json | undefined): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

const childOf = (value: Json | undefined, part: string | number): Json | undefined => {
  if (isList(value)) return value[Number(part)];
  return isTable(value) && Object.hasOwn(value, part) ? value[part] : undefined;
};

const keyOf = (path: DocumentPath): string => JSON.stringify(path.map(String));
const isBelow = (path: DocumentPath, above: DocumentPath): boolean =>
  above.length <= path.length && above.every((part, index) => String(part) === String(path[index]));

/** As much of a path as leads to something. */
function existing(value: Json, path: DocumentPath): DocumentPath {
  let current: Json | undefined = value;
  const gone = path.findIndex((part) => (current = childOf(current, part)) === undefined);
  return gone < 0 ? path : path.slice(0, gone);
}

/**
 * Takes the faulty parts out of a document, and what must not be without them, until the rest fits its format.
 * @param flaws where it does not fit, at first
 * @param flawsIn tells the same of what is left
 * @returns the rest, and whether lists or maps went with the faulty parts, which nobody has looked into; null where nothing is left
 */
export function soundRest<T>(
  source: SourceDocument,
  schema: SchemaName,
  flaws: readonly Flaw[],
  flawsIn: (value: Json) => readonly Flaw[],
): { readonly rest: Rest<T>; readonly isAllSeen: boolean } | null {
  const cuts = new Map<string, DocumentPath>();
  const fills = new Map<string, { readonly path: DocumentPath; readonly value: Json }>();
  /** A path of the rest as one of the whole document. */
  const originalOf = (path: DocumentPath): DocumentPath =>
    path.reduce<DocumentPath>((above, part) => {
      const list = valueAt(source.value, above);
      if (typeof part !== 'number' || !isList(list)) return [...above, part];
      const kept = [...list.keys()].filter((index) => !cuts.has(keyOf([...above, index])));
      return [...above, kept[part] ?? part];
    }, []);
  let next = flaws;
  for (;;) {
    const before = cuts.size + fills.size;
    // Paths of the rest are those of before this round's cuts.
    const found = next.map(({ at, missing }) => ({ at: originalOf(at), missing }));
    for (const { at, missing } of found) {
      const filler = missing === null ? undefined : fillers[schema]?.[missing];
      const filled = missing === null ? at : [...at, missing];
      const cut = existing(source.value, at);
      if (filler !== undefined) fills.set(keyOf(filled), { path: filled, value: filler });
      else if (cut.length > 0) cuts.set(keyOf(cut), cut);
    }
    if (cuts.size + fills.size === before) return null;
    const value = without(source.value, [], cuts, fills);
    next = flawsIn(value);
    if (next.length > 0) continue;
    const parts = [...cuts.values()];
    const gaps = gapsOf(
      source,
      parts,
      [...fills.values()].map(({ path }) => path),
      { originalOf, value },
    );
    const fault: SourceDocument['fault'] = (path, words) => source.fault(originalOf(path), words);
    const written: SourceDocument['written'] = (path) => source.written(originalOf(path));
    const isAllSeen = parts.every((path) => typeof (valueAt(source.value, path) ?? null) !== 'object');
    return { rest: { value: value as T, source: { ...source, value, fault, written }, gaps }, isAllSeen };
  }
}

const valueAt = (top: Json, path: DocumentPath): Json | undefined => path.reduce<Json | undefined>(childOf, top);

function without(
  value: Json,
  path: DocumentPath,
  cuts: ReadonlyMap<string, DocumentPath>,
  fills: ReadonlyMap<string, { readonly path: DocumentPath; readonly value: Json }>,
): Json {
  if (isList(value))
    return value.flatMap((each, index) => {
      const at = [...path, index];
      return cuts.has(keyOf(at)) ? [] : [without(each, at, cuts, fills)];
    });
  if (!isTable(value)) return value;
  const kept = Object.entries(value)
    .filter(([key]) => !cuts.has(keyOf([...path, key])))
    .map(([key, each]): [string, Json] => [key, without(each, [...path, key], cuts, fills)]);
  const added = [...fills.values()]
    .filter((fill) => keyOf(fill.path.slice(0, -1)) === keyOf(path))
    .map((fill): [string, Json] => [String(fill.path.at(-1)), fill.value]);
  return Object.fromEntries([...kept, ...added]);
}

function gapsOf(
  source: SourceDocument,
  cuts: readonly DocumentPath[],
  fills: readonly DocumentPath[],
  rest: { readonly originalOf: (path: DocumentPath) => DocumentPath; readonly value: Json },
): Gaps {
  const words = new Set<string>();
  for (const cut of cuts) {
    words.add(String(cut.at(-1)));
    collectWords(valueAt(source.value, cut), words);
  }
  const isFilled = (path: DocumentPath): boolean => fills.some((fill) => isBelow(rest.originalOf(path), fill));
  return {
    words,
    isFilled,
    at: (path) => {
      const original = rest.originalOf(path);
      if (isFilled(path) || cuts.some((cut) => isBelow(cut, original))) return true;
      const there = existing(rest.value, path);
      if (there.length === path.length) return false;
      const above = keyOf(rest.originalOf(there));
      const beside = cuts.filter((cut) => keyOf(cut.slice(0, -1)) === above).map((cut) => String(cut.at(-1)));
      return closest(String(path[there.length]), beside) !== null;
    },
  };
}

function collectWords(value: Json | undefined, words: Set<string>): void {
  if (typeof value === 'string') words.add(value);
  if (isList(value)) for (const each of value) collectWords(each, words);
  if (!isTable(value)) return;
  for (const [key, each] of Object.entries(value)) {
    words.add(key);
    collectWords(each, words);
  }
}
