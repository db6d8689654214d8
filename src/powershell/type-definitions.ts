import { checkClass } from './check-class.ts';
import type { Expression } from './expression-tree.ts';
import { readParameters } from './functions.ts';
import type { Parser } from './parser.ts';
import type { Attribute, ClassDefinition, ClassMember, EnumDefinition, TypeName } from './syntax-tree.ts';
import { readBracketed, readTypeName } from './types.ts';
import { readVariable } from './variables.ts';

const memberName = /[\p{L}_][\p{L}\p{Nd}_]*/uy;
/** Attributes and, behind them, `class` or `enum`: without them what stands in brackets is an expression. */
const attributed = /(?:\[[^[\]]*(?:\[[^[\]]*\][^[\]]*)*\]\s*)+(?:class|enum)\s+[\p{L}_]/iuy;

const readName = (parser: Parser, what: string): string => {
  parser.skipLines();
  const name = parser.look(memberName)?.[0];
  if (name === undefined) parser.fail('MissingNameAfterKeyword', `the name of ${what} was expected`);
  parser.at += name.length;
  return name;
};

/** Names behind a colon, with commas between. */
const readBases = (parser: Parser): TypeName[] => {
  const bases: TypeName[] = [];
  parser.skipLines();
  if (!parser.take(':')) return bases;
  do {
    bases.push(readTypeName(parser));
    parser.skipLines();
  } while (parser.take(','));
  return bases;
};

type MemberHead = { attributes: Attribute[]; type: TypeName | undefined; isStatic: boolean; isHidden: boolean };

/** Attributes, a type, `static` and `hidden`, in any order. */
const readMemberHead = (parser: Parser): MemberHead => {
  const head: MemberHead = { attributes: [], type: undefined, isStatic: false, isHidden: false };
  for (;;) {
    parser.skipLines();
    if (parser.peek() === '[') {
      const bracketed = readBracketed(parser);
      if (bracketed.kind === 'attribute') head.attributes.push(bracketed);
      else if (head.type) parser.fail('TooManyTypes', 'a member of a class has one type', bracketed.start);
      else head.type = bracketed;
    } else if (parser.takeModifier('static')) head.isStatic = true;
    else if (parser.takeModifier('hidden')) head.isHidden = true;
    else return head;
  }
};

/** The arguments of a constructor's `: base(…)`. */
const readBaseCall = (parser: Parser): readonly Expression[] | undefined => {
  parser.skipLines();
  if (!parser.take(':')) return undefined;
  parser.skipLines();
  if (!parser.takeWord('base')) parser.fail('MissingBaseCtorCall', "': base(…)' was expected behind the constructor");
  parser.skipLines();
  if (!parser.take('(')) parser.fail('MissingMethodParameterList', "'(' was expected behind 'base'");
  const args: Expression[] = [];
  parser.skipLines();
  while (!parser.take(')')) {
    if (args.length > 0)
      parser.expect(',', 'MissingEndParenthesisInMethodCall', "')' was expected behind the arguments");
    parser.skipLines();
    args.push(parser.grammar.expressionNoComma(parser));
    parser.skipLines();
  }
  return args;
};

const readMember = (parser: Parser): ClassMember => {
  const start = parser.at;
  const head = readMemberHead(parser);
  if (parser.peek() === '$') {
    const variable = readVariable(parser);
    if (!variable) parser.fail('MissingPropertyName', 'the name of a property was expected');
    let end = parser.at;
    parser.skipBlanks();
    let value: Expression | undefined;
    if (parser.take('=')) {
      parser.skipLines();
      value = parser.withComma(false, () => parser.grammar.expression(parser));
      end = parser.at;
    }
    parser.skipBlanks();
    if (!parser.done && !/[;}\r\n]/.test(parser.peek()))
      parser.fail('MissingPropertyTerminator', "';' or the end of the line was expected behind the property");
    return { kind: 'property', ...head, name: variable.name, value, start, end };
  }
  const name = readName(parser, 'a property or a method');
  parser.skipLines();
  if (!parser.take('(')) parser.fail('MissingMethodParameterList', `'(' was expected behind the method ${name}`);
  const parameters = parser.withComma(false, () => readParameters(parser));
  const base = readBaseCall(parser);
  const body = parser.grammar.block(parser);
  return { kind: 'method', ...head, name, parameters, base, body, start, end: parser.at };
};

const readClass = (parser: Parser, start: number, attributes: readonly Attribute[]): ClassDefinition => {
  const name = readName(parser, 'a class');
  const bases = readBases(parser);
  parser.expect('{', 'MissingTypeBody', `the body '{ … }' of the class ${name} was expected`);
  const members: ClassMember[] = [];
  const open = parser.at - 1;
  for (;;) {
    parser.skipSeparators();
    if (parser.take('}')) break;
    if (parser.done) parser.fail('MissingEndCurlyBrace', "the closing '}' is missing", open);
    members.push(readMember(parser));
  }
  return { kind: 'class', name, attributes, bases, members, start, end: parser.at };
};

const readEnum = (parser: Parser, start: number, attributes: readonly Attribute[]): EnumDefinition => {
  const name = readName(parser, 'an enum');
  const [underlying] = readBases(parser);
  parser.expect('{', 'MissingTypeBody', `the body '{ … }' of the enum ${name} was expected`);
  const members: EnumDefinition['members'][number][] = [];
  const open = parser.at - 1;
  for (;;) {
    parser.skipSeparators();
    if (parser.take('}')) break;
    if (parser.done) parser.fail('MissingEndCurlyBrace', "the closing '}' is missing", open);
    const member = readName(parser, `a member of the enum ${name}`);
    parser.skipBlanks();
    let value: Expression | undefined;
    if (parser.take('=')) {
      parser.skipLines();
      value = parser.grammar.expression(parser);
    }
    members.push({ name: member, value });
    parser.skipBlanks();
    if (!/^[\r\n;}]?$/.test(parser.peek()))
      parser.fail('MissingPropertyTerminator', "';' or the end of the line was expected behind the member");
  }
  return { kind: 'enum', name, attributes, underlying, members, start, end: parser.at };
};

/** `class` or `enum` with the attributes before it; undefined where something else stands. */
export const readTypeDefinition = (parser: Parser): ClassDefinition | EnumDefinition | undefined => {
  const start = parser.at;
  const attributes: Attribute[] = [];
  if (parser.peek() === '[') {
    if (!parser.look(attributed)) return undefined;
    while (parser.peek() === '[') {
      const bracketed = readBracketed(parser);
      if (bracketed.kind === 'attribute') attributes.push(bracketed);
      else parser.fail('UnexpectedToken', 'before a class or an enum stand attributes alone', bracketed.start);
      parser.skipLines();
    }
  }
  const word = parser.word();
  if ((word !== 'class' && word !== 'enum') || !/\s/.test(parser.peek(word.length))) return undefined;
  parser.at += word.length;
  const read = parser.withComma(false, () => (word === 'class' ? readClass : readEnum)(parser, start, attributes));
  if (read.kind === 'class') checkClass(parser, read);
  parser.types.push(read);
  return read;
};
