import type { Expression } from './expression-tree.ts';
import { readNumber } from './number-literals.ts';
import type { Parser } from './parser.ts';
import { readPrimary } from './primaries.ts';
import { endsWord, readString, readWord } from './string-literals.ts';
import type { Command, CommandElement, CommandParameter, ExpressionCommand, Redirection } from './syntax-tree.ts';
import { readSplat } from './variables.ts';

const redirectionStart = /([1-6*])?(>>?)(?:&([12]))?/y;

/** A redirection at the position, or undefined. */
export const readRedirection = (parser: Parser): Redirection | undefined => {
  if (parser.peek() === '<') parser.fail('RedirectionNotSupported', "the '<' operator is reserved for future use");
  const match = parser.look(redirectionStart);
  if (!match) return undefined;
  const start = parser.at;
  parser.at += match[0].length;
  const from = match[1] === '*' ? 0 : Number(match[1] ?? 1);
  const merge = match[3] !== undefined;
  let target: Expression | undefined;
  if (!merge) {
    parser.skipBlanks();
    target = readArgumentValue(parser);
    if (!target) parser.fail('MissingFileSpecification', 'a file name was expected behind the redirection');
  }
  return { kind: 'redirection', from, merge, append: match[2] === '>>', target, start, end: parser.at };
};

