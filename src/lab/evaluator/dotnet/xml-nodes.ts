import { defineType } from '../define.ts';
import type { CallContext } from '../host.ts';
import { enumValue, newObject } from '../make.ts';
import type { TypeDefinition } from '../type-definition.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';
import { intArgument } from './argument-values.ts';
import { nodeTypeEnum } from './xml-node-type.ts';
import type { XmlDocument, XmlElement, XmlNode, XmlText } from './xml-parse.ts';
import { innerText, localName, parseXml, writeXml } from './xml-parse.ts';
import { select } from './xpath.ts';
import type { Selected } from './xpath-values.ts';

/** Any node. */
export type AnyNode = Selected;
/** Prefixes and namespaces. */
export type Manager = Map<string, string>;

const values = new WeakMap<object, Value>();

/** The types of nodes by kind; xml-types.ts fills it, since types and node values need each other. */
export const nodeTypes = new Map<AnyNode['kind'], TypeDefinition<AnyNode>>();

/** The value of a node; the same node is always the same object. */
export const nodeValue = (node: AnyNode): Value => {
  const known = values.get(node);
  if (known) return known;
  const type = nodeTypes.get(node.kind) ?? nodeTypes.get('text');
  if (!type) throw new Error('the XML types are not defined yet');
  const made: Value = newObject(type, node);
  values.set(node, made);
  return made;
};

const childElements = (node: XmlElement | XmlDocument): XmlElement[] =>
  node.children.filter((child) => child.kind === 'element');

// PowerShell shows an element that holds nothing but one text, and no attribute, as that text.
const adapted = (element: XmlElement): Value => {
  const [only, second] = element.children;
  const isText = element.attributes.length === 0 && !second && (!only || only.kind === 'text');
  return isText ? innerText(element) : nodeValue(element);
};

/** Attributes and child elements as properties. */
export const dynamic = (node: XmlElement | XmlDocument) => {
  const attributes = node.kind === 'element' ? node.attributes : [];
  const fits = (name: string, wanted: string): boolean =>
    name.toLowerCase() === wanted.toLowerCase() || localName(name).toLowerCase() === wanted.toLowerCase();
  const texts = node.children.filter(
    (child): child is XmlText => child.kind === 'text' || child.kind === 'cdata' || child.kind === 'comment',
  );
  const names = (): string[] => {
    const found = [
      ...attributes.map(({ name }) => localName(name)),
      ...childElements(node).map(({ name }) => localName(name)),
    ];
    if (node.kind === 'document')
      found.push(...node.children.filter((child) => child.kind === 'declaration').map(() => 'xml'));
    return [...new Set([...found, ...texts.map(({ name }) => name)])];
  };
  return {
    names,
    get: (name: string): Value => {
      const found: Value[] = [];
      for (const attribute of attributes) if (fits(attribute.name, name)) found.push(attribute.value);
      for (const child of childElements(node)) if (fits(child.name, name)) found.push(adapted(child));
      for (const text of texts) if (text.name === name.toLowerCase()) found.push(text.text);
      if (found.length === 0 && name.toLowerCase() === 'xml')
        return (node.children.find((child) => child.kind === 'declaration') as XmlText | undefined)?.text ?? null;
      return found.length > 1 ? found : (found[0] ?? null);
    },
    set: (name: string, value: Value): void => {
      const text = typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
      const attribute = attributes.find((one) => fits(one.name, name));
      if (attribute) {
        attribute.value = text;
        return;
      }
      const child = childElements(node).find((one) => fits(one.name, name));
      if (child) setText(child, text);
      else if (node.kind === 'element' && name.toLowerCase() === '#text') setText(node, text);
    },
  };
};

const setText = (element: XmlElement, text: string): void => {
  // An element that was given a text, even none, is written with an end tag from then on.
  element.selfClosing = false;
  element.children = text === '' ? [] : [{ kind: 'text', name: '#text', text, parent: element }];
};

const managerOf = (value: Value): Manager =>
  isBoxed(value) && value.kind === 'instance' && value.type.name === 'System.Xml.XmlNamespaceManager'
    ? (value.state as Manager)
    : new Map();

/** XmlNodeList. */
export const listType = defineType<AnyNode[]>({
  name: 'System.Xml.XmlNodeList',
  properties: { Count: { get: (nodes) => nodes.length }, Length: { get: (nodes) => nodes.length, hidden: true } },
  methods: {
    Item: (nodes, [at], context) => {
      const node = nodes[intArgument(at, context)];
      return node ? nodeValue(node) : null;
    },
  },
  enumerate: (nodes) => nodes.map(nodeValue),
  getItem: (nodes, [at], context) => {
    // Attributes are found by name too.
    const node =
      typeof at === 'string'
        ? nodes.find((one) => one.kind === 'attribute' && one.name === at)
        : nodes[intArgument(at, context)];
    return node ? nodeValue(node) : null;
  },
  isTrue: () => true,
});

/** A list of nodes as value. */
export const listOf = (nodes: AnyNode[]): Value => newObject(listType, nodes);

const siblingAt =
  (step: 1 | -1) =>
  (node: AnyNode): Value => {
    if (node.kind === 'document' || node.kind === 'attribute') return null;
    const all: readonly AnyNode[] = node.parent?.children ?? [];
    const found = all[all.indexOf(node) + step];
    return found ? nodeValue(found) : null;
  };

/** The first child element of a name: `$node['name']`. */
export const childNamed = (node: XmlElement | XmlDocument, name: string): Value => {
  const found = childElements(node).find((child) => child.name === name);
  return found ? nodeValue(found) : null;
};

