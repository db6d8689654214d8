import { type CharSet, charSet } from './char-set.ts';

/** A piece of a regular expression. */
export type RegexNode =
  | { readonly kind: 'set'; readonly set: CharSet }
  | { readonly kind: 'sequence'; readonly nodes: readonly RegexNode[] }
  | { readonly kind: 'choice'; readonly nodes: readonly RegexNode[] }
  | {
      readonly kind: 'repeat';
      readonly node: RegexNode;
      readonly min: number;
      readonly max: number;
      readonly greedy: boolean;
    }
  | { readonly kind: 'group'; readonly index: number; readonly node: RegexNode }
  | { readonly kind: 'look'; readonly ahead: boolean; readonly negative: boolean; readonly node: RegexNode }
  | { readonly kind: 'back'; readonly group: number | string; readonly ignoreCase: boolean }
  | { readonly kind: 'edge'; readonly negative: boolean }
  | { readonly kind: 'textStart' }
  | { readonly kind: 'textEnd' };

/** An expression as a tree. */
export type RegexTree = {
  readonly root: RegexNode;
  /** How many groups it captures. */
  readonly groups: number;
  readonly names: ReadonlyMap<string, number>;
};

type Reader = {
  readonly source: string;
  readonly unicode: boolean;
  at: number;
  ignoreCase: boolean;
  groups: number;
  readonly names: Map<string, number>;
};

const look = (reader: Reader, pattern: RegExp): RegExpExecArray | null => {
  pattern.lastIndex = reader.at;
  return pattern.exec(reader.source);
};

const readSet = (reader: Reader, source: string): RegexNode => {
  reader.at += source.length;
  return { kind: 'set', set: charSet(source, `${reader.ignoreCase ? 'i' : ''}${reader.unicode ? 'u' : ''}`) };
};

const escapeSource = /\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|u\{[0-9a-fA-F]+\}|c[A-Za-z]|[pP]\{[^}]*\}|0[0-7]*|[\s\S])/y;

const readEscape = (reader: Reader): RegexNode => {
  const { ignoreCase } = reader;
  const named = look(reader, /\\k<([^>]+)>/y);
  const numbered = look(reader, /\\([1-9]\d*)/y);
  const found = named ?? numbered;
  if (found) {
    reader.at += found[0].length;
    return { kind: 'back', group: named ? (found[1] ?? '') : Number(found[1]), ignoreCase };
  }
  const source = look(reader, escapeSource)?.[0] ?? '\\\\';
  if (source === '\\b' || source === '\\B') {
    reader.at += 2;
    return { kind: 'edge', negative: source === '\\B' };
  }
  return readSet(reader, source);
};

const readGroup = (reader: Reader): RegexNode => {
  const head = look(reader, /\(\?(?:(<?[=!])|<([^>=!]+)>|([ims]*)(?:-([ims]+))?:)/y);
  reader.at += head ? head[0].length : 1;
  const before = reader.ignoreCase;
  const [, sight, name, on = '', off = ''] = head ?? [];
  const index = head && name === undefined ? undefined : ++reader.groups;
  if (name !== undefined && index !== undefined) reader.names.set(name, index);
  reader.ignoreCase = on.includes('i') || (before && !off.includes('i'));
  const node = readChoice(reader);
  reader.ignoreCase = before;
  reader.at++;
  if (index !== undefined) return { kind: 'group', index, node };
  if (sight === undefined) return node;
  const ahead = !sight.startsWith('<');
  const negative = sight.endsWith('!');
  // How the translation writes the beginning and the end of the text.
  if (negative && node.kind === 'set' && node.set.source === '[\\s\\S]')
    return { kind: ahead ? 'textEnd' : 'textStart' };
  return { kind: 'look', ahead, negative, node };
};

const readAtom = (reader: Reader): RegexNode => {
  const c = reader.source[reader.at] ?? '';
  if (c === '(') return readGroup(reader);
  if (c === '\\') return readEscape(reader);
  if (c === '[') return readSet(reader, look(reader, /\[\^?(?:\\[\s\S]|[^\\\]])*\]/y)?.[0] ?? c);
  // Braces and a closing bracket alone are text.
  return readSet(reader, /[{}\]]/.test(c) ? `\\${c}` : c);
};

const readPiece = (reader: Reader): RegexNode => {
  const from = reader.at;
  const node = readAtom(reader);
  // A brace that is written without a backslash is one unit shorter than its source.
  if (node.kind === 'set' && /^[{}\]]/.test(reader.source[from] ?? '')) reader.at = from + 1;
  const counts = look(reader, /(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})(\??)/y);
  if (!counts) return node;
  reader.at += counts[0].length;
  const [all, low, comma, high, lazy] = counts;
  const greedy = lazy === '';
  if (low !== undefined) {
    const max = comma === undefined ? Number(low) : high ? Number(high) : Infinity;
    return { kind: 'repeat', node, min: Number(low), max, greedy };
  }
  return { kind: 'repeat', node, min: all.startsWith('+') ? 1 : 0, max: all.startsWith('?') ? 1 : Infinity, greedy };
};

const readSequence = (reader: Reader): RegexNode => {
  const nodes: RegexNode[] = [];
  while (reader.at < reader.source.length && !/[|)]/.test(reader.source[reader.at] ?? ''))
    nodes.push(readPiece(reader));
  return nodes.length === 1 && nodes[0] ? nodes[0] : { kind: 'sequence', nodes };
};

const readChoice = (reader: Reader): RegexNode => {
  const nodes = [readSequence(reader)];
  while (reader.source[reader.at] === '|') {
    reader.at++;
    nodes.push(readSequence(reader));
  }
  return nodes.length === 1 && nodes[0] ? nodes[0] : { kind: 'choice', nodes };
};

/** Reads a valid JavaScript expression of those that the translation from .NET writes. */
export const readRegexTree = (pattern: RegExp): RegexTree => {
  const reader: Reader = {
    source: pattern.source,
    unicode: pattern.unicode,
    at: 0,
    ignoreCase: pattern.ignoreCase,
    groups: 0,
    names: new Map(),
  };
  const root = readChoice(reader);
  return { root, groups: reader.groups, names: reader.names };
};