const readDollarArgument = (parser: Parser): Expression | undefined => {
  const mark = parser.at;
  const variable = parser.look(/\$(\(|\{|[\p{L}\p{Nd}_?^$])/uy);
  if (!variable) return readWord(parser);
  const expression = readPrimary(parser, undefined, true);
  if (endsWord(parser.peek()) || expression.kind !== 'variable') return expression;
  if (parser.peek() === '.') {
    // A dot that nothing can follow is an argument of its own; before anything else a member is missing.
    if (endsWord(parser.peek(1)) || parser.peek(1) === '.') return expression;
    parser.fail('MissingPropertyName', "a member name was expected behind '.'", parser.at + 1);
  }
  parser.at = mark;
  return readWord(parser);
};

const readSplatArgument = (parser: Parser): Expression | undefined => {
  const mark = parser.at;
  const splat = readSplat(parser);
  if (splat && endsWord(parser.peek())) return splat;
  if (splat && /[.[]/.test(parser.peek()))
    parser.fail('SplattingNotPermitted', 'a splatted variable stands alone, without members', mark);
  parser.at = mark;
  if (splat || parser.peek(1) === '$') return readWord(parser);
  return parser.fail('UnrecognizedToken', "'@' alone has no meaning");
};

/** One argument without commas: word, number, string, variable, parenthesis, script block… */
export const readArgumentValue = (parser: Parser): Expression | undefined => {
  const c = parser.peek();
  switch (c) {
    case '$':
      return readDollarArgument(parser);
    case '"':
    case "'": {
      const text = readString(parser);
      return text && readPrimary(parser, text, true);
    }
    case '(':
    case '{':
      return readPrimary(parser, undefined, true);
    case '@':
      if (/[("'{]/.test(parser.peek(1))) return readPrimary(parser, undefined, true);
      return readSplatArgument(parser);
    default:
      break;
  }
  if (/[-\d.+]/.test(c)) {
    // With a sign it is a text, which a parameter turns into its number.
    const start = parser.at;
    const literal = c === '-' ? undefined : readNumber(parser, true);
    if (literal) return literal;
    parser.at = start;
  }
  return readWord(parser);
};

const readArgumentList = (parser: Parser): Expression | undefined => {
  const first = readArgumentValue(parser);
  if (!first) return undefined;
  const items = [first];
  for (;;) {
    const mark = parser.at;
    parser.skipBlanks();
    if (!parser.take(',')) {
      parser.at = mark;
      break;
    }
    parser.skipLines();
    const next = readArgumentValue(parser);
    if (!next) parser.fail('MissingArgument', "an argument was expected behind ','");
    items.push(next);
  }
  const splat = items.length === 1 ? undefined : items.find((item) => item.kind === 'variable' && item.splat);
  if (splat)
    parser.fail(
      'SplattingNotPermittedInArgumentList',
      'a splatted variable stands alone, outside lists with commas',
      splat.start,
    );
  return items.length === 1 ? first : { kind: 'array', items, start: first.start, end: parser.at };
};

const endOfParameters = /--(?=[\s;|)}&]|$)/y;
const parameterName = /-([A-Za-z_?][^\s{}();,|&.[:"'$]*)(:)?/y;

const readParameter = (parser: Parser): CommandParameter | undefined => {
  const match = parser.look(parameterName);
  if (!match) return undefined;
  const start = parser.at;
  const after = parser.text[start + match[0].length] ?? '';
  if (match[2] === undefined && /["'$]/.test(after)) return undefined;
  parser.at += match[0].length;
  let argument: Expression | undefined;
  if (match[2] !== undefined) {
    parser.skipBlanks();
    argument = readArgumentList(parser);
    if (!argument) parser.fail('ParameterRequiresArgument', `an argument was expected behind -${match[1]}:`);
    if (argument.kind === 'variable' && argument.splat)
      parser.fail('SplattingNotPermitted', 'a splatted variable is no value of a parameter', argument.start);
  }
  return { kind: 'commandParameter', name: match[1] ?? '', argument, start, end: parser.at };
};

const readVerbatim = (parser: Parser): CommandElement => {
  const start = parser.at;
  const match = parser.look(/--%([^\r\n]*)/y);
  parser.at += match?.[0].length ?? 0;
  const value = {
    kind: 'string',
    value: `--%${parser.written(start + 3)}`,
    bare: true,
    start,
    end: parser.at,
  } as const;
  return { kind: 'argument', value, start, end: parser.at };
};

const readEndOfParameters = (parser: Parser): CommandElement => {
  const start = parser.at;
  parser.at += 2;
  const value = { kind: 'string', value: '--', bare: true, start, end: parser.at } as const;
  return { kind: 'argument', value, start, end: parser.at };
};

/** Whether a command ends here. */
const atEnd = (parser: Parser): boolean => {
  const c = parser.peek();
  return c === '' || c === '\n' || c === '\r' || c === ';' || c === '|' || c === ')' || c === '}' || c === '&';
};

const readInvocation = (parser: Parser): '&' | '.' | '' => {
  const c = parser.peek();
  if (c === '&' && parser.peek(1) !== '&') {
    parser.at++;
    parser.skipBlanks();
    return '&';
  }
  if (c === '.' && /^(?:[\s$("'{&})|;]|$)/.test(parser.peek(1))) {
    parser.at++;
    parser.skipBlanks();
    return '.';
  }
  return '';
};

const readName = (parser: Parser, invocation: string): Expression => {
  if (parser.peek() === '@' && invocation === '') {
    const start = parser.at;
    if (readSplat(parser)) parser.fail('SplattingNotPermitted', 'a splatted variable is no command', start);
    parser.fail('UnrecognizedToken', "'@' alone has no meaning");
  }
  const name = invocation === '' ? readWord(parser) : readArgumentValue(parser);
  if (!name) parser.fail('MissingExpression', 'a command name was expected');
  return name;
};

/** A command with its arguments and redirections. */
export const readCommand = (parser: Parser): Command => {
  const start = parser.at;
  const invocation = readInvocation(parser);
  const name = readName(parser, invocation);
  const elements: CommandElement[] = [];
  const redirections: Redirection[] = [];
  // Behind `--` nothing is a parameter any more.
  let onlyValues = false;
  let end = parser.at;
  for (;;) {
    parser.skipBlanks();
    if (atEnd(parser)) break;
    const redirection = readRedirection(parser);
    if (redirection) redirections.push(redirection);
    else if (parser.sees('--%')) elements.push(readVerbatim(parser));
    else if (!onlyValues && parser.look(endOfParameters)) {
      onlyValues = true;
      elements.push(readEndOfParameters(parser));
    } else elements.push((onlyValues ? undefined : readParameter(parser)) ?? readPlainArgument(parser));
    end = parser.at;
  }
  parser.at = end;
  return { kind: 'command', invocation, name, elements, redirections, start, end };
};

const readPlainArgument = (parser: Parser): CommandElement => {
  const start = parser.at;
  if (parser.peek() === ',') parser.fail('MissingArgument', "an argument was expected before ','");
  const value = readArgumentList(parser);
  if (!value) parser.fail('UnexpectedToken', `unexpected '${parser.peek()}' among the arguments of a command`);
  return { kind: 'argument', value, start, end: parser.at };
};

/** Redirections behind an expression. */
export const withRedirections = (parser: Parser, expression: Expression): ExpressionCommand => {
  const redirections: Redirection[] = [];
  for (;;) {
    const mark = parser.at;
    parser.skipBlanks();
    const redirection = readRedirection(parser);
    if (!redirection) {
      parser.at = mark;
      break;
    }
    redirections.push(redirection);
  }
  return { kind: 'expressionCommand', expression, redirections, start: expression.start, end: parser.at };
};
