import type { Expression, HashLiteral } from './expression-tree.ts';
import { readNumber } from './number-literals.ts';
import type { Parser } from './parser.ts';
import type { Statement } from './syntax-tree.ts';

const readKey = (parser: Parser): Expression => {
  const start = parser.at;
  const word = parser.look(/[\p{L}_][\p{L}\p{Nd}_]*/uy);
  if (word) {
    parser.at += word[0].length;
    return { kind: 'string', value: word[0], bare: true, start, end: parser.at };
  }
  const literal = readNumber(parser, false);
  // An operator between two values makes no key; it stands in parentheses.
  return literal ?? parser.grammar.unary(parser);
};

const constantKey = (key: Expression): string | undefined => {
  if (key.kind === 'string') return key.value.toLowerCase();
  if (key.kind === 'number' && 'integer' in key.value) return String(key.value.integer);
  return undefined;
};

/** `@{ key = value … }`; the position is at the `@`. */
export const readHash = (parser: Parser): HashLiteral => {
  const start = parser.at;
  parser.at += 2;
  const entries: { key: Expression; value: Statement }[] = [];
  const seen = new Set<string>();
  parser.skipLines();
  for (;;) {
    if (parser.take('}')) break;
    if (parser.done) parser.fail('MissingEndCurlyBrace', "the closing '}' of the hash literal is missing", start);
    const key = readKey(parser);
    const constant = constantKey(key);
    if (constant !== undefined) {
      if (seen.has(constant)) {
        const shown = key.kind === 'string' ? key.value : constant;
        parser.fail(
          'DuplicateKeyInHashLiteral',
          `Duplicate keys '${shown}' are not allowed in hash literals.`,
          key.start,
        );
      }
      seen.add(constant);
    }
    parser.expect('=', 'MissingEqualsInHashLiteral', "'=' was expected behind the key of the hash literal", false);
    parser.skipLines();
    const value = parser.grammar.statement(parser);
    if (!value) parser.fail('MissingStatementInHashLiteral', "a value was expected behind '=' in the hash literal");
    entries.push({ key, value });
    parser.skipBlanks();
    if (!/[\r\n;}]/.test(parser.peek()) && !parser.done) {
      parser.fail('MissingEndCurlyBrace', "'}' or a new line was expected behind the value in the hash literal");
    }
    parser.skipSeparators();
  }
  return { kind: 'hash', entries, start, end: parser.at };
};
