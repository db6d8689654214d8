import { type Document, isMap, isScalar, isSeq, type LineCounter, type Node } from 'yaml';
import type { Json } from '../../kernel/words.ts';
import type { InputFault } from './fault.ts';

/** Where something is in a document: keys and 0-based indexes from the top. */
export type DocumentPath = readonly (string | number)[];

/** What is said about a fault, besides its place. */
export type FaultWords = {
  readonly message: string;
  readonly expected?: string | null;
  readonly suggestion?: string | null;
  /** Points at the key instead of the value. */
  readonly atKey?: boolean;
  /** Points this many characters into a plain value on one line. */
  readonly offset?: number;
  /** Leaves the offending line out. */
  readonly hideText?: boolean;
};

/** A file that was read: its value, and the way from a path back to line and column. */
export type SourceDocument = {
  readonly file: string;
  readonly text: string;
  readonly value: Json;
  /** A fault at a path (or at the nearest thing above it that exists). */
  readonly fault: (path: DocumentPath, words: FaultWords) => InputFault;
  /** The value at a path as it was written, when it stands on one line; null otherwise. */
  readonly written: (path: DocumentPath) => string | null;
};

/** Lines that may hold a secret are shown up to the first colon only. */
const secretWord = /pass|pwd|secret|token|credential|redis/i;

/** `stages[1].steps[0].uses` for a path. */
function pathText(path: DocumentPath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(part)) return `${text}[${JSON.stringify(part)}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
}

/** A key with nothing behind it, a reference to a secret, or the name of a credential. */
const harmless = /^[\s-]*(?:[\w.-]+:\s*(?:(?:env|file):[^\s,{}]+)?|credential:\s*[\w.-]+)\s*$/;

/** The line that a fault shows; in a sensitive file, without what could be a secret. */
export function shownLine(line: string, sensitive: boolean): string | null {
  if (!sensitive || !secretWord.test(line) || harmless.test(line)) return line;
  const colon = line.indexOf(':');
  return colon === -1 ? null : `${line.slice(0, colon + 1)} [not shown]`;
}

/** Makes a source document of a parsed one. */
export function sourceDocument(parts: {
  readonly file: string;
  readonly text: string;
  readonly value: Json;
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
  readonly sensitive: boolean;
}): SourceDocument {
  const { file, text, value, document, lines, sensitive } = parts;
  const rows = text.split('\n');
  return {
    file,
    text,
    value,
    fault: (path, words) => {
      const { key, node } = findNode(document.contents, path);
      const place = (words.atKey === true ? (key ?? node) : node)?.range?.[0] ?? 0;
      const quote = words.offset !== undefined && /["']/.test(text[place] ?? '') ? 1 : 0;
      const { line, col } = lines.linePos(place + (words.offset === undefined ? 0 : words.offset + quote));
      const row = (rows[line - 1] ?? '').replace(/\r$/, '');
      return {
        file,
        line,
        column: col,
        path: pathText(path),
        message: words.message,
        text: words.hideText === true ? null : shownLine(row, sensitive),
        expected: words.expected ?? null,
        suggestion: words.suggestion ?? null,
      };
    },
    written: (path) => {
      const { node, found } = findNode(document.contents, path);
      if (!found || !isScalar(node) || node.range === null || node.range === undefined) return null;
      const source = text.slice(node.range[0], node.range[1]);
      return source.includes('\n') ? null : source;
    },
  };
}

/** The node at a path, or the nearest one above it, with the key that leads to it. */
function findNode(
  top: Node | null,
  path: DocumentPath,
): { readonly node: Node | null; readonly key: Node | null; readonly found: boolean } {
  let node: Node | null = top;
  let key: Node | null = null;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(part));
      if (pair === undefined) return { node: key ?? node, key, found: false };
      key = pair.key as Node;
      // A key without a value has no node of its own.
      node = (pair.value as Node | null) ?? key;
    } else if (isSeq(node) && typeof part === 'number' && node.items[part] !== undefined) {
      node = node.items[part] as Node;
      key = null;
    } else {
      return { node, key, found: false };
    }
  }
  return { node, key, found: true };
}
