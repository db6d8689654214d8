import { Failure } from '../../../kernel/failure.ts';
import type { XmlAttribute, XmlDocument, XmlElement, XmlNode } from './xml-parse.ts';
import { innerText, localName, namespaceOf } from './xml-parse.ts';

/** What a path can select. */
export type Selected = XmlElement | XmlAttribute | XmlNode | XmlDocument;

type Namespaces = ReadonlyMap<string, string>;

const unsupported = (path: string): never => {
  throw new Failure('lab-unsupported', `The lab does not know the XPath expression '${path}'.`);
};

const elementsOf = (node: Selected): XmlElement[] =>
  'children' in node ? node.children.filter((child) => child.kind === 'element') : [];

const descendants = (node: Selected): XmlElement[] =>
  elementsOf(node).flatMap((child) => [child, ...descendants(child)]);

const nameMatches = (element: XmlElement, test: string, namespaces: Namespaces): boolean => {
  if (test === '*') return true;
  const [prefix, local] = test.includes(':') ? test.split(':') : ['', test];
  if (localName(element.name) !== local) return false;
  const own = element.name.includes(':') ? (element.name.split(':')[0] ?? '') : '';
  const wanted = prefix === '' ? '' : (namespaces.get(prefix ?? '') ?? unsupported(test));
  return namespaceOf(element, own) === wanted;
};

const literal = String.raw`(?:"([^"]*)"|'([^']*)'|(\d+(?:\.\d+)?))`;
const comparison = new RegExp(String.raw`^\s*(.+?)\s*(=|!=|<=|>=|<|>)\s*${literal}\s*$`);
const functionCall = new RegExp(String.raw`^\s*(contains|starts-with)\(\s*(.+?)\s*,\s*${literal}\s*\)\s*$`);

const textOf = (node: Selected): string => (node.kind === 'attribute' ? node.value : innerText(node));

const splitBoolean = (text: string, word: string): string[] => {
  const parts: string[] = [];
  let quote = '';
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i] ?? '';
    if (quote !== '') quote = c === quote ? '' : quote;
    else if (c === '"' || c === "'") quote = c;
    else if (c === '(' || c === '[') depth++;
    else if (c === ')' || c === ']') depth--;
    else if (depth === 0 && text.startsWith(` ${word} `, i)) {
      parts.push(text.slice(start, i));
      start = i + word.length + 2;
    }
  }
  parts.push(text.slice(start));
  return parts;
};

const compareTexts = (operator: string, a: string, b: string, isNumber: boolean): boolean => {
  const [x, y] = isNumber ? [Number(a), Number(b)] : [a, b];
  switch (operator) {
    case '=':
      return x === y;
    case '!=':
      return x !== y;
    case '<':
      return Number(x) < Number(y);
    case '>':
      return Number(x) > Number(y);
    case '<=':
      return Number(x) <= Number(y);
    default:
      return Number(x) >= Number(y);
  }
};

const operandTexts = (node: XmlElement, operand: string, namespaces: Namespaces): string[] => {
  if (operand === 'text()' || operand === '.') return [innerText(node)];
  if (operand === 'local-name()') return [localName(node.name)];
  if (operand === 'name()') return [node.name];
  return select(node, operand, namespaces).map(textOf);
};

const holds = (node: XmlElement, predicate: string, namespaces: Namespaces): boolean => {
  const either = splitBoolean(predicate, 'or');
  if (either.length > 1) return either.some((part) => holds(node, part, namespaces));
  const both = splitBoolean(predicate, 'and');
  if (both.length > 1) return both.every((part) => holds(node, part, namespaces));
  const negated = /^\s*not\((.*)\)\s*$/.exec(predicate);
  if (negated) return !holds(node, negated[1] ?? '', namespaces);
  const call = functionCall.exec(predicate);
  if (call) {
    const wanted = call[3] ?? call[4] ?? call[5] ?? '';
    return operandTexts(node, call[2] ?? '', namespaces).some((text) =>
      call[1] === 'contains' ? text.includes(wanted) : text.startsWith(wanted),
    );
  }
  const compared = comparison.exec(predicate);
  if (compared) {
    const wanted = compared[3] ?? compared[4] ?? compared[5] ?? '';
    return operandTexts(node, compared[1] ?? '', namespaces).some((text) =>
      compareTexts(compared[2] ?? '=', text, wanted, compared[5] !== undefined),
    );
  }
  return operandTexts(node, predicate.trim(), namespaces).length > 0;
};

