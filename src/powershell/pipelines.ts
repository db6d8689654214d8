import { readCommand, withRedirections } from './commands.ts';
import type { Expression } from './expression-tree.ts';
import { readExpression } from './expressions.ts';
import { readNumber } from './number-literals.ts';
import { lookUnary } from './operators.ts';
import type { Parser } from './parser.ts';
import type { Assignment, Pipeline, Statement } from './syntax-tree.ts';

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
    case '!':
    case ',':
      return true;
    case '@':
      return /[({"']/.test(parser.peek(1));
    case '-':
      return parser.peek(1) === '-' || lookUnary(parser) !== undefined || /[\d.$(\s['"@{]/.test(parser.peek(1));
    case '+':
      return true;
    default:
      break;
  }
  if (!/[\d.]/.test(c)) return false;
  const mark = parser.at;
  const literal = readNumber(parser, false);
  parser.at = mark;
  return literal !== undefined;
};

const assignmentOperators = ['=', '+=', '-=', '*=', '/=', '%='] as const;

const isAssignable = (target: Expression): boolean => {
  if (target.kind === 'variable' || target.kind === 'member' || target.kind === 'index') return true;
  if (target.kind === 'cast') return isAssignable(target.operand);
  if (target.kind === 'array') return target.items.every(isAssignable);
  if (target.kind !== 'parenthesis' || target.inner.kind !== 'pipeline') return false;
  const [element] = target.inner.elements;
  return element?.kind === 'expressionCommand' && isAssignable(element.expression);
};

const readAssignment = (parser: Parser, target: Expression): Assignment | undefined => {
  const operator = assignmentOperators.find((text) => parser.sees(text));
  if (operator === undefined) return undefined;
  if (!isAssignable(target)) {
    parser.fail(
      'InvalidLeftHandSide',
      'the left side of an assignment must be a variable, property or element',
      target.start,
    );
  }
  parser.at += operator.length;
  parser.skipLines();
  const value = parser.grammar.statement(parser);
  if (!value) parser.fail('ExpectedValueExpression', `a value was expected behind '${operator}'`);
  return { kind: 'assignment', operator, target, value, start: target.start, end: value.end };
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
