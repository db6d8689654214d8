import { areDisjoint, type CharSet } from './char-set.ts';
import type { RegexNode } from './regex-tree.ts';

/** How the greatest work of an expression grows with the length of the text. */
export type RegexCost = {
  /** Whether it may grow faster than any power. */
  readonly explodes: boolean;
  /** Otherwise: the power of the length, and what that is multiplied with. */
  readonly degree: number;
  readonly factor: number;
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

const none: RegexCost = { explodes: false, degree: 0, factor: 1 };
const times = (a: RegexCost, b: RegexCost): RegexCost => ({
  explodes: a.explodes || b.explodes,
  degree: a.degree + b.degree,
  factor: a.factor * b.factor,
});

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
        degree: Math.max(...costs.map(({ degree }) => degree)),
        factor: clear ? Math.max(...costs.map(({ factor }) => factor)) : costs.reduce((sum, c) => sum + c.factor, 0),
      };
    }
    case 'repeat':
      return waysOfRepeat(node, next);
    default:
      return none;
  }
};

const waysOfRepeat = (node: Extract<RegexNode, { kind: 'repeat' }>, next: Follow): RegexCost => {
  const heads = firstSets(node.node);
  const lasting = apart(heads, next);
  const lengths =
    node.max === Infinity
      ? { explodes: false, degree: 1, factor: 1 }
      : { explodes: false, degree: 0, factor: node.max - node.min + 1 };
  if (node.node.kind === 'set') return lasting ? none : lengths;
  const within = waysOf(node.node, heads);
  const isClear = !within.explodes && within.degree === 0 && within.factor === 1;
  // Only the last round has more than one end.
  if (isClear) return times(lengths, waysOf(node.node, next));
  if (node.max > 4) return { explodes: true, degree: 0, factor: 1 };
  let cost = lengths;
  for (let i = 0; i < node.max; i++) cost = times(cost, times(within, waysOf(node.node, next)));
  return cost;
};

const firstOf = (node: RegexNode): RegexNode => {
  if (node.kind === 'group') return firstOf(node.node);
  const first = node.kind === 'sequence' ? node.nodes[0] : undefined;
  return first ? firstOf(first) : node;
};

const hasRun = (node: RegexNode): boolean => {
  if (node.kind === 'repeat') return node.max > 64 || hasRun(node.node);
  if (node.kind === 'sequence' || node.kind === 'choice') return node.nodes.some(hasRun);
  return (node.kind === 'group' || node.kind === 'look') && hasRun(node.node);
};

/** Bounds the work of an expression: ways to match at a place, times the places where it may begin, times the length of a run. */
export const regexCost = (root: RegexNode): RegexCost => {
  const ways = waysOf(root, []);
  // A run of single units at the very end matches whatever it meets: nothing behind it can fail.
  const nodes = root.kind === 'sequence' ? root.nodes : [root];
  const last = nodes.at(-1);
  const ends = last?.kind === 'repeat' && last.node.kind === 'set';
  const runs = (ends ? nodes.slice(0, -1) : nodes).some(hasRun);
  const starts = firstOf(root).kind === 'textStart' ? 0 : 1;
  return { ...ways, degree: ways.degree + starts + (runs && ways.degree === 0 ? 1 : 0) };
};
