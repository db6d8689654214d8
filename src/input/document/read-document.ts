import { isScalar, LineCounter, parseDocument, visit, type YAMLParseError, type YAMLWarning } from 'yaml';
import type { Json } from '../../kernel/words.ts';
import { decodeText } from './decode-text.ts';
import { hidingMore, type InputFault, type Loaded, optionFault } from './fault.ts';
import { sortFaults } from './report-faults.ts';
import { type SourceDocument, shownLine, sourceDocument } from './source-document.ts';
import { findUnclosed, type Unclosed } from './unclosed.ts';

/** How a document is read. */
export type ReadOptions = {
  /** Largest size of the file; 1 MiB where it is left out. */
  readonly maxBytes?: number;
  /** Whether its lines may hold secrets, which no fault may show. */
  readonly sensitive?: boolean;
};

/** Largest size of a file where nothing else is said: 1 MiB. */
export const defaultMaxBytes = 1_048_576;
/** How often aliases may be resolved; a bomb needs millions. */
const maxAliases = 100;
/** How deep lists and maps may lie in one another. */
const maxDepth = 32;

/** Reads one YAML (or JSON) document; all faults of its syntax at once. */
export function readDocument(
  content: Uint8Array | string,
  file: string,
  options: ReadOptions = {},
): Loaded<SourceDocument> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const decoded = decodeText(bytes, file, options.maxBytes ?? defaultMaxBytes);
  if ('fault' in decoded) return { ok: false, faults: [decoded.fault] };
  try {
    return parseText(decoded.text, file, options.sensitive ?? false);
  } catch (error) {
    // A stack that overflows is the parser's way to say that the nesting has no end.
    if (!(error instanceof RangeError)) throw error;
    return { ok: false, faults: [depthFault(file)] };
  }
}

function parseText(text: string, file: string, sensitive: boolean): Loaded<SourceDocument> {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    strict: true,
    // The parser's own check takes the square of the number of keys; `repeatedKeys` takes their number.
    uniqueKeys: false,
    logLevel: 'error',
    keepSourceTokens: false,
  });
  const rows = text.split('\n');
  const at = (offset: number, message: string, expected: string | null, suggestion: string | null): InputFault => {
    const { line, col } = lines.linePos(offset);
    const row = (rows[line - 1] ?? '').replace(/\r$/, '');
    return { file, line, column: col, path: '', message, text: shownLine(row, sensitive), expected, suggestion };
  };
  const wrong = [...document.errors, ...document.warnings];
  // The parser catches its own overflowing stack and reports it as faults, hundreds of them.
  if (wrong.some((error) => /call stack|stack overflow/i.test(error.message))) {
    return { ok: false, faults: [depthFault(file)] };
  }
  const twice = repeatedKeys(document).map(({ name, offset }) =>
    at(offset, `the key \`${name}\` is there twice`, 'each key once', 'remove one of them'),
  );
  const unclosed = wrong.length === 0 ? [] : findUnclosed(text);
  // What follows from something that is not closed is no fault of its own.
  const own = wrong.filter(({ pos }) => unclosed.every(({ offset }) => pos[0] < offset));
  const faults = [
    ...own.map((error) => at(error.pos[0], ...wordsOf(error, text))),
    ...unclosed.map((each) => at(each.offset, ...unclosedWords(each))),
    ...twice,
  ];
  // What does not fit the format is told of what can be read.
  if (faults.length > 0) return { ok: false, faults: hidingMore(sortFaults(faults)) };
  if (document.contents === null) {
    return { ok: false, faults: [optionFault(file, 'the file is empty')] };
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: maxAliases });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    const message = 'aliases stand for more than the file may hold, or for themselves';
    const expected = `at most ${maxAliases} uses of aliases, none of which contains itself`;
    return { ok: false, faults: [at(firstAlias(document), message, expected, 'write the values out')] };
  }
  const source = sourceDocument({ file, text, value: value as Json, document, lines, sensitive });
  checkJson(value, [], source, faults);
  return faults.length > 0 ? { ok: false, faults } : { ok: true, value: source };
}

/** What JSON cannot hold (infinite numbers) or no format of ours needs (endless nesting). */
function checkJson(
  value: unknown,
  path: readonly (string | number)[],
  source: SourceDocument,
  faults: InputFault[],
): void {
  if (path.length > maxDepth) {
    const { message, expected } = depthFault(source.file);
    if (faults.length === 0) faults.push(source.fault(path.slice(0, 1), { message, expected }));
    return;
  }
  if (
    typeof value === 'number' &&
    (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)))
  ) {
    const message = 'this number is too large to be kept exactly';
    faults.push(source.fault(path, { message, suggestion: 'put it in quotes if it is a text' }));
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, each] of Object.entries(value)) {
    checkJson(each, [...path, Array.isArray(value) ? Number(key) : key], source, faults);
  }
}

function depthFault(file: string): InputFault {
  return optionFault(file, 'lists and maps lie too deep in one another', { expected: `at most ${maxDepth} levels` });
}

/** Keys that a map has twice, at their second place. */
function repeatedKeys(document: ReturnType<typeof parseDocument>): { name: string; offset: number }[] {
  const repeated: { name: string; offset: number }[] = [];
  visit(document, {
    Map: (_, map) => {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const name = String(key.value);
        if (seen.has(name)) repeated.push({ name, offset: key.range?.[0] ?? 0 });
        seen.add(name);
      }
    },
  });
  return repeated;
}

function firstAlias(document: ReturnType<typeof parseDocument>): number {
  let offset = 0;
  visit(document, {
    Alias: (_, alias) => {
      offset = alias.range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return offset;
}

function unclosedWords({ opens, closes }: Unclosed): [string, string, string | null] {
  const inside = /["']/.test(opens) ? '' : ', and all lines up to it further right than the key before it';
  return [`this ${opens} is not closed`, `\`${closes}\`${inside}`, null];
}

/** Message, what was expected, and what to do, for a fault of the YAML syntax. */
function wordsOf(
  { code, message, pos }: YAMLParseError | YAMLWarning,
  text: string,
): [string, string | null, string | null] {
  const own: Partial<Record<string, [string, string | null, string | null]>> = {
    TAB_AS_INDENT: ['a tab is used to indent', 'blanks', 'put two blanks in the place of each tab'],
    MULTIPLE_DOCS: ['a second document begins here', 'one document in a file', 'remove `---` and what follows'],
    NON_STRING_KEY: ['a key must be a plain text', 'a name before the colon', null],
    TAG_RESOLVE_FAILED: [`unknown tag or value: ${message}`, 'plain values', null],
  };
  const written = text.charAt(pos[0]);
  if (code === 'UNEXPECTED_TOKEN' && /[\]}]/.test(written))
    return [`this ${written} closes nothing`, null, 'remove it'];
  return own[code] ?? [message.charAt(0).toLowerCase() + message.slice(1), 'YAML 1.2', null];
}
