import { readCommand } from './commands.ts';
import { readExpression, readExpressionNoComma, readUnary } from './expressions.ts';
import { readScriptBody } from './functions.ts';
import type { Grammar } from './parser.ts';
import { Parser } from './parser.ts';
import { readPipeline } from './pipelines.ts';
import { readPrimary } from './primaries.ts';
import type { Source } from './source.ts';
import { makeSource } from './source.ts';
import { readBlock, readStatement, readStatementsUntil } from './statements.ts';
import type { ClassDefinition, EnumDefinition, ScriptBody, TypeName } from './syntax-tree.ts';
import { readTypeName } from './types.ts';

const grammar: Grammar = {
  statement: readStatement,
  block: readBlock,
  statementsUntil: readStatementsUntil,
  pipeline: readPipeline,
  expression: readExpression,
  expressionNoComma: readExpressionNoComma,
  unary: readUnary,
  primary: readPrimary,
  scriptBody: readScriptBody,
  typeName: readTypeName,
  command: readCommand,
};

/** A parsed script. */
export type Script = {
  readonly source: Source;
  readonly body: ScriptBody;
  /** Its classes and enums, wherever they stand. */
  readonly types: readonly (ClassDefinition | EnumDefinition)[];
};

/**
 * Parses a Windows PowerShell 5.1 script.
 * @param text the script; a byte order mark is ignored
 * @param file name for messages
 * @param onRule is told of every expression that begins, and may end the reading by throwing
 * @throws SyntaxFault at the first fault, with file, line and column
 */
export const parseScript = (text: string, file?: string, onRule?: () => void): Script => {
  const source = makeSource(text.replace(/^\uFEFF/, ''), file);
  const parser = new Parser(source, grammar, onRule);
  const body = readScriptBody(parser, 0, '');
  return { source, body, types: parser.types };
};

/**
 * Parses a type name as `[type]` holds it.
 * @throws SyntaxFault if the text is no type name
 */
export const parseTypeName = (text: string): TypeName => {
  const parser = new Parser(makeSource(text), grammar);
  const name = readTypeName(parser);
  if (!parser.done) parser.fail('UnexpectedToken', `unexpected '${parser.peek()}' behind the type name`);
  return name;
};
