import { spend } from '../limit.ts';
import { type ArithmeticOperator, floatArithmetic } from '../operators/number-arithmetic.ts';
import type { XmlElement } from './xml-parse.ts';
import { localName, namespaceOf } from './xml-parse.ts';
import { pathFunctions } from './xpath-functions.ts';
import { type Axis, type PathExpression, type PathStep, parseXPath } from './xpath-parse.ts';
import {
  asNumber,
  asTruth,
  comparePaths,
  failPath,
  type Namespaces,
  type Place,
  type Result,
  type Selected,
} from './xpath-values.ts';

const childrenOf = (node: Selected): Selected[] =>
  'children' in node ? node.children.filter((child) => child.kind !== 'declaration') : [];
const parentOf = (node: Selected): Selected | undefined =>
  node.kind === 'document' ? undefined : node.kind === 'attribute' ? node.owner : node.parent;

const descendantsOf = (node: Selected): Selected[] =>
  childrenOf(node).flatMap((child) => [child, ...descendantsOf(child)]);
const ancestorsOf = (node: Selected): Selected[] => {
  const up = parentOf(node);
  return up ? [up, ...ancestorsOf(up)] : [];
};
const rootOf = (node: Selected): Selected => ancestorsOf(node).at(-1) ?? node;

const siblingsOf = (node: Selected): [Selected[], Selected[]] => {
  const up = node.kind === 'attribute' ? undefined : parentOf(node);
  const all = up ? childrenOf(up) : [];
  const at = all.indexOf(node);
  return at === -1 ? [[], []] : [all.slice(0, at), all.slice(at + 1)];
};

/** Nodes of an axis, nearest first. */
const along = (axis: Axis, node: Selected): Selected[] => {
  switch (axis) {
    case 'child':
      return childrenOf(node);
    case 'descendant':
      return descendantsOf(node);
    case 'descendant-or-self':
      return [node, ...descendantsOf(node)];
    case 'parent':
      return ancestorsOf(node).slice(0, 1);
    case 'ancestor':
      return ancestorsOf(node);
    case 'ancestor-or-self':
      return [node, ...ancestorsOf(node)];
    case 'self':
      return [node];
    case 'attribute':
      return node.kind === 'element' ? node.attributes.filter(({ name }) => !/^xmlns(:|$)/.test(name)) : [];
    case 'following-sibling':
      return siblingsOf(node)[1];
    case 'preceding-sibling':
      return siblingsOf(node)[0].toReversed();
    case 'following':
      return [node, ...ancestorsOf(node)].flatMap((one) =>
        siblingsOf(one)[1].flatMap((sibling) => [sibling, ...descendantsOf(sibling)]),
      );
    case 'preceding':
      return [node, ...ancestorsOf(node)].flatMap((one) =>
        siblingsOf(one)[0]
          .toReversed()
          .flatMap((sibling) => [sibling, ...descendantsOf(sibling)].toReversed()),
      );
  }
};

const passes = ({ axis, test, isType }: PathStep, node: Selected, namespaces: Namespaces): boolean => {
  if (isType) {
    if (test === 'node') return true;
    if (test === 'text') return node.kind === 'text' || node.kind === 'cdata';
    return test === 'comment' ? node.kind === 'comment' : node.kind === 'instruction';
  }
  if (node.kind !== (axis === 'attribute' ? 'attribute' : 'element')) return false;
  if (test === '*') return true;
  const [prefix, local] = test.includes(':') ? test.split(':') : ['', test];
  const owner = node.kind === 'attribute' ? node.owner : (node as XmlElement);
  const own = node.name.includes(':') ? (node.name.split(':')[0] ?? '') : '';
  if (local !== '*' && localName(node.name) !== local) return false;
  const wanted =
    prefix === '' || prefix === undefined
      ? ''
      : (namespaces.get(prefix) ?? failPath(`Namespace prefix '${prefix}' is not defined.`));
  // An attribute without prefix has no namespace.
  return (node.kind === 'attribute' && own === '' ? '' : namespaceOf(owner, own)) === wanted;
};

const inOrder = (nodes: readonly Selected[]): Selected[] => {
  const [first] = nodes;
  if (!first || nodes.length === 1) return [...nodes];
  const wanted = new Set(nodes);
  const all = [rootOf(first), ...descendantsOf(rootOf(first))].flatMap((node): Selected[] =>
    node.kind === 'element' ? [node, ...node.attributes] : [node],
  );
  return all.filter((node) => wanted.has(node));
};

const filter = (nodes: Selected[], predicates: readonly PathExpression[], namespaces: Namespaces): Selected[] => {
  let left = nodes;
  for (const predicate of predicates) {
    const size = left.length;
    left = left.filter((node, i) => {
      spend(16);
      const value = evaluate(predicate, { node, position: i + 1, size, namespaces });
      return typeof value === 'number' ? value === i + 1 : asTruth(value);
    });
  }
  return left;
};

const walk = (start: readonly Selected[], steps: readonly PathStep[], namespaces: Namespaces): Selected[] => {
  let nodes = [...start];
  for (const step of steps) {
    const found = nodes.flatMap((node) =>
      filter(
        along(step.axis, node).filter((one) => {
          spend(64);
          return passes(step, one, namespaces);
        }),
        step.predicates,
        namespaces,
      ),
    );
    nodes = inOrder(found);
  }
  return nodes;
};

const arithmetic: Readonly<Record<string, ArithmeticOperator>> = { '+': '+', '-': '-', '*': '*', div: '/', mod: '%' };

const evaluateBinary = (node: Extract<PathExpression, { kind: 'binary' }>, place: Place): Result => {
  const { operator } = node;
  const left = evaluate(node.left, place);
  if (operator === 'or') return asTruth(left) || asTruth(evaluate(node.right, place));
  if (operator === 'and') return asTruth(left) && asTruth(evaluate(node.right, place));
  const right = evaluate(node.right, place);
  if (operator === '|')
    return Array.isArray(left) && Array.isArray(right) ? inOrder([...left, ...right]) : failPath('| joins nodes.');
  if (/^(!?=|[<>]=?)$/.test(operator)) return comparePaths(operator, left, right);
  return floatArithmetic(arithmetic[operator] ?? '%', asNumber(left), asNumber(right));
};

const evaluate = (expression: PathExpression, place: Place): Result => {
  switch (expression.kind) {
    case 'number':
    case 'text':
      return expression.value;
    case 'negative':
      return -asNumber(evaluate(expression.operand, place));
    case 'binary':
      return evaluateBinary(expression, place);
    case 'call': {
      const call = pathFunctions[expression.name] ?? failPath(`Function '${expression.name}' is unknown.`);
      return call(
        place,
        expression.arguments.map((argument) => evaluate(argument, place)),
      );
    }
    case 'path': {
      if (expression.start) {
        const start = evaluate(expression.start, place);
        if (!Array.isArray(start)) return failPath('Expression must evaluate to a node-set.');
        return walk(filter(start, expression.startPredicates, place.namespaces), expression.steps, place.namespaces);
      }
      return walk([expression.fromRoot ? rootOf(place.node) : place.node], expression.steps, place.namespaces);
    }
  }
};

/**
 * Selects nodes by an expression of XPath 1.0, in the order of the document.
 * @throws NetError System.Xml.XPath.XPathException for a wrong expression, or one that gives no nodes
 */
export function select(node: Selected, path: string, namespaces: Namespaces): Selected[] {
  const found = evaluate(parseXPath(path), { node, position: 1, size: 1, namespaces });
  return Array.isArray(found) ? found : failPath('Expression must evaluate to a node-set.');
}
