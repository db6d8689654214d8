import { readArgumentValue } from './commands.ts';
import { readFor, readForEach, readIf, readLoop, readSwitch, readTrap, readTry } from './compound-statements.ts';
import { readFunction } from './functions.ts';
import type { Parser } from './parser.ts';
import { readPipeline } from './pipelines.ts';
import type { Block, FlowStatement, Statement } from './syntax-tree.ts';
import { readTypeDefinition } from './type-definitions.ts';

const refused: Readonly<Record<string, string>> = {
  workflow: 'workflows',
  configuration: 'DSC configurations',
};

/** Words that PowerShell keeps for itself though they mean nothing. */
const reserved = new Set(['from', 'define', 'var']);

/** Words that begin something else: they are read where they may stand. */
const misplaced: Readonly<Record<string, string>> = {
  class: 'MissingNameAfterKeyword',
  enum: 'MissingNameAfterKeyword',
  parallel: 'UnexpectedKeyword',
  sequence: 'UnexpectedKeyword',
};

const readFlow = (parser: Parser, kind: FlowStatement['kind']): Statement => {
  const start = parser.at;
  parser.at += kind.length;
  const mark = parser.at;
  parser.skipBlanks();
  if (kind === 'break' || kind === 'continue') {
    const label = /[\w$"'(]/.test(parser.peek()) ? readArgumentValue(parser) : undefined;
    if (!label) parser.at = mark;
    return { kind, value: undefined, label, start, end: parser.at };
  }
  const value = readPipeline(parser);
  if (!value) parser.at = mark;
  return { kind, value, label: undefined, start, end: parser.at };
};

const readData = (parser: Parser): Statement => {
  const start = parser.at;
  parser.at += 4;
  parser.skipBlanks();
  const variable = parser.look(/[A-Za-z_]\w*/y)?.[0];
  parser.at += variable?.length ?? 0;
  parser.skipBlanks();
  const supported = parser.look(/-SupportedCommand\s+[^{]+/iy);
  parser.at += supported?.[0].length ?? 0;
  const block = readBlock(parser);
  return { kind: 'data', variable, block, start, end: parser.at };
};

const readKeyword = (parser: Parser, word: string, label: string | undefined): Statement | undefined => {
  switch (word) {
    case 'if':
      return readIf(parser);
    case 'while':
    case 'do':
      return readLoop(parser, label);
    case 'for':
      return readFor(parser, label);
    case 'foreach':
      return readForEach(parser, label);
    case 'switch':
      return readSwitch(parser, label);
    case 'try':
      return readTry(parser);
    case 'trap':
      return readTrap(parser);
    case 'function':
    case 'filter':
      return readFunction(parser);
    case 'return':
    case 'throw':
    case 'exit':
    case 'break':
    case 'continue':
      return readFlow(parser, word);
    case 'data':
      return readData(parser);
    case 'using':
      return parser.fail('UsingMustBeAtStartOfScript', "'using' stands before all other statements of a script");
    default: {
      if (reserved.has(word)) parser.fail('ReservedKeywordNotAllowed', `the word '${word}' is kept for the language`);
      const missing = misplaced[word];
      if (missing !== undefined) parser.fail(missing, `'${word}' may not stand here alone`);
      const construct = refused[word];
      if (construct && /\s/.test(parser.peek(word.length))) {
        parser.fail('unsupported-syntax', `${construct} are not read by this parser`);
      }
      return undefined;
    }
  }
};

const readLabel = (parser: Parser): string | undefined => {
  const match = parser.look(/:([A-Za-z_]\w*)/y);
  if (!match) return undefined;
  parser.at += match[0].length;
  parser.skipLines();
  return match[1];
};

const ended = /[\r\n;})]/;

/** A statement, or undefined at the end of a block. What must follow it is checked by the caller. */
export const readStatement = (parser: Parser): Statement | undefined =>
  parser.nested(() => {
    parser.skipBlanks();
    const label = readLabel(parser);
    const definition = readTypeDefinition(parser);
    if (definition) return definition;
    const word = parser.word();
    const statement = word === undefined ? undefined : readKeyword(parser, word, label);
    return statement ?? readPipeline(parser);
  });

/** Whether something must stand between a statement and the next one though it ends with a brace. */
const endsAsPipeline = (statement: Statement): boolean => {
  if (statement.kind === 'pipeline') return true;
  if (statement.kind === 'assignment') return endsAsPipeline(statement.value);
  return (
    'value' in statement &&
    statement.kind === 'return' &&
    statement.value !== undefined &&
    endsAsPipeline(statement.value)
  );
};

/** Statements up to a closing character, which is consumed; an empty `close` means the end of the script. */
export const readStatementsUntil = (parser: Parser, close: string, start: number): Block => {
  const statements: Statement[] = [];
  for (;;) {
    parser.skipSeparators();
    if (close !== '' && parser.take(close)) break;
    if (parser.done) {
      if (close === '') break;
      const id = close === '}' ? 'MissingEndCurlyBrace' : 'MissingEndParenthesisInExpression';
      parser.fail(id, `the closing '${close}' is missing`, start);
    }
    const statement = readStatement(parser);
    if (!statement) parser.fail('UnexpectedToken', `unexpected token '${parser.peek()}'`);
    statements.push(statement);
    parser.skipBlanks();
    // A statement that ends with its own brace needs no separator behind it.
    if (
      parser.done ||
      ended.test(parser.peek()) ||
      (parser.text[statement.end - 1] === '}' && !endsAsPipeline(statement))
    )
      continue;
    const token = parser.text.slice(parser.at, parser.at + 30).split(/\s/)[0];
    parser.fail('UnexpectedToken', `unexpected token '${token}' in expression or statement`);
  }
  return { kind: 'block', statements, start, end: parser.at };
};

/** `{ statements }` after blanks and line ends. */
export const readBlock = (parser: Parser): Block => {
  parser.skipLines();
  const start = parser.at;
  if (!parser.take('{')) parser.fail('MissingStatementBlock', "a block '{ … }' was expected");
  return parser.withComma(false, () => readStatementsUntil(parser, '}', start));
};
