import type { Expression } from './expression-tree.ts';
import type { Parser } from './parser.ts';
import { SyntaxFault } from './source.ts';
import type { Attribute, Block, Parameter, ScriptBody, Statement, TypeName } from './syntax-tree.ts';
import { readBracketed } from './types.ts';
import { readUsings } from './usings.ts';
import { readVariable } from './variables.ts';

const constants = new Set(['true', 'false', 'null']);

const isVariable = (value: Expression | undefined): boolean =>
  value?.kind === 'expandable' ||
  (value?.kind === 'variable' && !constants.has(value.name.toLowerCase())) ||
  (value?.kind === 'array' && value.items.some(isVariable));

/** What an attribute of a parameter says is known before the script runs. */
const requireConstants = (parser: Parser, { positional, named }: Attribute): void => {
  const variable = [...positional, ...named.map(({ value }) => value)].find(isVariable);
  if (variable)
    parser.fail(
      'ParameterAttributeArgumentNeedsToBeConstantOrScriptBlock',
      'an argument of an attribute must be a constant or a script block',
      variable.start,
    );
};

const readParameter = (parser: Parser): Parameter => {
  const start = parser.at;
  const attributes: Attribute[] = [];
  const types: TypeName[] = [];
  for (;;) {
    parser.skipLines();
    if (parser.peek() !== '[') break;
    const bracketed = readBracketed(parser);
    if (bracketed.kind === 'attribute') {
      requireConstants(parser, bracketed);
      attributes.push(bracketed);
    } else types.push(bracketed);
  }
  const variable = readVariable(parser);
  if (!variable) parser.fail('MissingParameterName', 'a parameter name ($name) was expected');
  let end = parser.at;
  parser.skipLines();
  let defaultValue: Parameter['defaultValue'];
  if (parser.take('=')) {
    defaultValue = parser.grammar.expressionNoComma(parser);
    end = parser.at;
  }
  return { kind: 'parameter', name: variable.name, attributes, types, defaultValue, start, end };
};

/** Parameters up to and with `)`; the position is behind `(`. */
export const readParameters = (parser: Parser): Parameter[] => {
  const parameters: Parameter[] = [];
  parser.skipLines();
  while (!parser.take(')')) {
    if (parameters.length > 0) {
      if (!parser.take(','))
        parser.fail('MissingEndParenthesisInFunctionParameterList', "',' or ')' was expected behind the parameter");
      parser.skipLines();
    }
    const parameter = readParameter(parser);
    const name = parameter.name.toLowerCase();
    if (parameters.some((other) => other.name.toLowerCase() === name))
      parser.fail('DuplicateFormalParameter', `there are two parameters $${parameter.name}`, parameter.start);
    parameters.push(parameter);
    parser.skipLines();
  }
  return parameters;
};

type Head = { attributes: Attribute[]; parameters: Parameter[] | undefined };

const readAttributesBeforeParam = (parser: Parser): Attribute[] | undefined => {
  const attributes: Attribute[] = [];
  while (parser.peek() === '[') {
    const bracketed = readBracketed(parser);
    if (bracketed.kind !== 'attribute') return undefined;
    attributes.push(bracketed);
    parser.skipLines();
  }
  return parser.word() === 'param' ? attributes : undefined;
};

/** The attributes and `param()` at the top of a body; the position stays where there are none. */
const readHead = (parser: Parser): Head => {
  const mark = parser.at;
  parser.skipSeparators();
  let attributes: Attribute[] | undefined;
  try {
    attributes = readAttributesBeforeParam(parser);
  } catch (error) {
    // What looked like attributes was an expression: read again as statements, which reports the fault if it is one.
    if (!(error instanceof SyntaxFault)) throw error;
  }
  if (!attributes || !/^\s*\(/.test(parser.text.slice(parser.at + 5, parser.at + 200))) {
    parser.at = mark;
    return { attributes: [], parameters: undefined };
  }
  parser.at += 5;
  parser.skipLines();
  parser.at++;
  return { attributes, parameters: parser.withComma(false, () => readParameters(parser)) };
};

const blockNames = ['begin', 'process', 'end', 'dynamicparam'] as const;
type BlockName = (typeof blockNames)[number];

const namedBlockAhead = (parser: Parser): BlockName | undefined => {
  const word = parser.word();
  if (word === 'clean' && parser.look(/clean\s*\{/iy)) parser.refuse("the block 'clean'");
  return blockNames.find((candidate) => candidate === word);
};

const readNamedBlocks = (parser: Parser, close: string, start: number): Partial<Record<BlockName, Block>> => {
  const blocks: Partial<Record<BlockName, Block>> = {};
  for (;;) {
    parser.skipSeparators();
    if (close !== '' && parser.take(close)) return blocks;
    if (parser.done) {
      if (close === '') return blocks;
      parser.fail('MissingEndCurlyBrace', `the closing '${close}' is missing`, start);
    }
    const name = namedBlockAhead(parser);
    if (!name)
      parser.fail('MissingNamedBlocks', 'next to begin, process and end blocks no other statements are allowed');
    if (blocks[name]) parser.fail('DuplicateScriptCommandClause', `there are two ${name} blocks`);
    parser.at += name.length;
    parser.skipLines();
    if (parser.peek() !== '{') parser.fail('MissingNamedStatementBlock', `the block '{ … }' of '${name}' was expected`);
    blocks[name] = parser.grammar.block(parser);
  }
};

/** What follows `{` (or begins a script) up to and with the closing character. */
export const readScriptBody = (parser: Parser, start: number, close: string): ScriptBody => {
  const usings = close === '' ? readUsings(parser) : [];
  const { attributes, parameters } = readHead(parser);
  parser.skipSeparators();
  const named = namedBlockAhead(parser);
  const blocks = named ? readNamedBlocks(parser, close, start) : undefined;
  const statements = blocks ? undefined : parser.grammar.statementsUntil(parser, close, parser.at);
  const all =
    statements && usings.length > 0 ? { ...statements, statements: [...usings, ...statements.statements] } : statements;
  return {
    kind: 'body',
    attributes,
    parameters,
    begin: blocks?.begin,
    process: blocks?.process,
    finish: all ?? blocks?.end,
    dynamicParameters: blocks?.dynamicparam,
    start,
    end: parser.at,
  };
};

/** `function Name(…) { … }` and `filter`. */
export const readFunction = (parser: Parser): Statement => {
  const start = parser.at;
  const filter = parser.word() === 'filter';
  parser.at += filter ? 6 : 8;
  parser.skipLines();
  const name = parser.look(/[^\s(){};,|&"'$]+/y);
  if (!name) parser.fail('MissingNameAfterKeyword', "a name was expected behind 'function'");
  const from = parser.at;
  parser.at += name[0].length;
  const written = parser.written(from);
  parser.skipLines();
  const head = parser.take('(') ? parser.withComma(false, () => readParameters(parser)) : undefined;
  parser.skipLines();
  const open = parser.at;
  if (!parser.take('{')) parser.fail('MissingFunctionBody', "the body '{ … }' of the function was expected");
  const body = parser.withComma(false, () => readScriptBody(parser, open, '}'));
  const whole = head ? { ...body, parameters: head } : body;
  return { kind: 'function', name: written, filter, body: whole, start, end: parser.at };
};
