import { areDisjoint, type CharSet, takes } from './char-set.ts';
import type { RegexNode } from './regex-tree.ts';

/** A factor of the work: the longest run in the text of units that the set takes; undefined: the length of the text. */
export type Run = CharSet | undefined;

/** How the greatest work of an expression grows with the text. */
export type RegexCost = {
  /** Whether it may grow faster than any power of its length. */
  readonly explodes: boolean;
  /** Otherwise: how it grows with runs in it, and what that is multiplied with. */
  readonly runs: readonly Run[];
  readonly factor: number;
  /** Runs that are gone over once for each of these ways: the longest counts. */
  readonly scans: readonly Run[];
};

/** What may come first in a piece; undefined: anything, or nothing at all. */
export const firstSets = (node: RegexNode): readonly CharSet[] | undefined => {
  switch (node.kind) {
    case 'set':
      return [node.set];
    case 'group':
      return firstSets(node.node);
    case 'repeat':
      return node.min > 0 ? firstSets(node.node) : undefined;
    case 'choice': {
      const all = node.nodes.map(firstSets);
      return all.every((sets) => sets !== undefined) ? all.flat() : undefined;
    }
    case 'sequence': {
      const [first] = node.nodes;
      return first && firstSets(first);
    }
    default:
      return undefined;
  }
};

type Follow = readonly CharSet[] | undefined;

const apart = (a: Follow, b: Follow): boolean =>
  a !== undefined && b !== undefined && a.every((one) => b.every((other) => areDisjoint(one, other)));

const none: RegexCost = { explodes: false, runs: [], factor: 1, scans: [] };
const exploding: RegexCost = { ...none, explodes: true };
const times = (a: RegexCost, b: RegexCost): RegexCost => ({
  explodes: a.explodes || b.explodes,
  runs: [...a.runs, ...b.runs],
  factor: a.factor * b.factor,
  scans: [...a.scans, ...b.scans],
});
/** Runs that bound those of either: where both have some, as many as the longer one has, as long as the text. */
const either = (all: readonly (readonly Run[])[]): readonly Run[] => {
  const some = all.filter((runs) => runs.length > 0);
  if (some.length <= 1) return some[0] ?? [];
  return Array.from({ length: Math.max(...some.map((runs) => runs.length)) }, () => undefined);
};

/** What may come at a piece, with what comes behind it. An assertion may fail wherever it is asked. */
const followOf = (node: RegexNode, behind: Follow): Follow => {
  const inner = node.kind === 'group' ? node.node : node;
  if (inner.kind !== 'repeat' || inner.min > 0) return firstSets(node);
  const heads = firstSets(inner.node);
  return heads && behind && [...heads, ...behind];
};

/** In how many ways a piece may match at one place, as bound. `next` is what can come behind it. */
const waysOf = (node: RegexNode, next: Follow): RegexCost => {
  switch (node.kind) {
    case 'group':
    case 'look':
      return waysOf(node.node, node.kind === 'group' ? next : undefined);
    case 'sequence': {
      let cost = none;
      let follow = next;
      for (const each of node.nodes.toReversed()) {
        cost = times(cost, waysOf(each, follow));
        follow = followOf(each, follow);
      }
      return cost;
    }
    case 'choice': {
      const costs = node.nodes.map((each) => waysOf(each, next));
      const heads = node.nodes.map(firstSets);
      const clear = heads.every((head, i) => heads.every((other, k) => k <= i || apart(head, other)));
      return {
        explodes: costs.some(({ explodes }) => explodes),
        runs: either(costs.map(({ runs }) => runs)),
        scans: costs.flatMap(({ scans }) => scans),
        factor: clear ? Math.max(...costs.map(({ factor }) => factor)) : costs.reduce((sum, c) => sum + c.factor, 0),
      };
    }
    case 'repeat':
      return waysOfRepeat(node, next);
    case 'back':
      // What it compares may be as long as the text.
      return { ...none, runs: [undefined] };
    default:
      return none;
  }
};

