import type { CallContext } from '../host.ts';
import type { Value } from '../value.ts';
import { type AnyNode, makeElement, nodeValue, stateOfNode } from './xml-nodes.ts';
import type { XmlDocument } from './xml-parse.ts';

const insert = (node: AnyNode, child: Value, place: Value, behind: 0 | 1): Value => {
  const [inner, at] = [stateOfNode(child), stateOfNode(place)];
  if (!inner || !('children' in node) || inner.kind === 'attribute' || inner.kind === 'document') return null;
  if (inner.parent) inner.parent.children = inner.parent.children.filter((one) => one !== inner);
  inner.parent = node;
  const found = node.children.findIndex((one) => one === at);
  // Without a place the child comes last, or first behind nothing.
  node.children.splice(found === -1 ? (behind === 0 ? node.children.length : 0) : found + behind, 0, inner);
  return child;
};

const remove = (node: AnyNode, child: Value): Value => {
  const inner = stateOfNode(child);
  if (!('children' in node)) return child;
  node.children = node.children.filter((one) => one !== inner);
  // What once had children is written with an end tag.
  if (node.kind === 'element') node.selfClosing = false;
  return child;
};

/** Methods of documents and elements that change their children. */
export const editing = {
  AppendChild: (node: AnyNode, [child]: Value[]): Value => {
    const inner = stateOfNode(child);
    if (!inner || !('children' in node) || inner.kind === 'attribute' || inner.kind === 'document') return null;
    if (inner.parent) inner.parent.children = inner.parent.children.filter((one) => one !== inner);
    inner.parent = node;
    node.children.push(inner);
    return child;
  },
  InsertBefore: (node: AnyNode, [child, place]: Value[]): Value => insert(node, child, place, 0),
  InsertAfter: (node: AnyNode, [child, place]: Value[]): Value => insert(node, child, place, 1),
  PrependChild: (node: AnyNode, [child]: Value[]): Value =>
    insert(node, child, 'children' in node && node.children[0] ? nodeValue(node.children[0]) : null, 0),
  ReplaceChild: (node: AnyNode, [child, old]: Value[]): Value => {
    insert(node, child, old, 0);
    return remove(node, old);
  },
  RemoveChild: (node: AnyNode, [child]: Value[]): Value => remove(node, child),
} as const;

/** One name, or a name and its namespace, or a prefix before both. */
const createElement = (document: XmlDocument, args: readonly string[]): Value => {
  const [first = '', second, third] = args;
  const isFull = third !== undefined;
  const prefix = isFull ? first : first.includes(':') ? first.slice(0, first.indexOf(':')) : '';
  const element = makeElement(document, isFull ? (prefix === '' ? (second ?? '') : `${prefix}:${second}`) : first);
  const space = isFull ? third : second;
  if (space !== undefined && space !== '') {
    const name = prefix === '' ? 'xmlns' : `xmlns:${prefix}`;
    element.attributes.push({ kind: 'attribute', name, value: space, owner: element });
  }
  return nodeValue(element);
};

/** Methods of a document that make nodes without a place. */
export const creating = {
  CreateElement: (document: XmlDocument, args: Value[], context: CallContext): Value =>
    createElement(
      document,
      args.map((arg) => context.text(arg)),
    ),
  CreateTextNode: (_document: XmlDocument, [text]: Value[], context: CallContext): Value =>
    nodeValue({ kind: 'text', name: '#text', text: context.text(text), parent: undefined }),
  CreateComment: (_document: XmlDocument, [text]: Value[], context: CallContext): Value =>
    nodeValue({ kind: 'comment', name: '#comment', text: context.text(text), parent: undefined }),
  CreateCDataSection: (_document: XmlDocument, [text]: Value[], context: CallContext): Value =>
    nodeValue({ kind: 'cdata', name: '#cdata-section', text: context.text(text), parent: undefined }),
} as const;
