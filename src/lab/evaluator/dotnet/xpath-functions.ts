import { localName, namespaceOf } from './xml-parse.ts';
import { asNumber, asText, asTruth, failPath, type Place, type Result, type Selected, textOf } from './xpath-values.ts';

type Call = (place: Place, args: readonly Result[]) => Result;

const nodeOr = ({ node }: Place, [given]: readonly Result[]): Selected | undefined =>
  given === undefined ? node : Array.isArray(given) ? given[0] : undefined;
const textOr = (place: Place, [given]: readonly Result[]): string =>
  given === undefined ? textOf(place.node) : asText(given);

/** The functions of XPath 1.0. */
export const pathFunctions: Readonly<Record<string, Call>> = {
  position: ({ position }) => position,
  last: ({ size }) => size,
  count: (_place, [nodes]) => (Array.isArray(nodes) ? nodes.length : failPath('count() takes nodes.')),
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
    return asText(text ?? '')
      .split('')
      .filter((_c, i) => i + 1 >= start && i + 1 < end)
      .join('');
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
    return asText(text ?? '')
      .split('')
      .map((c) => (source.includes(c) ? (target[source.indexOf(c)] ?? '') : c))
      .join('');
  },
  floor: (_place, [value]) => Math.floor(asNumber(value ?? 0)),
  ceiling: (_place, [value]) => Math.ceil(asNumber(value ?? 0)),
  round: (_place, [value]) => Math.round(asNumber(value ?? 0)),
};
