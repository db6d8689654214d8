import { requireTarget } from './assignable.ts';
import type { Expression } from './expression-tree.ts';
import { readHash } from './hash-literals.ts';
import { readNumber } from './number-literals.ts';
import type { Parser } from './parser.ts';
import { readString, readSubExpression } from './string-literals.ts';
import { readBracketed } from './types.ts';
import { readSplat, readVariable } from './variables.ts';

const readParenthesis = (parser: Parser): Expression => {
  const start = parser.at;
  parser.at++;
  const inner = parser.withComma(false, () => {
    parser.skipLines();
    const statement = parser.grammar.pipeline(parser);
    if (!statement) parser.fail('ExpectedExpression', "an expression was expected after '('");
    return statement;
  });
  parser.expect(')', 'MissingEndParenthesisInExpression', "the closing ')' is missing");
  return { kind: 'parenthesis', inner, start, end: parser.at };
};

const readAt = (parser: Parser): Expression | undefined => {
  const start = parser.at;
  const next = parser.peek(1);
  if (next === '(') {
    parser.at += 2;
    const block = parser.withComma(false, () => parser.grammar.statementsUntil(parser, ')', start));
    return { kind: 'arrayExpression', block, start, end: parser.at };
  }
  if (next === '{') return parser.withComma(false, () => readHash(parser));
  if (next === '"' || next === "'") return readString(parser);
  if (readSplat(parser))
    parser.fail('SplattingNotPermitted', 'a splatted variable stands among the arguments of a command', start);
  return parser.fail('UnrecognizedToken', "'@' alone has no meaning", start);
};

const readBase = (parser: Parser): Expression | undefined => {
  const start = parser.at;
  const c = parser.peek();
  switch (c) {
    case '$':
      return parser.peek(1) === '(' ? readSubExpression(parser) : readVariable(parser);
    case '"':
    case "'":
      return readString(parser);
    case '@':
      return readAt(parser);
    case '(':
      return readParenthesis(parser);
    case '{': {
      parser.at++;
      const body = parser.withComma(false, () => parser.grammar.scriptBody(parser, start, '}'));
      return { kind: 'scriptBlock', body, start, end: parser.at };
    }
    case '[': {
      const type = readBracketed(parser);
      if (type.kind === 'attribute') parser.fail('UnexpectedAttribute', 'an attribute may not stand here', start);
      return { kind: 'type', type, start, end: parser.at };
    }
    default:
      return /[\d.]/.test(c) ? readNumber(parser, false) : undefined;
  }
};

const readMemberName = (parser: Parser): Expression => {
  const start = parser.at;
  const c = parser.peek();
  if (c === '$') {
    const name = parser.peek(1) === '(' ? readSubExpression(parser) : readVariable(parser);
    if (name) return name;
  }
  if (c === '(') return readParenthesis(parser);
  const quoted = readString(parser);
  if (quoted) return quoted;
  const word = parser.look(/[\p{L}\p{Nd}_]+/uy);
  if (!word) parser.fail('MissingPropertyName', "a member name was expected behind '.' or '::'");
  parser.at += word[0].length;
  return { kind: 'string', value: word[0], bare: true, start, end: parser.at };
};

/** Method arguments; the position is behind the parenthesis. */
const readArguments = (parser: Parser): Expression[] => {
  const list: Expression[] = [];
  parser.skipLines();
  while (!parser.take(')')) {
    if (list.length > 0) {
      if (!parser.take(',')) parser.fail('MissingEndParenthesisInMethodCall', "')' was expected behind the arguments");
      parser.skipLines();
    }
    list.push(parser.grammar.expressionNoComma(parser));
    parser.skipLines();
  }
  return list;
};

/** `[int](`, `[string[], int](` behind a member name. */
const genericCall = /\[\s*[\p{L}_][\p{L}\p{Nd}_.,[\]\s]*\]\(/uy;

const readMember = (parser: Parser, target: Expression): Expression => {
  const isStatic = parser.peek() === ':';
  parser.at += isStatic ? 2 : 1;
  parser.skipLines();
  const name = readMemberName(parser);
  if (parser.peek() === '[' && parser.look(genericCall)) parser.refuse('a method call with type arguments');
  if (parser.take('(')) {
    const args = readArguments(parser);
    return { kind: 'call', target, name, arguments: args, isStatic, start: target.start, end: parser.at };
  }
  // `.Where{ … }` and `.ForEach{ … }` take a script block without parentheses.
  if (parser.peek() === '{' && name.kind === 'string' && /^(where|foreach|pswhere|psforeach)$/i.test(name.value)) {
    const block = readBase(parser);
    const args = block ? [block] : [];
    return { kind: 'call', target, name, arguments: args, isStatic, start: target.start, end: parser.at };
  }
  return { kind: 'member', target, name, isStatic, start: target.start, end: parser.at };
};

const readIndex = (parser: Parser, target: Expression): Expression => {
  parser.at++;
  const index = parser.withComma(false, () => {
    parser.skipLines();
    if (parser.done || parser.peek() === ']')
      parser.fail('MissingArrayIndexExpression', "an index was expected behind '['");
    return parser.grammar.expression(parser);
  });
  parser.expect(']', 'MissingEndSquareBracket', "the closing ']' of the index is missing");
  return { kind: 'index', target, index, start: target.start, end: parser.at };
};

const memberStarts = /\.(?=[\p{L}_$("'\d])|::/uy;
/** In expressions blanks and line ends may stand behind the dot. */
const memberStartsApart = /\.(?=\s*[\p{L}_$("'\d])|::/uy;

/** `++` or `--` behind an expression; in expressions blanks may stand before it. */
const readIncrement = (parser: Parser, target: Expression, asArgument: boolean): Expression => {
  const mark = parser.at;
  if (!asArgument) parser.skipBlanks();
  if (parser.sees('++') || parser.sees('--')) {
    const by = parser.peek() === '+' ? 1 : -1;
    requireTarget(parser, target, parser.at);
    parser.at += 2;
    return { kind: 'increment', by, prefix: false, target, start: target.start, end: parser.at };
  }
  parser.at = mark;
  return target;
};

/**
 * A primary expression with member accesses, indexes and `++`/`--` behind it.
 * @param from a primary that was read already
 * @param asArgument whether it is an argument of a command, which a blank ends
 */
export const readPrimary = (parser: Parser, from?: Expression, asArgument = false): Expression => {
  const base = from ?? readBase(parser);
  if (!base) {
    if (parser.done) parser.fail('ExpectedExpression', 'an expression was expected, but the script ends here');
    parser.fail(
      /,\s*$/.test(parser.text.slice(0, parser.at)) ? 'MissingExpressionAfterToken' : 'UnexpectedToken',
      `an expression was expected, not '${parser.text.slice(parser.at, parser.at + 20).split(/\s/)[0]}'`,
    );
  }
  const starts = asArgument ? memberStarts : memberStartsApart;
  let expression = base;
  for (;;) {
    const c = parser.peek();
    if ((c === '.' || c === ':') && parser.look(starts)) expression = readMember(parser, expression);
    else if (c === '[') expression = readIndex(parser, expression);
    else if (c === '?' && parser.look(/\?\.|\?\[/y)) parser.refuse("the null-conditional access '?.'");
    else break;
  }
  return readIncrement(parser, expression, asArgument);
};