const parentOf = (node: AnyNode): Value => {
  const parent = node.kind === 'document' ? undefined : node.kind === 'attribute' ? node.owner : node.parent;
  return parent ? nodeValue(parent) : null;
};

const nodeTypeValue = (name: string): Value => enumValue(nodeTypeEnum, name);

const copyNode = (node: XmlNode, deep: boolean): XmlNode => {
  if (node.kind !== 'element') return { ...node, parent: undefined };
  const copy: XmlElement = { ...node, parent: undefined, attributes: [], children: [] };
  copy.attributes = node.attributes.map((one) => ({ ...one, owner: copy }));
  if (deep) copy.children = node.children.map((child) => ({ ...copyNode(child, true), parent: copy }));
  return copy;
};

const copyAny = (node: AnyNode, deep: boolean): AnyNode => {
  if (node.kind === 'attribute') return { ...node };
  if (node.kind !== 'document') return copyNode(node, deep);
  const copy: XmlDocument = { ...node, children: [] };
  if (deep)
    for (const child of node.children) {
      const made = copyNode(child, true);
      made.parent = copy;
      copy.children.push(made);
    }
  return copy;
};

/** Properties that all nodes have. */
export const common = {
  OuterXml: {
    get: (node: AnyNode): Value => (node.kind === 'attribute' ? `${node.name}="${node.value}"` : writeXml(node)),
  },
  InnerXml: {
    get: (node: AnyNode): Value => ('children' in node ? node.children.map(writeXml).join('') : ''),
    set: (node: AnyNode, value: Value, context: CallContext) => {
      if (node.kind !== 'element') return;
      const parsed = parseXml(`<x>${context.text(value)}</x>`).children[0];
      node.children =
        parsed?.kind === 'element' ? parsed.children.map((child) => ({ ...child, parent: node }) as XmlNode) : [];
    },
  },
  InnerText: {
    get: (node: AnyNode): Value => (node.kind === 'attribute' ? node.value : innerText(node)),
    set: (node: AnyNode, value: Value, context: CallContext) => {
      if (node.kind === 'element') setText(node, context.text(value));
      else if (node.kind === 'attribute') node.value = context.text(value);
      else if ('text' in node) node.text = context.text(value);
    },
  },
  ChildNodes: {
    get: (node: AnyNode): Value =>
      listOf(
        'children' in node
          ? node.children.filter((child) => child.kind !== 'declaration' || node.kind === 'document')
          : [],
      ),
  },
  HasChildNodes: { get: (node: AnyNode): Value => 'children' in node && node.children.length > 0 },
  FirstChild: {
    get: (node: AnyNode): Value => {
      const first = 'children' in node ? node.children[0] : undefined;
      return first ? nodeValue(first) : null;
    },
  },
  LastChild: {
    get: (node: AnyNode): Value => {
      const last = 'children' in node ? node.children.at(-1) : undefined;
      return last ? nodeValue(last) : null;
    },
  },
  ParentNode: { get: parentOf },
  NextSibling: { get: siblingAt(1) },
  PreviousSibling: { get: siblingAt(-1) },
  NodeType: {
    get: (node: AnyNode): Value =>
      nodeTypeValue(
        {
          document: 'Document',
          element: 'Element',
          attribute: 'Attribute',
          text: 'Text',
          cdata: 'CDATA',
          comment: 'Comment',
          declaration: 'XmlDeclaration',
          instruction: 'ProcessingInstruction',
        }[node.kind],
      ),
  },
  OwnerDocument: {
    get: (node: AnyNode): Value => (node.kind === 'element' ? nodeValue(node.document) : null),
    hidden: true,
  },
} as const;

/** Methods of documents and elements. */
export const methods = {
  SelectNodes: (node: AnyNode, [path, manager]: Value[], context: CallContext): Value =>
    listOf(select(node, context.text(path), managerOf(manager))),
  SelectSingleNode: (node: AnyNode, [path, manager]: Value[], context: CallContext): Value => {
    const [first] = select(node, context.text(path), managerOf(manager));
    return first ? nodeValue(first) : null;
  },
  GetElementsByTagName: (node: AnyNode, [name, namespace]: Value[], context: CallContext): Value => {
    const wanted = context.text(name);
    const found = select(node, node.kind === 'document' ? '//*' : './/*', new Map()).filter(
      (one): one is XmlElement => one.kind === 'element',
    );
    return listOf(
      found.filter((one) => wanted === '*' || (namespace === undefined ? one.name : localName(one.name)) === wanted),
    );
  },
  Clone: (node: AnyNode): Value => nodeValue(copyAny(node, true)),
  CloneNode: (node: AnyNode, [deep]: Value[]): Value => nodeValue(copyAny(node, deep === true)),
  RemoveAll: (node: AnyNode): Value => {
    if ('children' in node) node.children = [];
    if (node.kind === 'element') node.attributes = [];
    return undefined;
  },
} as const;

/** Calls a method that all nodes have; null for what is no node. */
export const callNode = (
  value: Value,
  name: 'SelectNodes' | 'CloneNode',
  args: Value[],
  context: CallContext,
): Value => {
  const node = stateOfNode(value);
  return node ? methods[name](node, args, context) : null;
};

/** The node behind a value; undefined for what is no node. */
export const stateOfNode = (value: Value): AnyNode | undefined =>
  isBoxed(value) && value.kind === 'instance' && value.type.name.startsWith('System.Xml.Xml')
    ? (value.state as AnyNode)
    : undefined;

/** A new element that stands nowhere yet. */
export const makeElement = (document: XmlDocument, name: string): XmlElement => ({
  kind: 'element',
  name,
  attributes: [],
  children: [],
  parent: undefined,
  selfClosing: true,
  document,
});
