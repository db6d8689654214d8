import type { Expression } from './expression-tree.ts';
import type { Parser } from './parser.ts';
import type { Attribute, TypeName } from './syntax-tree.ts';

const simpleName = /[\p{L}_][\p{L}\p{Nd}_.+`]*/uy;

/** A type name without its outer brackets: `int[]`, `Collections.Generic.List[object]`. */
export const readTypeName = (parser: Parser): TypeName => {
  parser.skipLines();
  const start = parser.at;
  const match = parser.look(simpleName);
  if (!match) parser.fail('MissingTypename', 'a type name was expected');
  parser.at += match[0].length;
  const ranks: number[] = [];
  let args: TypeName[] = [];
  for (;;) {
    const mark = parser.at;
    parser.skipBlanks();
    const rank = parser.look(/\[([\s,]*)\]/y);
    if (rank) {
      parser.at += rank[0].length;
      ranks.push((rank[1] ?? '').replace(/\s/g, '').length + 1);
    } else if (parser.peek() === '[' && args.length === 0 && ranks.length === 0) {
      parser.at++;
      args = readArguments(parser);
    } else {
      parser.at = mark;
      break;
    }
  }
  return { kind: 'typeName', name: match[0], arguments: args, ranks, start, end: parser.at };
};

const readArguments = (parser: Parser): TypeName[] => {
  const args: TypeName[] = [];
  do {
    parser.skipLines();
    if (parser.take('[')) {
      args.push(readTypeName(parser));
      parser.expect(']', 'EndSquareBracketExpectedAtEndOfType', "']' was expected behind the type name");
    } else args.push(readTypeName(parser));
    parser.skipLines();
  } while (parser.take(','));
  parser.expect(']', 'EndSquareBracketExpectedAtEndOfType', "']' was expected behind the type arguments");
  return args;
};

const readNamed = (parser: Parser): { name: string; value: Expression | undefined } | undefined => {
  const match = parser.look(/([A-Za-z_]\w*)\s*(=|(?=[,)]))/y);
  if (!match) return undefined;
  parser.at += match[0].length;
  parser.skipLines();
  return { name: match[1] ?? '', value: match[2] === '=' ? parser.grammar.expressionNoComma(parser) : undefined };
};

const readAttributeArguments = (parser: Parser): Pick<Attribute, 'positional' | 'named'> => {
  const positional: Expression[] = [];
  const named: { name: string; value: Expression | undefined }[] = [];
  parser.skipLines();
  while (!parser.take(')')) {
    const pair = readNamed(parser);
    if (pair) named.push(pair);
    else positional.push(parser.grammar.expressionNoComma(parser));
    parser.skipLines();
    if (parser.take(',')) parser.skipLines();
    else if (parser.peek() !== ')')
      parser.fail('MissingEndParenthesisInExpression', "')' was expected behind the attribute's arguments");
  }
  return { positional, named };
};

/** `[type]` or `[Attribute(…)]`; the position is at the bracket. */
export const readBracketed = (parser: Parser): TypeName | Attribute => {
  const start = parser.at;
  parser.at++;
  const type = readTypeName(parser);
  parser.skipLines();
  // The assembly behind a comma changes nothing: `[System.Uri, System]`.
  parser.at += parser.look(/,[^\]()]+(?=\])/y)?.[0].length ?? 0;
  if (parser.take('(')) {
    const args = readAttributeArguments(parser);
    parser.expect(']', 'EndSquareBracketExpectedAtEndOfAttribute', "']' was expected behind the attribute");
    return { kind: 'attribute', name: type.name, ...args, start, end: parser.at };
  }
  parser.expect(']', 'EndSquareBracketExpectedAtEndOfAttribute', "']' was expected behind the type name");
  return { ...type, start, end: parser.at };
};
