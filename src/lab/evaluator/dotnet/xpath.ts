import { netError } from '../define.ts';
import type { XmlAttribute, XmlDocument, XmlElement, XmlNode } from './xml-parse.ts';
import { innerText, localName, namespaceOf } from './xml-parse.ts';
import { type Axis, type PathExpression, type PathStep, parseXPath } from './xpath-parse.ts';

/** What a path can select. */
export type Selected = XmlElement | XmlAttribute | XmlNode | XmlDocument;

type Namespaces = ReadonlyMap<string, string>;
type Result = Selected[] | string | number | boolean;
type Place = {
  readonly node: Selected;
  readonly position: number;
  readonly size: number;
  readonly namespaces: Namespaces;
};

const fail = (message: string): never => {
  throw netError('System.Xml.XPath.XPathException', message);
};

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
      : (namespaces.get(prefix) ?? fail(`Namespace prefix '${prefix}' is not defined.`));
  // An attribute without prefix has no namespace.
  return (node.kind === 'attribute' && own === '' ? '' : namespaceOf(owner, own)) === wanted;
};

const textOf = (node: Selected): string => (node.kind === 'attribute' ? node.value : innerText(node));
const asText = (value: Result): string => {
  if (Array.isArray(value)) return value[0] ? textOf(value[0]) : '';
  if (typeof value === 'number')
    return Number.isFinite(value) ? String(value) : Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
  return String(value);
};
const asNumber = (value: Result): number => {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  const text = asText(value).trim();
  return /^-?(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
};
const asTruth = (value: Result): boolean =>
  Array.isArray(value)
    ? value.length > 0
    : typeof value === 'number'
      ? value !== 0 && !Number.isNaN(value)
      : Boolean(value);

const orders: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

const compareOne = (operator: string, left: Result, right: Result): boolean => {
  const order = orders[operator];
  if (order) return order(asNumber(left), asNumber(right));
  const same =
    typeof left === 'boolean' || typeof right === 'boolean'
      ? asTruth(left) === asTruth(right)
      : typeof left === 'number' || typeof right === 'number'
        ? asNumber(left) === asNumber(right)
        : asText(left) === asText(right);
  return same === (operator === '=');
};

/** A comparison with a set of nodes holds if it holds for one of them. */
const compare = (operator: string, left: Result, right: Result): boolean => {
  if (Array.isArray(left) && typeof right !== 'boolean')
    return left.some((node) => compare(operator, textOf(node), right));
  if (Array.isArray(right) && typeof left !== 'boolean')
    return right.some((node) => compare(operator, left, textOf(node)));
  return compareOne(operator, left, right);
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
        along(step.axis, node).filter((one) => passes(step, one, namespaces)),
        step.predicates,
        namespaces,
      ),
    );
    nodes = inOrder(found);
  }
  return nodes;
};

type Call = (place: Place, args: readonly Result[]) => Result;

const nodeOr = ({ node }: Place, [given]: readonly Result[]): Selected | undefined =>
  given === undefined ? node : Array.isArray(given) ? given[0] : undefined;
const textOr = (place: Place, [given]: readonly Result[]): string =>
  given === undefined ? textOf(place.node) : asText(given);

const functions: Readonly<Record<string, Call>> = {
  position: ({ position }) => position,
  last: ({ size }) => size,
  count: (_place, [nodes]) => (Array.isArray(nodes) ? nodes.length : fail('count() takes nodes.')),
  sum: (_place, [nodes]) => (Array.isArray(nodes) ? nodes.reduce((sum, node) => sum + asNumber(textOf(node)), 0) : 0),
  name: (place, args) => {
    const node = nodeOr(place, args);
    return node && 'name' in node ? node.name : '';
  },
  'local-name': (place, args) => {
    const node = nodeOr(place, args);
    return node && 'name' in node ? localName(node.name) : '';
  },
  'namespace-uri': (place, args) => {
    const node = nodeOr(place, args);
    return node?.kind === 'element'
      ? namespaceOf(node, node.name.includes(':') ? (node.name.split(':')[0] ?? '') : '')
      : '';
  },
  string: textOr,
  number: (place, args) => (args[0] === undefined ? asNumber(textOf(place.node)) : asNumber(args[0])),
  boolean: (_place, [value]) => asTruth(value ?? false),
  not: (_place, [value]) => !asTruth(value ?? false),
  true: () => true,
  false: () => false,
  concat: (_place, args) => args.map(asText).join(''),
  contains: (_place, [text, part]) => asText(text ?? '').includes(asText(part ?? '')),
  'starts-with': (_place, [text, part]) => asText(text ?? '').startsWith(asText(part ?? '')),
  'string-length': (place, args) => textOr(place, args).length,
  'normalize-space': (place, args) => textOr(place, args).trim().replace(/\s+/g, ' '),
  substring: (_place, [text, from, length]) => {
    const start = Math.round(asNumber(from ?? 1));
    const end = length === undefined ? Infinity : start + Math.round(asNumber(length));
    return [...asText(text ?? '')].filter((_c, i) => i + 1 >= start && i + 1 < end).join('');
  },
  'substring-before': (_place, [text, part]) => {
    const at = asText(text ?? '').indexOf(asText(part ?? ''));
    return at === -1 ? '' : asText(text ?? '').slice(0, at);
  },
  'substring-after': (_place, [text, part]) => {
    const at = asText(text ?? '').indexOf(asText(part ?? ''));
    return at === -1 ? '' : asText(text ?? '').slice(at + asText(part ?? '').length);
  },
  translate: (_place, [text, from, to]) => {
    const [source, target] = [asText(from ?? ''), asText(to ?? '')];
    return [...asText(text ?? '')].map((c) => (source.includes(c) ? (target[source.indexOf(c)] ?? '') : c)).join('');
  },
  floor: (_place, [value]) => Math.floor(asNumber(value ?? 0)),
  ceiling: (_place, [value]) => Math.ceil(asNumber(value ?? 0)),
  round: (_place, [value]) => Math.round(asNumber(value ?? 0)),
};

const arithmetic = (operator: string, a: number, b: number): number => {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case 'div':
      return a / b;
    default:
      return a % b;
  }
};

const evaluateBinary = (node: Extract<PathExpression, { kind: 'binary' }>, place: Place): Result => {
  const { operator } = node;
  const left = evaluate(node.left, place);
  if (operator === 'or') return asTruth(left) || asTruth(evaluate(node.right, place));
  if (operator === 'and') return asTruth(left) && asTruth(evaluate(node.right, place));
  const right = evaluate(node.right, place);
  if (operator === '|')
    return Array.isArray(left) && Array.isArray(right) ? inOrder([...left, ...right]) : fail('| joins nodes.');
  if (/^(!?=|[<>]=?)$/.test(operator)) return compare(operator, left, right);
  return arithmetic(operator, asNumber(left), asNumber(right));
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
      const call = functions[expression.name] ?? fail(`Function '${expression.name}' is unknown.`);
      return call(
        place,
        expression.arguments.map((argument) => evaluate(argument, place)),
      );
    }
    case 'path': {
      if (expression.start) {
        const start = evaluate(expression.start, place);
        if (!Array.isArray(start)) return fail('Expression must evaluate to a node-set.');
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
  return Array.isArray(found) ? found : fail('Expression must evaluate to a node-set.');
}