const applyPredicates = (nodes: XmlElement[], predicates: readonly string[], namespaces: Namespaces): XmlElement[] => {
  let left = nodes;
  for (const predicate of predicates) {
    if (/^\s*\d+\s*$/.test(predicate)) {
      // A position counts among the children of one parent.
      const position = Number(predicate);
      const groups = new Map<unknown, XmlElement[]>();
      for (const node of left) groups.set(node.parent, [...(groups.get(node.parent) ?? []), node]);
      left = [...groups.values()].flatMap((group) => group.slice(position - 1, position));
    } else if (/^\s*last\(\)\s*$/.test(predicate)) left = left.slice(-1);
    else left = left.filter((node) => holds(node, predicate, namespaces));
  }
  return left;
};

const step =
  /^(\/\/|\/)?(?:(@)?((?:[\w-]+:)?[\w.-]+|\*)|(\.\.)|(\.)|(text\(\))|(node\(\)))((?:\[(?:[^[\]"']|"[^"]*"|'[^']*'|\[[^\]]*\])*\])*)/;

const rootOf = (node: Selected): Selected => {
  let at: Selected = node;
  for (;;) {
    const up: Selected | undefined =
      at.kind === 'document' ? undefined : at.kind === 'attribute' ? at.owner : at.parent;
    if (!up) return at;
    at = up;
  }
};

const predicatesOf = (text: string): string[] =>
  [...text.matchAll(/\[((?:[^[\]"']|"[^"]*"|'[^']*'|\[[^\]]*\])*)\]/g)].map((match) => match[1] ?? '');

const runStep = (nodes: Selected[], match: RegExpExecArray, namespaces: Namespaces, isFirst: boolean): Selected[] => {
  const deep = match[1] === '//';
  const start = isFirst && match[1] !== undefined ? nodes.slice(0, 1).map(rootOf) : nodes;
  if (match[4])
    return start.map((node) =>
      node.kind === 'attribute' ? node.owner : node.kind === 'document' ? node : (node.parent ?? node),
    );
  if (match[5]) return start;
  if (match[6])
    return start.flatMap((node) =>
      'children' in node ? node.children.filter((child) => child.kind === 'text' || child.kind === 'cdata') : [],
    );
  if (match[7]) return start.flatMap((node) => ('children' in node ? node.children : []));
  const name = match[3] ?? '';
  if (match[2]) {
    const owners = start.flatMap((node) => (deep ? descendants(node) : node.kind === 'element' ? [node] : []));
    return owners.flatMap((owner) => owner.attributes.filter((attribute) => name === '*' || attribute.name === name));
  }
  const candidates = start.flatMap((node) => (deep ? descendants(node) : elementsOf(node)));
  const named = candidates.filter((element) => nameMatches(element, name, namespaces));
  return applyPredicates(named, predicatesOf(match[8] ?? ''), namespaces);
};

/**
 * Selects nodes by the subset of XPath that remediation scripts use: steps, `//`, attributes, predicates with comparison, `contains`, positions.
 * @throws Failure `lab-unsupported` for anything else
 */
export function select(node: Selected, path: string, namespaces: Namespaces): Selected[] {
  const union = splitBoolean(path, '|');
  if (union.length > 1) return union.flatMap((part) => select(node, part.trim(), namespaces));
  if (path.trim() === '/') return [rootOf(node)];
  let nodes: Selected[] = [node];
  let rest = path.trim();
  let isFirst = true;
  while (rest !== '') {
    const match = step.exec(rest);
    if (!match || match[0] === '') return unsupported(path);
    nodes = runStep(nodes, match, namespaces, isFirst);
    rest = rest.slice(match[0].length);
    isFirst = false;
  }
  return [...new Set(nodes)];
}