const waysOfRepeat = (node: Extract<RegexNode, { kind: 'repeat' }>, next: Follow): RegexCost => {
  const heads = firstSets(node.node);
  const lasting = apart(heads, next);
  const run: readonly Run[] = [node.node.kind === 'set' ? node.node.set : undefined];
  const lengths = node.max === Infinity ? { ...none, runs: run } : { ...none, factor: node.max - node.min + 1 };
  const scans = node.max > 64 ? run : [];
  if (node.node.kind === 'set') return lasting ? { ...none, scans } : lengths;
  const within = waysOf(node.node, heads);
  const isClear = !within.explodes && within.runs.length === 0 && within.factor === 1;
  // Only the last round has more than one end.
  if (isClear) return times(times(lengths, { ...none, scans }), waysOf(node.node, next));
  if (node.max > 4) return exploding;
  let cost = lengths;
  for (let i = 0; i < node.max; i++) cost = times(cost, times(within, waysOf(node.node, next)));
  return cost;
};

const firstOf = (node: RegexNode): RegexNode => {
  if (node.kind === 'group') return firstOf(node.node);
  const first = node.kind === 'sequence' ? node.nodes[0] : undefined;
  return first ? firstOf(first) : node;
};

/** Bounds the work of an expression: ways to match at a place, times the places where it may begin, times the length of a run. */
export const regexCost = (root: RegexNode): RegexCost => {
  const ways = waysOf(root, []);
  // A run of single units at the very end matches whatever it meets: nothing behind it can fail.
  const nodes = root.kind === 'sequence' ? root.nodes : [root];
  const last = nodes.at(-1);
  const inner = last?.kind === 'group' ? last.node : last;
  const { scans } =
    last && inner?.kind === 'repeat' && inner.node.kind === 'set'
      ? waysOf({ kind: 'sequence', nodes: nodes.slice(0, -1) }, followOf(last, []))
      : ways;
  const starts: readonly Run[] = firstOf(root).kind === 'textStart' ? [] : [undefined];
  return { ...ways, runs: [...ways.runs, ...starts], scans };
};

/** The greatest work where all runs are as long as a text of this length. */
export const workAtMost = ({ explodes, runs, factor, scans }: RegexCost, length: number): number =>
  explodes ? Infinity : factor * length ** (runs.length + (scans.length > 0 ? 1 : 0));

const longestRun = (run: Run, text: string): number => {
  if (run === undefined) return text.length;
  let longest = 0;
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    length = takes(run, text.charCodeAt(i)) ? length + 1 : 0;
    if (length > longest) longest = length;
  }
  return longest;
};

/** The greatest work on a text, by the runs that are in it. */
export const workOn = ({ explodes, runs, factor, scans }: RegexCost, text: string): number => {
  if (explodes) return Infinity;
  const lengths = new Map<Run, number>();
  const lengthOf = (run: Run): number => {
    const known = lengths.get(run) ?? Math.max(1, longestRun(run, text));
    lengths.set(run, known);
    return known;
  };
  return runs.reduce((work, run) => work * lengthOf(run), factor * Math.max(1, ...scans.map(lengthOf)));
};

/**
 * The longest text that every match has in it, in lower case where `ignoreCase`; undefined where none is known. Pieces beyond ASCII are left
 * out, and letters with further forms.
 */
export const neededText = (root: RegexNode): { readonly text: string; readonly ignoreCase: boolean } | undefined => {
  const nodes = root.kind === 'sequence' ? root.nodes : [root];
  let best = '';
  let bestIgnores = false;
  let text = '';
  for (const node of nodes) {
    const unit = node.kind === 'set' ? unitOf(node.set) : undefined;
    text = unit === undefined ? '' : text + unit;
    if (text.length <= best.length) continue;
    best = text;
    bestIgnores = node.kind === 'set' && node.set.ignoreCase;
  }
  return best === '' ? undefined : { text: bestIgnores ? best.toLowerCase() : best, ignoreCase: bestIgnores };
};

const unitOf = ({ source, ignoreCase }: CharSet): string | undefined => {
  const unit = /^[ -~]$/.test(source) && !/[.[\\^$]/.test(source) ? source : /^\\([^a-zA-Z0-9])$/.exec(source)?.[1];
  return unit !== undefined && ignoreCase && /[sk]/i.test(unit) ? undefined : unit;
};
