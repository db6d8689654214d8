import { netError } from '../define.ts';
import type { XmlAttribute, XmlDocument, XmlElement, XmlNode } from './xml-parse.ts';
import { innerText } from './xml-parse.ts';

/** What a path can select. */
export type Selected = XmlElement | XmlAttribute | XmlNode | XmlDocument;

/** Namespaces by prefix. */
export type Namespaces = ReadonlyMap<string, string>;
/** What an expression gives. */
export type Result = Selected[] | string | number | boolean;
/** Where an expression is evaluated. */
export type Place = {
  readonly node: Selected;
  readonly position: number;
  readonly size: number;
  readonly namespaces: Namespaces;
};

/** Ends with an XPathException. */
export const failPath = (message: string): never => {
  throw netError('System.Xml.XPath.XPathException', message);
};

/** The text of a node. */
export const textOf = (node: Selected): string => (node.kind === 'attribute' ? node.value : innerText(node));
/** string(). */
export const asText = (value: Result): string => {
  if (Array.isArray(value)) return value[0] ? textOf(value[0]) : '';
  if (typeof value === 'number')
    return Number.isFinite(value) ? String(value) : Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
  return String(value);
};
/** number(). */
export const asNumber = (value: Result): number => {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  const text = asText(value).trim();
  return /^-?(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
};
/** boolean(). */
export const asTruth = (value: Result): boolean =>
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
export const comparePaths = (operator: string, left: Result, right: Result): boolean => {
  if (Array.isArray(left) && typeof right !== 'boolean')
    return left.some((node) => comparePaths(operator, textOf(node), right));
  if (Array.isArray(right) && typeof left !== 'boolean')
    return right.some((node) => comparePaths(operator, left, textOf(node)));
  return compareOne(operator, left, right);
};
