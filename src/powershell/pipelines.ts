import { isAssignable } from './assignable.ts';
import { readCommand, withRedirections } from './commands.ts';
import type { Expression } from './expression-tree.ts';
import { readExpression } from './expressions.ts';
import { readNumber } from './number-literals.ts';
import { lookUnary } from './operators.ts';
import type { Parser } from './parser.ts';
import type { Assignment, Pipeline, Statement } from './syntax-tree.ts';

/** Whether a number, and not a word like `7z`, stands at an offset. */
const isNumber = (parser: Parser, offset: number): boolean => {
  const mark = parser.at;
  parser.at = offset;
  const literal = readNumber(parser, false);
  parser.at = mark;
  return literal !== undefined;
};

/** Whether what stands here begins an expression rather than a command. */
const beginsExpression = (parser: Parser): boolean => {
  const c = parser.peek();
  switch (c) {
    case '$':
      return parser.look(/\$(\(|\{|[\p{L}\p{Nd}_?^$])/uy) !== null;
    case '"':
    case "'":
    case '(':
    case '{':
    case '[':
    case ',':
      return true;
    case '!':
      return !/[\p{L}_]/u.test(parser.peek(1));
    case '@':
      return /[({"']/.test(parser.peek(1));
    case '-':
      if (/[\d.]/.test(parser.peek(1))) return isNumber(parser, parser.at + 1);
      return lookUnary(parser) !== undefined || /^(?:[-$(\s['"@{})#;|,]|$)/.test(parser.peek(1));
    case '+':
      return true;
    default:
      break;
  }
  return /[\d.]/.test(c) && isNumber(parser, parser.at);
};

const assignmentOperators = ['=', '+=', '-=', '*=', '/=', '%='] as const;

const readAssignment = (parser: Parser, expression: Expression): Assignment | undefined => {
  const operator = assignmentOperators.find((text) => parser.sees(text));
  if (operator === undefined) return undefined;
  const { start, end } = expression;
  // `,$a = 1` assigns to a list of one.
  const isList = expression.kind === 'unary' && expression.operator === ',';
  const target: Expression = isList ? { kind: 'array', items: [expression.operand], start, end } : expression;
  if (!isAssignable(target))
    parser.fail('InvalidLeftHandSide', 'the left side of an assignment must be a variable, property or element', start);
  parser.at += operator.length;
  parser.skipLines();
  const value = parser.grammar.statement(parser);
  if (!value) parser.fail('ExpectedValueExpression', `a value was expected behind '${operator}'`);
  return { kind: 'assignment', operator, target, value, start, end: value.end };
};

const refuseChains = (parser: Parser): void => {
  if (parser.sees('&&')) parser.refuse("the pipeline chain operator '&&'");
  if (parser.sees('||')) parser.refuse("the pipeline chain operator '||'");
};

/** A pipeline or assignment, or undefined where nothing begins. */
export const readPipeline = (parser: Parser): Statement | undefined => {
  parser.skipBlanks();
  const start = parser.at;
  const c = parser.peek();
  if (c === '' || c === ')' || c === '}' || c === ';' || c === '\n' || c === '\r') return undefined;
  if (c === '|') parser.fail('EmptyPipeElement', 'an empty pipe element is not allowed');
  const elements: Pipeline['elements'][number][] = [];
  if (beginsExpression(parser)) {
    const expression = readExpression(parser);
    const mark = parser.at;
    parser.skipBlanks();
    const assignment = readAssignment(parser, expression);
    if (assignment) return assignment;
    parser.at = mark;
    elements.push(withRedirections(parser, expression));
  } else elements.push(readCommand(parser));
  for (;;) {
    const mark = parser.at;
    parser.skipBlanks();
    refuseChains(parser);
    if (!parser.take('|')) {
      if (parser.look(/[\r\n]\s*\|(?!\|)/y)) parser.refuse("a line that begins with '|'");
      if (parser.peek() === '&') parser.refuse("the background operator '&'");
      parser.at = mark;
      break;
    }
    parser.skipLines();
    if (/[|)};]/.test(parser.peek()) || parser.done)
      parser.fail('EmptyPipeElement', 'an empty pipe element is not allowed');
    if (beginsExpression(parser)) {
      parser.fail(
        'ExpressionsMustBeFirstInPipeline',
        'expressions are only allowed as the first element of a pipeline',
      );
    }
    elements.push(readCommand(parser));
  }
  return { kind: 'pipeline', elements, start, end: parser.at };
};
