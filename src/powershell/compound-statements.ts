import { readArgumentValue } from './commands.ts';
import type { Expression } from './expression-tree.ts';
import type { Parser } from './parser.ts';
import type { Block, Statement, SwitchStatement, TypeName } from './syntax-tree.ts';
import { readBracketed } from './types.ts';
import { readVariable } from './variables.ts';

const readCondition = (parser: Parser, keyword: string): Statement => {
  parser.expect('(', 'MissingOpenParenthesisAfterKeyword', `'(' was expected behind '${keyword}'`);
  parser.skipLines();
  const condition = parser.grammar.pipeline(parser);
  if (!condition)
    parser.fail(
      keyword === 'if' ? 'IfStatementMissingCondition' : 'MissingConditionAfterKeyword',
      `a condition was expected behind '${keyword} ('`,
    );
  parser.expect(')', 'MissingEndParenthesisAfterStatement', `')' was expected behind the condition of '${keyword}'`);
  return condition;
};

/** Consumes a keyword on this or a later line; otherwise the position stays. */
const takeLater = (parser: Parser, word: string): boolean => {
  const mark = parser.at;
  parser.skipLines();
  if (parser.takeWord(word)) return true;
  parser.at = mark;
  return false;
};

/** `if … elseif … else`. */
export const readIf = (parser: Parser): Statement => {
  const start = parser.at;
  parser.at += 2;
  const clauses = [{ condition: readCondition(parser, 'if'), block: parser.grammar.block(parser) }];
  while (takeLater(parser, 'elseif')) {
    clauses.push({ condition: readCondition(parser, 'elseif'), block: parser.grammar.block(parser) });
  }
  const otherwise = takeLater(parser, 'else') ? parser.grammar.block(parser) : undefined;
  return { kind: 'if', clauses, otherwise, start, end: parser.at };
};

/** `while`, `do … while`, `do … until`. */
export const readLoop = (parser: Parser, label: string | undefined): Statement => {
  const start = parser.at;
  if (parser.takeWord('while')) {
    const condition = readCondition(parser, 'while');
    const block = parser.grammar.block(parser);
    return { kind: 'while', label, condition, block, start, end: parser.at };
  }
  parser.at += 2;
  const block = parser.grammar.block(parser);
  parser.skipLines();
  const kind = parser.takeWord('until') ? 'doUntil' : 'doWhile';
  if (kind === 'doWhile' && !parser.takeWord('while')) {
    parser.fail('MissingWhileOrUntilInDoWhile', "'while' or 'until' was expected behind the block of 'do'");
  }
  const condition = readCondition(parser, kind === 'doWhile' ? 'while' : 'until');
  return { kind, label, condition, block, start, end: parser.at };
};

/** `for (initial; condition; iterate) { }`. */
export const readFor = (parser: Parser, label: string | undefined): Statement => {
  const start = parser.at;
  parser.at += 3;
  parser.expect('(', 'MissingOpenParenthesisAfterKeyword', "'(' was expected behind 'for'");
  const parts: (Statement | undefined)[] = [];
  for (let i = 0; i < 3; i++) {
    parser.skipLines();
    parts.push(parser.grammar.pipeline(parser));
    parser.skipBlanks();
    // A line's end stands for the semicolon, too.
    if (i < 2) parser.take(';');
  }
  parser.expect(')', 'MissingEndParenthesisAfterStatement', "')' was expected behind the head of 'for'");
  const block = parser.grammar.block(parser);
  const [initial, condition, iterate] = parts;
  return { kind: 'for', label, initial, condition, iterate, block, start, end: parser.at };
};

/** `foreach ($x in …) { }`. */
export const readForEach = (parser: Parser, label: string | undefined): Statement => {
  const start = parser.at;
  parser.at += 7;
  parser.skipBlanks();
  if (parser.peek() === '-')
    parser.fail('unsupported-syntax', 'foreach -parallel belongs to workflows, which are not read by this parser');
  parser.expect('(', 'MissingOpenParenthesisAfterKeyword', "'(' was expected behind 'foreach'");
  parser.skipLines();
  const variable = readVariable(parser);
  if (!variable) parser.fail('MissingVariableNameAfterForeach', "a variable was expected behind 'foreach ('");
  parser.skipLines();
  if (parser.sees('in$') || !parser.takeWord('in'))
    parser.fail('MissingInInForeach', "'in' was expected behind the variable of 'foreach'");
  parser.skipLines();
  const source = parser.grammar.pipeline(parser);
  if (!source) parser.fail('MissingForeachExpression', "an expression was expected behind 'in'");
  parser.expect(')', 'MissingEndParenthesisAfterForeach', "')' was expected behind the head of 'foreach'");
  const block = parser.grammar.block(parser);
  return { kind: 'foreach', label, variable, source, block, start, end: parser.at };
};

