import { LimitReached } from '../limit.ts';
import type { CharSet } from './char-set.ts';
import { firstSets } from './regex-cost.ts';
import type { RegexNode, RegexTree } from './regex-tree.ts';

/**
 * One step of a program. `to` and `other` are numbers of steps, slots or counts:
 * - set: takes one unit; run: takes `to` to `other` units, as many (greedy) or as few as possible
 * - split: goes on at `to` and, if that fails, at `other`; jump: goes on at `to`
 * - save: remembers the place in slot `to`; moved: fails if slot `to` holds this place (an empty round of a loop)
 * - look: runs `part` from here (`to` 1: it must fail); back: the text of group `to` again
 * - edge: a word boundary (`to` 1: none); textStart, textEnd, match
 */
export type RegexStep = {
  readonly kind:
    | 'set'
    | 'run'
    | 'split'
    | 'jump'
    | 'save'
    | 'moved'
    | 'look'
    | 'back'
    | 'edge'
    | 'textStart'
    | 'textEnd'
    | 'match';
  readonly set: CharSet | undefined;
  to: number;
  other: number;
  /** Lazy runs; back references that ignore case. */
  readonly flag: boolean;
  /** 1: reads on, -1: reads back, as look-behinds do. */
  readonly direction: 1 | -1;
  readonly part: readonly RegexStep[] | undefined;
};

/** An expression ready to run. */
export type RegexProgram = {
  readonly steps: readonly RegexStep[];
  readonly groups: number;
  readonly slots: number;
  /** What a match can begin with; undefined: anything. */
  readonly heads: readonly CharSet[] | undefined;
  /** Whether it matches at the beginning of the text alone. */
  readonly anchored: boolean;
};

type Writer = {
  readonly tree: RegexTree;
  steps: RegexStep[];
  size: number;
  slots: number;
  readonly direction: 1 | -1;
};

const mostSteps = 50_000;

const put = (writer: Writer, kind: RegexStep['kind'], more: Partial<RegexStep> = {}): RegexStep => {
  if (++writer.size > mostSteps)
    throw new LimitReached('LabStepLimit', `a regular expression of more than ${mostSteps} steps is too large`);
  const { direction } = writer;
  const step: RegexStep = { kind, set: undefined, to: 0, other: 0, flag: false, direction, part: undefined, ...more };
  writer.steps.push(step);
  return step;
};

/** One round that need not be: if it takes nothing it is none. */
const putRound = (writer: Writer, node: RegexNode): void => {
  const slot = writer.slots++;
  put(writer, 'save', { to: slot });
  putNode(writer, node);
  put(writer, 'moved', { to: slot });
};

const putLoop = (writer: Writer, node: RegexNode, greedy: boolean): void => {
  const at = writer.steps.length;
  const split = put(writer, 'split');
  putRound(writer, node);
  put(writer, 'jump', { to: at });
  [split.to, split.other] = greedy ? [at + 1, writer.steps.length] : [writer.steps.length, at + 1];
};

const putRepeat = (writer: Writer, { node, min, max, greedy }: Extract<RegexNode, { kind: 'repeat' }>): void => {
  if (node.kind === 'set') {
    put(writer, 'run', { set: node.set, to: min, other: max, flag: !greedy });
    return;
  }
  for (let i = 0; i < min; i++) putNode(writer, node);
  if (max === Infinity) {
    putLoop(writer, node, greedy);
    return;
  }
  const splits: RegexStep[] = [];
  for (let i = min; i < max; i++) {
    const split = put(writer, 'split');
    split[greedy ? 'to' : 'other'] = writer.steps.length;
    splits.push(split);
    putRound(writer, node);
  }
  for (const split of splits) split[greedy ? 'other' : 'to'] = writer.steps.length;
};

const putChoice = (writer: Writer, nodes: readonly RegexNode[]): void => {
  const jumps: RegexStep[] = [];
  for (const [i, node] of nodes.entries()) {
    if (i === nodes.length - 1) putNode(writer, node);
    else {
      const split = put(writer, 'split');
      split.to = writer.steps.length;
      putNode(writer, node);
      jumps.push(put(writer, 'jump'));
      split.other = writer.steps.length;
    }
  }
  for (const jump of jumps) jump.to = writer.steps.length;
};

const putLook = (writer: Writer, node: Extract<RegexNode, { kind: 'look' }>): void => {
  const inner: Writer = { ...writer, steps: [], direction: node.ahead ? 1 : -1 };
  putNode(inner, node.node);
  put(inner, 'match');
  writer.slots = inner.slots;
  writer.size = inner.size;
  put(writer, 'look', { to: node.negative ? 1 : 0, part: inner.steps });
};

const putNode = (writer: Writer, node: RegexNode): void => {
  const forward = writer.direction === 1;
  switch (node.kind) {
    case 'set':
      put(writer, 'set', { set: node.set });
      return;
    case 'sequence':
      for (const each of forward ? node.nodes : node.nodes.toReversed()) putNode(writer, each);
      return;
    case 'choice':
      putChoice(writer, node.nodes);
      return;
    case 'repeat':
      putRepeat(writer, node);
      return;
    case 'group':
      put(writer, 'save', { to: node.index * 2 + (forward ? 0 : 1) });
      putNode(writer, node.node);
      put(writer, 'save', { to: node.index * 2 + (forward ? 1 : 0) });
      return;
    case 'look':
      putLook(writer, node);
      return;
    case 'back': {
      const group = typeof node.group === 'number' ? node.group : (writer.tree.names.get(node.group) ?? 0);
      put(writer, 'back', { to: group, flag: node.ignoreCase });
      return;
    }
    case 'edge':
      put(writer, 'edge', { to: node.negative ? 1 : 0 });
      return;
    case 'textStart':
    case 'textEnd':
      put(writer, node.kind);
  }
};

const isAnchored = (node: RegexNode): boolean => {
  if (node.kind === 'group') return isAnchored(node.node);
  if (node.kind === 'choice') return node.nodes.every(isAnchored);
  const first = node.kind === 'sequence' ? node.nodes[0] : undefined;
  return first ? isAnchored(first) : node.kind === 'textStart';
};

/**
 * Compiles an expression for the runner.
 * @throws LimitReached if counted repetitions make it too large
 */
export const compileRegex = (tree: RegexTree): RegexProgram => {
  const writer: Writer = { tree, steps: [], size: 0, slots: tree.groups * 2 + 2, direction: 1 };
  putNode(writer, tree.root);
  put(writer, 'match');
  return {
    steps: writer.steps,
    groups: tree.groups,
    slots: writer.slots,
    heads: firstSets(tree.root),
    anchored: isAnchored(tree.root),
  };
};
