import { isAssignable, requireTarget } from './assignable.ts';
import type { Expression, NumberLiteral } from './expression-tree.ts';
import { readNumber } from './number-literals.ts';
import { lookOperator, lookUnary } from './operators.ts';
import type { Parser } from './parser.ts';
import { readPrimary } from './primaries.ts';
import { readBracketed } from './types.ts';

const refuseNewer = (parser: Parser): void => {
  if (parser.sees('??=')) parser.refuse("the null-coalescing assignment '??='");
  if (parser.sees('??')) parser.refuse("the null-coalescing operator '??'");
  if (parser.sees('?')) parser.refuse("the ternary operator '?:'");
};

/** Whether an operand follows a `[type]`, which makes it a cast. */
const operandFollows = (parser: Parser): boolean => {
  const c = parser.peek();
  if (c === '-')
    return lookUnary(parser) !== undefined || /^-[\d.$('"@[]/.test(parser.text.slice(parser.at, parser.at + 2));
  return c !== '' && /[$(@{"'[\d!+]/.test(c) && !(c === '+' && /[\s=]/.test(parser.peek(1)));
};

const readCastOrType = (parser: Parser): Expression => {
  const start = parser.at;
  const bracketed = readBracketed(parser);
  const mark = parser.at;
  if (bracketed.kind === 'attribute') {
    parser.skipLines();
    const operand = /[[$@(]/.test(parser.peek()) ? readUnary(parser) : undefined;
    if (!operand || !isAssignable(operand))
      parser.fail('UnexpectedAttribute', `the attribute ${bracketed.name} may not stand here`, start);
    return { kind: 'cast', type: undefined, attribute: bracketed, operand, start, end: operand.end };
  }
  parser.skipBlanks();
  if (operandFollows(parser)) {
    const operand = readUnary(parser);
    if (bracketed.name.toLowerCase() === 'ordered' && operand.kind !== 'hash')
      parser.fail('OrderedAttributeOnlyOnHashLiteralNode', '[ordered] stands before a hash literal alone', start);
    return { kind: 'cast', type: bracketed, attribute: undefined, operand, start, end: operand.end };
  }
  parser.at = mark;
  return readPrimary(parser, { kind: 'type', type: bracketed, start, end: mark });
};

const negate = (literal: NumberLiteral, start: number): NumberLiteral => {
  const { value } = literal;
  const span = { kind: 'number', start, end: literal.end } as const;
  switch (value.type) {
    case 'Int32':
    case 'Int64': {
      const integer = -value.integer;
      // 2147483648 alone is a long, but -2147483648 is an int.
      return { ...span, value: { type: integer === -2147483648n ? 'Int32' : value.type, integer } };
    }
    case 'Double':
      return { ...span, value: { type: 'Double', float: -value.float } };
    case 'Decimal':
      // So does the least long.
      if (value.scale === 0 && value.unscaled === 9223372036854775808n)
        return { ...span, value: { type: 'Int64', integer: -value.unscaled } };
      return { ...span, value: { ...value, unscaled: -value.unscaled } };
  }
};

const readSigned = (parser: Parser): Expression => {
  const start = parser.at;
  const operator = parser.peek();
  parser.at++;
  if (operator === '-') {
    const literal = /[\d.]/.test(parser.peek()) ? readNumber(parser, false) : undefined;
    if (literal) return readPrimary(parser, negate(literal, start));
  }
  parser.skipBlanks();
  const operand = readUnary(parser);
  return { kind: 'unary', operator, caseSensitive: false, operand, start, end: operand.end };
};

/** An operand with its unary operators. */
export const readUnary = (parser: Parser): Expression =>
  parser.nested(() => {
    parser.skipBlanks();
    const start = parser.at;
    const c = parser.peek();
    if (parser.sees('++') || parser.sees('--')) {
      const by = c === '+' ? 1 : -1;
      parser.at += 2;
      parser.skipBlanks();
      const target = readUnary(parser);
      requireTarget(parser, target, start);
      return { kind: 'increment', by, prefix: true, target, start, end: target.end };
    }
    if (c === ',' && parser.commaEnds)
      parser.fail('MissingExpressionAfterToken', "an expression was expected before ','");
    if (c === '!' || c === ',') {
      parser.at++;
      parser.skipLines();
      const operand = readUnary(parser);
      return {
        kind: 'unary',
        operator: c === '!' ? 'not' : ',',
        caseSensitive: false,
        operand,
        start,
        end: operand.end,
      };
    }
    const word = c === '-' ? lookUnary(parser) : undefined;
    if (word) {
      parser.at += word.length;
      parser.skipLines();
      const operand = readUnary(parser);
      const { name, caseSensitive } = word;
      return { kind: 'unary', operator: name, caseSensitive, operand, start, end: operand.end };
    }
    if (c === '-' || c === '+') return readSigned(parser);
    if (c === '[') return readCastOrType(parser);
    return readPrimary(parser);
  });

const readArrayLiteral = (parser: Parser): Expression => {
  const first = readUnary(parser);
  if (parser.commaEnds) return first;
  const items = [first];
  for (;;) {
    const mark = parser.at;
    parser.skipBlanks();
    if (!parser.take(',')) {
      parser.at = mark;
      break;
    }
    parser.skipLines();
    items.push(readUnary(parser));
  }
  if (items.length === 1) return first;
  return { kind: 'array', items, start: first.start, end: parser.at };
};

const readBinary = (parser: Parser, least: number): Expression => {
  let left = readArrayLiteral(parser);
  for (;;) {
    const mark = parser.at;
    parser.skipBlanks();
    const operator = lookOperator(parser);
    if (!operator || operator.precedence < least) {
      if (parser.at > mark || parser.peek() === '?') refuseNewer(parser);
      parser.at = mark;
      return left;
    }
    const at = parser.at;
    parser.at += operator.length;
    parser.skipLines();
    if (/^[)}\];|]?$/.test(parser.peek()))
      parser.fail('ExpectedValueExpression', `a value was expected behind the operator`, parser.at);
    const right = readBinary(parser, operator.precedence + 1);
    const { name, caseSensitive } = operator;
    left = { kind: 'binary', operator: name, caseSensitive, left, right, at, start: left.start, end: right.end };
  }
};

/** An expression with binary operators, loosest first. */
export const readExpression = (parser: Parser): Expression => parser.nested(() => readBinary(parser, 1));

/** An expression that ends at a comma. */
export const readExpressionNoComma = (parser: Parser): Expression =>
  parser.withComma(true, () => {
    parser.skipLines();
    return readExpression(parser);
  });
