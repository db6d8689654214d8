import type { ExpandableString, Expression, StringLiteral } from './expression-tree.ts';
import { readNestedExpression } from './nested-expression.ts';
import type { Parser } from './parser.ts';
import { readVariable } from './variables.ts';

const escapes: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** Reads one backtick escape; the backtick is the next character. A line continuation gives the line end itself. */
const readEscape = (parser: Parser): string => {
  parser.at++;
  const start = parser.at;
  const c = parser.peek();
  if (c === '') parser.fail('IncompleteString', 'a character was expected behind the backtick');
  parser.at++;
  if (c === '\r' && parser.peek() === '\n') {
    parser.at++;
    return '\r\n';
  }
  return escapes[c] ?? parser.written(start);
};

/** Collects text and expressions of a string with expansion. */
type Parts = { readonly list: (string | Expression)[]; text: string };

const pushExpression = (parts: Parts, expression: Expression): void => {
  if (parts.text !== '') parts.list.push(parts.text);
  parts.text = '';
  parts.list.push(expression);
};

/** Reads `$name`, `${name}` or `$( … )` inside a string; a lone dollar is text. */
const readExpansion = (parser: Parser, parts: Parts, inHereString = false): void => {
  if (parser.peek(1) === '(') {
    pushExpression(parts, readNestedExpression(parser, inHereString));
    return;
  }
  const variable = readVariable(parser, true);
  if (variable) pushExpression(parts, variable);
  else {
    parts.text += '$';
    parser.at++;
  }
};

/** `$( statements )`; the position is at the dollar. */
export const readSubExpression = (parser: Parser): Expression => {
  const start = parser.at;
  parser.at += 2;
  const block = parser.withComma(false, () => parser.grammar.statementsUntil(parser, ')', start));
  return { kind: 'subExpression', block, start, end: parser.at };
};

const finish = (parts: Parts, start: number, end: number, bare: boolean): StringLiteral | ExpandableString => {
  if (parts.list.length === 0) return { kind: 'string', value: parts.text, bare, start, end };
  if (parts.text !== '') parts.list.push(parts.text);
  return { kind: 'expandable', parts: parts.list, bare, start, end };
};

/** The next character as it is written. */
const takeWritten = (parser: Parser): string => {
  parser.at++;
  return parser.written(parser.at - 1);
};

const readSingleQuoted = (parser: Parser): string => {
  const start = parser.at;
  let text = '';
  parser.at++;
  for (;;) {
    const end = parser.text.indexOf("'", parser.at);
    if (end === -1) parser.fail('TerminatorExpectedAtEndOfString', "the string is missing the terminator: '", start);
    const from = parser.at;
    parser.at = end;
    text += parser.written(from);
    parser.at++;
    if (parser.peek() !== "'") return text;
    text += takeWritten(parser);
  }
};

const readDoubleQuoted = (parser: Parser, parts: Parts): void => {
  const start = parser.at;
  parser.at++;
  for (;;) {
    const c = parser.peek();
    if (c === '') parser.fail('TerminatorExpectedAtEndOfString', 'the string is missing the terminator: "', start);
    if (c === '"') {
      parser.at++;
      if (parser.peek() !== '"') return;
      parts.text += takeWritten(parser);
    } else if (c === '`') parts.text += readEscape(parser);
    else if (c === '$') readExpansion(parser, parts);
    else {
      parts.text += takeWritten(parser);
    }
  }
};

const openHereString = (parser: Parser, start: number): void => {
  const header = parser.look(/@['"][ \t]*\r?\n/y);
  if (!header)
    parser.fail('UnexpectedCharactersAfterHereStringHeader', 'nothing may follow the header of a here-string', start);
  parser.at += header[0].length;
};

const readHereString = (parser: Parser): Expression => {
  const start = parser.at;
  const quote = parser.peek(1);
  openHereString(parser, start);
  const close = quote === '"' ? /\r?\n"@/y : /\r?\n'@/y;
  const parts: Parts = { list: [], text: '' };
  // An empty here-string closes at the beginning of its first line.
  if (parser.sees(`${quote}@`)) {
    parser.at += 2;
    return finish(parts, start, parser.at, false);
  }
  for (;;) {
    const c = parser.peek();
    if (c === '') parser.fail('TerminatorExpectedAtEndOfString', `the here-string has no closing ${quote}@`, start);
    const end = c === '\r' || c === '\n' ? parser.look(close) : null;
    if (end) {
      parser.at += end[0].length;
      return finish(parts, start, parser.at, false);
    }
    if (quote === '"' && c === '`') parts.text += readEscape(parser);
    else if (quote === '"' && c === '$') readExpansion(parser, parts, true);
    else {
      parts.text += takeWritten(parser);
    }
  }
};

/** A quoted string or here-string at the position, or undefined. */
export const readString = (parser: Parser): Expression | undefined => {
  const start = parser.at;
  const c = parser.peek();
  if (c === "'") return { kind: 'string', value: readSingleQuoted(parser), bare: false, start, end: parser.at };
  if (c === '"') {
    const parts: Parts = { list: [], text: '' };
    readDoubleQuoted(parser, parts);
    return finish(parts, start, parser.at, false);
  }
  if (c === '@' && (parser.peek(1) === '"' || parser.peek(1) === "'")) return readHereString(parser);
  return undefined;
};

const wordEnd = /[\s;|&(){},\u0085\u00a0]/;

/** Whether a character ends a word of a command line. */
export const endsWord = (c: string): boolean => c === '' || wordEnd.test(c);

/** A word of a command line with its quoted and expanded pieces; undefined if none is there. */
export const readWord = (parser: Parser): StringLiteral | ExpandableString | undefined => {
  const start = parser.at;
  const parts: Parts = { list: [], text: '' };
  for (;;) {
    const c = parser.peek();
    if (c === '$') readExpansion(parser, parts);
    else if (parser.at > start && c === '`' && parser.peek(1) === '') parts.text += takeWritten(parser);
    else if (c === '`' && !/^`\r?\n/.test(parser.text.slice(parser.at, parser.at + 3)))
      parts.text += readEscape(parser);
    else if (c === '`' || endsWord(c)) break;
    else if (c === "'") parts.text += readSingleQuoted(parser);
    else if (c === '"') readDoubleQuoted(parser, parts);
    else {
      parts.text += takeWritten(parser);
    }
  }
  return parser.at === start ? undefined : finish(parts, start, parser.at, true);
};