type SwitchOptions = Pick<SwitchStatement, 'match' | 'caseSensitive' | 'file'>;

const readSwitchOptions = (parser: Parser): SwitchOptions => {
  let match: SwitchStatement['match'] = 'exact';
  let caseSensitive = false;
  let file: Expression | undefined;
  for (;;) {
    parser.skipLines();
    const option = parser.look(/-([A-Za-z]+)/y);
    if (!option) return { match, caseSensitive, file };
    const name = (option[1] ?? '').toLowerCase();
    parser.at += option[0].length;
    if ('regex'.startsWith(name)) match = 'regex';
    else if ('wildcard'.startsWith(name)) match = 'wildcard';
    else if ('casesensitive'.startsWith(name)) caseSensitive = true;
    else if ('file'.startsWith(name)) {
      parser.skipBlanks();
      file = readArgumentValue(parser);
    } else if (!'exact'.startsWith(name)) parser.fail('InvalidSwitchFlag', `-${name} is no option of switch`);
  }
};

const readSwitchClauses = (parser: Parser, start: number): Pick<SwitchStatement, 'clauses' | 'otherwise'> => {
  const clauses: { condition: Expression; block: Block }[] = [];
  let otherwise: Block | undefined;
  parser.expect('{', 'MissingCurlyBraceInSwitchStatement', "'{' was expected behind the head of 'switch'");
  for (;;) {
    parser.skipSeparators();
    const isEmpty = clauses.length === 0 && !otherwise;
    if (!isEmpty && parser.take('}')) return { clauses, otherwise };
    if (parser.done) parser.fail('MissingEndCurlyBrace', "the closing '}' of 'switch' is missing", start);
    if (parser.word() === 'default') {
      if (otherwise) parser.fail('MultipleSwitchDefaultClauses', "a 'switch' has one clause 'default'");
      parser.at += 7;
      otherwise = parser.grammar.block(parser);
      continue;
    }
    const condition = readArgumentValue(parser);
    if (!condition)
      parser.fail('MissingSwitchConditionExpression', "a condition was expected in the clauses of 'switch'");
    clauses.push({ condition, block: parser.grammar.block(parser) });
  }
};

/** `switch [-Regex|-Wildcard|-Exact] [-CaseSensitive] (…) { … }`. */
export const readSwitch = (parser: Parser, label: string | undefined): Statement => {
  const start = parser.at;
  parser.at += 6;
  const options = readSwitchOptions(parser);
  const source = options.file ? undefined : readCondition(parser, 'switch');
  const clauses = readSwitchClauses(parser, start);
  return { kind: 'switch', label, ...options, source, ...clauses, start, end: parser.at };
};

const readCatchTypes = (parser: Parser): TypeName[] => {
  const types: TypeName[] = [];
  for (;;) {
    parser.skipLines();
    if (types.length > 0) {
      if (!parser.take(',')) return types;
      parser.skipLines();
    }
    if (parser.peek() !== '[') return types;
    const type = readBracketed(parser);
    if (type.kind === 'attribute')
      parser.fail('UnexpectedAttribute', 'a type was expected, not an attribute', type.start);
    types.push(type);
  }
};

/** `try … catch … finally`. */
export const readTry = (parser: Parser): Statement => {
  const start = parser.at;
  parser.at += 3;
  const block = parser.grammar.block(parser);
  const catches: { types: TypeName[]; block: Block }[] = [];
  while (takeLater(parser, 'catch')) {
    const types = readCatchTypes(parser);
    if (catches.at(-1)?.types.length === 0)
      parser.fail('EmptyCatchNotLast', "a 'catch' without types must be the last one", start);
    catches.push({ types, block: parser.grammar.block(parser) });
  }
  const last = takeLater(parser, 'finally') ? parser.grammar.block(parser) : undefined;
  if (catches.length === 0 && !last)
    parser.fail('MissingCatchOrFinally', "'catch' or 'finally' was expected behind the block of 'try'");
  return { kind: 'try', block, catches, finally: last, start, end: parser.at };
};

/** `trap [type] { }`. */
export const readTrap = (parser: Parser): Statement => {
  const start = parser.at;
  parser.at += 4;
  const [type] = readCatchTypes(parser);
  const block = parser.grammar.block(parser);
  return { kind: 'trap', type, block, start, end: parser.at };
};
