import type { RegexNode, RegexTree } from './regex-tree.ts';

type Found = {
  /** Whether V8 gives something else than .NET. */
  differs: boolean;
  readonly ignoreCase: boolean;
};

type Groups = ReadonlySet<number>;

const none: Groups = new Set();
const both = (a: Groups, b: Groups): Groups => new Set([...a, ...b]);

const hasGroup = (node: RegexNode): boolean => {
  switch (node.kind) {
    case 'group':
      return true;
    case 'sequence':
    case 'choice':
      return node.nodes.some(hasGroup);
    case 'repeat':
    case 'look':
      return hasGroup(node.node);
    default:
      return false;
  }
};

const groupsIn = (node: RegexNode): number => {
  switch (node.kind) {
    case 'group':
      return 1 + groupsIn(node.node);
    case 'sequence':
    case 'choice':
      return node.nodes.reduce((sum, one) => sum + groupsIn(one), 0);
    case 'repeat':
    case 'look':
      return groupsIn(node.node);
    default:
      return 0;
  }
};

/** The groups that have captured for certain when a piece has matched, where `known` have before it. */
const walk = (node: RegexNode, known: Groups, isInLook: boolean, found: Found): Groups => {
  switch (node.kind) {
    case 'set':
      // V8 does not heed modifiers inside look-arounds.
      if (isInLook && node.set.ignoreCase !== found.ignoreCase) found.differs = true;
      return none;
    case 'sequence': {
      let certain = none;
      for (const each of node.nodes) certain = both(certain, walk(each, both(known, certain), isInLook, found));
      return certain;
    }
    case 'choice': {
      const [first = none, ...rest] = node.nodes.map((each) => walk(each, known, isInLook, found));
      return new Set([...first].filter((group) => rest.every((other) => other.has(group))));
    }
    case 'repeat': {
      const certain = walk(node.node, known, isInLook, found);
      // A round of a loop forgets in JavaScript what groups captured in earlier rounds: seen where one may be left out.
      if (node.max > 1 && hasGroup(node.node) && certain.size < groupsIn(node.node)) found.differs = true;
      return node.min > 0 ? certain : none;
    }
    case 'group':
      return both(walk(node.node, known, isInLook, found), new Set([node.index]));
    case 'look': {
      const certain = walk(node.node, known, true, found);
      return node.negative ? none : certain;
    }
    case 'back':
      // One to a group that has not captured matches nothing in JavaScript and never in .NET.
      if (typeof node.group !== 'number' || !known.has(node.group)) found.differs = true;
      return none;
    default:
      return none;
  }
};

/** Whether the native engine may give something else than .NET for an expression. */
export const differsNatively = ({ root, names }: RegexTree, ignoreCase: boolean): boolean => {
  const found: Found = { differs: false, ignoreCase };
  walk(named(root, names), none, false, found);
  return found.differs;
};

/** The same tree with back references by number. */
const named = (node: RegexNode, names: ReadonlyMap<string, number>): RegexNode => {
  switch (node.kind) {
    case 'back':
      return typeof node.group === 'string' ? { ...node, group: names.get(node.group) ?? 0 } : node;
    case 'sequence':
    case 'choice':
      return { ...node, nodes: node.nodes.map((each) => named(each, names)) };
    case 'repeat':
    case 'group':
    case 'look':
      return { ...node, node: named(node.node, names) };
    default:
      return node;
  }
};
